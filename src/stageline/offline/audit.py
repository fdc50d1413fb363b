"""``stageline audit``: printing and checking the audit trail, with or without a running server."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stageline.config import Settings
from stageline.core.audit.chain import GENESIS, Walk
from stageline.offline.opened import reading
from stageline.store.audit import segments
from stageline.store.audit.anchor import Anchor
from stageline.store.audit.lookup import instant as when
from stageline.store.audit.lookup import short, username
from stageline.store.audit.verify import verify


class CannotTell(Exception):
    """There is nothing to print or to check; the text tells what to do."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Wanted:
    """Which records are printed; ``since`` and ``until`` are epoch milliseconds."""

    since: int | None = None
    until: int | None = None
    user: str = ""
    event: str = ""

    def fits(self, event: Mapping[str, Any]) -> bool:
        """Whether an event is wanted."""
        at, who = when(event), event["userIdentity"]
        if (self.since is not None and at < self.since) or (self.until is not None and at > self.until):
            return False
        if self.event and event["eventName"] != self.event:
            return False
        return not self.user or self.user in (username(event), who.get("arn"), who.get("accessKeyId"), who.get("principalId"))


def instant(text: str) -> int | None:
    """Epoch milliseconds of an ISO 8601 time, in UTC unless it says otherwise; None for no text."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CannotTell(f"'{text}' is not a time; write it like 2026-03-01T14:30:00Z", 2) from None
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000)


def lines(settings: Settings, wanted: Wanted, *, as_json: bool) -> Iterator[str]:
    """The records that are wanted, oldest first: as they are kept, or a line for people."""
    with reading(settings, CannotTell) as tx:
        for segment in segments.segments(tx):
            if wanted.since is not None and segment.until < wanted.since:
                continue
            for text in segments.lines_of(tx, segment.number):
                event = _event(text)
                if event is None:
                    yield f"segment {segment.number} holds something that is no record; run stageline audit --verify"
                elif wanted.fits(event):
                    yield text.decode("ascii") if as_json else told(event)


def _event(text: bytes) -> Mapping[str, Any] | None:
    try:
        found = json.loads(text)
        when(found["event"])
        found["event"]["userIdentity"]["type"]
    except (ValueError, KeyError, TypeError):
        return None
    return dict(found["event"])


def told(event: Mapping[str, Any]) -> str:
    """One line for people. Whatever somebody sent is shown without line breaks, control characters or other tricks."""
    who = event["userIdentity"]
    name = username(event) or who.get("invokedBy") or who["type"]
    if who.get("invokedBy") and who["type"] != "AWSService":
        name = f"{name} (by {who['invokedBy']})"
    service = str(event["eventSource"]).removesuffix(".amazonaws.com")
    about = " ".join(dict.fromkeys(short(each["ARN"]) for each in event.get("resources", ())))
    outcome = f"refused: {event['errorCode']}" if "errorCode" in event else "ok"
    parts = (event["eventTime"], name, f"{service}:{event['eventName']}", about or "-", event["sourceIPAddress"], outcome)
    return "  ".join(_plain(str(part)) for part in parts)


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text[:512])


def check(settings: Settings, kept: Sequence[str] = ()) -> tuple[bool, str]:
    """Whether the chain holds, and what was found; ``kept`` are anchors NUMBER:HASH from elsewhere."""
    anchor = Anchor(settings.data)
    damage = anchor.damage()
    known = {} if damage else anchor.held()
    conflicts = [text for text in kept for number, value in [_anchor(text)] if known.get(number, value) != value]
    known |= dict(map(_anchor, kept))
    with reading(settings, CannotTell) as tx:
        verdict = verify(tx, known)
    problems = [each for each in (damage, *verdict.problems) if each]
    problems += [f"the anchor {each} is not the one in the data folder" for each in conflicts]
    if problems:
        return False, "\n".join([*(f"BAD  {each}" for each in problems), "The audit trail was tampered with or damaged."])
    older = f", {verdict.dropped} older ones were dropped after their time" if verdict.dropped else ""
    text = f"The chain holds: {verdict.records} records{older}.\nIts end: {verdict.sequence}:{verdict.hash}"
    return (
        True,
        text if verdict.anchored else f"{text}\nThere is no anchor: whether records were cut off at the end cannot be told.",
    )


def check_file(file: Path, kept: Sequence[str] = ()) -> tuple[bool, str]:
    """Whether lines that were printed as JSON once follow each other without a gap; they may begin anywhere in the chain."""
    known = dict(map(_anchor, kept))
    try:
        held = [each for each in file.read_bytes().split(b"\n") if each]
    except OSError as error:
        raise CannotTell(f"cannot read {file}: {error.strerror}") from error
    if not held:
        raise CannotTell(f"there are no records in {file}")
    walk = Walk(known=known)
    try:
        first = json.loads(held[0])
        walk.sequence, walk.head = int(first["sequence"]) - 1, str(first["previous"])
    except (ValueError, KeyError, TypeError):
        walk.head = GENESIS
    began = walk.sequence + 1
    walk.follow(held)
    problems = walk.problems + [f"record {each}, which an anchor holds, is not there" for each in known if each not in walk.met]
    if problems:
        return False, "\n".join([*(f"BAD  {each}" for each in problems[:50]), "The file was tampered with, or is not whole."])
    return True, f"The lines hold: records {began} to {walk.sequence}.\nTheir end: {walk.sequence}:{walk.head}"


def _anchor(text: str) -> tuple[int, str]:
    number, _, value = text.partition(":")
    if not number.isdigit() or len(value) != len(GENESIS):
        raise CannotTell(f"'{text}' is not an anchor; give one as stageline audit --verify prints it", 2)
    return int(number), value.lower()
