"""Making a webhook known to GitHub, and unknown again.

GitHub version 1 is the only provider that AWS does this for. This server cannot reach it, and says so: whoever was told that a
webhook is registered would wait for pushes that never arrive.
"""

from stageline.ports.api import ApiError, Context, NotImplementedHere, Request, Response
from stageline.ports.store import Store
from stageline.services.codepipeline.webhooks import checks
from stageline.services.codepipeline.webhooks import records as webhooks


def register_webhook_with_third_party(ctx: Context, request: Request, *, store: Store) -> Response:
    """Refused: see above."""
    return _refuse(ctx, request, store, "Registering a webhook with GitHub")


def deregister_webhook_with_third_party(ctx: Context, request: Request, *, store: Store) -> Response:
    """Refused: see above."""
    return _refuse(ctx, request, store, "Deregistering a webhook with GitHub")


def _refuse(ctx: Context, request: Request, store: Store, what: str) -> Response:
    name = request.get("webhookName")
    if not name:
        raise ApiError("ValidationException", "Name the webhook in webhookName.")
    with store.read() as tx:
        definition = webhooks.find(tx, ctx, name)["definition"]
        try:
            kind = checks.target(tx, ctx, definition)["actionTypeId"]
        except ApiError as error:
            raise ApiError("ValidationException", f"The webhook '{name}' has lost its target: {error.message}") from error
    if (kind["owner"], kind["provider"]) != ("ThirdParty", "GitHub"):
        text = f"The webhook '{name}' is for an action of {kind['provider']}; only webhooks of GitHub (version 1) are registered."
        raise ApiError("ValidationException", f"{text} Post to the URL of the webhook yourself.")
    raise NotImplementedHere(f"{what} (set the URL of the webhook in the repository's settings instead)")
