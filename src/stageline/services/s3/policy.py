"""Bucket policies: refused when malformed, kept as they were written, and told whether they let strangers in."""

import ipaddress
import json
from collections.abc import Mapping
from typing import Any

from stageline.core.policy.elements import Malformed
from stageline.core.policy.validate import validate
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, Store
from stageline.services.s3 import buckets

_LARGEST = 20 * 1024
_FIXED_KEYS = (
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceowner",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:userid",
    "s3:dataaccesspointarn",
    "s3:dataaccesspointaccount",
)
_FIXING = ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _strangers(principal: Any) -> bool:
    if isinstance(principal, Mapping):
        return "*" in _listed(principal.get("AWS", ()))
    return bool(principal == "*")


def _bounded(conditions: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a condition holds a statement to fixed, known callers."""
    for operator, tests in conditions.items():
        name = operator.lower().rpartition(":")[2]
        if name not in _FIXING or operator.lower().startswith("forallvalues:"):
            continue
        for key, values in tests.items():
            if key.lower() in _FIXED_KEYS and all(_fixed(key.lower(), str(value)) for value in _listed(values)):
                return True
    return False


def _fixed(key: str, value: str) -> bool:
    if key == "aws:sourceip":
        network = ipaddress.ip_network(value, strict=False)
        return network.prefixlen >= (8 if network.version == 4 else 32)
    return bool(value) and "${" not in value and not set(value) <= {"*", "?"} and not value.startswith("*")


def is_public(policy: Mapping[str, Any]) -> bool:
    """Whether a policy grants something to everybody."""
    return any(
        statement["Effect"] == "Allow"
        and ("NotPrincipal" in statement or _strangers(statement.get("Principal")))
        and not _bounded(statement.get("Condition", {}))
        for statement in _listed(policy["Statement"])
    )


def _resource_fits(bucket: str, resource: str) -> bool:
    return resource == f"arn:aws:s3:::{bucket}" or resource.startswith(f"arn:aws:s3:::{bucket}/")


def _malformed(message: str) -> ApiError:
    return ApiError("MalformedPolicy", message, 400)


def _checked(bucket: str, text: str) -> Mapping[str, Any]:
    if len(text.encode()) > _LARGEST:
        raise _malformed(f"Policies must not be larger than {_LARGEST} bytes.")
    if not text.lstrip().startswith("{"):
        raise _malformed("Policies must be valid JSON and the first byte must be '{'")
    try:
        policy = validate(text, "resource")
    except Malformed as error:
        raise _malformed(str(error)) from error
    for statement in _listed(policy["Statement"]):
        for action in _listed(statement.get("Action", statement.get("NotAction"))):
            if action != "*" and not action.lower().startswith("s3:"):
                raise _malformed("Policy has invalid action")
        for resource in _listed(statement.get("Resource", statement.get("NotResource"))):
            if not _resource_fits(bucket, resource):
                raise _malformed("Policy has invalid resource")
    return policy


def _text(bucket: Doc) -> str:
    text: str | None = bucket["config"].get("policy")
    if text is None:
        raise ApiError("NoSuchBucketPolicy", "The bucket policy does not exist", 404, BucketName=bucket["name"])
    return text


def put_bucket_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Replace the policy of a bucket; a public one only where public policies are not blocked."""
    text = request["Policy"]
    policy = _checked(request["Bucket"], text)
    with store.write() as tx:
        bucket = buckets.hold(tx, request)
        if bucket["config"].get("publicAccessBlock", {}).get("BlockPublicPolicy") and is_public(policy):
            who = f"User: {ctx.caller.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "
            raise ApiError(
                "AccessDenied",
                f'{who}"arn:aws:s3:::{bucket["name"]}" because public policies are prevented by the '
                "BlockPublicPolicy setting in S3 Block Public Access.",
                403,
            )
        bucket["config"]["policy"] = text
        tx.put(buckets.BUCKET, bucket["name"], bucket)
    return {"ResponseStatus": 204}


def get_bucket_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """The policy as it was put."""
    with store.read() as tx:
        return {"Policy": _text(buckets.find(tx, request))}


def delete_bucket_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Take the policy away."""
    return buckets.configure(request, "policy", None, store=store)


def get_bucket_policy_status(ctx: Context, request: Request, *, store: Store) -> Response:
    """Whether the policy makes the bucket public."""
    with store.read() as tx:
        bucket = buckets.find(tx, request)
    restricted = bucket["config"].get("publicAccessBlock", {}).get("RestrictPublicBuckets")
    return {"PolicyStatus": {"IsPublic": not restricted and is_public(json.loads(_text(bucket)))}}
