"""Output in pieces made into log lines: decoded, cut at a greatest length, secrets masked even when a piece ends inside one."""

from collections.abc import Iterable

LONGEST = 256 * 1024 - 64
"""Bytes of one log event that CloudWatch Logs takes, with room for its own overhead."""

MASK = b"***"


class Lines:
    """Takes bytes as they come and gives lines, each with its line end."""

    def __init__(self, secrets: Iterable[str] = (), longest: int = LONGEST) -> None:
        self._secrets: list[bytes] = []
        # A bad byte becomes three when decoded: raw pieces this long always fit.
        self._longest = longest // 3
        self._overlap = 0
        self._rest = bytearray()
        self.mask(secrets)

    def mask(self, secrets: Iterable[str]) -> None:
        """Hide further secrets from now on."""
        found = {line for secret in secrets for line in _maskable(secret)}
        self._secrets = sorted({*self._secrets, *found}, key=len, reverse=True)
        self._overlap = max((len(secret) for secret in self._secrets), default=1) - 1

    def hidden(self, text: str) -> str:
        """A text that is whole, without the secrets in it."""
        data = text.encode("utf-8", "surrogateescape")
        return text if self._mask(data) == data else self._mask(data).decode("utf-8", "replace")

    def feed(self, data: bytes) -> list[str]:
        """The lines that ``data`` completes."""
        self._rest += data
        lines: list[str] = []
        end = self._rest.rfind(b"\n")
        if end >= 0:
            whole = bytes(self._rest[: end + 1])
            del self._rest[: end + 1]
            for line in whole.split(b"\n")[:-1]:
                self._cut(line + b"\n", lines)
        while len(self._rest) > self._longest + self._overlap:
            self._piece(lines)
        return lines

    def end(self) -> list[str]:
        """What is left when nothing more comes."""
        lines: list[str] = []
        if self._rest:
            self._cut(bytes(self._rest) + b"\n", lines)
            self._rest.clear()
        return lines

    def _piece(self, lines: list[str]) -> None:
        """Send the front of a line that is too long, keeping back what may be the beginning of a secret."""
        masked = self._mask(bytes(self._rest))
        cut = min(self._longest, max(1, len(masked) - self._overlap))
        while cut > 1 and masked[cut : cut + 1] and masked[cut] & 0xC0 == 0x80 and self._longest - cut < 4:
            cut -= 1
        lines.append(masked[:cut].decode("utf-8", "replace"))
        self._rest[:] = masked[cut:]

    def _cut(self, line: bytes, lines: list[str]) -> None:
        line = self._mask(line)
        while len(line) > self._longest:
            lines.append(line[: self._longest].decode("utf-8", "replace"))
            line = line[self._longest :]
        if line:
            lines.append(line.decode("utf-8", "replace"))

    def _mask(self, data: bytes) -> bytes:
        for secret in self._secrets:
            data = data.replace(secret, MASK)
        return data


def _maskable(secret: str) -> list[bytes]:
    return [line.encode() for line in secret.splitlines() if len(line) >= 4]
