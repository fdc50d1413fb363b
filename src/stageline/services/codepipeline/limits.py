"""Quotas of the account: LimitExceededException before there is one too many. Asked in the transaction that adds one, behind a
lock of their own, so that two at once do not both take the last place."""

from collections.abc import Mapping
from typing import Any

from stageline.core.quotas import Quotas
from stageline.ports.api import ApiError
from stageline.ports.store import WriteTx
from stageline.services.codepipeline import records, sources

LOCK = "codepipeline/quotas"


def room(tx: WriteTx, kind: str, most: int, what: str) -> None:
    """Refuse when there are ``most`` documents of a kind already."""
    tx.lock(LOCK)
    if tx.count(kind) >= most:
        text = f"The account has {most} {what}, which is the most that it can have in this Region."
        raise ApiError("LimitExceededException", f"{text} Delete some, or raise the quota of this server.")


def pipelines(tx: WriteTx, quotas: Quotas) -> None:
    """Room for one more pipeline."""
    room(tx, records.PIPELINE, quotas.pipelines, "pipelines")


def polling(tx: WriteTx, quotas: Quotas, document: Mapping[str, Any]) -> None:
    """Room for a declaration that polls sources, unless its pipeline polls already."""
    if any(sources.followed(document)) and tx.get(sources.POLLING, document["name"]) is None:
        room(tx, sources.POLLING, quotas.polling_pipelines, "pipelines that poll for source changes")


def webhooks(tx: WriteTx, quotas: Quotas) -> None:
    """Room for one more webhook."""
    room(tx, records.WEBHOOK, quotas.webhooks, "webhooks")
