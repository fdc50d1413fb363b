"""The latest denials in two files of the data folder, one JSON object a line; see docs/decisions.

A denied request is one short write without waiting for the disk: it outlives the process, not a power failure. What is kept is
bounded three ways: lines a file, bytes a line, and denials a second for each principal.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path
from threading import Lock
from typing import Final

import structlog

from stageline.ports.identity import Denial

CURRENT: Final = "denials.jsonl"
EARLIER: Final = "denials.earlier.jsonl"
BURST: Final = 100.0
"""Denials of one principal that are kept at once."""
RATE: Final = 10.0
"""Denials of one principal a second that are kept in the long run."""

_LINE_MOST = 4096
_TEXT_MOST = 512
_PRINCIPALS_MOST = 1000
_log = structlog.get_logger("stageline.denials")


class FileDenials:
    """Implements ``ports.identity.Denials``: at least the latest ``most`` denials, at most twice as many."""

    def __init__(self, folder: Path, most: int, now: Callable[[], float] = time.monotonic) -> None:
        self._current, self._earlier = folder / CURRENT, folder / EARLIER
        self._most, self._now = most, now
        self._lock = Lock()
        self._allowance: dict[str, tuple[float, float]] = {}
        self._lines = _lines(self._current)
        self._failing = self._cut = False

    def note(self, denial: Denial) -> None:
        """Append a denial; a disk that cannot be written to does not change what the caller is told."""
        if not self._most:
            return
        line = _line(denial)
        with self._lock:
            if not self._within_allowance(denial.principal):
                return
            try:
                self._append(line)
                self._failing = False
            except OSError as error:
                if not self._failing:
                    _log.warning("denials cannot be noted", error=str(error))
                self._failing = True

    def _append(self, line: bytes) -> None:
        if self._lines >= self._most:
            self._current.replace(self._earlier)
            self._lines = 0
        handle = os.open(self._current, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        # A full disk may take part of a line: the next one must not be glued to it.
        whole = b"\n" + line if self._cut else line
        try:
            self._cut = os.write(handle, whole) < len(whole)
        finally:
            os.close(handle)
        self._lines += 1

    def _within_allowance(self, principal: str) -> bool:
        now = self._now()
        left, since = self._allowance.get(principal, (BURST, now))
        left = min(BURST, left + (now - since) * RATE)
        if len(self._allowance) >= _PRINCIPALS_MOST and principal not in self._allowance:
            self._allowance.clear()
        self._allowance[principal] = (left - 1 if left >= 1 else left, now)
        return left >= 1


def latest(folder: Path) -> Iterator[Denial]:
    """What is kept, newest first; lines that a crash cut short are passed over."""
    known = {each.name for each in fields(Denial)}
    for file in (folder / CURRENT, folder / EARLIER):
        try:
            lines = file.read_bytes().split(b"\n")
        except FileNotFoundError:
            continue  # there are none yet, or the server is just beginning another file
        for line in reversed(lines):
            try:
                found = json.loads(line)
            except ValueError:
                continue
            keys = {name: tuple(value) if isinstance(value, list) else value for name, value in found["keys"].items()}
            given = {name: value for name, value in found.items() if name in known}
            yield Denial(**{**given, "keys": keys, "lacking": tuple(found["lacking"])})


def _lines(file: Path) -> int:
    """How many lines a file has; one that was cut short is ended, so that the next begins on its own."""
    if not file.exists():
        return 0
    data = file.read_bytes()
    if data and not data.endswith(b"\n"):
        with file.open("ab") as out:
            out.write(b"\n")
    return data.count(b"\n")


def _line(denial: Denial) -> bytes:
    short = {name: _short(value) for name, value in denial.keys.items()}
    line = _encoded(replace(denial, keys=short, resource=denial.resource[:_TEXT_MOST], reason=denial.reason[: 2 * _TEXT_MOST]))
    while len(line) > _LINE_MOST and short:
        short.popitem()
        line = _encoded(replace(denial, keys=short, resource=denial.resource[:_TEXT_MOST], reason=denial.reason[:_TEXT_MOST]))
    return line


def _short(value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    return value[:_TEXT_MOST] if isinstance(value, str) else tuple(each[:_TEXT_MOST] for each in value[:50])


def _encoded(denial: Denial) -> bytes:
    return json.dumps(asdict(denial), separators=(",", ":")).encode() + b"\n"
