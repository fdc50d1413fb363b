"""What a push asks for, read from the request before git sees it, so that every reference can be authorised.

Only plain commands and shallow lines are let through. A signed push could name references that this reading misses, so it is
refused; the server does not offer it.
"""

import re
from typing import IO

from stageline.services.codecommit.plumbing.names import is_ref_name
from stageline.services.codecommit.plumbing.refs import HEADS, TAGS

LIMIT = 4_000

_COMMAND = re.compile(rb"([0-9a-f]{40}) ([0-9a-f]{40}) ([^\x00\n]+)(?:\x00[^\n]*)?\n?")
_LENGTH = re.compile(rb"[0-9a-fA-F]{4}")
_SHALLOW = re.compile(rb"shallow [0-9a-f]{40}\n?")


class BadPush(Exception):
    """The request is not a push that is taken; the text says why."""


def references(body: IO[bytes]) -> list[str]:
    """The full names of the references that a push wants to change, in its order."""
    found: list[str] = []
    while True:
        line = _line(body)
        if not line:
            return list(dict.fromkeys(found))
        if _SHALLOW.fullmatch(line):
            continue
        command = _COMMAND.fullmatch(line)
        if command is None:
            raise BadPush("The push holds something other than plain commands.")
        found.append(_checked(command[3]))
        if len(found) > LIMIT:
            raise BadPush(f"A push changes at most {LIMIT} references.")


def _line(body: IO[bytes]) -> bytes:
    """A pkt-line without its length; empty at a flush and at the end of the body."""
    head = body.read(4)
    if not head:
        return b""
    if not _LENGTH.fullmatch(head):
        raise BadPush("The push is not in git's format.")
    length = int(head, 16)
    if length == 0:
        return b""
    line = body.read(length - 4) if length > 4 else b""
    if not line or len(line) != length - 4:
        raise BadPush("The push ends early.")
    return line


def _checked(raw: bytes) -> str:
    try:
        ref = raw.decode()
    except UnicodeDecodeError:
        raise BadPush("The name of a reference is not UTF-8.") from None
    short = ref.removeprefix(HEADS) if ref.startswith(HEADS) else ref.removeprefix(TAGS)
    if not is_ref_name(ref) or not is_ref_name(short) or len(short) > 256:
        raise BadPush(f"The name of a reference is not valid: {ref[:300]!r}")
    return ref
