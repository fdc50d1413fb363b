"""aws-chunked bodies: the published example, botocore's own uploads, and damage of every kind."""

import io
import zlib
from base64 import b64encode
from collections.abc import Iterator

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpchecksum import AwsChunkedWrapper, Crc32Checksum

from stageline.core import signature
from stageline.gateway.http import RawRequest
from stageline.gateway.signatures.chunked import Chain, decode
from stageline.gateway.signatures.payload import held_back
from stageline.ports.api import ApiError
from stageline.ports.aws import ByteStream

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
STAMP, SCOPE = "20130524T000000Z", "20130524/us-east-1/s3/aws4_request"
SIZE = 66_560


class Stream:
    """Gives its bytes in pieces of a fixed size, whatever is asked for."""

    def __init__(self, data: bytes, step: int = 1 << 30) -> None:
        self.left, self.step = io.BytesIO(data), step

    def read(self, size: int = -1) -> bytes:
        return self.left.read(self.step if size < 0 else min(size, self.step))


def key() -> bytes:
    return signature.signing_key(SECRET, "20130524", "us-east-1", "s3")


def chain(seed: str) -> Chain:
    return Chain(key(), STAMP, SCOPE, seed)


def link(previous: str, data: bytes) -> str:
    parts = ["AWS4-HMAC-SHA256-PAYLOAD", STAMP, SCOPE, previous, signature.digest(b""), signature.digest(data)]
    return signature.sign(key(), "\n".join(parts))


def seal(previous: str, trailers: str) -> str:
    parts = ["AWS4-HMAC-SHA256-TRAILER", STAMP, SCOPE, previous, signature.digest(trailers.encode())]
    return signature.sign(key(), "\n".join(parts))


def encoded(seed: str, chunks: list[bytes], trailers: dict[str, str] | None = None) -> tuple[bytes, list[str]]:
    """A signed body and its signatures."""
    out, made, previous = b"", [], seed
    for data in [*chunks, b""]:
        previous = link(previous, data)
        made.append(previous)
        out += f"{len(data):x};chunk-signature={previous}\r\n".encode() + data + (b"\r\n" if data else b"")
    if trailers:
        out += "".join(f"{name}:{value}\r\n" for name, value in trailers.items()).encode()
        made.append(seal(previous, "".join(f"{name}:{value}\n" for name, value in sorted(trailers.items()))))
        out += f"x-amz-trailer-signature:{made[-1]}\r\n".encode()
    return out + b"\r\n", made


def drain(stream: ByteStream, length: int, *, links: Chain | None = None, expected: str = "") -> tuple[bytes, dict[str, str]]:
    trailers: dict[str, str] = {}
    names = frozenset(expected.split(",")) if expected else frozenset()
    return b"".join(held_back(decode(stream, trailers, length=length, expected=names, chain=links))), trailers


def refusal(body: bytes, length: int, *, links: Chain | None = None, expected: str = "") -> ApiError:
    with pytest.raises(ApiError) as caught:
        drain(Stream(body), length, links=links, expected=expected)
    return caught.value


PLAIN_SEED = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
TRAILER_SEED = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"


@pytest.mark.parametrize("step", [7, 100, 8192, 1 << 20])
def test_the_published_example_with_a_trailer(step: int) -> None:
    data = b"a" * SIZE
    body, made = encoded(TRAILER_SEED, [data[:65536], data[65536:]], {"x-amz-checksum-crc32c": "sOO8/Q=="})
    assert [each[:8] for each in made] == ["b474d886", "1c1344b1", "2ca2aba2", "d81f82fc"]
    assert [each[-6:] for each in made] == ["ef5aa2", "51e5c7", "63f992", "e2e435"]
    got, trailers = drain(Stream(body, step), SIZE, links=chain(TRAILER_SEED), expected="x-amz-checksum-crc32c")
    assert got == data
    assert trailers == {"x-amz-checksum-crc32c": "sOO8/Q=="}


def test_the_published_example_without_a_trailer() -> None:
    data = b"a" * SIZE
    body, made = encoded(PLAIN_SEED, [data[:65536], data[65536:]])
    assert made == [
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ]
    assert drain(Stream(body), SIZE, links=chain(PLAIN_SEED)) == (data, {})


def test_a_body_may_be_empty() -> None:
    body, _ = encoded(PLAIN_SEED, [])
    assert drain(Stream(body), 0, links=chain(PLAIN_SEED)) == (b"", {})
    assert drain(Stream(b"0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"), 0, expected="x-amz-checksum-crc32")[0] == b""


def test_an_extra_blank_line_before_the_trailers_is_taken() -> None:
    body = b"3\r\nabc\r\n0\r\n\r\nx-amz-checksum-crc32:NSRBwg==\r\n\r\n"
    assert drain(Stream(body), 3, expected="x-amz-checksum-crc32") == (b"abc", {"x-amz-checksum-crc32": "NSRBwg=="})


