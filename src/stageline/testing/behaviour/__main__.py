"""The command line of the behaviour suite: ``python -m stageline.testing.behaviour --endpoint URL``.

It exits with 0 when all checks that ran have passed, 1 when one has failed, 2 when it could not begin.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError

from stageline.testing.behaviour import table
from stageline.testing.behaviour.account import AWS, Account, Options, Unusable
from stageline.testing.behaviour.check import Check, discover
from stageline.testing.behaviour.run import FAILED, chosen, run


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser("python -m stageline.testing.behaviour", description="Hold a CodePipeline to how it behaves.")
    made.add_argument("--endpoint", help=f'the URL of the server, or "{AWS}" for AWS itself (it makes resources there)')
    made.add_argument("--region", default="us-east-1")
    made.add_argument("--role-arn", default="", help="the role of the pipelines; made when not given")
    made.add_argument("--bucket", default="", help="a versioned bucket for sources, artifacts and deploys; made when not given")
    made.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="a theme, a check or theme/check; may be repeated"
    )
    made.add_argument("--patience", type=float, default=15, help="seconds to wait for one thing to happen (15; AWS needs 120)")
    made.add_argument("--workers", type=int, default=16, help="how many checks run at the same time (16)")
    made.add_argument("--slow", action="store_true", help="also the checks that take long or make much")
    made.add_argument(
        "--restart-command", default="", help="a command that kills the server and starts it again: shows durability"
    )
    made.add_argument("--json", type=Path, metavar="FILE", help="write all results there")
    made.add_argument("--list", action="store_true", help="only list the checks and their rules")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suite; the exit code."""
    given = parser().parse_args(arguments)
    checks = chosen(discover(), given.only)
    if given.list:
        print("\n".join(f"{each.title}: {each.rule}" for each in checks))
        return 0
    if not given.endpoint:
        return _wrong("say where: --endpoint URL, or --endpoint aws for AWS itself")
    if not checks:
        return _wrong(f"no theme and no check is called {' or '.join(given.only)}; --list names them")
    options = Options(
        endpoint=given.endpoint,
        region=given.region,
        role_arn=given.role_arn,
        bucket=given.bucket,
        patience=given.patience,
        workers=given.workers,
        slow=given.slow,
        restart_command=given.restart_command,
    )
    try:
        return _score(options, checks, given.json)
    except (Unusable, BotoCoreError, ValueError) as error:
        return _wrong(str(error))
    except KeyboardInterrupt:
        return 130


def _score(options: Options, checks: Sequence[Check], file: Path | None) -> int:
    since = time.monotonic()
    with Account(options) as account:
        results = list(run(account, checks))
    seconds = time.monotonic() - since
    if file:
        file.write_text(table.document(results, {"endpoint": options.endpoint, "region": options.region}))
    told = table.differences(results)
    if told:
        print(told, end="\n\n")
    print(table.shown(results))
    print(f"{len(results)} checks in {seconds:.1f} s")
    return 1 if table.count(results, FAILED) else 0


def _wrong(text: str) -> int:
    print(f"behaviour: {text}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
