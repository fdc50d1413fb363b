"""The ASGI application: bytes in, bytes out; every request is worked on in a thread, bodies pass through in chunks."""

import errno
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Final, cast

import anyio
import anyio.to_thread

from stageline import services
from stageline.gateway import chain, identify, operations
from stageline.gateway.audit.masking import Plain
from stageline.gateway.authenticate import authenticate
from stageline.gateway.http import BytesStream, RawRequest, Route
from stageline.gateway.internal import InternalAws
from stageline.gateway.rim import browsers
from stageline.gateway.rim.bodies import AHEAD, Body, Gone, Message, Pacer, Receive, Room, Slow
from stageline.ports.api import ApiError, Caller
from stageline.ports.audit.trail import Trail
from stageline.ports.aws import ByteStream
from stageline.ports.clock import Clock
from stageline.ports.compute import Compute
from stageline.ports.http import FrontDoor, HttpRequest, HttpResponse
from stageline.ports.identity import Authorizer, Identity
from stageline.ports.repositories import Repositories

Send = Callable[[Message], Awaitable[None]]

_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class _Health:
    """``/_stageline/health``: whether the server takes requests."""

    def takes(self, request: HttpRequest) -> bool:
        """Its own path only."""
        return request.path == "/_stageline/health"

    def handle(self, request: HttpRequest) -> HttpResponse:
        """A constant answer; the thread that gives it is the proof."""
        return HttpResponse(200, {"Content-Type": "application/json"}, b'{"status":"ok"}')


@dataclass(frozen=True)
class Application:
    """The ASGI application over a gateway; ``doors`` are asked, in order, before a request is taken for an AWS operation.

    ``limiters`` hold the threads for requests that are whole, and those for uploads that arrive while they are worked on: uploads
    wait for each other only. ``room`` is what bodies that are on their way may take.
    """

    gateway: chain.Gateway
    doors: Sequence[FrontDoor]
    limiters: list[anyio.CapacityLimiter]
    threads: int
    room: Room = field(default_factory=Room)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one connection's request, or the server's lifespan."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        if not self.limiters:  # a limiter belongs to the event loop that it was made in
            self.limiters.extend((anyio.CapacityLimiter(self.threads), anyio.CapacityLimiter(self.threads)))
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"0")
        framed = b"transfer-encoding" in headers
        if length == b"0" and not framed:
            await self._reply(_request(scope, BytesStream()), None, receive, send)
            return
        announced = int(length[:20]) if length.isdigit() and not framed else None
        body = Body(Pacer(receive, self.room.patience), self.room, length=announced, waits=b"expect" in headers)
        try:
            if await _received(body, scope, send):
                await self._reply(_request(scope, body.stream()), body, receive, send)
        finally:
            body.close()

    async def _reply(self, request: RawRequest, body: Body | None, receive: Receive, send: Send) -> None:
        limiter = self.limiters[0 if body is None or body.whole else 1]
        reply = await anyio.to_thread.run_sync(_answer, self.gateway, self.doors, request, limiter=limiter)
        try:
            await _send(reply, request, receive, send, self.limiters[0])
        except Exception as error:  # the answer has begun: all that is left is to cut the connection
            chain.record(self.gateway, error, path=request.raw_path)
            raise


def build_app(
    *,
    account: str,
    region: str,
    ports: Mapping[str, object],
    doors: Sequence[FrontDoor] = (),
    hosts: identify.Hosts | None = None,
    package: ModuleType = services,
    strict: bool = False,
    threads: int = 64,
) -> Application:
    """Assemble the gateway over the services' operations.

    ``ports`` are what operations may ask for by name; identity, authorizer and clock must be among them. An ``InternalAws`` under
    ``aws`` is connected. A ``trail`` is told of every request. ``strict`` holds every result against the model.
    """
    identity, clock = cast(Identity, ports["identity"]), cast(Clock, ports["clock"])

    def who(request: RawRequest, route: Route, bucket: str) -> tuple[Caller, ByteStream]:
        found = authenticate(request, route.service, identity=identity, clock=clock, region=region, bucket=bucket)
        return found.caller, found.body

    gateway = chain.Gateway(
        registry=operations.discover({"account": account, "region": region, **ports}, package),
        authenticate=who,
        authorizer=cast(Authorizer, ports["authorizer"]),
        clock=clock,
        account=account,
        region=region,
        hosts=hosts or identify.Hosts(),
        strict=strict,
        trail=cast(Trail | None, ports.get("trail")),
        plain=cast(Plain, ports.get("plain_configuration", {})),
    )
    aws = ports.get("aws")
    if isinstance(aws, InternalAws):
        aws.connect(gateway, cast(Repositories | None, ports.get("repositories")), cast(Compute | None, ports.get("compute")))
    return Application(gateway, (*doors, _Health()), [], threads)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _may_be_refused_unread(request: RawRequest) -> bool:
    """Whether a request whose sender waits for a go-ahead is judged first: an object's upload, which is nobody else's to read.

    Everything else is read before it is judged, by whoever sends it; that must not be waited for in a thread.
    """
    if request.method != "PUT":
        return False
    plain = "/" in request.raw_path.strip("/") and not request.raw_query and "x-amz-copy-source" not in request.header
    named = identify.scope(request)
    return named == "s3" or (not named and plain)


