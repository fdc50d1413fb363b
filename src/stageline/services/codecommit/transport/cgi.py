"""``git http-backend`` as a CGI process: a spooled body in, a response out, a time limit, nothing left running."""

import io
import os
import subprocess
import threading
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from stageline.ports.aws import ByteStream
from stageline.services.codecommit.plumbing import git

CHUNK = 256 * 1024


class TooLarge(Exception):
    """The request body is larger than the server takes."""


class BadBody(Exception):
    """The request body cannot be read."""


@dataclass(frozen=True)
class Call:
    """One request to the backend. ``service`` is git-upload-pack or git-receive-pack; without a ``body`` it is the
    advertisement that is asked for."""

    folder: Path
    service: str
    body: IO[bytes] | None
    user: str
    headers: Mapping[str, str]
    source_ip: str


def spool(source: ByteStream, encoding: str, target: IO[bytes], limit: int) -> None:
    """Copy a request body to a file, unpacked if it came with gzip, and rewind the file."""
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise BadBody(f"The content encoding {encoding!r} is not known here; send gzip or none.")
    unpack = zlib.decompressobj(31) if "gzip" in encoding else None
    size = 0
    while data := source.read(CHUNK):
        while data:
            part = data
            data = b""
            if unpack is not None:
                try:
                    part = unpack.decompress(part, CHUNK)
                except zlib.error:
                    raise BadBody("The body is not valid gzip.") from None
                data = unpack.unconsumed_tail
            size += len(part)
            if size > limit:
                raise TooLarge(f"A git request has at most {limit} bytes.")
            target.write(part)
    if unpack is not None and not unpack.eof:
        raise BadBody("The body ends early.")
    target.seek(0)


def start(call: Call) -> subprocess.Popen[bytes]:
    """Start the backend with its output in a pipe."""
    if not call.folder.is_dir():
        raise git.Missing(str(call.folder))
    if call.body is not None:
        # The process shares the file's offset, which Python's buffer may have left behind; at a wrong one it would spin.
        call.body.flush()
        os.lseek(call.body.fileno(), 0, os.SEEK_SET)
    return subprocess.Popen(
        ["git", "http-backend"],
        stdin=call.body if call.body is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(call),
        cwd=call.folder,
        start_new_session=True,
    )


class Output:
    """The rest of a process's output as an iterator; ``close`` (or being dropped) ends the process.

    A class and not a generator: a generator that is dropped before its first step runs no cleanup.
    """

    def __init__(self, process: subprocess.Popen[bytes], timeout: float) -> None:
        self._process = process
        self._out = cast(io.BufferedReader, process.stdout)
        self._guard = threading.Timer(timeout, git.kill, (process,))
        self._guard.daemon = True
        self._guard.start()

    def head(self) -> tuple[int, dict[str, str]]:
        """Status and headers, which the process writes first; status 500 when it wrote none."""
        status, headers = 200, {}
        lines = 0
        while (line := self._out.readline(8_192)) not in (b"\r\n", b"\n"):
            lines += 1
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon or lines > 64:
                return 500, {}
            if name.lower() == "status":
                status = int(value.split()[0])
            else:
                headers[name.lower()] = value.strip()
        return status, headers

    def __iter__(self) -> "Output":
        return self

    def __next__(self) -> bytes:
        data = b"" if self._out.closed else self._out.read1(CHUNK)
        if not data:
            self.close()
            raise StopIteration
        return data

    def close(self) -> None:
        """End the process."""
        self._guard.cancel()
        self._out.close()
        git.kill(self._process)

    def __del__(self) -> None:
        self.close()


def _environment(call: Call) -> dict[str, str]:
    result = git.environment()
    result |= {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "GIT_PROJECT_ROOT": str(call.folder.parent),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_HTTP_MAX_REQUEST_BUFFER": "100m",
        "REMOTE_USER": call.user,
        "REMOTE_ADDR": call.source_ip,
    }
    if call.body is None:
        result |= {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": f"/{call.folder.name}/info/refs",
            "QUERY_STRING": f"service={call.service}",
        }
    else:
        result |= {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/{call.folder.name}/{call.service}",
            "QUERY_STRING": "",
            "CONTENT_TYPE": f"application/x-{call.service}-request",
            "CONTENT_LENGTH": str(os.fstat(call.body.fileno()).st_size),
        }
    protocol = call.headers.get("git-protocol", "")
    # Known words only: the value becomes part of a process's environment.
    if protocol in ("version=0", "version=1", "version=2"):
        result["GIT_PROTOCOL"] = protocol
    return result
