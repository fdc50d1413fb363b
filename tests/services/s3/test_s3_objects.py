import base64
import hashlib
import zlib
from typing import Any

import pytest


def test_put_object_is_read_back_with_all_that_was_said_about_it(s3: Any, bucket: str) -> None:
    body = b"hello" * 1000
    put = s3.put_object(
        Bucket=bucket,
        Key="a/b.txt",
        Body=body,
        ContentType="text/plain",
        CacheControl="max-age=5",
        ContentDisposition="attachment",
        ContentEncoding="identity",
        ContentLanguage="de",
        Metadata={"Owner": "me"},
        Tagging="team=blue&x=y",
        StorageClass="STANDARD_IA",
    )
    assert put["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
    assert put["ServerSideEncryption"] == "AES256"
    assert put["ChecksumCRC32"] == base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()
    assert "VersionId" not in put
    got = s3.get_object(Bucket=bucket, Key="a/b.txt")
    assert got["Body"].read() == body
    assert got["ContentLength"] == len(body)
    assert (got["ContentType"], got["CacheControl"], got["ContentDisposition"]) == ("text/plain", "max-age=5", "attachment")
    assert (got["ContentEncoding"], got["ContentLanguage"]) == ("identity", "de")
    assert got["Metadata"] == {"owner": "me"}
    assert got["TagCount"] == 2
    assert got["StorageClass"] == "STANDARD_IA"
    assert got["AcceptRanges"] == "bytes"
    assert got["ChecksumCRC32"] == put["ChecksumCRC32"]
    assert got["ChecksumType"] == "FULL_OBJECT"
    head = s3.head_object(Bucket=bucket, Key="a/b.txt")
    assert head["ContentLength"] == len(body)
    assert "ChecksumCRC32" not in head


def test_content_type_is_binary_when_nothing_is_said(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"")
    got = s3.get_object(Bucket=bucket, Key="k")
    assert got["ContentType"] == "binary/octet-stream"
    assert got["Body"].read() == b""


def test_kms_encryption_is_accepted_and_told_again(s3: Any, bucket: str) -> None:
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId="alias/mine")
    assert (put["ServerSideEncryption"], put["SSEKMSKeyId"]) == ("aws:kms", "alias/mine")
    head = s3.head_object(Bucket=bucket, Key="k")
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", "alias/mine")


def test_the_default_encryption_of_the_bucket_counts_for_new_objects(s3: Any, bucket: str) -> None:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "key-1"}}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert s3.put_object(Bucket=bucket, Key="k", Body=b"x")["SSEKMSKeyId"] == "key-1"


KEYS = ["a b+c.txt", "ü/ß", "a//b", "../x", "/leading", "trailing/", "%41", "?&=#", "\U0001f600", "k" * 1024, "a\x01b\x02c"]


@pytest.mark.parametrize("key", KEYS)
def test_any_key_is_put_listed_copied_and_deleted(s3: Any, bucket: str, key: str) -> None:
    s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode()
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [key]
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": key})
    assert s3.get_object(Bucket=bucket, Key="copy")["Body"].read() == key.encode()
    s3.delete_object(Bucket=bucket, Key=key)
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["copy"]


def test_a_key_of_more_than_1024_bytes_is_refused(s3: Any, bucket: str, refused: Any) -> None:
    with refused("KeyTooLongError", 400):
        s3.put_object(Bucket=bucket, Key="ü" * 513, Body=b"")


def test_a_key_with_nul_is_refused(s3: Any, bucket: str, refused: Any) -> None:
    with refused("InvalidURI", 400):
        s3.put_object(Bucket=bucket, Key="a\x00b", Body=b"")


def test_missing_things_are_told_apart(s3: Any, bucket: str, refused: Any) -> None:
    with refused("NoSuchKey", 404) as error:
        s3.get_object(Bucket=bucket, Key="none")
    assert error.response["Error"]["Key"] == "none"
    with refused("NoSuchBucket", 404) as error:
        s3.get_object(Bucket="no-such-bucket", Key="none")
    assert error.response["Error"]["BucketName"] == "no-such-bucket"
    with refused("404", 404):
        s3.head_object(Bucket=bucket, Key="none")
    with refused("InvalidArgument", 400):
        s3.get_object(Bucket=bucket, Key="none", VersionId="?")
    with refused("NoSuchVersion", 404):
        s3.get_object(Bucket=bucket, Key="none", VersionId="A" * 32)


