"""A real browser for tests: the Chromium or Chrome that is there, else Playwright's own, run without a window."""

import shutil
from typing import Any, Final

NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS: Final = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")
MISSING: Final = "No Chromium: install Debian's chromium or chromium-headless-shell, or run: playwright install chromium"


def program() -> str | None:
    """Its path; None when none is installed."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def launch(playwright: Any) -> Any:
    """Playwright's handle on a running browser; its own error when there is none, for which ``MISSING`` says what to do."""
    return playwright.chromium.launch(executable_path=program(), args=list(FLAGS))
