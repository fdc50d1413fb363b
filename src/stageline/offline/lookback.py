"""``stageline why | history | replay``: looking back at a pipeline through its journal, with or without a running server."""

from datetime import UTC, datetime

from stageline.config import Settings
from stageline.core.pipeline.state import ENDED, State
from stageline.core.pipeline.views.course import Remark, remarks
from stageline.core.pipeline.views.standing import standing
from stageline.engine import history
from stageline.engine.apply import HEAD, STATE
from stageline.engine.codec import decode, dumps, encode
from stageline.engine.replay import walk
from stageline.offline.opened import reading
from stageline.ports.store import Doc, ReadTx
from stageline.services.codepipeline import records, sources, unstarted

LATEST = 10
"""Executions that ``why`` tells about when none is named."""
ASLEEP = "Its source is followed no longer, because nothing happened for long. Update the pipeline to follow it again."


class CannotLookBack(Exception):
    """There is nothing to look at; the text tells what to do."""


def why(settings: Settings, pipeline: str, execution_id: str = "") -> list[str]:
    """One line for each turn that an execution took; or one line for each of the pipeline's latest executions, after one for each
    source action that should have started it last and could not."""
    with reading(settings, CannotLookBack) as tx:
        uid = _uid(tx, pipeline)
        if execution_id:
            return _course(tx, uid, pipeline, execution_id)
        stored = tx.get(STATE, uid)
        state = decode(State, stored) if stored else None
        lines = _unstarted(tx, pipeline)
        lines += [_line(state, row) for _, row in tx.scan(history.EXECUTION, f"{uid}/", limit=LATEST, reverse=True)]
        return lines or [f"The pipeline '{pipeline}' has had no executions."]


def as_of(settings: Settings, pipeline: str, instant: int) -> list[str]:
    """The state of a pipeline as it was at an instant (epoch milliseconds): its stages, and the executions in flight."""
    with reading(settings, CannotLookBack) as tx:
        state = _last(tx, _uid(tx, pipeline), until=instant)
    if state is None:
        raise CannotLookBack(f"the pipeline '{pipeline}' did not exist at {_when(instant)}")
    lines = [f"{pipeline} at {_when(instant)}, version {state.version}, {state.declaration.mode}"]
    for stage in state.declaration.stages:
        here = state.stages[stage.name]
        latest = f"{here.latest_status} {here.latest_id}" if here.latest_id else "-"
        lines.append(f"  {stage.name}: {latest}" + ("" if here.inbound.enabled else " (transition disabled)"))
        lines += [f"    {each.name}: {here.shown[each.name].status}" for each in stage.actions if each.name in here.shown]
    for each in sorted(state.executions.values(), key=lambda each: each.number):
        lines.append(f"  {each.id} {each.status}: {standing(state, each)}")
    return lines


def replay(settings: Settings, pipeline: str) -> tuple[bool, str]:
    """Whether folding the journal gives the stored state, byte for byte, and a sentence about it."""
    with reading(settings, CannotLookBack) as tx:
        uid = _uid(tx, pipeline)
        count, state = 0, None
        for _, _, decision in walk(tx, uid):
            count, state = count + 1, decision.state
        stored = tx.get(STATE, uid)
    same = state is not None and stored is not None and dumps(encode(state)) == dumps(stored)
    verdict = "gives the stored state, byte for byte" if same else "does NOT give the stored state"
    return same, f"{pipeline}: the journal of {count} events {verdict}"


def _uid(tx: ReadTx, pipeline: str) -> str:
    head = tx.get(HEAD, pipeline)
    if head is None:
        known = ", ".join(name for name, _ in tx.scan(HEAD, limit=20))
        there = f"there are: {known}" if known else "there are none"
        raise CannotLookBack(f"there is no pipeline '{pipeline}'; {there}")
    return str(head["uid"])


def _last(tx: ReadTx, uid: str, *, until: int | None = None) -> State | None:
    state = None
    for _, _, decision in walk(tx, uid, until=until):
        state = decision.state
    return state


def _course(tx: ReadTx, uid: str, pipeline: str, execution_id: str) -> list[str]:
    found: list[Remark] = []
    state = None
    for before, stamped, decision in walk(tx, uid):
        found += [Remark(stamped.at, text) for text in remarks(before, stamped.event, decision, execution_id)]
        state = decision.state
    if not found:
        raise CannotLookBack(f"the pipeline '{pipeline}' has no execution {execution_id}; stageline why {pipeline} lists some")
    lines = [f"{_when(each.at)}  {each.text}" for each in found]
    execution = state.executions.get(execution_id) if state else None
    if state and execution and execution.status not in ENDED:
        lines.append(f"now                       {standing(state, execution)}")
    return lines


def _unstarted(tx: ReadTx, pipeline: str) -> list[str]:
    record = tx.get(records.PIPELINE, pipeline)
    document = tx.get(records.VERSION, records.version_key(record["uid"], record["version"])) if record else None
    if record is None or document is None:
        return []
    found = [*unstarted.told(tx, record["uid"], document)]
    found += [(at, action, ASLEEP) for at, action in sources.asleep(tx, document)]
    stage = document["stages"][0]["name"]
    return [f"did not start  {_when(at)}  {stage}/{action}: {reason}" for at, action, reason in sorted(found, reverse=True)]


def _line(state: State | None, row: Doc) -> str:
    execution = state.executions.get(row["id"]) if state else None
    text = standing(state, execution) if state and execution else row["summary"]
    return f"{row['id']} {row['status']:<10} {text}".rstrip()


def _when(instant: int) -> str:
    return datetime.fromtimestamp(instant / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant(text: str) -> int:
    """Epoch milliseconds of an ISO 8601 time; without an offset it is in UTC. ValueError when it is none."""
    found = datetime.fromisoformat(text)
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000)
