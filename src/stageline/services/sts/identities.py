"""Who am I, and whose key is that."""

from stageline.ports.api import Context, Request, Response


def get_caller_identity(ctx: Context, request: Request) -> Response:
    """The caller; nobody who can sign is refused this."""
    return {"UserId": ctx.caller.user_id, "Account": ctx.caller.account or ctx.account, "Arn": ctx.caller.arn}


def get_access_key_info(ctx: Context, request: Request) -> Response:
    """The account of a key. Every key of this server belongs to its one account, so the key itself is not looked up."""
    return {"Account": ctx.account}
