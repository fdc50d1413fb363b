"""Which condition keys policies ask for, and which policies grant anything in a service."""

from collections.abc import Iterable, Mapping
from typing import Any

from stageline.core.policy.survey import grants_in, of_document
from stageline.ports.api import Context, Request, Response
from stageline.ports.store import Store
from stageline.services.iam.model.documents import parsed
from stageline.services.iam.model.paging import page
from stageline.services.iam.simulation import sources
from stageline.services.iam.simulation.simulate import checked
from stageline.services.iam.simulation.sources import Source


def get_context_keys_for_custom_policy(ctx: Context, request: Request) -> Response:
    """The keys that the given policies ask for, variables included."""
    return {"ContextKeyNames": _keys(_given(request))}


def get_context_keys_for_principal_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """The keys that the policies of a user, group or role ask for, and those of further policies."""
    with store.read() as tx:
        what, doc = sources.entity(tx, ctx.account, request["PolicySourceArn"])
        held = sources.of_entity(tx, ctx.account, what, doc)
    return {"ContextKeyNames": _keys([*(source.document for source in held), *_given(request)])}


def list_policies_granting_service_access(ctx: Context, request: Request, *, store: Store) -> Response:
    """For each service, the policies of a user, group or role that allow some action of it."""
    with store.read() as tx:
        what, doc = sources.entity(tx, ctx.account, request["Arn"])
        held = sources.of_entity(tx, ctx.account, what, doc)
    rows = [(f"{place:04}", name) for place, name in enumerate(request["ServiceNamespaces"])]
    names, more = page(request, rows)
    entries = [
        {"ServiceNamespace": name, "Policies": [_granting(each) for each in held if grants_in(each.document, name)]}
        for name in names
    ]
    return {"PoliciesGrantingServiceAccess": entries, **more}


def _given(request: Request) -> list[Mapping[str, Any]]:
    return [parsed(checked(text, "identity")) for text in request.get("PolicyInputList", [])]


def _keys(documents: Iterable[Mapping[str, Any]]) -> list[str]:
    found: dict[str, str] = {}
    for document in documents:
        for key in of_document(document):
            found.setdefault(key.lower(), key)
    return sorted(found.values())


def _granting(source: Source) -> dict[str, str]:
    if source.arn:
        return {"PolicyName": source.name, "PolicyType": "MANAGED", "PolicyArn": source.arn}
    holder = {"EntityType": source.holder_kind.upper(), "EntityName": source.holder}
    return {"PolicyName": source.name, "PolicyType": "INLINE", **holder}
