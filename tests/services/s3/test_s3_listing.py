import contextlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stageline.services.s3 import listing
from stageline.services.s3.model import versions


def fill(s3: Any, bucket: str, *keys: str) -> None:
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())


def everything(s3: Any, bucket: str, **more: Any) -> tuple[list[str], list[str]]:
    """All keys and common prefixes, page by page."""
    keys, prefixes = [], []
    token: dict[str, str] = {}
    while True:
        page = s3.list_objects_v2(Bucket=bucket, **more, **token)
        keys += [item["Key"] for item in page.get("Contents", [])]
        prefixes += [item["Prefix"] for item in page.get("CommonPrefixes", [])]
        assert page["KeyCount"] == len(page.get("Contents", [])) + len(page.get("CommonPrefixes", []))
        if not page["IsTruncated"]:
            return keys, prefixes
        token = {"ContinuationToken": page["NextContinuationToken"]}


KEYS = ["a", "a/b", "a/c/d", "a0", "b/", "b/x", "z", "ä", "\U0001f600/x", "\uffee"]


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_keys_come_in_the_order_of_their_bytes(s3: Any, bucket: str, size: int) -> None:
    fill(s3, bucket, *reversed(KEYS))
    expected = sorted(KEYS, key=lambda key: key.encode())
    assert everything(s3, bucket, MaxKeys=size) == (expected, [])
    keys, prefixes = everything(s3, bucket, MaxKeys=size, Delimiter="/")
    assert keys == ["a", "a0", "z", "ä", "\uffee"]
    assert prefixes == ["a/", "b/", "\U0001f600/"]
    assert everything(s3, bucket, MaxKeys=size, Delimiter="/", Prefix="a/") == (["a/b"], ["a/c/"])


def test_the_parts_of_an_entry(s3: Any, bucket: str) -> None:
    fill(s3, bucket, "k")
    entry = s3.list_objects_v2(Bucket=bucket, FetchOwner=True)["Contents"][0]
    assert (entry["Size"], entry["StorageClass"], entry["ChecksumAlgorithm"]) == (1, "STANDARD", ["CRC32"])
    assert entry["LastModified"].microsecond == 0
    assert len(entry["Owner"]["ID"]) == 64
    assert "Owner" not in s3.list_objects_v2(Bucket=bucket)["Contents"][0]
    assert "Owner" in s3.list_objects(Bucket=bucket)["Contents"][0]


def test_start_after_is_exclusive_and_hides_prefixes_that_are_not_greater(s3: Any, bucket: str) -> None:
    fill(s3, bucket, "a/1", "a/2", "b", "c/1")
    assert everything(s3, bucket, StartAfter="a/1") == (["a/2", "b", "c/1"], [])
    assert everything(s3, bucket, StartAfter="a/1", Delimiter="/") == (["b"], ["c/"])
    assert everything(s3, bucket, StartAfter="zz") == ([], [])
    assert everything(s3, bucket, StartAfter="a", Prefix="c") == (["c/1"], [])
    assert everything(s3, bucket, StartAfter="d", Prefix="c") == ([], [])


def test_no_keys_are_asked_for(s3: Any, bucket: str) -> None:
    fill(s3, bucket, "k")
    page = s3.list_objects_v2(Bucket=bucket, MaxKeys=0)
    assert (page["IsTruncated"], page["KeyCount"]) == (False, 0)


def test_the_first_form_gives_a_marker_only_with_a_delimiter(s3: Any, bucket: str) -> None:
    fill(s3, bucket, "a/1", "a/2", "b", "c")
    page = s3.list_objects(Bucket=bucket, MaxKeys=2)
    assert page["IsTruncated"]
    assert "NextMarker" not in page
    page = s3.list_objects(Bucket=bucket, MaxKeys=1, Delimiter="/")
    assert page["NextMarker"] == "a/"
    page = s3.list_objects(Bucket=bucket, Marker="a/", Delimiter="/")
    assert [item["Key"] for item in page["Contents"]] == ["b", "c"]
    assert "CommonPrefixes" not in page


