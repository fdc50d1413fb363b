from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from stageline.ports.api import ApiError
from stageline.services.s3 import copying


def put(s3: Any, bucket: str, key: str = "k", **more: Any) -> str:
    s3.put_object(Bucket=bucket, Key=key, Body=b"body", ContentType="text/plain", Metadata={"a": "1"}, Tagging="t=1", **more)
    return f"{bucket}/{key}"


def test_a_copy_takes_metadata_and_tags_over(s3: Any, bucket: str) -> None:
    source = put(s3, bucket)
    answer = s3.copy_object(Bucket=bucket, Key="c", CopySource=source, ContentType="ignored/type", Metadata={"b": "2"})
    assert answer["CopyObjectResult"]["ETag"] == '"841a2d689ad86bd1611447453c22c6fc"'
    got = s3.get_object(Bucket=bucket, Key="c")
    assert got["Body"].read() == b"body"
    assert (got["ContentType"], got["Metadata"], got["TagCount"]) == ("text/plain", {"a": "1"}, 1)
    assert got["ChecksumCRC32"] == answer["CopyObjectResult"]["ChecksumCRC32"]


def test_metadata_and_tags_are_replaced_when_asked(s3: Any, bucket: str) -> None:
    source = put(s3, bucket)
    s3.copy_object(
        Bucket=bucket,
        Key="c",
        CopySource="/" + source,
        MetadataDirective="REPLACE",
        ContentType="new/type",
        Metadata={"b": "2"},
        TaggingDirective="REPLACE",
        Tagging="u=2&v=3",
    )
    got = s3.get_object(Bucket=bucket, Key="c")
    assert (got["ContentType"], got["Metadata"], got["TagCount"]) == ("new/type", {"b": "2"}, 2)


def test_a_copy_onto_itself_must_change_something(s3: Any, bucket: str, refused: Any) -> None:
    source = put(s3, bucket)
    with refused("InvalidRequest", 400):
        s3.copy_object(Bucket=bucket, Key="k", CopySource=source)
    s3.copy_object(Bucket=bucket, Key="k", CopySource=source, MetadataDirective="REPLACE", Metadata={"n": "ew"})
    got = s3.get_object(Bucket=bucket, Key="k")
    assert (got["Metadata"], got["Body"].read()) == ({"n": "ew"}, b"body")


def test_versions_are_copied(s3: Any, versioned: str, refused: Any) -> None:
    first = s3.put_object(Bucket=versioned, Key="k", Body=b"1")["VersionId"]
    s3.put_object(Bucket=versioned, Key="k", Body=b"2")
    source = {"Bucket": versioned, "Key": "k", "VersionId": first}
    answer = s3.copy_object(Bucket=versioned, Key="k", CopySource=source)
    assert answer["CopySourceVersionId"] == first
    assert answer["VersionId"] != first
    assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"1"
    marker = s3.delete_object(Bucket=versioned, Key="k")["VersionId"]
    with refused("NoSuchKey", 404):
        s3.copy_object(Bucket=versioned, Key="c", CopySource={"Bucket": versioned, "Key": "k"})
    with refused("InvalidRequest", 400):
        s3.copy_object(Bucket=versioned, Key="c", CopySource={"Bucket": versioned, "Key": "k", "VersionId": marker})


def test_conditions_on_the_source(s3: Any, bucket: str, refused: Any) -> None:
    source = put(s3, bucket)
    etag = s3.head_object(Bucket=bucket, Key="k")["ETag"]
    past, future = datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) + timedelta(days=1)
    for condition in (
        {"CopySourceIfMatch": '"other"'},
        {"CopySourceIfNoneMatch": etag},
        {"CopySourceIfModifiedSince": future},
        {"CopySourceIfUnmodifiedSince": past},
    ):
        with refused("PreconditionFailed", 412):
            s3.copy_object(Bucket=bucket, Key="c", CopySource=source, **condition)
    s3.copy_object(Bucket=bucket, Key="c", CopySource=source, CopySourceIfMatch=etag, CopySourceIfModifiedSince=past)


@pytest.mark.parametrize("text", ["nothing", "/", "b/", "b/k?versionId=", "b/k?x=y", "%ff/%ff", ""])
def test_sources_that_name_nothing_are_refused(text: str) -> None:
    with pytest.raises(ApiError) as caught:
        copying.source(text)
    assert caught.value.code == "InvalidArgument"


def test_sources_are_taken_apart() -> None:
    assert copying.source("/b/a%20b%3Fc/d?versionId=v1") == copying.Source("b", "a b?c/d", "v1")
    assert copying.source("b//x+y") == copying.Source("b", "/x+y", "")


def test_missing_sources(s3: Any, bucket: str, refused: Any) -> None:
    with refused("NoSuchKey", 404):
        s3.copy_object(Bucket=bucket, Key="c", CopySource=f"{bucket}/none")
    with refused("NoSuchBucket", 404):
        s3.copy_object(Bucket=bucket, Key="c", CopySource="no-such-bucket/none")


def test_a_copy_of_parts_is_a_single_object(s3: Any, bucket: str) -> None:
    upload_id = s3.create_multipart_upload(Bucket=bucket, Key="m")["UploadId"]
    part = s3.upload_part(Bucket=bucket, Key="m", UploadId=upload_id, PartNumber=1, Body=b"body")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    s3.complete_multipart_upload(Bucket=bucket, Key="m", UploadId=upload_id, MultipartUpload=parts)
    answer = s3.copy_object(Bucket=bucket, Key="c", CopySource=f"{bucket}/m")
    assert answer["CopyObjectResult"]["ETag"] == '"841a2d689ad86bd1611447453c22c6fc"'
