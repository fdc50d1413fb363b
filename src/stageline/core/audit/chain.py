"""Records in a chain: each is one line of canonical JSON that carries its number and the hash of the line before it.

The hash of a line is SHA-256 over its bytes, so a line cannot be changed, taken out, put in or moved without the next one (or the
head of its segment) telling. Segments are runs of lines; the head of one is what the first line of the next one carries.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

GENESIS = "0" * 64
"""What the first line carries in place of a hash."""

_ENCODER = json.JSONEncoder(ensure_ascii=True, check_circular=False, allow_nan=False, separators=(",", ":"), sort_keys=True)


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON in its one form: names sorted, no space, ASCII alone, so without any line break or control character."""
    return _ENCODER.encode(value).encode("ascii")


def line(sequence: int, previous: str, event: Mapping[str, Any]) -> bytes:
    """The line of a record: ``{"event": {…}, "previous": HASH, "sequence": N}``."""
    return canonical({"event": event, "previous": previous, "sequence": sequence})


def digest(text: bytes) -> str:
    """The hash of a line, in hexadecimal."""
    return hashlib.sha256(text).hexdigest()


@dataclass
class Walk:
    """Goes along lines and notes what does not fit. ``sequence`` and ``head`` are those of the last line seen; a walk that starts
    in the middle is given those of the line before."""

    sequence: int = 0
    head: str = GENESIS
    problems: list[str] = field(default_factory=list)
    known: Mapping[int, str] = field(default_factory=dict)
    """Hashes kept elsewhere, by the number of the line that they are of."""
    met: set[int] = field(default_factory=set)

    def follow(self, lines: Iterable[bytes]) -> None:
        """Take the next lines. After one that does not fit, the walk goes on from that one, so that one fault is told once."""
        for text in lines:
            self._next(text)

    def _next(self, text: bytes) -> None:
        expected = self.sequence + 1
        try:
            found = json.loads(text)
            fits = canonical(found) == text and found.keys() == {"event", "previous", "sequence"}
        except (ValueError, AttributeError, RecursionError):
            found, fits = {}, False
        number = found.get("sequence") if isinstance(found, dict) else None
        if not fits or type(number) is not int:
            self.problems.append(f"record {expected} is not a record")
            number = expected
        elif number != expected:
            self.problems.append(f"record {expected} is expected, record {number} is there: records are missing or were moved")
        elif found["previous"] != self.head:
            self.problems.append(f"record {number} does not follow record {number - 1}: one of the two was changed")
        self.sequence, self.head = number, digest(text)
        self._compare()

    def _compare(self) -> None:
        wanted = self.known.get(self.sequence)
        if wanted is None:
            return
        self.met.add(self.sequence)
        if wanted != self.head:
            self.problems.append(f"record {self.sequence} is not the one that an anchor holds: it, or one before it, was changed")

    def jump(self, sequence: int, head: str) -> None:
        """Pass over lines that are gone, to the last of them; its number and hash are known."""
        self.sequence, self.head = sequence, head
        self._compare()
