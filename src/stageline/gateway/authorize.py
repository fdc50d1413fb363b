"""The only place that says no: puts a request's checks to the policies of the caller and of the resources.

Stored documents are made ready once and kept while the same document object comes back.
"""

import time
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from stageline.core import arn
from stageline.core.policy.evaluate import NO_POLICIES, Bounds, Verdict, evaluate
from stageline.core.policy.pattern import Values
from stageline.core.policy.principals import Principal
from stageline.core.policy.statements import Policy, Unreadable, compile_policy
from stageline.gateway.refusal import TRUST, Seal, refused, remembered, text
from stageline.ports.api import Caller, Context
from stageline.ports.identity import Check, Denials, Identity, NoDenials, Policies

_NEVER_DENIED = frozenset({"sts:getcalleridentity", "sts:getsessiontoken"})
_ROOT_KEEPS = frozenset({"s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"})
_TWINS = {"codestar-connections": "codeconnections", "codeconnections": "codestar-connections"}
_KEPT = 4096


class PolicyAuthorizer:
    """Answers checks from the policies that ``identity`` knows; implements ``stageline.ports.identity.Authorizer``."""

    def __init__(self, identity: Identity, denials: Denials | None = None, seal: Seal | None = None) -> None:
        self._identity, self._denials, self._seal = identity, NoDenials() if denials is None else denials, seal
        self._compiled: dict[tuple[int, bool], tuple[Mapping[str, Any], Policy]] = {}
        self._lock = Lock()

    def require(self, ctx: Context, checks: Sequence[Check], *, service: str) -> None:
        """Raise ApiError unless every check is allowed; the first that is not gives the text, and is remembered."""
        who = principal(ctx.caller)
        if who.kind == "anonymous" and not checks:
            raise refused(service, "Access Denied")
        found = self._first_refused(ctx, who, checks, service)
        if found is None:
            return
        check, verdict, resource, keys, held = found
        bounds, of_resource = self._documents(held, check)
        question = (service, check.action, resource)
        denial = remembered(ctx, who, question, verdict, keys, (bounds, of_resource, held))
        self._denials.note(denial)
        sealed = self._seal(denial) if self._seal and who.kind != "anonymous" else ""
        raise refused(service, text(who, check.action, check.told or resource, verdict, service), sealed)

    def allowed(self, ctx: Context, check: Check) -> bool:
        """Whether one check would pass, for answers that only differ by what the caller may see."""
        return self._first_refused(ctx, principal(ctx.caller), (check,), "") is None

    def _first_refused(
        self, ctx: Context, who: Principal, checks: Sequence[Check], service: str
    ) -> tuple[Check, Verdict, str, dict[str, Values], Policies | None] | None:
        held: Policies | None = None
        common = global_keys(ctx, service)
        for check in checks:
            if held is None and who.kind in ("user", "role", "federated"):
                held = self._identity.policies(ctx.caller)
            keys = common | {name.lower(): value for name, value in check.keys.items()}
            verdict, resource = self._answer(ctx, who, held, check, keys)
            if not verdict.allowed:
                return check, verdict, resource, keys, held
        return None

    def _documents(self, held: Policies | None, check: Check) -> tuple[Bounds, Policy | None]:
        """The policies of a check, to tell of them; nothing when one cannot be read."""
        try:
            of_resource = None if check.resource_policy is None else self._ready(check.resource_policy, True)
            return self._bounds(held), of_resource
        except Unreadable:
            return NO_POLICIES, None

    def _answer(
        self, ctx: Context, who: Principal, held: Policies | None, check: Check, keys: dict[str, Values]
    ) -> tuple[Verdict, str]:
        """The verdict that counts, and the resource it is about."""
        action = check.action.lower()
        if action in _NEVER_DENIED and who.kind != "anonymous":
            return Verdict(True), ""
        if who.kind == "root" and action in _ROOT_KEEPS:
            return Verdict(True), ""
        try:
            bounds = self._bounds(held)
            of_resource = None if check.resource_policy is None else self._ready(check.resource_policy, True)
        except Unreadable:
            return Verdict(False, "identity"), check.resources[0] if check.resources else ""
        granted: list[tuple[Verdict, str]] = []
        refused: list[tuple[Verdict, str]] = []
        for resource in check.resources or ("*",):
            verdict = self._ask(ctx, who, check.action, resource, keys, bounds, of_resource)
            (granted if verdict.allowed else refused).append((verdict, resource))
        if check.any_of and granted and not any(verdict.explicit for verdict, _ in refused):
            return granted[0]
        refused.sort(key=lambda answer: not answer[0].explicit)
        return refused[0] if refused else granted[0]

    def _ask(
        self,
        ctx: Context,
        who: Principal,
        action: str,
        resource: str,
        keys: dict[str, Values],
        bounds: Bounds,
        of_resource: Policy | None,
    ) -> Verdict:
        best: Verdict | None = None
        for each_action, each_resource in _spellings(action, resource):
            verdict = evaluate(
                who,
                each_action,
                each_resource,
                _resource_keys(keys, each_resource, ctx.account),
                bounds,
                resource_policy=of_resource,
                owner=_owner(each_resource, ctx.account),
                trust=action.lower() in TRUST and of_resource is not None,
            )
            if verdict.explicit:
                return verdict
            if best is None or (verdict.allowed and not best.allowed):
                best = verdict
        assert best is not None
        return best

    def _bounds(self, held: Policies | None) -> Bounds:
        if held is None:
            return NO_POLICIES
        return Bounds(
            tuple(self._ready(document, False) for document in held.identity),
            None if held.boundary is None else self._ready(held.boundary, False),
            None if held.session is None else (self._ready(held.session, False),),
        )

    def _ready(self, document: Mapping[str, Any], resource_side: bool) -> Policy:
        key = (id(document), resource_side)
        kept = self._compiled.get(key)
        if kept is not None and kept[0] is document:
            return kept[1]
        ready = compile_policy(document, resource_side=resource_side)
        with self._lock:
            if len(self._compiled) >= _KEPT:
                self._compiled.clear()
            # The document is kept with its policy: its id cannot be given to another one meanwhile.
            self._compiled[key] = (document, ready)
        return ready