def test_overwriting_replaces_and_frees_the_old_bytes(s3: Any, bucket: str, behind: Any) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"one")
    before = set(behind.blobs.ids())
    s3.put_object(Bucket=bucket, Key="k", Body=b"two")
    after = set(behind.blobs.ids())
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"two"
    assert len(after) == len(before)
    assert len(before - after) == 1
    s3.delete_object(Bucket=bucket, Key="k")
    assert len(set(behind.blobs.ids())) == len(before) - 1


def test_too_much_metadata_is_refused(s3: Any, bucket: str, refused: Any) -> None:
    with refused("MetadataTooLarge", 400):
        s3.put_object(Bucket=bucket, Key="k", Body=b"", Metadata={"a": "b" * 2100})


def test_a_wrong_content_md5_stores_nothing(s3: Any, bucket: str, behind: Any, running: Any, refused: Any) -> None:
    before = set(behind.blobs.ids())
    with refused("BadDigest", 400):
        running.client("s3").put_object(Bucket=bucket, Key="k", Body=b"x", ContentMD5=base64.b64encode(b"0" * 16).decode())
    with refused("InvalidDigest", 400):
        running.client("s3").put_object(Bucket=bucket, Key="k", Body=b"x", ContentMD5="bm90")
    assert set(behind.blobs.ids()) == before
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


@pytest.mark.parametrize(
    ("header", "status", "content_range", "body"),
    [
        ("bytes=0-3", 206, "bytes 0-3/10", b"0123"),
        ("bytes=7-", 206, "bytes 7-9/10", b"789"),
        ("bytes=-2", 206, "bytes 8-9/10", b"89"),
        ("bytes=-99", 206, "bytes 0-9/10", b"0123456789"),
        ("bytes=5-99", 206, "bytes 5-9/10", b"56789"),
        ("bytes=5-2", 200, None, b"0123456789"),
        ("bytes=0-1,3-4", 200, None, b"0123456789"),
        ("lines=0-1", 200, None, b"0123456789"),
        ("bytes=-", 200, None, b"0123456789"),
    ],
)
def test_ranges(s3: Any, bucket: str, header: str, status: int, content_range: str | None, body: bytes) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    got = s3.get_object(Bucket=bucket, Key="k", Range=header)
    assert got["ResponseMetadata"]["HTTPStatusCode"] == status
    assert got.get("ContentRange") == content_range
    assert got["Body"].read() == body
    assert ("ChecksumCRC32" in got) == (len(body) == 10)
    head = s3.head_object(Bucket=bucket, Key="k", Range=header)
    assert (head.get("ContentRange"), head["ContentLength"]) == (content_range, len(body))


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_ranges_that_cannot_be_served(s3: Any, bucket: str, refused: Any, header: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    with refused("InvalidRange", 416) as error:
        s3.get_object(Bucket=bucket, Key="k", Range=header)
    assert error.response["Error"]["ActualObjectSize"] == "10"
    assert error.response["Error"]["RangeRequested"] == header


def test_response_headers_are_overridden_for_signed_requests(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", ContentType="text/plain")
    got = s3.get_object(Bucket=bucket, Key="k", ResponseContentType="image/png", ResponseContentDisposition="inline")
    assert (got["ContentType"], got["ContentDisposition"]) == ("image/png", "inline")


def test_attributes(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"x" * 7)
    wanted = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"]
    got = s3.get_object_attributes(Bucket=bucket, Key="k", ObjectAttributes=wanted)
    assert got["ETag"] == hashlib.md5(b"x" * 7).hexdigest()
    assert (got["ObjectSize"], got["StorageClass"]) == (7, "STANDARD")
    assert got["Checksum"]["ChecksumType"] == "FULL_OBJECT"
    assert "ObjectParts" not in got


def test_what_is_not_served_is_refused_clearly(s3: Any, bucket: str, refused: Any) -> None:
    with refused("NotImplemented", 501):
        s3.put_object(Bucket=bucket, Key="k", Body=b"", SSECustomerAlgorithm="AES256", SSECustomerKey="k" * 32)
    with refused("InvalidRequest", 400):
        s3.put_object(Bucket=bucket, Key="k", Body=b"", ObjectLockLegalHoldStatus="ON")
    with refused("AccessControlListNotSupported", 400):
        s3.put_object(Bucket=bucket, Key="k", Body=b"", ACL="public-read")
    s3.put_object(Bucket=bucket, Key="k", Body=b"", ACL="bucket-owner-full-control")
