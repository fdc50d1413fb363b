import base64
import hashlib
import io
import zlib
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig

from stageline.services.s3.model import checksums, content

MEGA = 1024 * 1024
FIRST, SECOND, LAST = b"1" * (5 * MEGA), b"2" * (5 * MEGA), b"3" * 1000


def upload(s3: Any, bucket: str, *parts: bytes, key: str = "k", **more: Any) -> tuple[str, list[dict[str, Any]]]:
    upload_id = s3.create_multipart_upload(Bucket=bucket, Key=key, **more)["UploadId"]
    named = []
    for number, part in enumerate(parts, 1):
        algorithm = more.get("ChecksumAlgorithm", "CRC32")
        answer = s3.upload_part(
            Bucket=bucket, Key=key, UploadId=upload_id, PartNumber=number, Body=part, ChecksumAlgorithm=algorithm
        )
        found = {name: value for name, value in answer.items() if name.startswith("Checksum") and more}
        named.append({"PartNumber": number, "ETag": answer["ETag"], **found})
    return upload_id, named


def complete(s3: Any, bucket: str, upload_id: str, parts: list[dict[str, Any]], key: str = "k", **more: Any) -> Any:
    return s3.complete_multipart_upload(Bucket=bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": parts}, **more)


def test_parts_become_one_object(s3: Any, versioned: str) -> None:
    upload_id, parts = upload(s3, versioned, FIRST, SECOND, LAST, ContentType="text/plain", Metadata={"a": "b"}, Tagging="t=1")
    done = complete(s3, versioned, upload_id, parts)
    digests = b"".join(hashlib.md5(part).digest() for part in (FIRST, SECOND, LAST))
    assert done["ETag"] == f'"{hashlib.md5(digests).hexdigest()}-3"'
    got = s3.get_object(Bucket=versioned, Key="k")
    assert got["Body"].read() == FIRST + SECOND + LAST
    assert (got["ContentType"], got["Metadata"], got["TagCount"]) == ("text/plain", {"a": "b"}, 1)
    assert got["VersionId"] == done["VersionId"]
    assert s3.get_object(Bucket=versioned, Key="k", Range="bytes=5242878-5242881")["Body"].read() == b"1122"
    part = s3.get_object(Bucket=versioned, Key="k", PartNumber=3)
    assert (part["Body"].read(), part["PartsCount"]) == (LAST, 3)
    assert part["ContentRange"] == f"bytes {10 * MEGA}-{10 * MEGA + 999}/{10 * MEGA + 1000}"
    again = complete(s3, versioned, upload_id, parts)
    assert (again["ETag"], again["VersionId"]) == (done["ETag"], done["VersionId"])
    assert len(s3.list_object_versions(Bucket=versioned)["Versions"]) == 1


def test_parts_come_in_any_order_and_are_replaced(s3: Any, bucket: str) -> None:
    upload_id = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    etags = {}
    for number, part in ((7, LAST), (2, b"wrong"), (2, FIRST), (5, b"never used")):
        etags[number] = s3.upload_part(Bucket=bucket, Key="k", UploadId=upload_id, PartNumber=number, Body=part)["ETag"]
    complete(s3, bucket, upload_id, [{"PartNumber": n, "ETag": etags[n].strip('"')} for n in (2, 7)])
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == FIRST + LAST


def test_wrong_completions_are_refused(s3: Any, bucket: str, refused: Any) -> None:
    upload_id, parts = upload(s3, bucket, FIRST, LAST, LAST)
    with refused("InvalidPartOrder", 400):
        complete(s3, bucket, upload_id, [parts[1], parts[0]])
    with refused("InvalidPart", 400):
        complete(s3, bucket, upload_id, [{"PartNumber": 9, "ETag": "x"}])
    with refused("InvalidPart", 400):
        complete(s3, bucket, upload_id, [{**parts[0], "ETag": parts[1]["ETag"]}])
    with refused("EntityTooSmall", 400) as error:
        complete(s3, bucket, upload_id, parts)
    assert error.response["Error"]["PartNumber"] == "2"
    with refused("MalformedXML", 400):
        s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload_id)
    with refused("InvalidRequest", 400):
        complete(s3, bucket, upload_id, parts[:2], MpuObjectSize=1)
    with refused("NoSuchUpload", 404):
        complete(s3, bucket, "nothing", parts[:2])
    with refused("NoSuchUpload", 404):
        complete(s3, bucket, upload_id, parts[:2], key="other")
    complete(s3, bucket, upload_id, parts[:2])


