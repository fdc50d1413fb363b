from typing import Any

from stageline.ports.identity import Assumption


def get_caller_identity(ctx: Any, request: Any) -> Any:
    return {"UserId": ctx.caller.user_id, "Account": ctx.account, "Arn": ctx.caller.arn}


def assume_role(ctx: Any, request: Any, *, identity: Any) -> Any:
    credential, _ = identity.assume(ctx, Assumption(request["RoleArn"], request["RoleSessionName"]))
    return {
        "Credentials": {
            "AccessKeyId": credential.access_key_id,
            "SecretAccessKey": credential.secret,
            "SessionToken": credential.session_token,
            "Expiration": credential.expires,
        }
    }
