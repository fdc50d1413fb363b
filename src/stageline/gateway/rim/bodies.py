"""Request bodies: received before a thread is taken, for as long as they are of a usual length, at no less than a least pace.

A sender must not be able to keep a thread by being slow. What comes up to ``AHEAD`` bytes is received by the event loop: little
of it in memory, the rest in a file without a name. Only what is longer is read by the thread while it arrives, and by then it is
an upload of somebody who was found to be allowed it: nothing but uploads, pushes and deliveries with a valid token reads more.
"""

import os
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import anyio
import anyio.from_thread
import anyio.to_thread

from stageline.gateway.http import BytesStream
from stageline.ports.api import ApiError
from stageline.ports.aws import ByteStream

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

CHUNK: Final = 256 * 1024
AHEAD: Final = 10 * 1024 * 1024 + 1
"""Bytes received before a thread is taken: more than any operation reads that is not an upload."""
IN_MEMORY: Final = 1024 * 1024
"""Bytes of one body that are kept in memory; what goes beyond is in a file."""
PACE: Final = 256 * 1024
"""Bytes that each span of ``Room.patience`` has to bring while a body is not whole."""


class Gone(Exception):
    """The sender has left; nobody waits for an answer."""


class Slow(Exception):
    """The sender is slower than ``PACE``, or was the slowest when there was no room for another."""


@dataclass
class Room:
    """What the bodies that are on their way may take, all together, and the ``patience`` with each, in seconds.

    ``memory`` in bytes, ``files`` in number; ``folder`` is where the files are, None for the system's own place. When there is no
    room for another file, the body that has been arriving for longest is given up: many slow senders stand in each other's way,
    and not in that of quick ones.
    """

    folder: Path | None = None
    patience: float = 60.0
    memory: int = 64 * 1024 * 1024
    files: int = 256
    arriving: "dict[Body, anyio.CancelScope]" = field(default_factory=dict)

    def take_file(self) -> IO[bytes]:
        """A new file; raises Slow when all are in use by bodies that are whole already."""
        if not self.files and self.arriving:
            slowest = next(iter(self.arriving))
            self.arriving[slowest].cancel()
            slowest.close()
        if not self.files:
            raise Slow
        self.files -= 1
        return tempfile.TemporaryFile(dir=self.folder, buffering=0)


class Pacer:
    """Receives parts of a body and gives up on a sender that is too slow."""

    def __init__(self, receive: Receive, patience: float) -> None:
        self._receive = receive
        self._patience = patience
        self._until = 0.0
        self._brought = 0
        self.ended = False

    async def part(self) -> bytes:
        """What has arrived since; raises Gone or Slow. The time in which nobody asks is not the sender's."""
        now = anyio.current_time()
        if not self._until:
            self._until, self._brought = now + self._patience, 0
        while True:
            with anyio.move_on_after(self._until - anyio.current_time()) as waiting:
                message = await self._receive()
            if waiting.cancelled_caught:
                raise Slow
            if message["type"] == "http.disconnect":
                raise Gone
            self.ended = not message.get("more_body", False)
            data: bytes = message.get("body", b"")
            self._brought += len(data)
            if self._brought >= PACE or self.ended:
                self._until = 0.0
            if data or self.ended:
                return data


class Body:
    """A body as a thread reads it: what was received ahead, then what arrives. ``length`` is what the sender announced."""

    def __init__(self, pacer: Pacer, room: Room, *, length: int | None = None, waits: bool = False) -> None:
        self.length = length
        self._pacer = pacer
        self._room = room
        self._waits = waits
        self._held = bytearray()
        self._taken = 0
        self._file: IO[bytes] | None = None

    @property
    def withheld(self) -> bool:
        """Whether the sender still waits for a go-ahead ("100 Continue"), which asking for the body gives."""
        return self._waits

    @property
    def whole(self) -> bool:
        """Whether nothing of it is to come."""
        return self._pacer.ended

    def stream(self) -> ByteStream:
        """What a thread reads: this, or the bytes themselves where they are all there."""
        return BytesStream(bytes(self._held)) if self.whole and self._file is None else self

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes; waits for the sender; raises ApiError when the sender goes away or is too slow."""
        if size < 0:
            return b"".join(iter(lambda: self.read(CHUNK), b""))
        if self._file is not None:
            if data := self._file.read(size):
                return data
            self._drop_file()
        if not self._held and not self._pacer.ended:
            anyio.from_thread.run(self._more, min(size, CHUNK))
        part = bytes(self._held[:size])
        del self._held[:size]
        return part

    async def _more(self, wanted: int) -> None:
        self._waits = False
        try:
            while len(self._held) < wanted and not self._pacer.ended:
                self._held += await self._pacer.part()
        except Slow:
            raise ApiError("RequestTimeout", "The body of the request arrives too slowly.", 400) from None
        except Gone:
            raise ApiError("IncompleteBody", "The connection ended before the whole body had arrived.", 400) from None

    async def receive_ahead(self) -> None:
        """Receive until the body is whole or ``AHEAD`` bytes are there. Raises Gone, Slow or OSError."""
        self._waits = False
        self._held += await self._pacer.part()
        if self._pacer.ended and len(self._held) <= IN_MEMORY:
            return
        with anyio.CancelScope() as scope:
            try:
                await self._receive_ahead(scope)
                return
            finally:
                self._room.arriving.pop(self, None)
        raise Slow

    async def _receive_ahead(self, scope: anyio.CancelScope) -> None:
        length = size = len(self._held)
        await self._make_room(size, length, scope)
        while not self._pacer.ended and length < AHEAD:
            part = await self._pacer.part()
            length += (size := len(part))
            self._held += part
            await self._make_room(size, length, scope)
        if self._file is not None:
            await self._to_file(self._file)
            self._file.seek(0)

    async def _make_room(self, size: int, length: int, scope: anyio.CancelScope) -> None:
        if self._file is None and length <= IN_MEMORY and self._room.memory >= size:
            self._room.memory -= size
            self._taken += size
            return
        if self._file is None:
            self._file = self._room.take_file()
            self._room.arriving[self] = scope
        if len(self._held) >= CHUNK:
            await self._to_file(self._file)

    async def _to_file(self, file: IO[bytes]) -> None:
        data, self._held = self._held, bytearray()
        await anyio.to_thread.run_sync(_write, file.fileno(), data)
        self._room.memory, self._taken = self._room.memory + self._taken, 0

    def _drop_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
            self._room.files += 1

    def close(self) -> None:
        """Give back the room that it takes."""
        self._drop_file()
        self._room.memory, self._taken = self._room.memory + self._taken, 0
        self._held = bytearray()


def _write(fd: int, data: bytearray) -> None:
    with memoryview(data) as left:
        at = 0
        while at < len(left):
            at += os.write(fd, left[at:])
