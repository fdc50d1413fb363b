"""Pipelines to which nothing has happened for long are not started by their sources any more (pipeline structure reference,
``metadata.pollingDisabledAt``). Updating a pipeline makes it follow its sources again.
"""

import structlog

from stageline.engine import history
from stageline.ports.store import ReadTx, Store
from stageline.services.codepipeline import records, sources

log = structlog.get_logger("stageline.sources")


def stop_idle(store: Store, now: int, idle: int) -> None:
    """Follow no source of a pipeline whose last execution, and whose last update, is ``idle`` milliseconds ago; 0: never stop."""
    if not idle:
        return
    with store.read() as tx:
        asleep = [name for name, _ in tx.scan(sources.POLLING) if _is_idle(tx, name, now - idle)]
    for name in asleep:
        with store.write() as tx:
            tx.lock(f"pipeline/{name}")
            record = tx.get(records.PIPELINE, name)
            document = tx.get(records.VERSION, records.version_key(record["uid"], record["version"])) if record else None
            if document is None or not _is_idle(tx, name, now - idle):
                continue
            sources.unwatch(tx, document)
            tx.put(sources.POLLING_OFF, name, {"at": now})
        log.info("a pipeline follows its sources no longer: nothing happened for long", pipeline=name)


def _is_idle(tx: ReadTx, name: str, since: int) -> bool:
    record = tx.get(records.PIPELINE, name)
    if record is None or record["updated"] > since:
        return False
    latest = tx.scan(history.EXECUTION, f"{record['uid']}/", limit=1, reverse=True)
    return not any(row["updated"] > since for _, row in latest)
