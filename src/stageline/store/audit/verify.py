"""Does the chain hold? Finds records that were edited, removed, added, moved, or cut off at the end."""

from collections.abc import Mapping
from dataclasses import dataclass

from stageline.core.audit.chain import Walk
from stageline.ports.store import ReadTx
from stageline.store.audit.segments import Segment, head, lines_of, segments

MOST = 50


@dataclass(frozen=True)
class Verdict:
    """What was found. ``records`` were read, ``dropped`` are past their time; ``sequence`` and ``hash`` are the chain's end."""

    problems: tuple[str, ...]
    records: int
    dropped: int
    sequence: int
    hash: str
    anchored: bool


def verify(tx: ReadTx, anchors: Mapping[int, str], *, last: int | None = None) -> Verdict:
    """Go along the whole chain, or along the ``last`` segments of it; all heads are compared either way."""
    walk = Walk(known=anchors)
    records = dropped = 0
    found = segments(tx)
    for at, segment in enumerate(found):
        _heads(walk, segment, at + 1)
        skipped = last is not None and at < len(found) - last
        if segment.dropped or skipped:
            walk.jump(segment.last, segment.head)
            dropped += segment.last - segment.first + 1 if segment.dropped else 0
            continue
        before = walk.sequence
        walk.follow(lines_of(tx, segment.number))
        records += walk.sequence - before
        if (walk.sequence, walk.head) != (segment.last, segment.head):
            walk.problems.append(f"segment {segment.number} should end with record {segment.last}, but not as it does")
            walk.jump(segment.last, segment.head)
    end = head(tx)
    if (end.sequence, end.hash) != (walk.sequence, walk.head):
        walk.problems.append(f"the chain should end with record {end.sequence}, but ends with record {walk.sequence}")
    _anchors(walk, found, anchors, whole=last is None)
    problems = tuple(dict.fromkeys(walk.problems))
    more = (f"and {len(problems) - MOST} more",) if len(problems) > MOST else ()
    return Verdict(problems[:MOST] + more, records, dropped, walk.sequence, walk.head, bool(anchors))


def _heads(walk: Walk, segment: Segment, number: int) -> None:
    if segment.number != number:
        walk.problems.append(f"segment {number} is missing")
    if segment.first != walk.sequence + 1 or segment.previous != walk.head:
        walk.problems.append(f"segment {segment.number} does not follow the one before it")
        walk.jump(segment.first - 1, segment.previous)


def _anchors(walk: Walk, found: list[Segment], anchors: Mapping[int, str], *, whole: bool) -> None:
    """Anchors beyond the end tell of records that were cut off; one in the middle of what was passed over proves nothing."""
    for sequence in sorted(anchors):
        if sequence > walk.sequence:
            walk.problems.append(f"an anchor holds record {sequence}, but the chain ends with record {walk.sequence}: it was cut")
        elif (
            whole and sequence not in walk.met and not any(each.dropped and each.first <= sequence <= each.last for each in found)
        ):
            walk.problems.append(f"record {sequence}, which an anchor holds, is not there")
