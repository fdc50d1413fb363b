"""From a delivery that counts to an execution, or to the reason why there is none: each in one transaction with the webhook."""

from dataclasses import dataclass

from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.events import ExecutionRequested
from stageline.engine.apply import Engine
from stageline.ports.api import ApiError, Context
from stageline.ports.store import Doc, ReadTx, WriteTx
from stageline.services.codepipeline import records, unstarted
from stageline.services.codepipeline.webhooks import checks, deliveries
from stageline.services.codepipeline.webhooks import records as webhooks

BUSY = "ConcurrentPipelineExecutionsLimitExceeded"


class Changed(Exception):
    """The webhook or its target is another one than the delivery was held against."""


class Rejected(Exception):
    """A delivery that starts nothing though it might have: the HTTP status, what the sender is told, and what the owner is."""

    def __init__(self, status: int, told: str, reason: str = "") -> None:
        super().__init__(told)
        self.status = status
        self.told = told
        self.reason = reason or told


@dataclass(frozen=True)
class Delivery:
    """A delivery that has passed: the token under which it came (a digest), the sender's id for it (a digest, or empty), the
    webhook and the source action that it was held against."""

    token: str
    identity: str
    webhook: Doc
    action: Doc


def target(tx: ReadTx, ctx: Context, webhook: Doc) -> Doc:
    """The source action of a webhook as it is now; Rejected."""
    try:
        return checks.target(tx, ctx, webhook["definition"])
    except ApiError as error:
        raise Rejected(409, "The target of this webhook is gone.", error.message) from error


def start(tx: WriteTx, ctx: Context, engine: Engine, delivery: Delivery) -> tuple[str, bool]:
    """The execution that a delivery starts, or has started before, and whether it is new; Rejected, Changed."""
    definition = delivery.webhook["definition"]
    name, pipeline = definition["name"], definition["targetPipeline"]
    tx.lock(f"webhook/{name}")
    present = webhooks.of(tx, delivery.token)
    if present is None or not same(present, delivery.webhook):
        raise Changed
    before = deliveries.known(tx, delivery.token, delivery.identity, ctx.now)
    if before:
        return before, False
    tx.lock(f"pipeline/{pipeline}")
    if target(tx, ctx, present) != delivery.action:
        raise Changed
    outcome = engine.apply_in(tx, pipeline, ExecutionRequested("Webhook", webhooks.arn(ctx, name)))
    if isinstance(outcome, Refusal):
        raise Rejected(503 if outcome.code == BUSY else 409, "The pipeline cannot be started now.", outcome.message)
    tx.put(records.WEBHOOK, name, {**present, "triggered": ctx.now, "error": None})
    deliveries.remember(tx, delivery.token, delivery.identity, outcome.answer, ctx.now)
    unstarted.clear(tx, records.find(tx, ctx, pipeline)["uid"], definition["targetAction"])
    return outcome.answer, True


def same(one: Doc, other: Doc) -> bool:
    """Whether two readings of a webhook are of the same definition, secret and URL."""
    return all(one[part] == other[part] for part in ("definition", "secret", "token"))


def note(tx: WriteTx, now: int, webhook: Doc, rejected: Rejected) -> None:
    """Show the webhook's owner, in ``ListWebhooks`` and in ``stageline why``, what became of a delivery."""
    definition = webhook["definition"]
    name = definition["name"]
    tx.lock(f"webhook/{name}")
    present = tx.get(records.WEBHOOK, name)
    if present is None or not same(present, webhook):
        return
    tx.put(records.WEBHOOK, name, {**present, "error": {"code": str(rejected.status), "message": rejected.reason}})
    record = tx.get(records.PIPELINE, definition["targetPipeline"])
    if record is not None:
        reason = f"webhook {name}: {rejected.reason}"
        unstarted.note(tx, record["uid"], definition["targetAction"], now, reason, f"{unstarted.WEBHOOK}{name}")
