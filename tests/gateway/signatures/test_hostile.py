"""Whatever arrives, the answer is a refusal and never a failure; and nobody becomes somebody by luck."""

import time

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stageline.gateway.http import BytesStream, RawRequest
from stageline.gateway.signatures.chunked import decode
from stageline.gateway.signatures.payload import VerifiedBody, held_back
from stageline.ports.api import ApiError

KEY = "AKIAIOSFODNN7EXAMPLE"
NOW = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
SCOPE = f"{KEY}/{NOW[:8]}/us-east-1/s3/aws4_request"

bytes_as_text = st.binary(max_size=20).map(lambda data: data.decode("latin-1"))
words = st.sampled_from(
    [KEY, NOW, SCOPE, "host", "host;x-amz-date", "0" * 64, "AWS4-HMAC-SHA256", "UNSIGNED-PAYLOAD", "60", "", "%00", "é"]
)
texts = words | bytes_as_text
header_values = texts | st.builds(
    lambda scope, names, signed: f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={names}, Signature={signed}",
    texts,
    texts,
    texts,
)
header_names = ["authorization", "x-amz-date", "date", "x-amz-content-sha256", "x-amz-security-token", "host", "content-length"]
header_names += ["x-amz-trailer", "x-amz-decoded-content-length", "transfer-encoding"]
headers = st.lists(st.tuples(st.sampled_from(header_names), header_values), max_size=6)
query_names = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"]
query_names += ["X-Amz-Security-Token", "AWSAccessKeyId", "Expires", "Signature", "prefix", "acl"]
query_values = texts.filter(lambda text: "&" not in text)
queries = st.lists(st.tuples(st.sampled_from(query_names), query_values), max_size=8).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)
FULL = f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={SCOPE}&X-Amz-Date={NOW}&X-Amz-Expires=60"
FULL += "&X-Amz-SignedHeaders=host&X-Amz-Signature="
HEADER = f"AWS4-HMAC-SHA256 Credential={SCOPE},SignedHeaders=host;x-amz-date,Signature=é"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(headers, queries, st.sampled_from(["s3", "sts", "codepipeline", "lambda"]), st.binary(max_size=50))
@example([], FULL, "s3", b"")
@example([], FULL + "é", "s3", b"")
@example(
    [("x-amz-date", NOW), ("authorization", f"AWS4-HMAC-SHA256 Credential={SCOPE},SignedHeaders=host;x-amz-date,Signature=é")],
    "",
    "s3",
    b"",
)
@example([], f"AWSAccessKeyId={KEY}&Expires=99999999999999&Signature=%00", "s3", b"")
def test_noise_makes_nobody(world, sent, query, service, body) -> None:
    request = RawRequest("GET", "/b/k", query, tuple((name, value.strip()) for name, value in sent), BytesStream(body))
    try:
        found = world.authenticate(request, service)
    except ApiError as error:
        status = error.status
    else:
        status = 403 if found.caller.kind == "anonymous" and service == "s3" else 200
    assert status in (400, 403, 411)


chunks = st.lists(
    st.sampled_from(
        [b"3\r\n", b"abc", b"\r\n", b"0\r\n", b"x-amz-checksum-crc32:AAAA\r\n", b"ffff\r\n", b":", b"3;chunk-signature="]
    )
    | st.binary(max_size=5),
    max_size=12,
).map(b"".join)


@given(chunks, st.integers(0, 9))
@example(b"3\r\nabc\r\n0\r\n\r\n", 3)
def test_noise_is_no_body_unless_its_length_is_right(data: bytes, length: int) -> None:
    body = VerifiedBody(held_back(decode(BytesStream(data), {}, length=length, expected=frozenset(), chain=None)))
    try:
        read = body.read()
    except ApiError:
        return
    assert len(read) == length
