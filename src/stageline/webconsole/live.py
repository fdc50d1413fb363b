"""News for open pages (server-sent events): that pipelines have changed, and which. What changed is read through the API.

A stream waits in the event loop and holds no thread. Changes made by this process are told at once; those of other servers over
the same database are found by looking every few seconds.
"""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from functools import partial
from typing import Final

import anyio.to_thread

from stageline.engine.apply import HEAD
from stageline.ports.events import Events
from stageline.ports.store import Store

LOOK_EVERY: Final = 3.0
"""Seconds between looks for what other servers did."""
BEAT_EVERY: Final = 15.0
"""Seconds after which a silent stream says that it is alive."""
ASK_EVERY: Final = 5.0
"""Seconds after which it is asked again, before something is told, whether its reader may still listen."""
LATELY: Final = 10.0
"""Seconds for which a change is told to those who begin to listen: they may have read what they show just before it."""
_SETTLE: Final = 0.03
"""Seconds in which further changes are told together with the first one."""
_MOST: Final = 200
"""Names that are told; where more have changed, none is told, which means any."""
_CLOSING: Final = "console/closing"
_ASKED: Final = "console/asked"
_PIPELINE: Final = "pipeline/"


class Live:
    """Makes streams of news. ``shared``: whether other servers work on the same store."""

    def __init__(self, store: Store, events: Events, *, shared: bool = False) -> None:
        self._store = store
        self._events = events
        self._shared = shared
        self._closing = False
        self._lock = threading.Lock()
        self._lately: dict[str, float] = {}
        self._heads: tuple[float, Mapping[str, str]] = (float("-inf"), {})
        events.watch(_PIPELINE, self._note)

    def close(self) -> None:
        """End all streams: the server is about to stop, and waits for its connections."""
        self._closing = True
        self._events.signal(_CLOSING)

    def ask(self) -> None:
        """Ask of each stream, now, whether its reader may still listen: somebody has signed out or become somebody else."""
        self._events.signal(_ASKED)

    async def stream(self, pipeline: str, allowed: Callable[[], bool]) -> AsyncIterator[bytes]:
        """News of one pipeline, or of all with an empty name. Ends when ``allowed`` says no."""
        news = _News(asyncio.get_running_loop())
        ends = self._listen(pipeline, news)
        try:
            heads = await self._look(pipeline, {}) if self._shared else {}
            yield b"retry: 1000\n" + _event("ready", None if self._shared else self._recent(pipeline))
            asked = told = time.monotonic()
            while not self._closing:
                names = await news.heard(LOOK_EVERY if self._shared else BEAT_EVERY)
                if self._shared:
                    before, heads = heads, await self._look(pipeline, heads)
                    names |= {name for name in before.keys() | heads.keys() if before.get(name) != heads.get(name)}
                now = time.monotonic()
                quiet = not names and now - told >= BEAT_EVERY
                if news.asked or ((names or quiet) and now - asked >= ASK_EVERY):
                    news.asked, asked = False, now
                    if not await anyio.to_thread.run_sync(allowed):
                        return
                if names or quiet:
                    told = now
                    yield _event("changed", names) if names else b": still here\n\n"
        finally:
            for end in ends:
                end()

    def _listen(self, pipeline: str, news: "_News") -> list[Callable[[], None]]:
        if pipeline:
            heard = self._events.wait(_PIPELINE + pipeline, partial(news.tell, _PIPELINE + pipeline))
        else:
            heard = self._events.watch(_PIPELINE, news.tell)
        return [heard, self._events.wait(_CLOSING, news.wake), self._events.wait(_ASKED, news.ask)]

    def _note(self, name: str) -> None:
        """Remember what has changed lately, oldest first."""
        now = time.monotonic()
        with self._lock:
            self._lately.pop(name, None)
            self._lately[name] = now
            while now - self._lately[oldest := next(iter(self._lately))] > LATELY:
                del self._lately[oldest]

    def _recent(self, pipeline: str) -> set[str]:
        now = time.monotonic()
        with self._lock:
            names = {name.removeprefix(_PIPELINE) for name, at in self._lately.items() if now - at <= LATELY}
        return names & {pipeline} if pipeline else names

    async def _look(self, pipeline: str, before: Mapping[str, str]) -> Mapping[str, str]:
        """By name, what is another with each change; of all pipelines one look serves all streams."""
        if pipeline:
            return await anyio.to_thread.run_sync(self._read, pipeline)
        if time.monotonic() - self._heads[0] < LOOK_EVERY:
            return self._heads[1] or before
        self._heads = (time.monotonic(), self._heads[1])  # others need not look meanwhile
        self._heads = (time.monotonic(), await anyio.to_thread.run_sync(self._read, ""))
        return self._heads[1]

    def _read(self, pipeline: str) -> Mapping[str, str]:
        with self._store.read() as tx:
            rows = tx.scan(HEAD) if not pipeline else [(pipeline, doc)] if (doc := tx.get(HEAD, pipeline)) else []
            return {name: f"{doc['uid']}/{doc['events']}" for name, doc in rows}


class _News:
    """What one stream has to tell; told by any thread, heard in the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.asked = False
        self._loop = loop
        self._names: set[str] = set()
        self._heard = asyncio.Event()

    def tell(self, name: str) -> None:
        """A pipeline has changed."""
        self._call(partial(self._names.add, name.removeprefix(_PIPELINE)))

    def ask(self) -> None:
        """Whether the reader may still listen is not known any more."""
        self._call(partial(setattr, self, "asked", True))

    def wake(self) -> None:
        """Look up."""
        self._call(lambda: None)

    def _call(self, what: Callable[[], object]) -> None:
        def do() -> None:
            what()
            self._heard.set()

        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(do)

    async def heard(self, seconds: float) -> set[str]:
        """The names told since the last time; waits for the first one, but no longer than so many seconds."""
        try:
            await asyncio.wait_for(self._heard.wait(), seconds)
        except TimeoutError:
            return set()
        await asyncio.sleep(_SETTLE)
        self._heard.clear()
        names, self._names = self._names, set()
        return names


def _event(kind: str, names: Iterable[str] | None) -> bytes:
    known = sorted(names) if names is not None else None
    data = {} if known is None or len(known) > _MOST else {"pipelines": known}
    return f"event: {kind}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()
