"""SimulatePrincipalPolicy and SimulateCustomPolicy: what policies would decide, by the evaluator that decides real requests.

As in AWS, trust and session policies take no part, resources' policies only as given, and conditions see only the given context.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from stageline.core.policy.principals import Principal
from stageline.core.policy.validate import Kind
from stageline.ports.api import ApiError, Context, NotImplementedHere, Request, Response
from stageline.ports.store import Store
from stageline.services.iam.model import documents
from stageline.services.iam.model.paging import page
from stageline.services.iam.simulation import sources
from stageline.services.iam.simulation.asking import ALLOWED, DENIED, NOT_ALLOWED, Answer, Asked, ask, context
from stageline.services.iam.simulation.exclusions import without
from stageline.services.iam.simulation.sources import Source

_QUESTIONS_MOST = 20_000
_ORDER = (ALLOWED, NOT_ALLOWED, DENIED)


def simulate_principal_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """What a user, group or role may do, with policies added, left out, or another boundary."""
    with store.read() as tx:
        what, doc = sources.entity(tx, ctx.account, request["PolicySourceArn"])
        held = sources.of_entity(tx, ctx.account, what, doc)
        boundary = sources.boundary_of(tx, ctx.account, doc)
    excluded = request.get("PolicyExclusionList", [])
    held = without(held, excluded)
    boundary = next(iter(without([boundary], excluded, boundary=True)), None) if boundary else None
    who = sources.principal(ctx.account, what, doc)
    if "CallerArn" in request:
        caller = _caller(request["CallerArn"])
        who = replace(caller, user_id=who.user_id) if caller.kind == who.kind and caller.arn == who.arn else caller
    elif "ResourcePolicy" in request and what.word != "user":
        raise ApiError("InvalidInput", "A ResourcePolicy needs a CallerArn unless PolicySourceArn is a user's.", 400)
    return _simulated(request, who, [*held, *_inputs(request)], boundary)


def simulate_custom_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """What the given policies would let somebody do."""
    if request.get("OrderedOrganizationPolicyInputList"):
        raise NotImplementedHere("SimulateCustomPolicy with policies of an organization")
    if "ResourcePolicy" in request and "CallerArn" not in request:
        raise ApiError("InvalidInput", "A ResourcePolicy needs a CallerArn.", 400)
    who = _caller(request["CallerArn"]) if "CallerArn" in request else Principal("user", "", ctx.account)
    return _simulated(request, who, _inputs(request), None)


def _simulated(request: Request, who: Principal, identity: Sequence[Source], boundary: Source | None) -> Response:
    actions, resources = request["ActionNames"], request.get("ResourceArns") or ["*"]
    rows = [(f"{place:06}", action) for place, action in enumerate(actions)]
    taken, more = page(request, rows)
    if len(taken) * len(resources) > _QUESTIONS_MOST:
        raise ApiError("InvalidInput", f"At most {_QUESTIONS_MOST} actions times resources: ask for less, or set MaxItems.", 400)
    given = request.get("PermissionsBoundaryPolicyInputList", [])
    if len(given) > 1:
        raise ApiError("InvalidInput", "At most one permissions boundary can be simulated.", 400)
    if given:
        boundary = _source(given[0], "PermissionsBoundaryPolicyInputList.1", "none")
    of_resource = _source(request["ResourcePolicy"], "ResourcePolicy", "resource") if "ResourcePolicy" in request else None
    keys = context(request.get("ContextEntries", []))
    asked = Asked(who, identity, keys, boundary, of_resource, _owner(request, who))
    return {"EvaluationResults": [_result(asked, action, resources) for action in taken], **more}


def _result(asked: Asked, action: str, resources: Sequence[str]) -> dict[str, Any]:
    answers = [(resource, ask(asked, action, resource)) for resource in resources]
    worst = max((answer for _, answer in answers), key=lambda answer: _ORDER.index(answer.decision))
    result = {
        "EvalActionName": action,
        "EvalResourceName": "*",
        "EvalDecision": worst.decision,
        **_members(worst),
        "MissingContextValues": sorted({key for _, answer in answers for key in answer.missing}),
    }
    if list(resources) != ["*"]:
        result["ResourceSpecificResults"] = [
            {
                "EvalResourceName": resource,
                "EvalResourceDecision": answer.decision,
                **_members(answer),
                "MissingContextValues": answer.missing,
            }
            for resource, answer in answers
        ]
    return result


def _members(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = {"MatchedStatements": answer.matched}
    if answer.within_boundary is not None:
        found["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": answer.within_boundary}
    if answer.details:
        found["EvalDecisionDetails"] = answer.details
    return found


def _inputs(request: Request) -> list[Source]:
    given = request.get("PolicyInputList", [])
    return [_source(text, f"PolicyInputList.{number}", "none") for number, text in enumerate(given, 1)]


def _source(text: str, name: str, kind: str) -> Source:
    return Source(name, kind, checked(text, "resource" if kind == "resource" else "identity"))


def checked(text: str, kind: Kind) -> str:
    """A given document, refused with the code of simulations when it is malformed."""
    try:
        documents.validate(text, kind)
    except ApiError as error:
        raise ApiError("InvalidInput", error.message, 400) from error
    return text


def _caller(arn: str) -> Principal:
    parts = arn.split(":", 5)
    word = parts[5].partition("/")[0] if len(parts) == 6 else ""
    if parts[:3] != ["arn", "aws", "iam"] or word not in ("user", "group", "role"):
        raise ApiError("InvalidInput", f"CallerArn must be the ARN of a user, group or role, not {arn}.", 400)
    account, name = parts[4], arn.rsplit("/", 1)[-1]
    if word == "role":
        return Principal("role", f"arn:aws:sts::{account}:assumed-role/{name}/simulated", account, role_arn=arn)
    return Principal("user", arn, account)


def _owner(request: Request, who: Principal) -> str:
    given: str = request.get("ResourceOwner", "")
    account = given.split(":")[4] if given.count(":") == 5 else given
    if account and not (account.isdigit() and len(account) == 12):
        raise ApiError("InvalidInput", f"ResourceOwner must be an account id of 12 digits, not {given}.", 400)
    return account or who.account
