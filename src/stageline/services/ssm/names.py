"""The names of parameters: what they may be, their ARNs, and the selectors of versions and labels behind them."""

import re
from dataclasses import dataclass

from stageline.core import arn as arns
from stageline.ports.api import ApiError, Context

MOST_LEVELS = 15
_NAME = re.compile(r"[A-Za-z0-9_.\-/]+")
_RULES = (
    'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths '
    "divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_"
)


@dataclass(frozen=True)
class Wanted:
    """A parameter as it was asked for: ``names`` it may have, ``selector`` a version's number or label, "" for the latest."""

    names: tuple[str, ...]
    selector: str = ""


def invalid(message: str) -> ApiError:
    """The refusal of a parameter that makes no sense."""
    return ApiError("ValidationException", message)


def check_name(name: str) -> None:
    """Refuse a name that no parameter may have: ValidationException, AccessDeniedException (reserved),
    HierarchyLevelLimitExceededException."""
    if not _NAME.fullmatch(name):
        raise invalid(_RULES)
    levels = name.strip("/").split("/")
    if "/" in name and not name.startswith("/"):
        raise invalid("Parameter name must be a fully qualified name: begin a name that has slashes with a slash.")
    if not all(levels):
        raise invalid("Parameter name must not have an empty level or end with a slash.")
    if name.endswith("/"):
        raise invalid("Parameter name must not have an empty level or end with a slash.")
    first = levels[0].lower()
    if first.startswith("aws"):
        raise ApiError("AccessDeniedException", f"No access to reserved parameter name: {name}.")
    if first.startswith("ssm"):
        raise invalid(_RULES)
    if len(levels) > MOST_LEVELS:
        text = f"A parameter name has at most {MOST_LEVELS} levels, and this one has {len(levels)}."
        raise ApiError("HierarchyLevelLimitExceededException", text)


def arn(ctx: Context, name: str) -> str:
    """The ARN of a parameter."""
    return ctx.arn("ssm", f"parameter/{name.removeprefix('/')}")


def wanted(text: str) -> Wanted:
    """Read ``name``, ``name:selector``, or an ARN of either."""
    parsed = arns.parse(text) if text.startswith("arn:") else None
    if parsed is None or parsed.service != "ssm" or not parsed.resource.startswith("parameter/"):
        name, _, selector = text.partition(":")
        return Wanted((name,), selector)
    name, _, selector = parsed.resource.removeprefix("parameter/").partition(":")
    return Wanted((name, f"/{name}"), selector)
