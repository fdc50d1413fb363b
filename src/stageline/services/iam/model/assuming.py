"""May somebody assume a role, and what the session then is. The trust policy must allow; where it names only the account,
the caller's own policies must as well."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from stageline.core.policy.denial import denial, reason
from stageline.core.policy.evaluate import NO_POLICIES, Bounds, Verdict, evaluate
from stageline.core.policy.pattern import Keys
from stageline.core.policy.principals import Principal
from stageline.core.policy.statements import Unreadable, compile_policy
from stageline.ports.api import ApiError, Caller, Context
from stageline.ports.identity import CONSOLE, Assumption, Denial, Denials, Policies
from stageline.ports.store import Doc, ReadTx
from stageline.services.iam.model import managed, trust
from stageline.services.iam.model.callers import TRANSITIVE, iso
from stageline.services.iam.model.documents import parsed, validate

HOUR = 3_600_000
SESSION_POLICY_MOST = 2048
TAGS_MOST = 50


def denied(caller: str, action: str, role_arn: str) -> ApiError:
    """The refusal; the same whether the role exists or not."""
    return ApiError("AccessDenied", denial(caller, action, role_arn), 403)


def principal(caller: Caller) -> Principal:
    """A caller as the evaluator knows it."""
    if caller.kind == "service":
        return Principal("service", caller.arn, service=caller.arn)
    arn = caller.keys.get("aws:PrincipalArn", "")
    role_arn = arn if caller.kind == "role" and isinstance(arn, str) else ""
    return Principal(caller.kind, caller.arn, caller.account, caller.user_id, role_arn)


def bounds(policies: Policies) -> Bounds:
    """A caller's policies, ready to be asked."""
    return Bounds(
        tuple(compile_policy(document) for document in policies.identity),
        None if policies.boundary is None else compile_policy(policies.boundary),
        None if policies.session is None else (compile_policy(policies.session),),
    )