@pytest.mark.parametrize("at", range(3))
def test_a_changed_byte_breaks_the_chain(at: int) -> None:
    chunks = [b"a" * 8192, b"b" * 8192, b"c" * 10]
    body, _ = encoded(PLAIN_SEED, chunks)
    where = body.index(b"abc"[at : at + 1] * 10)
    spoilt = body[:where] + b"x" + body[where + 1 :]
    error = refusal(spoilt, 16394, links=chain(PLAIN_SEED))
    assert (error.code, error.status) == ("SignatureDoesNotMatch", 403)


def test_chunks_cannot_be_swapped_repeated_or_cut() -> None:
    chunks = [b"a" * 8192, b"b" * 8192]
    body, _ = encoded(PLAIN_SEED, chunks)
    one = body.index(b"\r\n", 8192 + 87) + 2
    two = body.index(b"0;chunk", one + 8192)
    swapped = body[one:two] + body[:one] + body[two:]
    assert refusal(swapped, 16384, links=chain(PLAIN_SEED)).code == "SignatureDoesNotMatch"
    repeated = body[:one] + body[:one] + body[one:]
    assert refusal(repeated, 24576, links=chain(PLAIN_SEED)).code == "SignatureDoesNotMatch"
    assert refusal(body[:two], 16384, links=chain(PLAIN_SEED)).code == "IncompleteBody"
    assert refusal(body[:one] + body[two:], 8192, links=chain(PLAIN_SEED)).code == "SignatureDoesNotMatch"


def test_another_seed_is_another_request() -> None:
    body, _ = encoded(PLAIN_SEED, [b"abc"])
    assert refusal(body, 3, links=chain(TRAILER_SEED)).code == "SignatureDoesNotMatch"


def test_a_changed_trailer_is_refused() -> None:
    body, _ = encoded(PLAIN_SEED, [b"abc"], {"x-amz-checksum-crc32": "NSRBwg=="})
    spoilt = body.replace(b"NSRBwg==", b"AAAAAA==")
    assert refusal(spoilt, 3, links=chain(PLAIN_SEED), expected="x-amz-checksum-crc32").code == "SignatureDoesNotMatch"
    unsigned = body[: body.index(b"x-amz-trailer-signature")] + b"\r\n"
    assert refusal(unsigned, 3, links=chain(PLAIN_SEED), expected="x-amz-checksum-crc32").code == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    ("body", "length", "code"),
    [
        (b"", 3, "IncompleteBody"),
        (b"3\r\n", 3, "IncompleteBody"),
        (b"3\r\nab", 3, "IncompleteBody"),
        (b"3\r\nabc", 3, "IncompleteBody"),
        (b"3\r\nabc\r\n", 3, "IncompleteBody"),
        (b"3\r\nabc\r\n0\r\n\r\n", 4, "IncompleteBody"),
        (b"3\r\nabc\r\n0\r\n\r\n", 2, "IncompleteBody"),
        (b"2\r\nabc\r\n0\r\n\r\n", 3, "InvalidRequest"),
        (b"-3\r\nabc\r\n0\r\n\r\n", 3, "InvalidRequest"),
        (b"0x3\r\nabc\r\n0\r\n\r\n", 3, "InvalidRequest"),
        (b"3;chunk-signature=" + b"0" * 64 + b"\r\nabc\r\n0\r\n\r\n", 3, "InvalidRequest"),
        (b"\r\n3\r\nabc\r\n0\r\n\r\n", 3, "IncompleteBody"),
        (b"3" * 5000, 3, "InvalidRequest"),
        (b"fffffffffffff\r\nabc", 3, "InvalidRequest"),
        (b"3\r\nabc\r\n0\r\nx-amz-checksum-crc32:a\r\n\r\n", 3, "InvalidRequest"),
        (b"3\r\nabc\r\n0\r\n\r\n\r\nmore", 3, "InvalidRequest"),
        (b"3\r\nabc\r\n0\r\nnonsense\r\n\r\n", 3, "InvalidRequest"),
        (b"3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n", 6, "InvalidChunkSizeError"),
        (b"3\r\nabc\r\n0\r\n" + b"a:b\r\n" * 40, 3, "InvalidRequest"),
    ],
)
def test_damaged_framing_is_refused(body: bytes, length: int, code: str) -> None:
    assert refusal(body, length).code == code


def test_announced_trailers_must_come_and_no_others() -> None:
    body = b"3\r\nabc\r\n0\r\nx-amz-meta:a\r\n\r\n"
    assert refusal(body, 3, expected="x-amz-checksum-crc32").code == "InvalidRequest"
    assert refusal(b"3\r\nabc\r\n0\r\n\r\n", 3, expected="x-amz-checksum-crc32").code == "InvalidRequest"


