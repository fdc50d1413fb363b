"""Webhooks defined, listed and deleted."""

from collections.abc import Mapping

from stageline.core.pipeline.actiontype import ActionType
from stageline.core.pipeline.declaration import TypeId
from stageline.core.quotas import Quotas
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, Store
from stageline.ports.vault import Vault
from stageline.services.codepipeline import limits, pages, records, tags
from stageline.services.codepipeline.webhooks import checks
from stageline.services.codepipeline.webhooks import records as webhooks


def put_webhook(
    ctx: Context, request: Request, *, store: Store, vault: Vault, catalog: Mapping[TypeId, ActionType], quotas: Quotas
) -> Response:
    """Define a webhook, or define it anew: its URL stays. Tags, when there are any in the request, replace those it has."""
    definition = request["webhook"]
    labels = tags.checked(request.get("tags", []), quotas)
    checks.authentication(definition)
    with store.write() as tx:
        tx.lock(f"webhook/{definition['name']}")
        action = checks.target(tx, ctx, definition)
        checks.filters(definition, action, catalog)
        before = tx.get(records.WEBHOOK, definition["name"])
        if before is None:
            limits.webhooks(tx, quotas)
        webhook = webhooks.save(tx, vault, _stored(definition), _secret(definition, before))
        if "tags" in request:
            tx.put(records.TAGS, webhooks.arn(ctx, definition["name"]), labels)
        return {"webhook": webhooks.shown(tx, ctx, vault, webhook)}


def _stored(definition: Doc) -> Doc:
    configuration = {key: value for key, value in definition["authenticationConfiguration"].items() if key != "SecretToken"}
    return {**definition, "authenticationConfiguration": configuration}


def _secret(definition: Doc, before: Doc | None) -> str | None:
    """The secret to keep; None for the one that there is, when what a listing shows of it is sent back."""
    given: str = definition["authenticationConfiguration"].get("SecretToken", "")
    if given.strip("*") or not given:
        return given
    if before and before["secret"]:
        return None
    text = "The SecretToken consists of asterisks alone, as a secret is shown. Send the secret itself."
    raise ApiError("InvalidWebhookAuthenticationParametersException", text)


def list_webhooks(ctx: Context, request: Request, *, store: Store, vault: Vault) -> Response:
    """All webhooks, by name."""
    with store.read() as tx:
        found, after = pages.page(
            "webhooks",
            request.get("NextToken"),
            request.get("MaxResults", 100),
            lambda after, limit: tx.scan(records.WEBHOOK, after=after, limit=limit),
            lambda webhook: webhooks.shown(tx, ctx, vault, webhook),
        )
    return {"webhooks": found, "NextToken": after}


def delete_webhook(ctx: Context, request: Request, *, store: Store, vault: Vault) -> Response:
    """Delete a webhook; its URL never comes back. Nothing happens when there is none of that name."""
    with store.write() as tx:
        tx.lock(f"webhook/{request['name']}")
        webhooks.remove(tx, ctx, vault, request["name"])
    return {}
