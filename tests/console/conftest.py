"""What the console's tests share: a real server, a real browser, people who sign in, and an eye on what goes wrong in pages.

Uses the Chromium or Chrome that it finds, else Playwright's own, else says what to install. With STAGELINE_SCREENSHOTS=FOLDER in
the environment, ``visit.picture`` writes pictures of pages there.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Response, sync_playwright

from stageline.remembered import administrator
from stageline.testing.browser import MISSING, PICTURES, launch
from stageline.testing.cloud import Cloud
from stageline.testing.process import ServerProcess
from stageline.webconsole import links

AXE = Path(__file__).parents[2] / "console" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
PATIENCE = 10_000
PASSWORD = "Correct-Horse-7"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except Error:
            command = [sys.executable, "-m", "playwright", "install", "chromium"]
            if subprocess.run(command, capture_output=True, timeout=300).returncode != 0:
                pytest.fail(MISSING, pytrace=False)
            browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server for all tests of the console: each test names what it makes after itself."""
    with ServerProcess(tmp_path_factory.mktemp("console") / "data") as running:
        yield running
        assert running.running
        assert running.terminate() == 0
    assert "Traceback" not in running.stderr(), running.stderr()


@pytest.fixture(scope="session")
def cloud(server: ServerProcess) -> Cloud:
    return Cloud(server)


@dataclass
class Visit:
    """Opens pages as somebody. ``complaints`` are errors that the pages' consoles showed; a test that expects one removes it.

    Pages are used again by later tests, emptied of cookies and storage: the console loads twice as fast where it was before.
    With ``alone`` a page is the test's own, for tests that leave something behind in it.
    """

    browser: Browser
    server: ServerProcess
    spare: list[Page]
    complaints: list[str] = field(default_factory=list)
    opened: list[Page] = field(default_factory=list)
    own: list[Page] = field(default_factory=list)

    def __call__(
        self,
        path: str = "/",
        *,
        user: str = "",
        password: str = PASSWORD,
        dark: bool = False,
        width: int = 1280,
        height: int = 900,
        alone: bool = False,
    ) -> Page:
        """A page of its own, signed in as the administrator or as a user, at a path of the console."""
        page = self.stranger(dark=dark, width=width, height=height, alone=alone)
        mark = {"x-stageline-console": "1"}
        if user:
            given = {"userName": user, "password": password}
            done = page.request.post(f"{self.server.endpoint}/console/session/password", data=given, headers=mark)
        else:
            given = {"token": self.token()}
            done = page.request.post(f"{self.server.endpoint}/console/session/link", data=given, headers=mark)
        assert done.ok, done.text()
        page.goto(f"{self.server.endpoint}/console{path}")
        return page

    def stranger(self, *, dark: bool = False, width: int = 1280, height: int = 900, alone: bool = False) -> Page:
        """A page of somebody who has not signed in."""
        if alone or not self.spare:
            page = self.browser.new_context(locale="en-GB", reduced_motion="reduce").new_page()
            page.set_default_timeout(PATIENCE)
        else:
            page = self.spare.pop()
        (self.own if alone else self.opened).append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.on("console", self._heard)
        page.on("pageerror", self._broke)
        page.on("response", self._answered)
        return page

    def leave(self) -> None:
        """Give the pages back, as good as new."""
        for page in self.opened:
            page.remove_listener("console", self._heard)
            page.remove_listener("pageerror", self._broke)
            page.remove_listener("response", self._answered)
            try:
                page.unroute_all(behavior="ignoreErrors")
                page.evaluate("localStorage.clear(); sessionStorage.clear()")
                page.context.clear_cookies()
                page.goto(f"{self.server.endpoint}/console/favicon.svg", timeout=2_000)
            except Error:  # a page that does not let itself be left, or was closed by the test
                self.own.append(page)
            else:
                self.spare.append(page)
        for page in self.own:
            page.context.close()

    def token(self) -> str:
        """A one-time token of the administrator."""
        key = administrator(self.server.data)
        return links.token(key["AccessKeyId"], key["SecretAccessKey"], time.time_ns() // 1_000_000)

    def axe(self, page: Page) -> list[str]:
        """What axe finds wrong with a page, by WCAG 2.2 level AA: rule and element. In the dark only what colours decide."""
        if not page.evaluate("'axe' in globalThis"):
            page.evaluate(AXE.read_text())
        dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        wanted = {"type": "rule", "values": COLOURS} if dark else {"type": "tag", "values": TAGS}
        run = "wanted => axe.run(document, { runOnly: wanted, resultTypes: ['violations'] }).then(found => found.violations)"
        found = page.evaluate(run, wanted)
        return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]

    def picture(self, page: Page, name: str) -> None:
        """Keep a picture of the page, where they are wanted."""
        if PICTURES:
            page.wait_for_timeout(300)
            page.screenshot(path=Path(PICTURES) / f"{name}.png")

    def _broke(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")


@pytest.fixture(scope="session")
def spare() -> list[Page]:
    """Pages that tests have given back."""
    return []


@pytest.fixture
def visit(chromium: Browser, server: ServerProcess, spare: list[Page]) -> Iterator[Visit]:
    visit = Visit(chromium, server, spare)
    yield visit
    visit.leave()
    assert visit.complaints == []


@pytest.fixture(scope="session")
def person(cloud: Cloud) -> Callable[..., str]:
    """Makes a user who can sign in with ``PASSWORD`` and may do what the statements allow; returns the name."""

    def make(name: str, *statements: dict[str, Any], managed: str = "") -> str:
        cloud.iam.create_user(UserName=name)
        if statements:
            cloud.iam.put_user_policy(UserName=name, PolicyName="rights", PolicyDocument=cloud.policy(*statements))
        if managed:
            cloud.iam.attach_user_policy(UserName=name, PolicyArn=f"arn:aws:iam::aws:policy/{managed}")
        cloud.iam.create_login_profile(UserName=name, Password=PASSWORD)
        return name

    return make
