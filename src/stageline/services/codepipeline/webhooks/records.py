"""How webhooks are kept, shown and found by the token in their URL.

``codepipeline.webhook`` name → {definition, without its secret; secret, sealed; token, sealed; triggered, an instant or None;
error, {code, message} of the latest delivery that was refused since then, or None} · ``codepipeline.webhook-token`` SHA-256 of a
token → {name}

The token is all that whoever posts needs to know (apart from the signature), so the store never holds it in clear either.
"""

import hashlib
import secrets

from stageline.ports.api import ApiError, Context
from stageline.ports.store import Doc, ReadTx, WriteTx
from stageline.ports.vault import Vault
from stageline.services.codepipeline import records, tags
from stageline.services.codepipeline.webhooks import deliveries

TOKEN = "codepipeline.webhook-token"
PATH = "/_stageline/webhooks/trigger"
"""Where payloads are posted to; no S3 bucket can have this name."""
MASK = "****"


def arn(ctx: Context, name: str) -> str:
    """The ARN of a webhook."""
    return ctx.arn("codepipeline", f"webhook:{name}")


def find(tx: ReadTx, ctx: Context, name: str) -> Doc:
    """A webhook; WebhookNotFoundException."""
    found = tx.get(records.WEBHOOK, name)
    if found is None:
        raise ApiError("WebhookNotFoundException", f"The account '{ctx.account}' does not have a webhook with name '{name}'")
    return found


def addressed(tx: ReadTx, token: str) -> Doc | None:
    """The webhook whose URL has this token, or None."""
    return of(tx, digest(token))


def of(tx: ReadTx, token: str) -> Doc | None:
    """The webhook of a token's digest, or None."""
    found = tx.get(TOKEN, token)
    return tx.get(records.WEBHOOK, found["name"]) if found else None


def secret(vault: Vault, webhook: Doc) -> bytes:
    """The secret with which senders sign; b"" when there is none."""
    return vault.open(webhook["secret"], context=_context(webhook, "secret")) if webhook["secret"] else b""


def save(tx: WriteTx, vault: Vault, definition: Doc, clear_secret: str | None) -> Doc:
    """Store a definition. A webhook that is there keeps its URL, and its secret when ``clear_secret`` is None."""
    name = definition["name"]
    before = tx.get(records.WEBHOOK, name)
    webhook: Doc = {"secret": "", "triggered": None, **(before or {}), "definition": definition, "error": None}
    if clear_secret is not None:
        webhook["secret"] = vault.seal(clear_secret, context=_context(webhook, "secret")) if clear_secret else ""
    if before is None:
        token = secrets.token_urlsafe(32)
        webhook["token"] = vault.seal(token, context=_context(webhook, "token"))
        tx.put(TOKEN, digest(token), {"name": name})
    tx.put(records.WEBHOOK, name, webhook)
    return webhook


def remove(tx: WriteTx, ctx: Context, vault: Vault, name: str) -> None:
    """Delete a webhook with its URL and tags; harmless when there is none."""
    webhook = tx.get(records.WEBHOOK, name)
    if webhook is not None:
        token = digest(_token(vault, webhook))
        tx.delete(TOKEN, token)
        deliveries.forget(tx, token)
        tx.delete(records.WEBHOOK, name)
        tx.delete(records.TAGS, arn(ctx, name))


def shown(tx: ReadTx, ctx: Context, vault: Vault, webhook: Doc) -> Doc:
    """``ListWebhookItem``; secrets are masked."""
    definition = webhook["definition"]
    authentication = definition["authenticationConfiguration"] | ({"SecretToken": MASK} if webhook["secret"] else {})
    named = arn(ctx, definition["name"])
    item = {
        "definition": {**definition, "authenticationConfiguration": authentication},
        "url": f"{ctx.endpoint}{PATH}?t={_token(vault, webhook)}&v=1",
        "arn": named,
        "tags": tags.listed(tx.get(records.TAGS, named) or {}),
    }
    error = webhook.get("error")
    return (
        item
        | ({"lastTriggered": webhook["triggered"]} if webhook["triggered"] is not None else {})
        | ({"errorCode": error["code"], "errorMessage": error["message"]} if error else {})
    )


def _token(vault: Vault, webhook: Doc) -> str:
    return vault.open(webhook["token"], context=_context(webhook, "token")).decode()


def _context(webhook: Doc, what: str) -> str:
    return f"{records.WEBHOOK}/{webhook['definition']['name']}/{what}"


def digest(token: str) -> str:
    """A token as the store knows it."""
    return hashlib.sha256(token.encode()).hexdigest()
