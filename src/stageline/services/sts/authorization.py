"""What STS asks before it answers."""

from collections.abc import Sequence

from stageline.ports.api import ApiError, Context, Request
from stageline.ports.identity import CONSOLE, Check

_OPEN = frozenset({"get_caller_identity", "get_session_token"})
"""Nobody who can sign is refused these, whatever policies say."""


def checks(operation: str, ctx: Context, request: Request) -> Sequence[Check]:
    """The questions of an operation.

    AssumeRole has none here: its answer is the trust policy's, and the caller's policies only count where that leaves it to
    them, so ``Identity.assume`` asks both at once.
    """
    temporary = ctx.caller.access_key_id.startswith("ASIA") and CONSOLE not in ctx.caller.keys
    own_session = ctx.caller.kind == "user" and temporary
    if own_session and operation not in ("get_caller_identity", "assume_role"):
        raise ApiError("AccessDenied", f"Cannot call {_api(operation)} with session credentials", 403)
    if operation in _OPEN or operation == "assume_role":
        return ()
    if operation in ("get_access_key_info", "decode_authorization_message"):
        return (Check(f"sts:{_api(operation)}"),)
    raise ApiError("AccessDenied", f"sts:{_api(operation)} is not open to anybody on this server.", 403)


def _api(operation: str) -> str:
    return "".join(word.capitalize() for word in operation.split("_"))
