"""The patterns of artifact files: ``*`` and ``?`` stay within one folder, ``**`` is any number of folders, dot files match.

Paths are relative, with slashes, without a leading ``./``.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

MAGIC = re.compile(r"[*?\[]")


def clean(pattern: str) -> str:
    """A pattern without empty and ``.`` parts."""
    return "/".join(part for part in pattern.split("/") if part not in ("", "."))


def is_literal(pattern: str) -> bool:
    """Whether a pattern names one path."""
    return not MAGIC.search(pattern)


def static_prefix(pattern: str) -> str:
    """The folder below which all matches lie; empty for the root."""
    parts = clean(pattern).split("/")
    fixed: list[str] = []
    for part in parts[:-1]:
        if not is_literal(part):
            break
        fixed.append(part)
    return "/".join(fixed)


def matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Whether a path matches any of the patterns."""
    found = [_compiled(pattern) for pattern in patterns]
    return lambda path: any(_matches(each, path.split("/")) for each in found)


_ANY_FOLDERS = None
_Parts = tuple[re.Pattern[str] | None, ...]


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> _Parts:
    parts: list[re.Pattern[str] | None] = []
    for part in clean(pattern).split("/"):
        if part != "**":
            parts.append(re.compile(_part(part), re.DOTALL))
        elif not parts or parts[-1] is not _ANY_FOLDERS:
            parts.append(_ANY_FOLDERS)
    if parts[-1] is _ANY_FOLDERS:
        # At the end ``**`` takes every file below, but not the folder's own name.
        parts.append(re.compile("[^/]+"))
    return tuple(parts)


def _matches(parts: _Parts, path: list[str]) -> bool:
    """Steps through the path with the set of places in the pattern that may come next: never more than parts times names."""
    places = _skip(parts, {0})
    for name in path:
        following = set()
        for place in places:
            if place == len(parts):
                continue
            part = parts[place]
            if part is _ANY_FOLDERS:
                following.add(place)
            elif part.fullmatch(name):
                following.add(place + 1)
        places = _skip(parts, following)
    return len(parts) in places


def _skip(parts: _Parts, places: set[int]) -> set[int]:
    return places | {place + 1 for place in places if place < len(parts) and parts[place] is _ANY_FOLDERS}


def _part(part: str) -> str:
    """The regular expression of one part. All stars but the last are atomic, so that no name can make it slow."""
    pieces = [_piece(piece) for piece in re.split(r"\*+", part)]
    if len(pieces) == 1:
        return pieces[0]
    middle = "".join(f"(?>.*?{piece})" for piece in pieces[1:-1])
    return f"{pieces[0]}{middle}.*{pieces[-1]}"


def _piece(text: str) -> str:
    source: list[str] = []
    place = 0
    while place < len(text):
        char = text[place]
        place += 1
        if char == "?":
            source.append(".")
        elif char == "[" and (end := text.find("]", place + (2 if text[place : place + 1] in ("!", "^") else 1))) > 0:
            source.append(_set(text[place:end]))
            place = end + 1
        else:
            source.append(re.escape(char))
    return "".join(source)


def _set(inside: str) -> str:
    """A bracket's content, which is not empty, as a set. Backward ranges (``z-a``) are taken as plain characters; every character
    is escaped, for a set that ended early would have the rest of the pattern taken for a regular expression."""
    negated = inside[:1] in ("!", "^")
    text = inside[1:] if negated else inside
    source: list[str] = []
    place = 0
    while place < len(text):
        low, dash, high = text[place], text[place + 1 : place + 2], text[place + 2 : place + 3]
        ranges = dash == "-" and low <= high
        source.append(f"{re.escape(low)}-{re.escape(high)}" if ranges else re.escape(low))
        place += 3 if ranges else 1
    return f"[{'^' if negated else ''}{''.join(source)}]"
