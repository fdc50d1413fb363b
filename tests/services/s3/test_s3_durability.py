import base64
import io
from typing import Any

import pytest

from stageline.ports.api import ApiError
from stageline.services.s3.model import checksums, content

HOUR = 3_600_000


def events(behind: Any, bucket: str) -> list[dict[str, Any]]:
    with behind.store.read() as tx:
        found = [task.payload["event"] for task in tx.tasks("event/")]
    mine = [event for event in found if event["detail"]["bucket"]["name"] == bucket]
    return sorted(mine, key=lambda event: event["detail"]["object"]["sequencer"])


def test_changes_are_announced_with_their_versions(s3: Any, versioned: str, behind: Any) -> None:
    version = s3.put_object(Bucket=versioned, Key="k ü", Body=b"abc")["VersionId"]
    marker = s3.delete_object(Bucket=versioned, Key="k ü")["VersionId"]
    s3.put_bucket_notification_configuration(Bucket=versioned, NotificationConfiguration={"EventBridgeConfiguration": {}})
    s3.copy_object(Bucket=versioned, Key="c", CopySource={"Bucket": versioned, "Key": "k ü", "VersionId": version})
    made, gone, copied = events(behind, versioned)
    assert (made["source"], made["detail-type"]) == ("aws.s3", "Object Created")
    assert made["resources"] == [f"arn:aws:s3:::{versioned}"]
    thing = made["detail"]["object"]
    assert (thing["key"], thing["size"], thing["version-id"]) == ("k ü", 3, version)
    assert thing["etag"] == "900150983cd24fb0d6963f7d28e17f72"
    assert (made["detail"]["reason"], made["stageline:eventbridge"]) == ("PutObject", False)
    assert (gone["detail-type"], gone["detail"]["deletion-type"]) == ("Object Deleted", "Delete Marker Created")
    assert gone["detail"]["object"]["version-id"] == marker
    assert (copied["detail"]["reason"], copied["stageline:eventbridge"]) == ("CopyObject", True)


def test_orphans_are_swept_when_old_or_at_once(s3: Any, bucket: str, behind: Any) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"kept")
    writer = behind.blobs.create()
    writer.write(b"orphan")
    orphan = writer.commit()
    assert content.sweep_orphans(behind.store, behind.blobs, 0) == 0
    assert content.sweep_orphans(behind.store, behind.blobs, HOUR - 1) == 0
    assert orphan in set(behind.blobs.ids())
    assert content.sweep_orphans(behind.store, behind.blobs, HOUR) == 1
    assert orphan not in set(behind.blobs.ids())
    writer = behind.blobs.create()
    writer.write(b"orphan")
    other = writer.commit()
    assert content.sweep_orphans(behind.store, behind.blobs, 0, age=0, keep=[other]) == 0
    assert content.sweep_orphans(behind.store, behind.blobs, 0, age=0) == 1
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"kept"


class Trailing(io.BytesIO):
    """A body whose checksum comes behind it."""

    trailers: dict[str, str]


class Broken(io.BytesIO):
    """A body that turns out bad at its end."""

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        if not data:
            raise ApiError("XAmzContentSHA256Mismatch", "bad", 400)
        return data


@pytest.mark.parametrize("algorithm", checksums.ALGORITHMS)
def test_checksums_are_verified_from_headers_and_trailers(behind: Any, algorithm: str) -> None:
    digest = checksums.start(algorithm)
    digest.update(b"data")
    right = checksums.encoded(digest.digest())
    wrong = base64.b64encode(bytes(len(digest.digest()))).decode()
    body = Trailing(b"data")
    body.trailers = {f"x-amz-checksum-{algorithm.lower()}": right}
    before = set(behind.blobs.ids())
    for kept in (
        content.receive(behind.blobs, body, algorithm=algorithm),
        content.receive(behind.blobs, b"data", algorithm=algorithm, claim=right),
    ):
        assert kept.checksum == {"algorithm": algorithm, "value": right, "type": "FULL_OBJECT"}
        behind.blobs.delete(kept.blob)
    bad = Trailing(b"data")
    bad.trailers = {f"x-amz-checksum-{algorithm.lower()}": wrong}
    for given in ({"body": bad}, {"body": b"data", "claim": wrong}):
        with pytest.raises(ApiError, match=algorithm) as caught:
            content.receive(behind.blobs, algorithm=algorithm, **given)
        assert caught.value.code == "BadDigest"
    assert set(behind.blobs.ids()) == before


@pytest.mark.parametrize(
    ("algorithm", "expected"), [("CRC32", "cbf43926"), ("CRC32C", "e3069283"), ("CRC64NVME", "ae8b14860a799888")]
)
def test_published_check_values(algorithm: str, expected: str) -> None:
    digest = checksums.start(algorithm)
    digest.update(b"123456789")
    assert digest.digest().hex() == expected


@pytest.mark.parametrize("algorithm", ["CRC32C", "CRC64NVME"])
@pytest.mark.parametrize("size", [0, 1, 128, 129, 200, 4096, 70_001, 262_143, 262_144, 262_145, 600_000])
def test_folded_checksums_equal_those_of_a_byte_loop(algorithm: str, size: int) -> None:
    data = bytes(n * 7 % 251 for n in range(size))
    folded, plain = checksums.start(algorithm), checksums.start(algorithm)
    folded.update(data)
    for start in range(0, size, 100):
        plain.update(data[start : start + 100])
    assert folded.digest() == plain.digest()


def test_a_body_that_ends_badly_or_short_leaves_nothing(behind: Any) -> None:
    before = set(behind.blobs.ids())
    for body, length in ((Broken(b"data"), None), (io.BytesIO(b"data"), 5)):
        with pytest.raises(ApiError):
            content.receive(behind.blobs, body, length=length)
    assert set(behind.blobs.ids()) == before