def test_bad_parts_are_refused(s3: Any, bucket: str, refused: Any) -> None:
    upload_id, _ = upload(s3, bucket)
    with refused("InvalidArgument", 400):
        s3.upload_part(Bucket=bucket, Key="k", UploadId=upload_id, PartNumber=10_001, Body=b"")


def test_completing_honours_conditions(s3: Any, bucket: str, refused: Any) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"here")
    upload_id, parts = upload(s3, bucket, LAST)
    with refused("PreconditionFailed", 412):
        complete(s3, bucket, upload_id, parts, IfNoneMatch="*")
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"here"


def test_an_aborted_upload_is_gone_with_its_parts(s3: Any, bucket: str, behind: Any, refused: Any) -> None:
    before = set(behind.blobs.ids())
    upload_id, _ = upload(s3, bucket, FIRST, LAST)
    assert len(set(behind.blobs.ids()) - before) == 2
    s3.abort_multipart_upload(Bucket=bucket, Key="k", UploadId=upload_id)
    assert set(behind.blobs.ids()) == before
    with refused("NoSuchUpload", 404):
        s3.abort_multipart_upload(Bucket=bucket, Key="k", UploadId=upload_id)
    with refused("NoSuchUpload", 404):
        s3.list_parts(Bucket=bucket, Key="k", UploadId=upload_id)


def test_unfinished_uploads_do_not_keep_a_bucket_and_go_with_it(s3: Any, bucket: str, behind: Any) -> None:
    before = set(behind.blobs.ids())
    upload(s3, bucket, LAST)
    s3.delete_bucket(Bucket=bucket)
    assert set(behind.blobs.ids()) == before


def test_the_parts_of_a_replaced_object_are_freed_later(s3: Any, bucket: str, behind: Any) -> None:
    before = set(behind.blobs.ids())
    upload_id, parts = upload(s3, bucket, FIRST, LAST)
    complete(s3, bucket, upload_id, parts)
    reader = s3.get_object(Bucket=bucket, Key="k")["Body"]
    s3.delete_object(Bucket=bucket, Key="k")
    assert reader.read() == FIRST + LAST
    with behind.store.read() as tx:
        task = next(task for task in tx.tasks("s3.discard/") if task.payload["upload"] == upload_id)
    content.discard(task, behind.store, behind.blobs)
    content.discard(task, behind.store, behind.blobs)
    assert set(behind.blobs.ids()) == before
    with behind.store.read() as tx:
        assert not tx.scan("s3.part", upload_id)


def test_parts_are_listed_in_pages(s3: Any, bucket: str) -> None:
    upload_id, parts = upload(s3, bucket, b"1", b"22", b"333")
    page = s3.list_parts(Bucket=bucket, Key="k", UploadId=upload_id, MaxParts=2)
    assert [(p["PartNumber"], p["Size"], p["ETag"]) for p in page["Parts"]] == [
        (1, 1, parts[0]["ETag"]),
        (2, 2, parts[1]["ETag"]),
    ]
    assert (page["IsTruncated"], page["NextPartNumberMarker"]) == (True, 2)
    page = s3.list_parts(Bucket=bucket, Key="k", UploadId=upload_id, PartNumberMarker=2)
    assert ([p["PartNumber"] for p in page["Parts"]], page["IsTruncated"]) == ([3], False)


def test_uploads_are_listed_by_key_then_by_age(s3: Any, bucket: str) -> None:
    ids = {key: [upload(s3, bucket, key=key)[0] for _ in range(2)] for key in ("a/1", "b", "a/2")}
    page = s3.list_multipart_uploads(Bucket=bucket)
    assert [u["Key"] for u in page["Uploads"]] == ["a/1", "a/1", "a/2", "a/2", "b", "b"]
    assert {u["UploadId"] for u in page["Uploads"]} == {each for some in ids.values() for each in some}
    seen, more = [], {}
    while True:
        page = s3.list_multipart_uploads(Bucket=bucket, MaxUploads=1, **more)
        seen += [u["UploadId"] for u in page["Uploads"]]
        if not page["IsTruncated"]:
            break
        more = {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}
    assert len(seen) == len(set(seen)) == 6
    page = s3.list_multipart_uploads(Bucket=bucket, Delimiter="/")
    assert [p["Prefix"] for p in page["CommonPrefixes"]] == ["a/"]
    assert [u["Key"] for u in page["Uploads"]] == ["b", "b"]
    assert [u["Key"] for u in s3.list_multipart_uploads(Bucket=bucket, Prefix="b")["Uploads"]] == ["b", "b"]


def encoded(value: int) -> str:
    return base64.b64encode(value.to_bytes(4, "big")).decode()


