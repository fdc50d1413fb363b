from typing import Any

import pytest


def history(s3: Any, bucket: str, **more: Any) -> list[tuple[str, str, bool]]:
    """(what, version id, latest) in the order of time, newest first within a key."""
    page = s3.list_object_versions(Bucket=bucket, **more)
    rows = [("version", v) for v in page.get("Versions", [])] + [("marker", m) for m in page.get("DeleteMarkers", [])]
    return [(kind, row["VersionId"], row["IsLatest"]) for kind, row in rows]


def suspend(s3: Any, bucket: str) -> None:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def test_the_state_is_told_from_never_to_enabled_to_suspended(s3: Any, bucket: str, refused: Any) -> None:
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    suspend(s3, bucket)
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Suspended"
    with refused("MalformedXML", 400):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Off"})


def test_enabled_each_put_is_a_version_that_can_be_read(s3: Any, versioned: str) -> None:
    ids = [s3.put_object(Bucket=versioned, Key="k", Body=str(n).encode())["VersionId"] for n in range(4)]
    assert len(set(ids)) == 4
    for number, version in enumerate(ids):
        got = s3.get_object(Bucket=versioned, Key="k", VersionId=version)
        assert (got["Body"].read(), got["VersionId"]) == (str(number).encode(), version)
    assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"3"
    assert history(s3, versioned) == [("version", version, version == ids[3]) for version in reversed(ids)]


def test_what_was_put_before_versioning_is_the_null_version(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"old")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert s3.get_object(Bucket=bucket, Key="k")["VersionId"] == "null"
    new = s3.put_object(Bucket=bucket, Key="k", Body=b"new")["VersionId"]
    assert s3.get_object(Bucket=bucket, Key="k", VersionId="null")["Body"].read() == b"old"
    assert history(s3, bucket) == [("version", new, True), ("version", "null", False)]


def test_enabled_a_delete_puts_a_marker_and_takes_nothing(s3: Any, versioned: str, refused: Any) -> None:
    version = s3.put_object(Bucket=versioned, Key="k", Body=b"x")["VersionId"]
    gone = s3.delete_object(Bucket=versioned, Key="k")
    assert gone["DeleteMarker"] is True
    with refused("NoSuchKey", 404) as error:
        s3.get_object(Bucket=versioned, Key="k")
    assert error.headers["x-amz-delete-marker"] == "true"
    assert error.headers["x-amz-version-id"] == gone["VersionId"]
    with refused("MethodNotAllowed", 405) as error:
        s3.get_object(Bucket=versioned, Key="k", VersionId=gone["VersionId"])
    assert (error.headers["allow"], error.headers["x-amz-delete-marker"]) == ("DELETE", "true")
    with refused("405", 405) as error:
        s3.head_object(Bucket=versioned, Key="k", VersionId=gone["VersionId"])
    assert error.headers["x-amz-delete-marker"] == "true"
    assert s3.get_object(Bucket=versioned, Key="k", VersionId=version)["Body"].read() == b"x"
    assert "Contents" not in s3.list_objects_v2(Bucket=versioned)
    again = s3.delete_object(Bucket=versioned, Key="k")
    assert again["VersionId"] != gone["VersionId"]
    page = s3.list_object_versions(Bucket=versioned)
    assert [m["IsLatest"] for m in page["DeleteMarkers"]] == [True, False]
    assert [v["IsLatest"] for v in page["Versions"]] == [False]


def test_taking_the_marker_away_brings_the_object_back(s3: Any, versioned: str) -> None:
    s3.put_object(Bucket=versioned, Key="k", Body=b"x")
    marker = s3.delete_object(Bucket=versioned, Key="k")["VersionId"]
    taken = s3.delete_object(Bucket=versioned, Key="k", VersionId=marker)
    assert (taken["DeleteMarker"], taken["VersionId"]) == (True, marker)
    assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"x"
    assert len(s3.list_objects_v2(Bucket=versioned)["Contents"]) == 1


def test_deleting_the_newest_version_makes_the_one_before_current(s3: Any, versioned: str, behind: Any) -> None:
    first = s3.put_object(Bucket=versioned, Key="k", Body=b"1")["VersionId"]
    second = s3.put_object(Bucket=versioned, Key="k", Body=b"2")["VersionId"]
    blobs = len(set(behind.blobs.ids()))
    answer = s3.delete_object(Bucket=versioned, Key="k", VersionId=second)
    assert "DeleteMarker" not in answer
    assert answer["VersionId"] == second
    assert len(set(behind.blobs.ids())) == blobs - 1
    assert s3.get_object(Bucket=versioned, Key="k")["VersionId"] == first
    assert history(s3, versioned) == [("version", first, True)]
    s3.delete_object(Bucket=versioned, Key="k", VersionId=first)
    assert history(s3, versioned) == []


def test_suspended_a_put_replaces_the_null_version_only(s3: Any, versioned: str) -> None:
    kept = s3.put_object(Bucket=versioned, Key="k", Body=b"kept")["VersionId"]
    suspend(s3, versioned)
    assert s3.put_object(Bucket=versioned, Key="k", Body=b"n1")["VersionId"] == "null"
    assert s3.put_object(Bucket=versioned, Key="k", Body=b"n2")["VersionId"] == "null"
    assert history(s3, versioned) == [("version", "null", True), ("version", kept, False)]
    assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"n2"


