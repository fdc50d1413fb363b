"""Everything about users, groups, roles and managed policies, as one paged stream."""

from typing import Any

from stageline.ports.api import Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.iam.groups import describe_group
from stageline.services.iam.model import managed
from stageline.services.iam.model.documents import encoded
from stageline.services.iam.model.entities import GROUP, POLICIES, ROLE, USER, EntityKind
from stageline.services.iam.model.paging import page
from stageline.services.iam.model.tagging import described
from stageline.services.iam.policies import describe_policy
from stageline.services.iam.roles import describe_role
from stageline.services.iam.serviceroles.instanceprofiles import profiles_of
from stageline.services.iam.users import describe_user

_LISTS = {"User": "UserDetailList", "Group": "GroupDetailList", "Role": "RoleDetailList"}


def get_account_authorization_details(ctx: Context, request: Request, *, store: Store) -> Response:
    """All entities with their policies; ``Filter`` names kinds. One page may hold entries of several kinds."""
    wanted = request.get("Filter") or ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"]
    answer: Response = {**{name: [] for name in _LISTS.values()}, "Policies": []}
    with store.read() as tx:
        rows: list[tuple[str, tuple[EntityKind | None, Doc]]] = []
        for what in (USER, GROUP, ROLE):
            if what.title in wanted:
                rows += [(f"{what.word}\x1f{key}", (what, doc)) for key, doc in tx.scan(what.kind)]
        docs = [doc for _, doc in tx.scan(POLICIES)] if "LocalManagedPolicy" in wanted else []
        # AWS's own are listed as far as they are in use, else every answer would hold them all.
        docs += [doc for doc in managed.shipped().values() if "AWSManagedPolicy" in wanted and _in_use(tx, ctx, doc)]
        rows += [(f"z\x1f{managed.sort_key(doc)}", (None, doc)) for doc in docs]
        entries, more = page(request, rows)
        for kind, doc in entries:
            if kind is None:
                answer["Policies"].append(_policy(tx, ctx, doc))
            else:
                answer[_LISTS[kind.title]].append(_entity(tx, ctx, kind, doc))
    return {**answer, **more}


def _in_use(tx: ReadTx, ctx: Context, doc: Doc) -> bool:
    arn = managed.arn_of(ctx.account, doc)
    return bool(managed.uses(tx, arn, "attached") or managed.uses(tx, arn, "boundary"))


def _entity(tx: ReadTx, ctx: Context, what: EntityKind, doc: Doc) -> dict[str, Any]:
    inline = [{"PolicyName": name, "PolicyDocument": encoded(text)} for name, text in sorted(doc["inline"].items())]
    found = [(arn, managed.lookup(tx, ctx.account, arn)) for arn in doc["attached"]]
    attached = [{"PolicyName": policy["name"], "PolicyArn": arn} for arn, policy in found if policy]
    shared = {f"{what.title}PolicyList": inline, "AttachedManagedPolicies": attached}
    if what is USER:
        groups = [group["name"] for key in doc["groups"] if (group := tx.get(GROUP.kind, key))]
        return {**describe_user(ctx.account, doc), "GroupList": groups, **shared}
    if what is GROUP:
        return {**describe_group(ctx.account, doc), **shared}
    role = describe_role(tx, ctx.account, doc)
    for name in ("Description", "MaxSessionDuration"):
        role.pop(name, None)
    return {**role, "InstanceProfileList": profiles_of(tx, ctx.account, doc), "Tags": described(doc["tags"]), **shared}


def _policy(tx: ReadTx, ctx: Context, doc: Doc) -> dict[str, Any]:
    versions = [
        {
            "Document": encoded(version["document"]),
            "VersionId": name,
            "IsDefaultVersion": name == doc["default"],
            "CreateDate": version["created"],
        }
        for name, version in doc["versions"].items()
    ]
    shown = describe_policy(tx, ctx.account, doc)
    shown.pop("Tags")
    return {**shown, "PolicyVersionList": versions}
