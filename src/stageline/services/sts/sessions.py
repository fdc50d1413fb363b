"""Temporary credentials: of a role, or of the caller itself."""

import json
import zlib
from typing import Any

from stageline.ports.api import ApiError, Context, NotImplementedHere, Request, Response
from stageline.ports.identity import Assumption, Credential, Identity

_PACKED_MOST = 2048
_HOUR, _HALF_DAY = 3600, 43_200


def assume_role(ctx: Context, request: Request, *, identity: Identity) -> Response:
    """Credentials of a role whose trust policy admits the caller."""
    if "SerialNumber" in request or "TokenCode" in request:
        raise ApiError("AccessDenied", "MultiFactorAuthentication failed: no MFA device is registered with this server.", 403)
    if "ProvidedContexts" in request:
        raise NotImplementedHere("AssumeRole with ProvidedContexts")
    asked = Assumption(
        role_arn=request["RoleArn"],
        session_name=request["RoleSessionName"],
        duration=request.get("DurationSeconds", _HOUR) * 1000,
        policy=request.get("Policy", ""),
        policy_arns=tuple(entry["arn"] for entry in request.get("PolicyArns", []) if "arn" in entry),
        external_id=request.get("ExternalId", ""),
        tags=_tags(request.get("Tags", [])),
        transitive=tuple(request.get("TransitiveTagKeys", [])),
        source_identity=request.get("SourceIdentity", ""),
    )
    _check_transitive(asked)
    packed = _packed_size(asked)
    credential, role_id = identity.assume(ctx, asked)
    answer: Response = {
        "Credentials": _credentials(credential),
        "AssumedRoleUser": {"AssumedRoleId": f"{role_id}:{asked.session_name}", "Arn": credential.caller.arn},
    }
    if packed is not None:
        answer["PackedPolicySize"] = packed
    source = credential.caller.keys.get("aws:SourceIdentity")
    if source:
        answer["SourceIdentity"] = source
    return answer


def get_session_token(ctx: Context, request: Request, *, identity: Identity) -> Response:
    """Temporary credentials with the caller's own rights, for a caller with a long-lived key."""
    if "SerialNumber" in request or "TokenCode" in request:
        raise ApiError("AccessDenied", "MultiFactorAuthentication failed: no MFA device is registered with this server.", 403)
    if ctx.caller.kind not in ("user", "root") or ctx.caller.access_key_id.startswith("ASIA"):
        raise ApiError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403)
    root = ctx.caller.kind == "root"
    seconds = request.get("DurationSeconds", _HOUR if root else _HALF_DAY)
    # AWS shortens what the root asks for instead of refusing it.
    duration = min(seconds, _HOUR) if root else seconds
    return {"Credentials": _credentials(identity.session(ctx.caller, duration * 1000))}


def _credentials(credential: Credential) -> dict[str, Any]:
    return {
        "AccessKeyId": credential.access_key_id,
        "SecretAccessKey": credential.secret,
        "SessionToken": credential.session_token,
        "Expiration": credential.expires,
    }


def _tags(given: list[dict[str, str]]) -> dict[str, str]:
    keys = [tag["Key"].lower() for tag in given]
    if len(set(keys)) != len(keys):
        raise ApiError("InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive.", 400)
    for key in keys:
        if key.startswith("aws:"):
            raise ApiError("InvalidParameterValue", "Tag keys that begin with aws: are reserved for system use.", 400)
    return {tag["Key"]: tag["Value"] for tag in given}


def _check_transitive(asked: Assumption) -> None:
    known = {key.lower() for key in asked.tags}
    for key in asked.transitive:
        if key.lower() not in known:
            message = f"The specified transitive tag key {key} must be included in the requested tags."
            raise ApiError("InvalidParameterValue", message, 400)


def _packed_size(asked: Assumption) -> int | None:
    """How much of the space for policies and tags a request takes, in percent; None when it has neither."""
    if not asked.policy and not asked.policy_arns and not asked.tags:
        return None
    packed = zlib.compress(json.dumps([asked.policy, asked.policy_arns, dict(asked.tags)]).encode(), 9)
    percent = -(-100 * len(packed) // _PACKED_MOST)
    if percent > 100:
        what = "Packed size of session tags consumes" if asked.tags else "Packed policy consumes"
        rest = "" if asked.tags else ", please use smaller policy"
        raise ApiError("PackedPolicyTooLarge", f"{what} {percent}% of allotted space{rest}.", 400)
    return percent
