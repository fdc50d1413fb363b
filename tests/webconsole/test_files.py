"""Downloads and uploads; and buckets whose names are those of the console's own places."""

import http.client
import urllib.request
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

BYTES = bytes(range(256)) * 5_000


@pytest.fixture(scope="module")
def bucket(house: Any) -> str:
    house.client("s3").create_bucket(Bucket="files")
    house.client("s3").put_bucket_versioning(Bucket="files", VersioningConfiguration={"Status": "Enabled"})
    return "files"


def test_what_is_downloaded_is_a_file_and_never_a_page(house: Any, bucket: str) -> None:
    page = b"<script>alert(1)</script>"
    house.client("s3").put_object(
        Bucket=bucket, Key="a/page.html", Body=page, ContentType="text/html", ContentDisposition="inline"
    )
    answer = house.root().object(bucket, "a/page.html")
    assert (answer.status, answer.body) == (200, page)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename=\"page.html\"; filename*=UTF-8''page.html"
    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("key", "plain"),
    [
        ('quo"te; filename="evil.exe', "quo_te_ filename__evil.exe"),
        ("line\r\nSet-Cookie: a=b", "line__Set-Cookie_ a_b"),
        ("Grüße 日本.txt", "Gr__e __.txt"),
        ("back\\slash", "back_slash"),
        ("\u202egnp.exe", "_gnp.exe"),
        ("folder/", "folder"),
        ("a" * 300, "a" * 120),
        ("%2e%2e%2f", "_2e_2e_2f"),
    ],
)
def test_names_are_only_names(house: Any, bucket: str, key: str, plain: str) -> None:
    house.client("s3").put_object(Bucket=bucket, Key=key, Body=b"x")
    answer = house.root().object(bucket, key)
    name = key.rstrip("/").rpartition("/")[2]
    assert answer.headers["content-disposition"] == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    assert "set-cookie" not in answer.headers


def test_the_bytes_are_right_whole_and_in_parts(house: Any, bucket: str) -> None:
    browser = house.root()
    house.client("s3").put_object(Bucket=bucket, Key="bytes", Body=BYTES)
    whole = browser.object(bucket, "bytes")
    assert (whole.body == BYTES, whole.headers["content-length"]) == (True, str(len(BYTES)))
    part = browser.object(bucket, "bytes", range="bytes=100-299")
    assert (part.status, part.body) == (206, BYTES[100:300])
    assert part.headers["content-range"] == f"bytes 100-299/{len(BYTES)}"
    assert browser.object(bucket, "bytes", range="bytes=-5").body == BYTES[-5:]
    refused = browser.object(bucket, "bytes", range=f"bytes={len(BYTES)}-")
    assert (refused.status, refused.code) == (416, "InvalidRange")
    assert browser.object(bucket, "bytes", range="nonsense").body == BYTES


def test_versions_can_be_downloaded(house: Any, bucket: str) -> None:
    browser, s3 = house.root(), house.client("s3")
    first, second = (s3.put_object(Bucket=bucket, Key="versions", Body=each)["VersionId"] for each in (b"one", b"two"))
    for version, body in ((first, b"one"), (second, b"two")):
        assert browser.ask("GET", f"/console/objects?bucket={bucket}&key=versions&versionId={version}").body == body
    assert browser.ask("GET", f"/console/objects?bucket={bucket}&key=versions&versionId=none").status in (400, 404)


def test_downloads_need_the_right_to_read(house: Any, bucket: str) -> None:
    house.client("s3").put_object(Bucket=bucket, Key="mine/a", Body=b"a")
    house.client("s3").put_object(Bucket=bucket, Key="yours/a", Body=b"a")
    browser, _ = house.inside({"Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/mine/*"})
    assert browser.object(bucket, "mine/a").body == b"a"
    assert (browser.object(bucket, "yours/a").status, browser.object(bucket, "yours/a").code) == (403, "AccessDenied")
    assert browser.object(bucket, "mine/../yours/a").code in ("AccessDenied", "NoSuchKey")
    assert browser.object(bucket, "mine/none").status in (403, 404)
    assert house.root().object(bucket, "none").code == "NoSuchKey"
    assert house.root().object("no-such-bucket", "k").code == "NoSuchBucket"
    for query in ("", "bucket=files", "key=k", "bucket=&key="):
        assert browser.ask("GET", f"/console/objects?{query}").code == "ValidationError"


def test_uploads_become_objects(house: Any, bucket: str) -> None:
    browser, s3 = house.root(), house.client("s3")
    done = browser.ask("PUT", f"/console/objects?bucket={bucket}&key=up%2Fload.bin", BYTES, content_type="image/png")
    assert done.status == 200
    found = s3.get_object(Bucket=bucket, Key="up/load.bin")
    assert found["Body"].read() == BYTES
    assert (found["ContentType"], found["VersionId"]) == ("image/png", done.json["VersionId"])
    assert browser.ask("PUT", f"/console/objects?bucket={bucket}&key=empty", b"").status == 200
    assert s3.head_object(Bucket=bucket, Key="empty")["ContentLength"] == 0


def test_uploads_need_the_right_to_write(house: Any, bucket: str) -> None:
    browser, _ = house.inside({"Action": "s3:GetObject"})
    refused = browser.ask("PUT", f"/console/objects?bucket={bucket}&key=refused", b"x")
    assert (refused.status, refused.code) == (403, "AccessDenied")
    assert house.root().object(bucket, "refused").code == "NoSuchKey"
    assert house.root().ask("PUT", "/console/objects?bucket=no-such-bucket&key=k", b"x").code == "NoSuchBucket"


def test_an_upload_that_breaks_off_leaves_nothing(house: Any, bucket: str) -> None:
    browser = house.root()
    place = urlsplit(house.endpoint)
    wire = http.client.HTTPConnection(str(place.hostname), place.port, timeout=10)
    wire.putrequest("PUT", f"/console/objects?bucket={bucket}&key=broken")
    for name, value in (
        ("x-stageline-console", "1"),
        ("cookie", f"stageline-session={browser.cookie}"),
        ("content-length", str(3 * 1024 * 1024)),
    ):
        wire.putheader(name, value)
    wire.endheaders()
    wire.send(b"x" * 2 * 1024 * 1024)
    wire.close()
    assert browser.object(bucket, "broken").code == "NoSuchKey"


@pytest.mark.parametrize("name", ["console", "badges"])
def test_buckets_named_like_the_consoles_places_stay_reachable(house: Any, browser: Any, name: str) -> None:
    s3 = house.client("s3")
    s3.create_bucket(Bucket=name)
    for key in ("k", "assets/x.js", "api/iam/ListUsers", "a.svg"):
        s3.put_object(Bucket=name, Key=key, Body=b"of the bucket")
        assert s3.get_object(Bucket=name, Key=key)["Body"].read() == b"of the bucket"
        url = s3.generate_presigned_url("get_object", Params={"Bucket": name, "Key": key})
        with urllib.request.urlopen(url, timeout=10) as reply:
            assert reply.read() == b"of the bucket"
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=name)["Contents"]] == [
        "a.svg",
        "api/iam/ListUsers",
        "assets/x.js",
        "k",
    ]
    assert b"of the bucket" not in browser.ask("GET", f"/{name}/k").body
    forged = browser.ask("GET", f"/{name}/k?X-Amz-Signature=forged")
    assert forged.status in (400, 403)
    s3.delete_objects(
        Bucket=name, Delete={"Objects": [{"Key": each} for each in ("k", "assets/x.js", "api/iam/ListUsers", "a.svg")]}
    )
    s3.delete_bucket(Bucket=name)