def test_suspended_a_delete_leaves_a_null_marker_in_place_of_the_null_version(s3: Any, versioned: str) -> None:
    kept = s3.put_object(Bucket=versioned, Key="k", Body=b"kept")["VersionId"]
    suspend(s3, versioned)
    s3.put_object(Bucket=versioned, Key="k", Body=b"null")
    gone = s3.delete_object(Bucket=versioned, Key="k")
    assert (gone["DeleteMarker"], gone["VersionId"]) == (True, "null")
    assert sorted(history(s3, versioned)) == [("marker", "null", True), ("version", kept, False)]
    s3.delete_object(Bucket=versioned, Key="k")
    assert sorted(history(s3, versioned)) == [("marker", "null", True), ("version", kept, False)]
    s3.delete_object(Bucket=versioned, Key="k", VersionId="null")
    assert history(s3, versioned) == [("version", kept, True)]


def test_a_null_version_deep_in_the_history_is_replaced_when_suspended(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"first")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    middle = s3.put_object(Bucket=bucket, Key="k", Body=b"middle")["VersionId"]
    suspend(s3, bucket)
    s3.put_object(Bucket=bucket, Key="k", Body=b"last")
    assert history(s3, bucket) == [("version", "null", True), ("version", middle, False)]
    assert s3.get_object(Bucket=bucket, Key="k", VersionId="null")["Body"].read() == b"last"


def test_versions_are_paged_key_by_key_and_within_a_key(s3: Any, versioned: str) -> None:
    for key in ("a", "a\x01", "b", "b/c"):
        for n in range(3):
            s3.put_object(Bucket=versioned, Key=key, Body=str(n).encode())
    s3.delete_object(Bucket=versioned, Key="b")
    whole = s3.list_object_versions(Bucket=versioned)
    assert not whole["IsTruncated"]
    assert len(whole["Versions"]) == 12
    seen, markers, latest = [], [], []
    more: dict[str, Any] = {}
    while True:
        page = s3.list_object_versions(Bucket=versioned, MaxKeys=2, **more)
        seen += [(v["Key"], v["VersionId"]) for v in page.get("Versions", [])]
        latest += [v["IsLatest"] for v in page.get("Versions", [])]
        markers += [(m["Key"], m["IsLatest"]) for m in page.get("DeleteMarkers", [])]
        if not page["IsTruncated"]:
            break
        more = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}
    assert seen == [(v["Key"], v["VersionId"]) for v in whole["Versions"]]
    assert latest == [v["IsLatest"] for v in whole["Versions"]]
    assert [v["Key"] for v in whole["Versions"]] == ["a"] * 3 + ["a\x01"] * 3 + ["b"] * 3 + ["b/c"] * 3
    assert markers == [("b", True)]
    assert latest == [True, False, False, True, False, False, False, False, False, True, False, False]


def test_versions_are_rolled_up_by_delimiter(s3: Any, versioned: str) -> None:
    for key in ("d/1", "d/2", "e", "f/1"):
        s3.put_object(Bucket=versioned, Key=key, Body=b"")
        s3.put_object(Bucket=versioned, Key=key, Body=b"")
    page = s3.list_object_versions(Bucket=versioned, Delimiter="/")
    assert [p["Prefix"] for p in page["CommonPrefixes"]] == ["d/", "f/"]
    assert [v["Key"] for v in page["Versions"]] == ["e", "e"]
    page = s3.list_object_versions(Bucket=versioned, Delimiter="/", MaxKeys=1)
    assert (page["NextKeyMarker"], page["IsTruncated"]) == ("d/", True)
    page = s3.list_object_versions(Bucket=versioned, Delimiter="/", KeyMarker="d/", MaxKeys=9)
    assert [p["Prefix"] for p in page["CommonPrefixes"]] == ["f/"]
    page = s3.list_object_versions(Bucket=versioned, Prefix="d/", KeyMarker="d/1")
    assert [v["Key"] for v in page["Versions"]] == ["d/2", "d/2"]


def test_a_version_marker_needs_a_key_marker(s3: Any, versioned: str, refused: Any) -> None:
    with refused("InvalidArgument", 400):
        s3.list_object_versions(Bucket=versioned, VersionIdMarker="x")


@pytest.mark.parametrize("state", ["", "Enabled", "Suspended"])
def test_deleting_what_is_not_there_is_no_error(s3: Any, bucket: str, state: str) -> None:
    if state:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": state})
    answer = s3.delete_object(Bucket=bucket, Key="none")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert answer.get("DeleteMarker", False) is bool(state)


def test_a_bucket_with_only_a_marker_is_not_empty(s3: Any, versioned: str, refused: Any) -> None:
    marker = s3.delete_object(Bucket=versioned, Key="k")["VersionId"]
    with refused("BucketNotEmpty", 409):
        s3.delete_bucket(Bucket=versioned)
    s3.delete_object(Bucket=versioned, Key="k", VersionId=marker)
    s3.delete_bucket(Bucket=versioned)
    with refused("404", 404):
        s3.head_bucket(Bucket=versioned)