def test_a_wrong_end_is_noticed_before_the_last_piece_is_given_out() -> None:
    body, _ = encoded(PLAIN_SEED, [b"a" * 300_000])
    trailers: dict[str, str] = {}
    spoilt = body[:-10] + b"0" * 6 + b"\r\n\r\n"
    count = 0
    pieces: Iterator[bytes] = held_back(
        decode(Stream(spoilt, 1000), trailers, length=300_000, expected=frozenset(), chain=chain(PLAIN_SEED))
    )

    def consume() -> None:
        nonlocal count
        for piece in pieces:
            count += len(piece)

    with pytest.raises(ApiError):
        consume()
    assert 0 < count < 300_000


class AtFixedTime(S3SigV4Auth):
    """botocore's signer for a body whose hash is the name of a streamed form."""

    kind = ""

    def payload(self, request: AWSRequest) -> str:
        return self.kind


class SignedStream(AtFixedTime):
    kind = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"


def test_an_upload_of_botocore_with_an_unsigned_trailer(world, signed) -> None:
    data = bytes(range(256)) * 10_000
    wrapper = AwsChunkedWrapper(io.BytesIO(data), Crc32Checksum, "x-amz-checksum-crc32", chunk_size=1024 * 1024)
    request = signed(
        lambda credentials: S3SigV4Auth(credentials, "s3", "us-east-1"),
        "PUT",
        "https://h/b/k",
        wrapper.read(),
        {
            "Content-Encoding": "aws-chunked",
            "X-Amz-Decoded-Content-Length": str(len(data)),
            "X-Amz-Trailer": "x-amz-checksum-crc32",
        },
        context={"checksum": {"request_algorithm": {"in": "trailer", "algorithm": "crc32", "name": "x-amz-checksum-crc32"}}},
    )
    assert request.header["x-amz-content-sha256"] == "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    body = world.authenticate(request, "s3").body
    assert body.length == len(data)
    assert body.trailers == {}
    assert b"".join(iter(lambda: body.read(70_000), b"")) == data
    assert body.trailers == {"x-amz-checksum-crc32": b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()}


def streamed(signed, data: bytes, **headers: str) -> RawRequest:
    """A request with signed chunks, its chain begun by botocore's signature."""
    request: RawRequest = signed(
        lambda credentials: SignedStream(credentials, "s3", "us-east-1"),
        "PUT",
        "http://h/b/k",
        b"",
        {"X-Amz-Decoded-Content-Length": str(len(data)), "X-Amz-Trailer": "x-amz-checksum-crc32", **headers},
    )
    stamp, seed = request.header["x-amz-date"], request.header["authorization"][-64:]
    scope = f"{stamp[:8]}/us-east-1/s3/aws4_request"
    key = signature.signing_key(SECRET, stamp[:8], "us-east-1", "s3")
    out, previous = b"", seed
    for part in (data, b""):
        rest = f"{signature.digest(b'')}\n{signature.digest(part)}"
        previous = signature.sign(key, f"AWS4-HMAC-SHA256-PAYLOAD\n{stamp}\n{scope}\n{previous}\n{rest}")
        out += f"{len(part):x};chunk-signature={previous}\r\n".encode() + part + (b"\r\n" if part else b"")
    trailer = "x-amz-checksum-crc32:" + b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()
    sealed = signature.digest(f"{trailer}\n".encode())
    last = signature.sign(key, f"AWS4-HMAC-SHA256-TRAILER\n{stamp}\n{scope}\n{previous}\n{sealed}")
    out += f"{trailer}\r\nx-amz-trailer-signature:{last}\r\n\r\n".encode()
    return RawRequest("PUT", "/b/k", "", request.headers, Stream(out), "http")


def test_signed_chunks_hang_on_the_signature_of_the_request(world, signed) -> None:
    body = world.authenticate(streamed(signed, b"hello"), "s3").body
    assert body.read() == b"hello"
    assert body.trailers["x-amz-checksum-crc32"] == b64encode(zlib.crc32(b"hello").to_bytes(4, "big")).decode()


def test_signed_chunks_need_a_decoded_length(world, signed) -> None:
    request = streamed(signed, b"hello")
    bad = signed(
        lambda credentials: SignedStream(credentials, "s3", "us-east-1"), "PUT", "http://h/b/k", b"", {"X-Amz-Trailer": "x"}
    )
    assert world.refused(bad, "s3").code == "MissingContentLength"
    odd = signed(
        lambda credentials: SignedStream(credentials, "s3", "us-east-1"),
        "PUT",
        "http://h/b/k",
        b"",
        {"X-Amz-Decoded-Content-Length": "-1"},
    )
    assert world.refused(odd, "s3").code == "InvalidArgument"
    assert request.header["x-amz-decoded-content-length"] == "5"


def test_nobody_can_sign_chunks_anonymously(world, signed) -> None:
    request = streamed(signed, b"hello")
    headers = tuple(pair for pair in request.headers if pair[0] != "authorization")
    anonymous = RawRequest("PUT", "/b/k", "", headers, request.body, "http")
    assert world.refused(anonymous, "s3").code == "InvalidArgument"
