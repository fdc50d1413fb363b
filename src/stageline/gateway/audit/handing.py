"""Credentials of a role that the server took for a build or a job and hands to it: told as the AssumeRole that it is."""

from typing import TYPE_CHECKING

from stageline.gateway.audit.masking import instant
from stageline.ports.api import ApiError, Caller, Context
from stageline.ports.audit.trail import HIDDEN, Happening, Nature
from stageline.ports.compute import Assumed
from stageline.ports.identity import Credential

if TYPE_CHECKING:
    from stageline.gateway.chain import Gateway


def tell_handed(gateway: "Gateway", ctx: Context, credential: Credential, step: Assumed | None) -> None:
    """Tell the trail, before they leave, whose credentials are handed out and by which key id they will be seen again."""
    if gateway.trail is None:
        return
    caller = credential.caller
    role = str(caller.keys.get("aws:PrincipalArn", caller.arn))
    service = step.service if step is not None and step.service else _marked(caller)
    own = Caller("service", service or "stageline.amazonaws.com", account=ctx.account)
    gateway.trail.record(
        Happening(
            ctx=Context(own, ctx.account, ctx.region, ctx.now, ctx.request_id, ctx.endpoint),
            service="sts",
            operation="AssumeRole",
            nature=Nature(read_only=True, issues=True),
            request={"roleArn": role, "roleSessionName": caller.arn.rsplit("/", 1)[-1]},
            response={
                "assumedRoleUser": {"arn": caller.arn, "assumedRoleId": caller.user_id},
                "credentials": {
                    "accessKeyId": credential.access_key_id,
                    "expiration": None if credential.expires is None else instant(credential.expires),
                    "sessionToken": HIDDEN,
                },
            },
            resources=(role,),
        )
    )


def tell_denied(gateway: "Gateway", ctx: Context, step: Assumed, error: ApiError) -> None:
    """Tell the trail that a service was refused a role."""
    if gateway.trail is None:
        return
    own = Caller("service", step.service, account=ctx.account)
    gateway.trail.record(
        Happening(
            ctx=Context(own, ctx.account, ctx.region, ctx.now, ctx.request_id, ctx.endpoint),
            service="sts",
            operation="AssumeRole",
            nature=Nature(read_only=True, issues=True),
            request={"roleArn": step.role, "roleSessionName": step.session},
            code=error.code,
            message=error.message,
            resources=(step.role,),
        )
    )


def _marked(caller: Caller) -> str:
    found = caller.keys.get("stageline:service", "")
    return found if isinstance(found, str) else ""
