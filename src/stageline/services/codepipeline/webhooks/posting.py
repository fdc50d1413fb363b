"""What the audit trail learns of deliveries to webhooks: which one, from where, what was started. No token, no body."""

import json
from collections.abc import Mapping

from stageline.ports.api import Context
from stageline.ports.audit.trail import Happening, Nature, Trail
from stageline.ports.http import HttpResponse
from stageline.ports.store import Doc

_CODES: Mapping[int, str] = {403: "AccessDenied", 404: "WebhookNotFoundException", 429: "ThrottlingException"}


def tell(trail: Trail, ctx: Context, webhook: Doc | None, answer: HttpResponse) -> None:
    """Tell the trail how a delivery ended. All but those that start something are told of only so often: anybody can post."""
    said = json.loads(answer.body) if isinstance(answer.body, bytes) else {}
    started = said.get("message") == "started"
    definition = webhook["definition"] if webhook is not None else {}
    names = (f"webhook:{definition['name']}", definition["targetPipeline"]) if definition else ()
    trail.record(
        Happening(
            ctx=ctx,
            service="codepipeline",
            operation="PostToWebhook",
            nature=Nature(read_only=not started),
            request={"webhookName": definition["name"]} if definition else None,
            response={"pipelineExecutionId": said["pipelineExecutionId"]} if started else None,
            code=_CODES.get(answer.status, f"HTTP{answer.status}") if answer.status >= 400 else "",
            resources=tuple(ctx.arn("codepipeline", name) for name in names),
            verified=started,
        )
    )
