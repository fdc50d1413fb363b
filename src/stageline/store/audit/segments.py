"""The chain in the store. Lines lie in journals, one for each segment, packed in blocks of those that were written together.

``audit-segment`` documents say where each segment begins and ends, and stay when its lines are dropped after their time; the one
``audit`` document says where the chain ends.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from stageline.core.audit.chain import GENESIS, digest, line
from stageline.ports.store import Doc, ReadTx, Store, WriteTx

KIND, SEGMENT = "audit", "audit-segment"
HEAD = "head"
LOCK = "audit"
LINES, AGE = 2000, 86_400_000
"""A segment is closed when it has so many lines or when its first is so old, in milliseconds."""
BLOCK = 500
_PACKED_FROM = 2048


@dataclass(frozen=True)
class Head:
    """The end of the chain: the number and hash of the last record, and the segment that it is in."""

    sequence: int = 0
    hash: str = GENESIS
    segment: int = 0


@dataclass(frozen=True)
class Segment:
    """Records ``first`` to ``last``; ``previous`` is the hash that the first of them carries, ``head`` the hash of the last.
    ``since`` and ``until`` are epoch milliseconds; ``dropped`` tells that only this document is left."""

    number: int
    first: int
    last: int
    previous: str
    head: str
    since: int
    until: int
    dropped: bool = False


def head(tx: ReadTx) -> Head:
    """Where the chain ends."""
    doc = tx.get(KIND, HEAD)
    return Head(doc["sequence"], doc["hash"], doc["segment"]) if doc else Head()


def segments(tx: ReadTx, *, reverse: bool = False, after: str = "", limit: int | None = None) -> list[Segment]:
    """The segments in order."""
    return [Segment(**doc) for _, doc in tx.scan(SEGMENT, reverse=reverse, after=after, limit=limit)]


def key(number: int) -> str:
    """The key of a segment's document, which keeps them in order."""
    return f"{number:010d}"


def stream(number: int) -> str:
    """The journal of a segment's lines."""
    return f"audit/{key(number)}"


def append(store: Store, events: Sequence[tuple[int, Doc]]) -> Head:
    """Add events, each with its instant, in one transaction. Servers that share a database take turns: there is one chain."""
    with store.write() as tx:
        tx.lock(LOCK)
        end = head(tx)
        at = 0
        while at < len(events):
            segment = _open(tx, end, events[at][0])
            room = min(BLOCK, LINES - (segment.last - segment.first + 1))
            end = _add(tx, segment, end, events[at : at + room])
            at += room
        tx.put(KIND, HEAD, asdict(end))
    return end


def _open(tx: WriteTx, end: Head, now: int) -> Segment:
    """The segment that the next line goes into."""
    doc = tx.get(SEGMENT, key(end.segment)) if end.segment else None
    if doc is not None:
        found = Segment(**doc)
        if found.last - found.first + 1 < LINES and now - found.since < AGE and not found.dropped:
            return found
    return Segment(end.segment + 1, end.sequence + 1, end.sequence, end.hash, end.hash, now, now)


def _add(tx: WriteTx, segment: Segment, end: Head, events: Sequence[tuple[int, Doc]]) -> Head:
    lines = []
    sequence, previous = end.sequence, end.hash
    for _, event in events:
        sequence += 1
        lines.append(line(sequence, previous, event))
        previous = digest(lines[-1])
    tx.append(stream(segment.number), packed(lines))
    instants = [at for at, _ in events]
    since, until = min(segment.since, *instants), max(segment.until, *instants)
    grown = replace(segment, last=sequence, head=previous, since=since, until=until)
    tx.put(SEGMENT, key(segment.number), asdict(grown))
    return Head(sequence, previous, segment.number)


def packed(lines: Sequence[bytes]) -> bytes:
    """A block of lines, compressed where it is worth it."""
    text = b"\n".join(lines)
    return zlib.compress(text, 1) if len(text) >= _PACKED_FROM else text


def unpacked(block: bytes) -> list[bytes]:
    """The lines of a block; what is none counts as one line that is no record."""
    if block.startswith(b"{"):
        return bytes(block).split(b"\n")
    try:
        return zlib.decompress(block).split(b"\n")
    except zlib.error:
        return [bytes(block)]


def lines_of(tx: ReadTx, number: int) -> Iterator[bytes]:
    """The lines of a segment in order."""
    for _, block in tx.journal(stream(number)):
        yield from unpacked(block)


def drop(store: Store, before: int) -> int:
    """Drop the lines of segments that ended before an instant; their documents, and so the chain of heads, stay. How many."""
    with store.read() as tx:
        old = [each for each in segments(tx) if each.until < before and not each.dropped and each.number != head(tx).segment]
    for each in old:
        with store.write() as tx:
            tx.lock(LOCK)
            tx.forget(stream(each.number))
            tx.put(SEGMENT, key(each.number), asdict(replace(each, dropped=True)))
    return len(old)
