"""Ranges of keys: a prefix becomes a lower and an upper bound, so that a listing is one walk along an index."""

LAST = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)


def after_prefix(prefix: str) -> str | None:
    """The least string greater than every string that starts with ``prefix``; None when there is none.

    Code point order is UTF-8 byte order, so the last character that has a successor is replaced by it.
    """
    for index in range(len(prefix) - 1, -1, -1):
        code = ord(prefix[index])
        if code < LAST:
            following = SURROGATES.stop if code + 1 in SURROGATES else code + 1
            return prefix[:index] + chr(following)
    return None


def bounds(prefix: str, after: str, reverse: bool) -> tuple[str, str | None]:
    """Bounds (low inclusive, high exclusive) of a scan that goes on past ``after`` in its direction."""
    low, high = prefix, after_prefix(prefix)
    if after and reverse:
        high = after if high is None else min(high, after)
    elif after:
        # Keys never hold U+0000, so the least key greater than ``after`` begins with ``after`` and U+0001.
        low = max(low, after + "\x01")
    return low, high


def checked(key: str) -> str:
    """The key itself; ValueError when a database could not keep it apart from others."""
    if "\x00" in key:
        raise ValueError("a key must not contain the character U+0000")
    return key