def inherited(caller: Caller) -> dict[str, str]:
    """The transitive tags of the caller's session."""
    names = caller.keys.get(TRANSITIVE, ())
    found = {name: caller.keys.get(f"aws:PrincipalTag/{name}", "") for name in names} if isinstance(names, tuple) else {}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def request_keys(ctx: Context, asked: Assumption, role: Doc) -> Keys:
    """The condition keys of an AssumeRole request."""
    tags = {**inherited(ctx.caller), **asked.tags}
    keys: dict[str, str | tuple[str, ...]] = {
        "aws:CurrentTime": iso(ctx.now),
        "aws:EpochTime": str(ctx.now // 1000),
        "aws:SecureTransport": "true" if ctx.secure else "false",
        "aws:ResourceAccount": ctx.account,
        "aws:ViaAWSService": "false",
        "aws:PrincipalIsAWSService": "true" if ctx.caller.kind == "service" else "false",
        "sts:RoleSessionName": asked.session_name,
        "sts:DurationSeconds": str(asked.duration // 1000),
        **ctx.caller.keys,
        **{f"aws:ResourceTag/{key}": value for key, value in role["tags"].items()},
        **{f"iam:ResourceTag/{key}": value for key, value in role["tags"].items()},
        **{f"aws:RequestTag/{key}": value for key, value in tags.items()},
    }
    if ctx.caller.kind == "service":
        keys["aws:PrincipalServiceName"] = ctx.caller.arn
        keys["aws:SourceAccount"] = ctx.account
    identity = asked.source_identity or ctx.caller.keys.get("aws:SourceIdentity", "")
    optional: dict[str, str | tuple[str, ...]] = {
        "aws:RequestedRegion": ctx.region,
        "aws:UserAgent": ctx.headers.get("user-agent", ""),
        "aws:SourceIp": "" if ctx.caller.kind == "service" else ctx.source_ip,
        "aws:SourceArn": asked.source_arn,
        "sts:ExternalId": asked.external_id,
        "sts:SourceIdentity": identity,
        "aws:TagKeys": tuple(tags),
        "sts:TransitiveTagKeys": asked.transitive,
    }
    keys.update({key: value for key, value in optional.items() if value})
    return {key.lower(): value for key, value in keys.items()}


def require(tx: ReadTx, ctx: Context, asked: Assumption, role: Doc, policies: Policies, denials: Denials) -> None:
    """Refuse unless the trust policy (and, where it leaves that open, the caller's own policies) allow the assumption."""
    actions = ["sts:AssumeRole"]
    if asked.tags:
        actions.append("sts:TagSession")
    if asked.source_identity or "aws:SourceIdentity" in ctx.caller.keys:
        actions.append("sts:SetSourceIdentity")
    keys, who = request_keys(ctx, asked, role), principal(ctx.caller)
    for action in actions:
        try:
            document = compile_policy(trust.effective(tx, role), resource_side=True)
            own = bounds(policies)
        except Unreadable as error:
            raise denied(ctx.caller.arn, action, asked.role_arn) from error
        verdict = evaluate(who, action, asked.role_arn, keys, own, resource_policy=document, owner=ctx.account, trust=True)
        if not verdict.allowed:
            denials.note(_denial(ctx, asked, action, verdict, keys, own, policies))
            raise denied(ctx.caller.arn, action, asked.role_arn)


def unknown_role(ctx: Context, asked: Assumption) -> Denial:
    """What is remembered of the wish to be a role that does not exist."""
    return replace(_denial(ctx, asked, "sts:AssumeRole", Verdict(False, "trust"), {}), reason="because there is no such role")


def _denial(
    ctx: Context,
    asked: Assumption,
    action: str,
    verdict: Verdict,
    keys: Keys,
    own: Bounds = NO_POLICIES,
    policies: Policies | None = None,
) -> Denial:
    names = {"trust": "the trust policy", "session": "the session policy"}
    if policies is not None:
        at = next((place for place, policy in enumerate(own.identity) if policy is verdict.policy), -1)
        names |= {"identity": policies.names[at] if at >= 0 else "", "boundary": policies.boundary_name}
    statement = verdict.statement if verdict.explicit else None
    return Denial(
        request_id=ctx.request_id,
        at=ctx.now,
        service="sts",
        principal=ctx.caller.arn,
        user_id=ctx.caller.user_id,
        action=action,
        resource=asked.role_arn,
        reason=reason(verdict, action),
        source=verdict.source,
        explicit=verdict.explicit,
        policy=names.get(verdict.source, "") if verdict.explicit else "",
        statement=statement.sid if statement else "",
        index=statement.index if statement else -1,
        lacking=() if verdict.explicit else (verdict.source,),
        # The external id is the secret that a third party shares with its customer.
        keys={name: value for name, value in keys.items() if name != "sts:externalid" and not name.startswith("stageline:")},
    )


def check_chain(ctx: Context, asked: Assumption, role: Doc) -> None:
    """Refuse what a session may not hand on: too long a time, another source identity, tags that are fixed already."""
    chained = ctx.caller.access_key_id.startswith("ASIA") and CONSOLE not in ctx.caller.keys
    if chained and asked.duration > HOUR:
        message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
        raise ApiError("ValidationError", message, 400)
    if asked.duration > role["max_session"] * 1000:
        raise ApiError("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", 400)
    before = ctx.caller.keys.get("aws:SourceIdentity", "")
    if asked.source_identity and before and asked.source_identity != before:
        raise denied(ctx.caller.arn, "sts:SetSourceIdentity", asked.role_arn)
    fixed = {key.lower() for key in inherited(ctx.caller)}
    for key in asked.tags:
        if key.lower() in fixed:
            message = f"The tag {key} is a transitive tag of the calling session and cannot be set again."
            raise ApiError("ValidationError", message, 400)
    if len(fixed) + len(asked.tags) > TAGS_MOST:
        message = f"A session has at most {TAGS_MOST} tags, with those that it takes over from the calling session."
        raise ApiError("ValidationError", message, 400)


def session_policy(tx: ReadTx, account: str, asked: Assumption) -> str:
    """The session policies of a request as one document; empty when it names none."""
    documents: list[Mapping[str, Any]] = []
    if asked.policy:
        if len(asked.policy) > SESSION_POLICY_MOST:
            raise ApiError("ValidationError", f"A session policy has at most {SESSION_POLICY_MOST} characters.", 400)
        documents.append(validate(asked.policy, "session"))
    for arn in asked.policy_arns:
        doc = managed.lookup(tx, account, arn)
        if doc is None:
            raise ApiError("ValidationError", f"The session policy {arn} does not exist.", 400)
        documents.append(parsed(managed.text_of(doc)))
    if not documents:
        return ""
    statements = [statement for document in documents for statement in _statements(document)]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))


def _statements(document: Mapping[str, Any]) -> Sequence[Any]:
    found = document["Statement"]
    bodies = [found] if isinstance(found, Mapping) else found
    return bodies if document.get("Version") == "2012-10-17" else [_literal(body) for body in bodies]


def _literal(value: Any) -> Any:
    """A value of a document of 2008, where ``${…}`` is plain text, as a document of 2012 must spell it."""
    if isinstance(value, str):
        return value.replace("${", "${$}{")
    if isinstance(value, Mapping):
        return {key: _literal(inner) for key, inner in value.items()}
    return [_literal(inner) for inner in value] if isinstance(value, list) else value
