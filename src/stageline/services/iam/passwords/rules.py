"""The account's password policy: what passwords must be like, how long they last, how many earlier ones are refused."""

import string
from collections.abc import Mapping
from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.iam.model.entities import ACCOUNT, changing

KEY = "password-policy"
SYMBOLS = "!@#$%^&*()_+-=[]{}|'"
_SWITCHES = (
    "RequireSymbols",
    "RequireNumbers",
    "RequireUppercaseCharacters",
    "RequireLowercaseCharacters",
    "AllowUsersToChangePassword",
    "HardExpiry",
)
_DAY = 24 * 3_600_000
_CLASSES: Mapping[str, tuple[str, str]] = {
    "RequireUppercaseCharacters": ("an uppercase letter", string.ascii_uppercase),
    "RequireLowercaseCharacters": ("a lowercase letter", string.ascii_lowercase),
    "RequireNumbers": ("a digit", string.digits),
    "RequireSymbols": (f"one of {SYMBOLS}", SYMBOLS),
}


def get_account_password_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """The password policy that was set; AWS's default one is not shown."""
    with store.read() as tx:
        policy = found(tx)
    if policy is None:
        raise _missing(ctx)
    shown = {**policy, "ExpirePasswords": bool(policy["MaxPasswordAge"])}
    return {"PasswordPolicy": {name: value for name, value in shown.items() if value or isinstance(value, bool)}}


def update_account_password_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Set the whole policy: what is left out takes its default again."""
    policy: Doc = {name: bool(request.get(name, False)) for name in _SWITCHES}
    policy["MinimumPasswordLength"] = request.get("MinimumPasswordLength", 6)
    policy["MaxPasswordAge"] = request.get("MaxPasswordAge", 0)
    policy["PasswordReusePrevention"] = request.get("PasswordReusePrevention", 0)
    with changing(store) as tx:
        tx.put(ACCOUNT, KEY, policy)
    return {}


def delete_account_password_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Return to AWS's default policy."""
    with changing(store) as tx:
        if not tx.delete(ACCOUNT, KEY):
            raise _missing(ctx)
    return {}


def found(tx: ReadTx) -> Doc | None:
    """The policy that was set, or None."""
    return tx.get(ACCOUNT, KEY)


def check(policy: Doc | None, password: str, names: tuple[str, ...]) -> None:
    """Refuse a password that is too simple; ``names`` are the account's, which no password may equal."""
    if password.lower() in (name.lower() for name in names):
        raise violation("Password should not be equal to the name of the account")
    if policy is None:
        held = sum(not set(password).isdisjoint(letters) for _, letters in _CLASSES.values())
        if len(password) < 8 or held < 3:
            raise violation("Password should have 8 characters and three of: uppercase and lowercase letters, digits, symbols")
        return
    if len(password) < policy["MinimumPasswordLength"]:
        raise violation(f"Password should have a minimum length of {policy['MinimumPasswordLength']}")
    for switch, (what, letters) in _CLASSES.items():
        if policy[switch] and set(password).isdisjoint(letters):
            raise violation(f"Password should have at least {what}")


def refused_earlier(policy: Doc | None) -> int:
    """How many of the latest passwords may not be used again."""
    return int(policy["PasswordReusePrevention"]) if policy else 0


def expires(policy: Doc | None, changed: int) -> int | None:
    """When a password that was set at ``changed`` expires; None when it never does."""
    age = policy["MaxPasswordAge"] if policy else 0
    return changed + age * _DAY if age else None


def violation(message: str) -> ApiError:
    """The refusal of a password."""
    return ApiError("PasswordPolicyViolation", f"{message}.", 400)


def _missing(ctx: Context) -> ApiError:
    return ApiError("NoSuchEntity", f"The Password Policy with domain name {ctx.account} cannot be found.", 404)


def users_may_change(tx: ReadTx) -> bool:
    """Whether every user may change the own password, whatever the user's policies allow."""
    policy: dict[str, Any] = found(tx) or {}
    return bool(policy.get("AllowUsersToChangePassword"))
