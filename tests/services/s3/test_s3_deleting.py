from typing import Any


def fill(s3: Any, bucket: str, *keys: str) -> list[str | None]:
    return [s3.put_object(Bucket=bucket, Key=key, Body=key.encode()).get("VersionId") for key in keys]


def test_many_are_deleted_at_once(s3: Any, bucket: str) -> None:
    fill(s3, bucket, "a", "b", "c d+e", "keep")
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": k} for k in ("a", "b", "c d+e", "none")]})
    assert [item["Key"] for item in answer["Deleted"]] == ["a", "b", "c d+e", "none"]
    assert "Errors" not in answer
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["keep"]


def test_quietly_only_errors_are_told(s3: Any, bucket: str) -> None:
    fill(s3, bucket, "a")
    wanted = [{"Key": "a"}, {"Key": "b", "VersionId": "not an id"}]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": wanted, "Quiet": True})
    assert "Deleted" not in answer
    assert [(e["Key"], e["Code"]) for e in answer["Errors"]] == [("b", "InvalidArgument")]


def test_markers_and_versions_are_told_apart(s3: Any, versioned: str) -> None:
    (version,) = fill(s3, versioned, "a")
    made = s3.delete_objects(Bucket=versioned, Delete={"Objects": [{"Key": "a"}]})["Deleted"][0]
    assert made["DeleteMarker"] is True
    marker = made["DeleteMarkerVersionId"]
    wanted = [{"Key": "a", "VersionId": marker}, {"Key": "a", "VersionId": version}]
    gone = s3.delete_objects(Bucket=versioned, Delete={"Objects": wanted})["Deleted"]
    assert gone[0] == {"Key": "a", "VersionId": marker, "DeleteMarker": True, "DeleteMarkerVersionId": marker}
    assert gone[1] == {"Key": "a", "VersionId": version}
    s3.delete_bucket(Bucket=versioned)


def test_nothing_and_too_much_are_refused(s3: Any, bucket: str, refused: Any) -> None:
    with refused("MalformedXML", 400):
        s3.delete_objects(Bucket=bucket, Delete={"Objects": []})
    with refused("MalformedXML", 400):
        s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": str(n)} for n in range(1001)]})


def test_a_thousand_are_deleted_in_one_transaction(s3: Any, bucket: str) -> None:
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": str(n)} for n in range(1000)]})
    assert len(answer["Deleted"]) == 1000


def test_denied_keys_are_errors_of_their_own(s3: Any, bucket: str, user: Any) -> None:
    fill(s3, bucket, "mine/a", "yours/a")
    limited = user({"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": f"arn:aws:s3:::{bucket}/mine/*"})
    answer = limited.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "mine/a"}, {"Key": "yours/a"}]})
    assert [item["Key"] for item in answer["Deleted"]] == ["mine/a"]
    assert [(e["Key"], e["Code"]) for e in answer["Errors"]] == [("yours/a", "AccessDenied")]
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["yours/a"]
