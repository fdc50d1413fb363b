"""Telling the demo to a person: colours and a clock on a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

COLOURS = {"Succeeded": "green", "InProgress": "cyan", "Failed": "red", "Abandoned": "yellow", "Superseded": "yellow"}


class Telling:
    """Writes the story line by line."""

    def __init__(self) -> None:
        self.console = Console(highlight=False, soft_wrap=True)
        self.began = time.monotonic()

    def chapter(self, title: str) -> None:
        """A new part of the story."""
        self.console.print()
        self.console.print(Text(title, style="bold"))

    def line(self, text: str, style: str = "") -> None:
        """Something happened."""
        self.console.print(Text(f"{time.monotonic() - self.began:7.2f}s  "), Text(text, style=style), sep="")

    def status(self, what: str, status: str, detail: str = "") -> None:
        """An action or execution has a status now."""
        said = f"{what:<24} {status}" + (f"  {detail}" if detail else "")
        self.line(said, COLOURS.get(status, ""))

    def quote(self, text: str) -> None:
        """Something to copy, or the words of a program."""
        for each in text.splitlines() or [""]:
            self.console.print(Text(f"          {each}", style="dim" if self.console.is_terminal else ""))

    def pause(self) -> None:
        """Time to read, when a person watches."""
        if self.console.is_terminal:
            time.sleep(1.0)

    @contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """A spinner while something takes time, on a terminal."""
        if not self.console.is_terminal:
            yield
            return
        with self.console.status(what):
            yield
