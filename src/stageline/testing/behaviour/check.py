"""What a check is, how the checks are found, and the words in which one tells a difference."""

import inspect
import pkgutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from botocore.exceptions import ClientError

from stageline.testing.behaviour.trial import Trial

THEMES = ("flow", "work", "api")


@dataclass(frozen=True)
class Check:
    """One rule and the function that shows it. ``needs`` is the option without which it is skipped: "slow", "restart" or none.

    One that needs a restart is a generator, which yields where the server is to be restarted.
    """

    theme: str
    name: str
    rule: str
    show: Callable[[Trial], Iterator[None] | None]
    needs: str = ""

    @property
    def title(self) -> str:
        """Theme and name, as on the command line."""
        return f"{self.theme}/{self.name}"


def check(show: Callable[[Trial], Iterator[None] | None], needs: str = "") -> Check:
    """Make a function a check: its module is the theme, its docstring the rule."""
    rule = (inspect.getdoc(show) or "").partition("\n\n")[0].replace("\n", " ")
    return Check(show.__module__.rpartition(".")[2], show.__name__.strip("_").replace("_", "-"), rule, show, needs)


def slow_check(show: Callable[[Trial], None]) -> Check:
    """A check that takes long or makes a lot, so it is done only when asked for."""
    return check(show, "slow")


def restart_check(show: Callable[[Trial], Iterator[None]]) -> Check:
    """A check around a restart of the server, so it is done after all others and only when the suite is told how."""
    return check(show, "restart")


def discover() -> list[Check]:
    """All checks, by theme and in the order in which they are written."""
    found: list[Check] = []
    for package in THEMES:
        folder = import_module(f"{__package__}.{package}")
        for module in sorted(pkgutil.iter_modules(folder.__path__), key=lambda each: each.name):
            theme = import_module(f"{folder.__name__}.{module.name}")
            found += [each for each in vars(theme).values() if isinstance(each, Check) and each.show.__module__ == theme.__name__]
    return found


class Difference(AssertionError):
    """What was expected and what came instead; the text is one line."""


def same(what: str, got: Any, wanted: Any) -> None:
    """``got`` equals ``wanted``."""
    if got != wanted:
        raise Difference(f"{what}: expected {wanted!r}, got {got!r}")


def among(what: str, got: Any, wanted: Collection[Any]) -> None:
    """``got`` is one of ``wanted``."""
    if got not in wanted:
        raise Difference(f"{what}: expected one of {sorted(wanted, key=str)}, got {got!r}")


def holds(what: str, truth: Any, got: Any = None) -> None:
    """``what`` is so; ``got`` is what shows whether."""
    if not truth:
        raise Difference(f"expected that {what}" + (f", got {got!r}" if got is not None else ""))


def refused(call: Callable[..., Any], /, *codes: str, **request: Any) -> str:
    """The message with which a call is refused; it must be with one of the codes (their suffix ``Exception`` may be left out)."""
    name = getattr(call, "__name__", "the call")
    wanted = " or ".join(codes)
    try:
        call(**request)
    except ClientError as error:
        found = error.response.get("Error", {})
        code = str(found.get("Code", "")).removesuffix("Exception")
        if codes and code not in {each.removesuffix("Exception") for each in codes}:
            text = str(found.get("Message", ""))[:200]
            raise Difference(f"{name}: expected the refusal {wanted}, got {found.get('Code')}: {text}") from None
        return str(found.get("Message") or found.get("message") or "")
    raise Difference(f"{name}: expected the refusal {wanted}, got an answer")
