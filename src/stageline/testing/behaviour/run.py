"""Running checks: those that are independent at the same time, those that restart the server after them, one by one."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from stageline.testing.behaviour.account import Account, Options
from stageline.testing.behaviour.check import Check
from stageline.testing.behaviour.trial import Trial

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass(frozen=True)
class Result:
    """How a check went: ``told`` is the difference, or why it was skipped."""

    check: Check
    outcome: str
    told: str = ""
    seconds: float = 0.0


def chosen(checks: Sequence[Check], only: Sequence[str]) -> list[Check]:
    """The checks that are named: by theme, by name, or by both (theme/name); all when none is."""
    return [each for each in checks if not only or {each.theme, each.name, each.title} & set(only)]


def run(account: Account, checks: Sequence[Check]) -> Iterator[Result]:
    """Results in the order of the checks."""
    together = [each for each in checks if each.needs != "restart"]
    with ThreadPoolExecutor(account.options.workers) as pool:
        try:
            yield from pool.map(lambda each: one(account, each), together)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    for each in checks:
        if each.needs == "restart":
            yield one(account, each)


def one(account: Account, check: Check) -> Result:
    """Run one check and take away what it has made."""
    lacking = _lacking(check, account.options)
    if lacking:
        return Result(check, SKIPPED, lacking)
    since = time.monotonic()
    trial = Trial(account)
    try:
        told = _difference(check, trial)
    finally:
        trial.tidy()
    return Result(check, FAILED if told else PASSED, told, round(time.monotonic() - since, 3))


def _lacking(check: Check, options: Options) -> str:
    if check.needs == "slow" and not options.slow:
        return "takes long or makes much: --slow runs it"
    if check.needs == "restart" and not options.restart_command:
        return "restarts the server: --restart-command says how"
    return ""


def _difference(check: Check, trial: Trial) -> str:
    """What is wrong, in one line; empty when nothing is. What a server answers can break a check in any way."""
    try:
        check.show(trial)
    except ClientError as error:
        found = error.response.get("Error", {})
        return _line(f"{error.operation_name} was refused: {found.get('Code')}: {found.get('Message')}")
    except BotoCoreError as error:
        return _line(f"no usable answer: {error}")
    except AssertionError as error:
        return _line(str(error) or "an assertion failed")
    except KeyError as error:
        return _line(f"an answer lacks the member {error}")
    except Exception as error:
        return _line(f"the check could not go on: {type(error).__name__}: {error}")
    return ""


def _line(text: str) -> str:
    return " ".join(text.split())
