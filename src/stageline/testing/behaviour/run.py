"""Running checks: all at the same time, but for those around a restart of the server, which come after the others."""

import shlex
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from botocore.exceptions import BotoCoreError, ClientError

from stageline.testing.behaviour.account import Account
from stageline.testing.behaviour.check import Check, holds
from stageline.testing.behaviour.trial import Trial

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
LONGEST = 300
"""Seconds that a restart may take."""


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
    """Results in the order of the checks; those around a restart come last."""
    with ThreadPoolExecutor(account.options.workers) as pool:
        try:
            yield from pool.map(lambda each: one(account, each), [each for each in checks if each.needs != "restart"])
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    around = [each for each in checks if each.needs == "restart"]
    if around and account.options.restart_command:
        yield from restarted(account, around)
    else:
        yield from (Result(each, SKIPPED, "restarts the server: --restart-command says how") for each in around)


def one(account: Account, check: Check) -> Result:
    """Run one check and take away what it has made."""
    if check.needs == "slow" and not account.options.slow:
        return Result(check, SKIPPED, "takes long or makes much: --slow runs it")
    since = time.monotonic()
    trial = Trial(account)
    try:
        told = _difference(lambda: check.show(trial))
    finally:
        trial.tidy()
    return Result(check, FAILED if told else PASSED, told, round(time.monotonic() - since, 3))


def restarted(account: Account, checks: Sequence[Check]) -> Iterator[Result]:
    """Bring all checks to where they want the restart, restart once, and go on with those that had nothing to tell."""
    since = time.monotonic()
    trials = [Trial(account) for _ in checks]
    shows = [check.show(trial) or iter(()) for check, trial in zip(checks, trials, strict=True)]
    try:
        told = [_difference(partial(next, show, None)) for show in shows]
        failure = _difference(lambda: restart(account))
        for number, check in enumerate(checks):
            found = told[number] or failure or _difference(partial(next, shows[number], None))
            yield Result(check, FAILED if found else PASSED, found, round(time.monotonic() - since, 3))
    finally:
        for trial in trials:
            trial.tidy()


def restart(account: Account) -> None:
    """Run the caller's command, and wait until the server answers again."""
    command = shlex.split(account.options.restart_command)
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    holds("the restart command ends with 0", done.returncode == 0, done.stderr.strip() or done.stdout.strip())
    deadline = time.monotonic() + max(60, account.options.patience)
    while True:
        try:
            account.codepipeline.list_pipelines()
            return
        except (BotoCoreError, ClientError):
            if time.monotonic() > deadline:
                raise
        time.sleep(0.1)


def _difference(act: Callable[[], object]) -> str:
    """What is wrong, in one line; empty when nothing is. What a server answers can break a check in any way."""
    try:
        act()
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
