"""A real browser for tests: the Chromium or Chrome that is there, else Playwright's own, run without a window."""

import os
import shutil
from typing import Any, Final

NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PICTURES: Final = os.environ.get("STAGELINE_SCREENSHOTS", "")
"""The folder where pictures of pages are wanted; empty when they are not."""
THEMES: Final = (False, True) if PICTURES else (False,)
"""Whether dark, for tests of looks: light alone unless pictures are wanted; the tour of all pages looks at dark colours."""
FLAGS: Final = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")
QUICK: Final = ("--force-device-scale-factor=0.5", "--num-raster-threads=1", "--js-flags=--no-opt --no-maglev --no-sparkplug")
"""For pages that are drawn for nobody and live for a second: fewer pixels, no compiling for later."""
MISSING: Final = "No Chromium: install Debian's chromium or chromium-headless-shell, or run: playwright install chromium"


def program() -> str | None:
    """Its path; None when none is installed."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def launch(playwright: Any) -> Any:
    """Playwright's handle on a running browser; its own error when there is none, for which ``MISSING`` says what to do."""
    return playwright.chromium.launch(executable_path=program(), args=[*FLAGS, *(() if PICTURES else QUICK)])