def principal(caller: Caller) -> Principal:
    """A caller as policies see it."""
    if caller.kind == "service":
        named = caller.keys.get("aws:PrincipalServiceName", caller.arn)
        return Principal("service", caller.arn, caller.account, service=named if isinstance(named, str) else caller.arn)
    kind: Any = "federated" if ":federated-user/" in caller.arn else caller.kind
    behind = caller.keys.get("aws:PrincipalArn", "")
    role = behind if kind == "role" and isinstance(behind, str) else ""
    return Principal(kind, caller.arn, caller.account, caller.user_id, role_arn=role)


_TYPES = {"root": "Account", "user": "User", "role": "AssumedRole", "anonymous": "Anonymous"}


def global_keys(ctx: Context, service: str = "") -> dict[str, Values]:
    """The condition keys that every request has, their names in lower case. IAM is one for all Regions, and is in us-east-1."""
    caller = ctx.caller
    keys: dict[str, Values] = {
        "aws:currenttime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(ctx.now // 1000)),
        "aws:epochtime": str(ctx.now // 1000),
        "aws:securetransport": "true" if ctx.secure else "false",
        "aws:requestedregion": "us-east-1" if service == "iam" else ctx.region,
        "aws:viaawsservice": "false",
        "aws:principalisawsservice": "true" if caller.kind == "service" else "false",
    }
    if ctx.source_ip:
        keys["aws:sourceip"] = ctx.source_ip
    for header, name in (("user-agent", "aws:useragent"), ("referer", "aws:referer")):
        if header in ctx.headers:
            keys[name] = ctx.headers[header]
    if caller.kind in _TYPES:
        keys["aws:principaltype"] = "FederatedUser" if ":federated-user/" in caller.arn else _TYPES[caller.kind]
        keys["aws:userid"] = caller.user_id
    if caller.account and caller.kind != "service":
        keys["aws:principalaccount"] = caller.account
    if caller.kind in ("root", "user"):
        keys["aws:principalarn"] = caller.arn
    if caller.kind == "user" and ":user/" in caller.arn:
        keys["aws:username"] = caller.arn.rpartition("/")[2]
    if caller.kind == "service":
        keys["aws:principalservicename"] = caller.arn
        keys["aws:principalservicenameslist"] = (caller.arn,)
    keys.update((name.lower(), value) for name, value in caller.keys.items())
    return keys


def _resource_keys(keys: dict[str, Values], resource: str, account: str) -> dict[str, Values]:
    if "aws:resourceaccount" in keys:
        return keys
    return keys | {"aws:resourceaccount": _owner(resource, account)}


def _owner(resource: str, account: str) -> str:
    parsed = arn.parse(resource)
    return parsed.account if parsed is not None and parsed.account.isdigit() else account


def _spellings(action: str, resource: str) -> list[tuple[str, str]]:
    """An action and its resource under both prefixes of the connections service, as they are for every other."""
    prefix, _, name = action.partition(":")
    twin = _TWINS.get(prefix.lower())
    if twin is None:
        return [(action, resource)]
    resources = dict.fromkeys((resource, resource.replace(f":{prefix}:", f":{twin}:", 1)))
    return [(each, place) for each in (action, f"{twin}:{name}") for place in resources]
