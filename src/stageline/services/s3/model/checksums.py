"""Checksums of object bytes: the algorithms, what a request claims, and what an answer carries.

CRC-32C and CRC-64/NVME have no C implementation in the standard library. A byte loop would manage some 10 MB/s, so a piece
is folded as one big integer instead: its first k bits stand for A(x)·x^e, and x^e is congruent to a polynomial of few terms, so
they collapse into as many shifted copies of A. The exponents below are those whose residue has the fewest terms.
"""

import base64
import binascii
import hashlib
import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, Protocol

from stageline.ports.api import ApiError, Request
from stageline.ports.store import Doc

ALGORITHMS = ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", "SHA512", "MD5")
"""What this server can compute; the rest of the model's list is refused."""

FULL_ONLY = ("CRC64NVME",)
FULL_OR_COMPOSITE = ("CRC32", "CRC32C")

_POLYNOMIALS = {"CRC32": (0x04C11DB7, 32), "CRC32C": (0x1EDC6F41, 32), "CRC64NVME": (0xAD93D23594C93659, 64)}
_PIECE = 256 * 1024
_CRC32C_FOLDS = (1048800, 529091, 266986, 134376, 73444, 36777, 19236, 10151, 5130, 2798, 1463, 785, 424)
_CRC64_FOLDS = (1054538, 528453, 282936, 142613, 72688, 38936, 20884, 10662, 5433, 2982, 1555, 852, 490)


