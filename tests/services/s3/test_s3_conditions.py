import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

PAST, FUTURE = datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) + timedelta(days=1)


def test_reads_under_conditions(s3: Any, bucket: str, refused: Any) -> None:
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"x")["ETag"]
    for read in (s3.get_object, s3.head_object):
        code = "PreconditionFailed" if read == s3.get_object else "412"
        read(Bucket=bucket, Key="k", IfMatch=etag, IfUnmodifiedSince=PAST)
        read(Bucket=bucket, Key="k", IfMatch=etag.strip('"'))
        read(Bucket=bucket, Key="k", IfNoneMatch='"other"', IfModifiedSince=FUTURE)
        with refused(code, 412):
            read(Bucket=bucket, Key="k", IfMatch='"other"')
        with refused(code, 412):
            read(Bucket=bucket, Key="k", IfUnmodifiedSince=PAST)
        with refused("304", 304) as error:
            read(Bucket=bucket, Key="k", IfNoneMatch=etag)
        assert error.headers["etag"] == etag
        with refused("304", 304):
            read(Bucket=bucket, Key="k", IfNoneMatch=etag, IfModifiedSince=PAST)
        with refused("304", 304):
            read(Bucket=bucket, Key="k", IfModifiedSince=FUTURE)


def test_the_failed_condition_is_named(s3: Any, bucket: str, refused: Any) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    with refused("PreconditionFailed") as error:
        s3.get_object(Bucket=bucket, Key="k", IfMatch='"other"')
    assert error.response["Error"]["Condition"] == "If-Match"


def test_a_put_that_must_not_replace(s3: Any, versioned: str, running: Any, refused: Any) -> None:
    s3.put_object(Bucket=versioned, Key="k", Body=b"1", IfNoneMatch="*")
    with refused("PreconditionFailed", 412) as error:
        running.client("s3").put_object(Bucket=versioned, Key="k", Body=b"2", IfNoneMatch="*")
    assert error.response["Error"]["Condition"] == "If-None-Match"
    s3.delete_object(Bucket=versioned, Key="k")
    s3.put_object(Bucket=versioned, Key="k", Body=b"3", IfNoneMatch="*")
    with refused("NotImplemented", 501):
        running.client("s3").put_object(Bucket=versioned, Key="k", Body=b"2", IfNoneMatch='"etag"')


def test_a_put_that_must_replace_a_certain_object(s3: Any, bucket: str, running: Any, refused: Any) -> None:
    with refused("NoSuchKey", 404):
        running.client("s3").put_object(Bucket=bucket, Key="k", Body=b"1", IfMatch='"x"')
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"1")["ETag"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfMatch=etag)
    with refused("PreconditionFailed", 412):
        running.client("s3").put_object(Bucket=bucket, Key="k", Body=b"3", IfMatch=etag)


def test_a_delete_under_a_condition(s3: Any, bucket: str, refused: Any) -> None:
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"1")["ETag"]
    with refused("PreconditionFailed", 412):
        s3.delete_object(Bucket=bucket, Key="k", IfMatch='"other"')
    s3.delete_object(Bucket=bucket, Key="k", IfMatch=etag)


def test_of_many_that_must_not_replace_one_wins(s3: Any, bucket: str, running: Any) -> None:
    won, lost = [], []

    def put(number: int) -> None:
        try:
            running.client("s3").put_object(Bucket=bucket, Key="k", Body=str(number).encode(), IfNoneMatch="*")
            won.append(number)
        except ClientError as error:
            lost.append(error.response["Error"]["Code"])

    threads = [threading.Thread(target=put, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert set(lost) <= {"PreconditionFailed", "ConditionalRequestConflict"}
    assert len(lost) == 9
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == str(won[0]).encode()