async def _received(body: Body, scope: Mapping[str, Any], send: Send) -> bool:
    """Receive a body as far as a thread has to find it; whether somebody waits for an answer that was not given yet."""
    if (body.length or 0) > AHEAD or (body.withheld and _may_be_refused_unread(_request(scope, body))):
        return True
    try:
        await body.receive_ahead()
        return True
    except Gone:
        return False
    except Slow:
        await _plainly(send, 408, b"The body of the request arrives too slowly.\n")
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE):
            raise
        await _plainly(send, 503, b"The server has no space left for the body of the request.\n")
    return False


async def _plainly(send: Send, status: int, text: bytes) -> None:
    """An answer without looking at the request; its connection ends, since the rest of the body may be on it."""
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(text)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})


def _request(scope: Mapping[str, Any], body: ByteStream) -> RawRequest:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1").strip()) for name, value in scope["headers"])
    host = next((value for name, value in headers if name == "host"), "")
    server = scope.get("server") or ("127.0.0.1", 80)
    client = scope.get("client") or ("127.0.0.1", 0)
    scheme = scope.get("scheme", "http")
    raw_path = scope.get("raw_path") or scope["path"].encode("utf-8")
    return RawRequest(
        method=scope["method"],
        raw_path=raw_path.partition(b"?")[0].decode("latin-1"),
        raw_query=scope.get("query_string", b"").decode("latin-1"),
        headers=headers,
        body=body,
        scheme=scheme,
        source_ip=client[0],
        endpoint=f"{scheme}://{host or f'{server[0]}:{server[1]}'}",
    )


def _answer(gateway: chain.Gateway, doors: Sequence[FrontDoor], request: RawRequest) -> HttpResponse:
    plain = HttpRequest(
        method=request.method,
        path=request.raw_path,
        query=request.raw_query,
        headers=request.header,
        body=request.body,
        endpoint=request.endpoint,
        source_ip=request.source_ip,
        secure=request.secure,
    )
    door = next((door for door in doors if door.takes(plain)), None)
    reply = chain.answer(gateway, request) if door is None else _through(door, gateway, plain)
    return browsers.protected(request.header, reply)


def _through(door: FrontDoor, gateway: chain.Gateway, request: HttpRequest) -> HttpResponse:
    try:
        return door.handle(request)
    except ApiError as error:
        return HttpResponse(error.status or 400, {"Content-Type": "text/plain"}, f"{error.message}\n".encode())
    except Exception as error:
        chain.record(gateway, error, door=type(door).__name__)
        return HttpResponse(500, {"Content-Type": "text/plain"}, b"internal error\n")


async def _send(reply: HttpResponse, request: RawRequest, receive: Receive, send: Send, limiter: anyio.CapacityLimiter) -> None:
    headers = [(name.encode("latin-1"), _latin(value)) for name, value in reply.headers.items()]
    given = {name.lower() for name in reply.headers}
    whole = isinstance(reply.body, bytes)
    if isinstance(reply.body, bytes) and "content-length" not in given and reply.status not in (204, 304):
        headers.append((b"content-length", str(len(reply.body)).encode()))
    if isinstance(request.body, Body) and request.body.withheld:
        # This client will not send the body: its next request would be taken for it.
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    if isinstance(reply.body, bytes):
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else reply.body})
    if whole:
        return
    assert not isinstance(reply.body, bytes)
    if request.method == "HEAD":
        if not isinstance(reply.body, AsyncIterator):
            await anyio.to_thread.run_sync(_close, reply.body)
        await send({"type": "http.response.body", "body": b""})
        return
    await _stream(reply.body, receive, send, limiter)


async def _stream(
    chunks: Iterator[bytes] | AsyncIterator[bytes], receive: Receive, send: Send, limiter: anyio.CapacityLimiter
) -> None:
    """Send chunks until they end or the client leaves."""
    async with anyio.create_task_group() as tasks:

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            tasks.cancel_scope.cancel()

        tasks.start_soon(watch)
        try:
            async for chunk in chunks if isinstance(chunks, AsyncIterator) else _iterate(chunks, limiter):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            with anyio.CancelScope(shield=True):
                if isinstance(chunks, AsyncGenerator):
                    await chunks.aclose()
                else:
                    await anyio.to_thread.run_sync(_close, chunks)
        tasks.cancel_scope.cancel()


async def _iterate(chunks: Iterator[bytes], limiter: anyio.CapacityLimiter) -> AsyncIterator[bytes]:
    while (chunk := await anyio.to_thread.run_sync(next, chunks, None, limiter=limiter)) is not None:
        if chunk:
            yield chunk


def _close(chunks: Iterator[bytes] | AsyncIterator[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close is not None:
        close()


def _latin(value: str) -> bytes:
    """A header value as bytes: Latin-1, or UTF-8 for what Latin-1 lacks. Control characters become spaces: with them a value that
    somebody stored or asked for could begin another header."""
    value = _CONTROL.sub(" ", value)
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace")
