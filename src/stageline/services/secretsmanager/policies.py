"""Resource policies of secrets: refused when malformed, kept as they were written, asked at every operation on the secret."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from stageline.core.policy.elements import Malformed
from stageline.core.policy.validate import validate
from stageline.ports.api import ApiError, Context, NotImplementedHere, Request, Response
from stageline.ports.store import Store
from stageline.services.secretsmanager import records


@lru_cache(1024)
def parsed(text: str) -> Mapping[str, Any]:
    """A stored policy; the same text gives the same object, which is made ready for questions once."""
    found: Mapping[str, Any] = json.loads(text)
    return found


def put_resource_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Replace the policy of a secret."""
    _one_only(request)
    text = request["ResourcePolicy"]
    problem = _problem(text)
    if problem:
        raise ApiError("MalformedPolicyDocumentException", problem)
    if request.get("BlockPublicPolicy") and _public(parsed(text)):
        message = "The policy lets everybody in, and BlockPublicPolicy forbids that. Name principals, or add a condition."
        raise ApiError("PublicPolicyException", message)
    with store.write() as tx:
        secret = records.hold(tx, ctx, request["SecretId"])
        records.save(tx, {**secret, "policy": text})
    return records.identity(secret)


def get_resource_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """The policy as it was put; without one, only the secret's name."""
    _one_only(request)
    with store.read() as tx:
        secret = records.require_live(tx, ctx, request["SecretId"])
    return {**records.identity(secret), "ResourcePolicy": secret["policy"] or None}


def delete_resource_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Take the policy away."""
    _one_only(request)
    with store.write() as tx:
        secret = records.hold(tx, ctx, request["SecretId"])
        records.save(tx, {**secret, "policy": ""})
    return records.identity(secret)


def validate_resource_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """What is wrong with a policy, before it is put."""
    if "SecretId" in request:
        with store.read() as tx:
            records.require_live(tx, ctx, request["SecretId"])
    text = request["ResourcePolicy"]
    problem = _problem(text)
    found = [{"CheckName": "SYNTAX", "ErrorMessage": problem}] if problem else []
    if not problem and _public(parsed(text)):
        found.append({"CheckName": "BLOCK_PUBLIC_POLICY", "ErrorMessage": "The policy lets everybody in."})
    return {"PolicyValidationPassed": not found, "ValidationErrors": found}


def _one_only(request: Request) -> None:
    if request.get("PolicyName"):
        raise NotImplementedHere("Naming the policies of a secret (PolicyName)")


def _problem(text: str) -> str:
    try:
        validate(text, "resource")
    except Malformed as error:
        return f"This resource policy can't be used: {error}"
    return ""


def _public(policy: Mapping[str, Any]) -> bool:
    """Whether a statement allows something to everybody without any condition."""
    statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    return any(
        each["Effect"] == "Allow" and not each.get("Condition") and ("NotPrincipal" in each or _everybody(each["Principal"]))
        for each in statements
    )


def _everybody(principal: Any) -> bool:
    if isinstance(principal, Mapping):
        named = principal.get("AWS", ())
        return "*" in (named if isinstance(named, list) else [named])
    return bool(principal == "*")
