"""The anchor: the end of the chain as this server knows it, in a file of its own beside the database.

It tells what the table alone cannot: that records were cut off at the end. When it does not fit the chain any more, the old
value is kept as ``disputed``, so that going on does not wash the trace away.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NAME = "audit.anchor"
DAMAGED = "audit.anchor.damaged"
"""Where a file goes that is no anchor any more."""


class Anchor:
    """The anchor file of a data folder (mode 0600)."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / NAME
        self._aside = folder / DAMAGED

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._file.read_text())
            {int(sequence): str(value) for sequence, value in [*found["disputed"].items(), (found["sequence"], found["hash"])]}
        except FileNotFoundError:
            return {"sequence": 0, "hash": "", "disputed": {}}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"the anchor {self._file} cannot be read") from error
        return dict(found)

    def held(self) -> dict[int, str]:
        """Hashes by the number of the record; empty where there is no anchor. ValueError when the file is not one."""
        found = self._read()
        held = {int(sequence): value for sequence, value in found["disputed"].items()}
        return held | ({found["sequence"]: found["hash"]} if found["hash"] else {})

    def current(self) -> dict[int, str]:
        """What the anchor holds now, without what was disputed before."""
        found = self._read()
        return {found["sequence"]: found["hash"]} if found["hash"] else {}

    def damage(self) -> str:
        """What is wrong with the file itself, in plain words; empty when nothing is."""
        if self._aside.exists():
            return f"an anchor could not be read any more; it is kept as {self._aside}"
        try:
            self._read()
        except ValueError as error:
            return str(error)
        return ""

    def put_aside(self) -> None:
        """Make room for a new anchor, keeping the file that is none."""
        self._file.replace(self._aside)

    def set(self, sequence: int, head: str) -> None:
        """Move the anchor to the end of the chain; on disk when this returns."""
        self._write({"sequence": sequence, "hash": head, "disputed": self._read()["disputed"]})

    def dispute(self) -> None:
        """Keep what the anchor holds as something that the chain does not fit."""
        found = self._read()
        disputed = found["disputed"] | ({str(found["sequence"]): found["hash"]} if found["hash"] else {})
        self._write({"sequence": 0, "hash": "", "disputed": disputed})

    def _write(self, content: Mapping[str, Any]) -> None:
        draft = self._file.with_name(f".{NAME}.new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w") as out:
            out.write(json.dumps(content) + "\n")
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self._file)
        folder = os.open(self._file.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