def test_a_checksum_of_the_whole_object_is_made_from_those_of_the_parts(s3: Any, bucket: str) -> None:
    upload_id, parts = upload(s3, bucket, FIRST, LAST, ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")
    whole = encoded(zlib.crc32(FIRST + LAST))
    done = complete(s3, bucket, upload_id, parts, ChecksumCRC32=whole, ChecksumType="FULL_OBJECT")
    assert (done["ChecksumCRC32"], done["ChecksumType"]) == (whole, "FULL_OBJECT")
    got = s3.get_object(Bucket=bucket, Key="k")
    assert (got["ChecksumCRC32"], got["Body"].read()) == (whole, FIRST + LAST)


def test_a_composite_checksum_is_one_of_checksums(s3: Any, bucket: str) -> None:
    upload_id, parts = upload(s3, bucket, FIRST, LAST, ChecksumAlgorithm="SHA256")
    digests = b"".join(hashlib.sha256(part).digest() for part in (FIRST, LAST))
    expected = base64.b64encode(hashlib.sha256(digests).digest()).decode() + "-2"
    done = complete(s3, bucket, upload_id, parts)
    assert (done["ChecksumSHA256"], done["ChecksumType"]) == (expected, "COMPOSITE")
    wanted = ["Checksum", "ObjectParts"]
    found = s3.get_object_attributes(Bucket=bucket, Key="k", ObjectAttributes=wanted, MaxParts=1)
    assert found["Checksum"]["ChecksumSHA256"] == expected
    assert (found["ObjectParts"]["TotalPartsCount"], found["ObjectParts"]["IsTruncated"]) == (2, True)
    assert found["ObjectParts"]["Parts"][0]["Size"] == len(FIRST)


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME"])
def test_joined_checksums_equal_the_checksum_of_the_whole(algorithm: str) -> None:
    def of(data: bytes) -> str:
        digest = checksums.start(algorithm)
        digest.update(data)
        return checksums.encoded(digest.digest())

    parts = [b"a" * 1000, b"", b"bc", b"d" * 77_777]
    assert checksums.joined(algorithm, [(of(part), len(part)) for part in parts]) == of(b"".join(parts))


def test_a_wrong_checksum_of_the_whole_is_refused(s3: Any, bucket: str, refused: Any) -> None:
    upload_id, parts = upload(s3, bucket, LAST, ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")
    with refused("BadDigest", 400):
        complete(s3, bucket, upload_id, parts, ChecksumCRC32=encoded(1))
    with refused("InvalidRequest", 400):
        s3.create_multipart_upload(Bucket=bucket, Key="k", ChecksumAlgorithm="SHA1", ChecksumType="FULL_OBJECT")
    with refused("InvalidRequest", 400):
        s3.create_multipart_upload(Bucket=bucket, Key="k", ChecksumAlgorithm="XXHASH64")


def test_the_transfer_manager_uploads_and_downloads(s3: Any, bucket: str) -> None:
    body = bytes(range(256)) * 4 * 9 * 1024
    config = TransferConfig(multipart_threshold=8 * MEGA, max_concurrency=4)
    s3.upload_fileobj(io.BytesIO(body), bucket, "big", Config=config)
    assert s3.head_object(Bucket=bucket, Key="big")["ETag"].endswith('-2"')
    into = io.BytesIO()
    s3.download_fileobj(bucket, "big", into, Config=config)
    assert into.getvalue() == body


def test_parts_are_copied_from_objects(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="source", Body=FIRST + b"tail")
    upload_id = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    named = []
    for number, window in ((1, f"bytes=0-{5 * MEGA - 1}"), (2, f"bytes={5 * MEGA}-{5 * MEGA + 3}")):
        answer = s3.upload_part_copy(
            Bucket=bucket,
            Key="k",
            UploadId=upload_id,
            PartNumber=number,
            CopySource={"Bucket": bucket, "Key": "source"},
            CopySourceRange=window,
        )
        named.append({"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]})
    complete(s3, bucket, upload_id, named)
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == FIRST + b"tail"


@pytest.mark.parametrize("window", ["bytes=0-99", "bytes=5-", "0-1", "bytes=3-2"])
def test_bad_ranges_of_a_source_are_refused(s3: Any, bucket: str, refused: Any, window: str) -> None:
    s3.put_object(Bucket=bucket, Key="source", Body=b"0123456789")
    upload_id, _ = upload(s3, bucket)
    source = {"Bucket": bucket, "Key": "source"}
    with refused("InvalidArgument", 400):
        s3.upload_part_copy(Bucket=bucket, Key="k", UploadId=upload_id, PartNumber=1, CopySource=source, CopySourceRange=window)
