"""Events about references: one for each branch or tag that came, moved or went, whoever moved it and however."""

from collections.abc import Sequence
from dataclasses import dataclass

from stageline.ports.api import Context
from stageline.ports.events import Events
from stageline.ports.store import Doc, Store
from stageline.services.codecommit.plumbing.git import ZERO
from stageline.services.codecommit.plumbing.refs import HEADS, TAGS
from stageline.services.codecommit.records import KIND, arn_of


@dataclass(frozen=True)
class Change:
    """A reference that moved; ``ZERO`` stands for not there."""

    ref: str
    old: str
    new: str


def announce(ctx: Context, store: Store, events: Events, repository: Doc, changes: Sequence[Change]) -> None:
    """Record that references of a repository have changed, in one transaction."""
    if not changes:
        return
    with store.write() as tx:
        current = tx.get(KIND, repository["name"])
        if current is not None and current["id"] == repository["id"]:
            tx.put(KIND, current["name"], {**current, "modified": ctx.now})
        for change in changes:
            event = _event(ctx, repository, change)
            if event is not None:
                events.publish(tx, event)


def _event(ctx: Context, repository: Doc, change: Change) -> Doc | None:
    if change.ref.startswith(HEADS):
        kind, name = "branch", change.ref.removeprefix(HEADS)
    elif change.ref.startswith(TAGS):
        kind, name = "tag", change.ref.removeprefix(TAGS)
    else:
        return None
    detail: Doc = {
        "event": "referenceUpdated",
        "repositoryName": repository["name"],
        "repositoryId": repository["id"],
        "referenceType": kind,
        "referenceName": name,
        "referenceFullName": change.ref,
        "callerUserArn": ctx.caller.arn,
    }
    if change.new == ZERO:
        detail["event"] = "referenceDeleted"
    else:
        detail["commitId"] = change.new
    if change.old == ZERO:
        detail["event"] = "referenceCreated"
    else:
        detail["oldCommitId"] = change.old
    return {
        "source": "aws.codecommit",
        "detail-type": "CodeCommit Repository State Change",
        "resources": [arn_of(ctx, repository["name"])],
        "stageline:person": ctx.caller.person,
        "detail": detail,
    }