def test_bad_listings_are_refused(s3: Any, bucket: str, refused: Any) -> None:
    with refused("InvalidArgument", 400):
        s3.list_objects_v2(Bucket=bucket, ContinuationToken="???")
    with refused("InvalidArgument", 400):
        s3.list_objects_v2(Bucket=bucket, MaxKeys=-1)


def test_a_bucket_does_not_show_the_keys_of_its_neighbour(s3: Any) -> None:
    for name in ("near", "near-by", "near.by"):
        s3.create_bucket(Bucket=name)
        fill(s3, name, name)
    for name in ("near", "near-by", "near.by"):
        assert everything(s3, name) == ([name], [])


def test_a_listing_leaps_over_what_a_common_prefix_stands_for(s3: Any, bucket: str, behind: Any) -> None:
    with behind.store.write() as tx:
        doc = {"modified": 0, "etag": "", "size": 0, "storage": "STANDARD", "version": "null"}
        for folder in range(3):
            for number in range(2500):
                key = f"{folder}/{number:05}"
                tx.put("s3.object", f"{bucket}/{key}", {**doc, "key": key})
    scanned = 0

    with behind.store.read() as tx:

        class Counting:
            def scan(self, *args: Any, **named: Any) -> Any:
                nonlocal scanned
                rows = tx.scan(*args, **named)
                scanned += len(rows)
                return rows

        page = listing._gather(Counting(), bucket, {"Delimiter": "/"}, "")  # type: ignore[arg-type]
    assert page.prefixes == ["0/", "1/", "2/"]
    assert scanned < 100
    assert everything(s3, bucket, Prefix="1/")[0] == [f"1/{n:05}" for n in range(2500)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    keys=st.sets(st.text("ab/\x01\x02é\U0010ffff", min_size=1, max_size=5), max_size=12),
    prefix=st.sampled_from(["", "a", "a/", "/", "\x01"]),
    delimiter=st.sampled_from(["", "/", "b/", "a"]),
    after=st.text("ab/", max_size=3),
    size=st.integers(1, 4),
)
def test_listing_agrees_with_a_model(behind: Any, keys: set[str], prefix: str, delimiter: str, after: str, size: int) -> None:
    expected: list[str] = []
    for key in sorted(key for key in keys if key.startswith(prefix) and key > after):
        rolled = listing.common_prefix(key, prefix, delimiter)
        name = rolled or key
        if name > after and name not in expected:
            expected.append(name)
    with contextlib.suppress(_Undo), behind.store.write() as tx:
        check_against(tx, expected, keys, prefix, delimiter, after, size)
        raise _Undo


def check_against(tx: Any, expected: list[str], keys: set[str], prefix: str, delimiter: str, after: str, size: int) -> None:
    doc = {"modified": 0, "etag": "", "size": 0, "storage": "STANDARD", "version": "null", "order": 1}
    for key in keys:
        tx.put(versions.OBJECT, versions.object_key("model", key), {**doc, "key": key})
        tx.put(versions.VERSION, versions.history_key("model", {**doc, "key": key}), {**doc, "key": key})
    found: list[str] = []
    last = after
    while True:
        page = listing._gather(tx, "model", {"Prefix": prefix, "Delimiter": delimiter, "MaxKeys": size}, last)
        found += sorted([doc["key"] for doc in page.items] + page.prefixes)
        if not page.truncated:
            break
        assert page.last > last
        last = page.last
    assert found == expected
    everything = listing._Everything(tx, "model", {"Prefix": prefix}, 2)
    seen = []
    while (row := everything.peek()) is not None:
        seen.append((row[0]["key"], row[1]))
        everything.advance()
    assert seen == [(key, latest) for key in sorted(k for k in keys if k.startswith(prefix)) for latest in (True, False)]


class _Undo(Exception):
    pass
