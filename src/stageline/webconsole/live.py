"""News for open pages (server-sent events): that a pipeline, or any of them, has changed. What changed is read through the API.

A stream waits in the event loop and holds no thread. Changes made by this process are told at once; those of other servers over
the same database are found by looking every few seconds.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Final

import anyio.to_thread

from stageline.engine.apply import HEAD
from stageline.ports.events import Events
from stageline.ports.store import Store

LOOK_EVERY: Final = 3.0
"""Seconds between looks for what other servers did."""
BEAT_EVERY: Final = 15.0
"""Seconds after which a silent stream says that it is alive, and asks whether its reader may still listen."""
_CLOSING: Final = "console/closing"
_SETTLE: Final = 0.03
"""Seconds in which further changes are told together with the first one."""


class Live:
    """Makes streams of news."""

    def __init__(self, store: Store, events: Events) -> None:
        self._store = store
        self._events = events
        self._closing = False

    def close(self) -> None:
        """End all streams: the server is about to stop, and waits for its connections."""
        self._closing = True
        self._events.signal(_CLOSING)

    async def stream(self, pipeline: str, allowed: Callable[[], bool]) -> AsyncIterator[bytes]:
        """News of one pipeline, or of all with an empty name. Ends when ``allowed`` says no."""
        changed = asyncio.Event()
        loop = asyncio.get_running_loop()
        name = f"pipeline/{pipeline}" if pipeline else "pipelines"
        wake = partial(_wake, loop, changed)
        ends = [self._events.wait(each, wake) for each in (name, _CLOSING)]
        try:
            mark = await anyio.to_thread.run_sync(self._mark, pipeline)
            yield b"retry: 1000\nevent: ready\ndata: {}\n\n"
            quiet = 0.0
            while not self._closing:
                told = await _heard(changed, LOOK_EVERY)
                latest = await anyio.to_thread.run_sync(self._mark, pipeline)
                if told or latest != mark:
                    mark, quiet = latest, 0.0
                    yield b"event: changed\ndata: {}\n\n"
                    continue
                quiet += LOOK_EVERY
                if quiet >= BEAT_EVERY:
                    quiet = 0.0
                    if not await anyio.to_thread.run_sync(allowed):
                        return
                    yield b": still here\n\n"
        finally:
            for end in ends:
                end()

    def _mark(self, pipeline: str) -> str:
        with self._store.read() as tx:
            if pipeline:
                found = tx.get(HEAD, pipeline)
                return f"{found['uid']}/{found['events']}" if found else ""
            return str(tx.count(HEAD))


async def _heard(changed: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(changed.wait(), seconds)
    except TimeoutError:
        return False
    await asyncio.sleep(_SETTLE)
    changed.clear()
    return True


def _wake(loop: asyncio.AbstractEventLoop, changed: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(changed.set)