class Digest(Protocol):
    """What hashlib's objects are."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""
        ...

    def digest(self) -> bytes:
        """The checksum of what was taken in."""
        ...


class _Polynomial(NamedTuple):
    width: int
    table: tuple[int, ...]
    folds: tuple[tuple[int, tuple[int, ...]], ...]


def _product(poly: int, width: int, one: int, other: int) -> int:
    """The product of two polynomials, modulo the polynomial."""
    result = 0
    for position in range(width):
        if other >> position & 1:
            result ^= one << position
    for position in range(2 * width, width - 1, -1):
        if result >> position & 1:
            result ^= ((1 << width) | poly) << (position - width)
    return result


def _residue(poly: int, width: int, exponent: int) -> int:
    """x to the power of ``exponent``, modulo the polynomial (square and multiply)."""
    result = 1
    for bit in bin(exponent)[2:]:
        result = _product(poly, width, result, result)
        if bit == "1":
            result = _product(poly, width, result, 2)
    return result


@cache
def _polynomial(poly: int, width: int, exponents: tuple[int, ...]) -> _Polynomial:
    reflected = int(f"{poly:0{width}b}"[::-1], 2)
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ reflected if value & 1 else value >> 1
        table.append(value)
    folds = []
    for exponent in exponents:
        residue = _residue(poly, width, exponent)
        folds.append((exponent, tuple(width - 1 - q for q in range(width) if residue >> q & 1)))
    return _Polynomial(width, tuple(table), tuple(folds))


def _crc(data: bytes, register: int, poly: _Polynomial) -> int:
    """The register after ``data`` (reflected, without the final inversion)."""
    if len(data) > 128:
        bits = len(data) * 8
        value = int.from_bytes(data, "little") ^ register
        for exponent, shifts in poly.folds:
            front = bits - exponent
            if front < 64:
                continue
            head = value & ((1 << front) - 1)
            folded = 0
            for shift in shifts:
                folded ^= head << shift
            value = (value >> front) ^ (folded << (exponent - front - poly.width + 1))
            bits = exponent
        padding = -bits % 8
        data = (value << padding).to_bytes((bits + padding) // 8, "little")
        register = 0
    table = poly.table
    for byte in data:
        register = table[(register ^ byte) & 255] ^ (register >> 8)
    return register


class _Crc:
    """A reflected CRC with all ones as start and final inversion."""

    def __init__(self, poly: int, width: int, exponents: tuple[int, ...]) -> None:
        self._poly = _polynomial(poly, width, exponents)
        self._ones = (1 << width) - 1
        self._register = self._ones

    def update(self, data: bytes, /) -> None:
        for start in range(0, len(data), _PIECE):
            self._register = _crc(data[start : start + _PIECE], self._register, self._poly)

    def digest(self) -> bytes:
        return (self._register ^ self._ones).to_bytes(self._poly.width // 8, "big")


class _Crc32:
    """zlib's CRC-32."""

    def __init__(self) -> None:
        self._value = 0

    def update(self, data: bytes, /) -> None:
        self._value = zlib.crc32(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


def start(algorithm: str) -> Digest:
    """A fresh digest of one of ``ALGORITHMS``."""
    if algorithm == "CRC32":
        return _Crc32()
    if algorithm == "CRC32C":
        return _Crc(*_POLYNOMIALS[algorithm], _CRC32C_FOLDS)
    if algorithm == "CRC64NVME":
        return _Crc(*_POLYNOMIALS[algorithm], _CRC64_FOLDS)
    return hashlib.new(algorithm.lower(), usedforsecurity=False)


def member(algorithm: str) -> str:
    """The model's member that carries a checksum of this algorithm."""
    return f"Checksum{algorithm}"


def known(algorithm: str) -> str:
    """``algorithm`` if this server can compute it; else InvalidRequest."""
    if algorithm not in ALGORITHMS:
        raise ApiError(
            "InvalidRequest",
            f"Checksum algorithm {algorithm} is not supported by this server. Use one of {', '.join(ALGORITHMS)}.",
            400,
        )
    return algorithm


def claimed(request: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[str, str]:
    """The algorithm and the value (empty: it comes in the trailer, or was asked for without one) that a request names."""
    given = [(name[8:], str(value)) for name, value in request.items() if _is_checksum(name) and value]
    if len(given) > 1:
        raise ApiError(
            "InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.", 400
        )
    trailer = headers.get("x-amz-trailer", "").strip().lower()
    if given:
        algorithm, value = known(given[0][0]), given[0][1]
        if len(_decoded(value)) != len(start(algorithm).digest()):
            raise ApiError("InvalidRequest", f"Value for x-amz-checksum-{algorithm.lower()} header is invalid.", 400)
        return algorithm, value
    if trailer.startswith("x-amz-checksum-"):
        return known(trailer[len("x-amz-checksum-") :].upper()), ""
    if request.get("ChecksumAlgorithm"):
        return known(str(request["ChecksumAlgorithm"])), ""
    return "", ""


def _is_checksum(name: str) -> bool:
    return name.startswith("Checksum") and name not in ("ChecksumAlgorithm", "ChecksumType", "ChecksumMode")


def content_md5(request: Request) -> str:
    """The Content-MD5 of a request as hex, or an empty string; InvalidDigest when it is none."""
    text = request.get("ContentMD5")
    if not text:
        return ""
    raw = _decoded(str(text))
    if len(raw) != 16:
        raise ApiError("InvalidDigest", "The Content-MD5 you specified was invalid.", 400, **{"Content-MD5": text})
    return raw.hex()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def encoded(digest: bytes) -> str:
    """A checksum as the API writes it."""
    return base64.b64encode(digest).decode()


def bad_digest(algorithm: str) -> ApiError:
    """The refusal of bytes that do not have the checksum claimed for them."""
    return ApiError("BadDigest", f"The {algorithm} you specified did not match the calculated checksum.", 400)


def composite(algorithm: str, values: list[str]) -> str:
    """The checksum over the checksums of parts, with their number behind it."""
    digest = start(algorithm)
    for value in values:
        digest.update(base64.b64decode(value))
    return f"{encoded(digest.digest())}-{len(values)}"


def joined(algorithm: str, parts: list[tuple[str, int]]) -> str:
    """The CRC of bytes whose parts have these CRCs and lengths: each part's is moved by the length of what follows it."""
    poly, width = _POLYNOMIALS[algorithm]
    total = 0
    for value, size in parts:
        mirrored = int(f"{total:0{width}b}"[::-1], 2)
        moved = _product(poly, width, mirrored, _residue(poly, width, 8 * size))
        total = int(f"{moved:0{width}b}"[::-1], 2) ^ int.from_bytes(base64.b64decode(value), "big")
    return encoded(total.to_bytes(width // 8, "big"))


def members(doc: Doc, *, with_type: bool = True) -> dict[str, str]:
    """The members that tell the checksum stored in a document; empty when it has none."""
    checksum = doc.get("checksum")
    if not checksum:
        return {}
    found = {member(checksum["algorithm"]): checksum["value"]}
    return {**found, "ChecksumType": checksum["type"]} if with_type else found
