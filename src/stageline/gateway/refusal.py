"""A refusal for want of permission: its code for each service, its text, and what is remembered of it."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from stageline.core.policy.denial import denial, reason
from stageline.core.policy.evaluate import Bounds, Verdict
from stageline.core.policy.pattern import Values
from stageline.core.policy.principals import Principal
from stageline.core.policy.statements import Policy
from stageline.core.policy.trace import lacking
from stageline.gateway.errors import HEADERS
from stageline.ports.api import ApiError, Context
from stageline.ports.identity import Denial, Policies

MESSAGE: Final = "x-stageline-authorization-message"
"""The HTTP header of a refusal that carries why, sealed; ``sts:DecodeAuthorizationMessage`` opens it."""
TRUST: Final = frozenset({"sts:assumerole", "sts:tagsession", "sts:setsourceidentity"})

_PLAIN_CODE = frozenset({"s3", "iam", "sts"})
_SECRET = re.compile(r"codebuild:(environment\.environmentvariables/.*|token)|sts:externalid|aws:referer|stageline:.*")
_MESSAGE_MOST = 4096


def remembered(
    ctx: Context,
    who: Principal,
    question: tuple[str, str, str],
    verdict: Verdict,
    keys: Mapping[str, Values],
    policies: tuple[Bounds, Policy | None, Policies | None],
) -> Denial:
    """A denial to remember: ``question`` is service, action and resource; ``policies`` are those asked and how they are named."""
    service, action, resource = question
    bounds, of_resource, held = policies
    statement = verdict.statement if verdict.explicit else None
    return Denial(
        request_id=ctx.request_id,
        at=ctx.now,
        service=service,
        principal=who.service if who.kind == "service" else who.arn,
        user_id=who.user_id,
        action=action,
        resource=resource,
        reason=reason(verdict, action) if verdict.source else "",
        source=verdict.source,
        explicit=verdict.explicit,
        policy=_name(verdict, bounds, held) if verdict.explicit else "",
        statement=statement.sid if statement else "",
        index=statement.index if statement else -1,
        lacking=() if verdict.explicit else lacking(who, action, resource, keys, bounds, of_resource) or (verdict.source,),
        keys={name: value for name, value in keys.items() if not _SECRET.fullmatch(name)},
    )


def _name(verdict: Verdict, bounds: Bounds, held: Policies | None) -> str:
    """What the policy that denies is called."""
    if held is not None and verdict.source == "identity":
        names = [name for policy, name in zip(bounds.identity, held.names, strict=False) if policy is verdict.policy]
        return names[0] if names else ""
    if held is not None and verdict.source == "boundary":
        return held.boundary_name
    return {"session": "the session policy", "resource": "the resource's policy", "trust": "the trust policy"}.get(
        verdict.source, ""
    )


def text(who: Principal, action: str, resource: str, verdict: Verdict, service: str) -> str:
    """The sentence of a refusal."""
    if who.kind == "anonymous" and service == "s3":
        return "Access Denied"
    name = who.service if who.kind == "service" else who.arn
    if action.lower() in TRUST and verdict.source in ("trust", "resource"):
        return denial(name, action, resource)
    return denial(name, action, f'"{resource}"' if service == "s3" else resource, reason(verdict, action))


def refused(service: str, message: str, sealed: str = "") -> ApiError:
    """The refusal; ``sealed`` goes into a header unless it is too long for one."""
    extra = {HEADERS: {MESSAGE: sealed}} if sealed and len(sealed) <= _MESSAGE_MOST else {}
    if service == "sns":
        return ApiError("AuthorizationError", message, 403, **extra)
    if service in _PLAIN_CODE:
        return ApiError("AccessDenied", message, 403, **extra)
    return ApiError("AccessDeniedException", message, 403 if service == "lambda" else 400, **extra)


Seal = Callable[[Denial], str]
"""Makes the sealed message of a denial; only this server can open it."""
