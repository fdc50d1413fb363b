"""What all tests share: how Hypothesis searches, and which refusals of CodePipeline its tests have seen.

On a slow or busy machine generating an example takes longer, which says nothing about the product: no deadlines and no complaints
about speed or size. In CI the search is the same each time; elsewhere it goes on finding new examples.

``docs/reference/codepipeline/refusals.json`` says which errors of which operation the tests of CodePipeline have met. When all of
them have run and passed, in however many processes, the session fails unless the file says the truth;
``pytest tests/services/codepipeline --write-refusals`` writes it.

Python keeps what it has compiled, whatever the surroundings say: the tests start many processes of the product, and each would
compile all of it.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from stageline.testing.pipelines import refusals

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("dev", deadline=None, suppress_health_check=QUIET)
settings.register_profile("ci", deadline=None, suppress_health_check=QUIET, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

ROOT = Path(__file__).parents[1]
FOLDER = "tests/services/codepipeline"
FILE = ROOT / "docs" / "reference" / "codepipeline" / "refusals.json"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-refusals", action="store_true", help=f"write {FILE.name} from what the tests of CodePipeline meet")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Refusals(config), "refusals")


@pytest.fixture(scope="session")
def warm_aws() -> Iterator[str]:
    """A folder with an ``aws`` that is quick to start, for tests that call it often."""
    with tempfile.TemporaryDirectory(prefix="aws") as folder:
        program = Path(__file__).with_name("warmaws.py")
        process = subprocess.Popen([sys.executable, str(program), folder], stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield folder
        finally:
            process.kill()
            process.communicate()


class Refusals:
    """Gathers what the tests have seen; with several processes each sends its part to the one that commands them."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._seen: set[tuple[str, str]] = set()
        self._collected: set[str] = set()
        self._passed: set[str] = set()
        self._said = ""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._collected |= {item.nodeid for item in session.items if item.nodeid.startswith(FOLDER)}

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        refusals.clear()

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        if item.nodeid.startswith(FOLDER):
            self._seen |= refusals

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and (report.passed or self._config.getoption("--write-refusals")):
            self._passed.add(report.nodeid)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        sent = getattr(node, "workeroutput", {}).get("refusals", {"seen": [], "collected": []})
        self._seen |= {(operation, code) for operation, code in sent["seen"]}
        self._collected |= set(sent["collected"])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output["refusals"] = {"seen": sorted(self._seen), "collected": sorted(self._collected)}
            return
        if not self._complete():
            return
        found = {
            name: sorted(code for each, code in self._seen if each == name) for name in sorted({name for name, _ in self._seen})
        }
        if self._config.getoption("--write-refusals"):
            FILE.write_text(json.dumps(found, indent=1) + "\n")
        elif json.loads(FILE.read_text()) != found:
            self._said = f"{FILE.relative_to(ROOT)} is out of date. Run: pytest {FOLDER} --write-refusals"
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self._said:
            terminalreporter.write_line(self._said, red=True)

    def _complete(self) -> bool:
        """Whether every test of the folder has run and passed."""
        chosen = any(self._config.getoption(name, None) for name in ("keyword", "markexpr", "deselect", "lf"))
        files = {each.split("::")[0] for each in self._collected}
        there = {str(each.relative_to(ROOT)) for each in (ROOT / FOLDER).glob("test_*.py")}
        parts = any("::" in each for each in self._config.args)
        return bool(there) and not chosen and not parts and files == there and self._collected <= self._passed
