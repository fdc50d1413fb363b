"""Action types: made, listed, read, changed, deleted."""

from stageline.core.quotas import Quotas
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, Store
from stageline.services.codepipeline import limits, pages, records, tags
from stageline.services.codepipeline.custom import definitions, rules
from stageline.services.codepipeline.custom.catalog import Catalog

PAGE = 50
_TIMES = ("created", "updated", "deleted")


def arn(ctx: Context, named: Doc) -> str:
    """The ARN of an action type (Service Authorization Reference)."""
    return records.arn(ctx, f"actiontype:{named['owner']}/{named['category']}/{named['provider']}/{named['version']}")


def create_custom_action_type(ctx: Context, request: Request, *, store: Store, catalog: Catalog, quotas: Quotas) -> Response:
    """Make a custom action type. Made again with the same definition it is as it was, and comes back if it was deleted."""
    asked = definitions.from_custom(request)
    rules.check(asked)
    labels = tags.checked(request.get("tags", []), quotas)
    kind = definitions.type_id(asked["id"])
    if catalog.built_in(kind):
        raise _taken(asked["id"], "comes with this server, with")
    with store.write() as tx:
        tx.lock("action-types")
        before = definitions.find(tx, kind)
        if before is not None and _definition(before) != asked:
            raise _taken(asked["id"], "was deleted and had" if before["deleted"] else "is there already, with")
        if before is None or before["deleted"]:
            there = sum(not doc["deleted"] for _, doc in tx.scan(definitions.KIND) if doc["id"]["owner"] == "Custom")
            limits.refuse(there, quotas.custom_action_types, "custom action types")
            created = before["created"] if before else ctx.now
            tx.put(definitions.KIND, definitions.key(kind), {**asked, "created": created, "updated": ctx.now, "deleted": False})
        if labels:
            tx.put(records.TAGS, arn(ctx, asked["id"]), labels)
        shown = tags.listed(tx.get(records.TAGS, arn(ctx, asked["id"])) or {})
    return {"actionType": definitions.listed(definitions.action_type(asked)), "tags": shown}


def _definition(stored: Doc) -> Doc:
    return {name: value for name, value in stored.items() if name not in _TIMES}


def _taken(named: Doc, why: str) -> ApiError:
    what = f"The action type {named['category']} {named['provider']} with version '{named['version']}'"
    return ApiError("ActionTypeAlreadyExistsException", f"{what} {why} another definition. Use another version.")


def delete_custom_action_type(ctx: Context, request: Request, *, store: Store) -> Response:
    """Mark a custom action type as deleted: no pipeline can use it and nobody polls for its jobs. Jobs in progress can end."""
    kind = definitions.type_id({**request, "owner": "Custom"})
    with store.write() as tx:
        tx.lock("action-types")
        stored = definitions.find(tx, kind)
        if stored is not None and not stored["deleted"]:
            tx.put(definitions.KIND, definitions.key(kind), {**stored, "deleted": True, "updated": ctx.now})
            tx.delete(records.TAGS, arn(ctx, stored["id"]))
    return {}


def list_action_types(ctx: Context, request: Request, *, catalog: Catalog) -> Response:
    """The action types that pipelines can use, by owner; a page has 50."""
    owner, region = request.get("actionOwnerFilter"), request.get("regionFilter")
    chosen = [each for each in catalog.values() if owner in (None, each.owner) and region in (None, ctx.region)]
    rows = [(definitions.key(each.id), definitions.listed(each)) for each in chosen]

    def fetch(after: str, limit: int) -> list[tuple[str, Doc]]:
        return [row for row in rows if row[0] > after][:limit]

    rows.sort(key=lambda row: row[0])
    found, after = pages.page(f"action-types/{owner}/{region}", request.get("nextToken"), PAGE, fetch, lambda row: row)
    return {"actionTypes": found, "nextToken": after}


def get_action_type(ctx: Context, request: Request, *, catalog: Catalog) -> Response:
    """A type of the integration model, with how it is executed."""
    stored = catalog.stored(definitions.type_id(request))
    if stored is None or stored["model"] is None or not catalog.offered(stored):
        raise not_found(request)
    return {"actionType": definitions.declaration(stored)}


def update_action_type(ctx: Context, request: Request, *, store: Store) -> Response:
    """Replace everything of a type of the integration model except its id."""
    asked = definitions.from_declaration(request["actionType"])
    kind = definitions.type_id(asked["id"])
    with store.write() as tx:
        tx.lock("action-types")
        stored = definitions.find(tx, kind)
        if stored is None or stored["model"] is None:
            raise not_found(asked["id"])
        rules.check(asked)
        secrets = definitions.secrets(stored)
        rules.check_kept(asked, secrets)
        tx.put(definitions.KIND, definitions.key(kind), {**stored, **asked, "secrets": secrets, "updated": ctx.now})
    return {}


def not_found(named: Doc) -> ApiError:
    """ActionTypeNotFoundException."""
    what = (
        f"category '{named['category']}', owner '{named['owner']}', provider '{named['provider']}', version '{named['version']}'"
    )
    return ApiError("ActionTypeNotFoundException", f"There is no such action type here: {what}.")
