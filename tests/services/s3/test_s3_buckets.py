import json
from typing import Any

import pytest

from stageline.ports.api import ApiError, Caller, Context
from stageline.services.s3 import buckets


def test_buckets_are_made_listed_and_deleted(s3: Any, refused: Any) -> None:
    assert s3.create_bucket(Bucket="made.here-1")["Location"] == "/made.here-1"
    s3.create_bucket(Bucket="made.here-1")
    assert "made.here-1" in [b["Name"] for b in s3.list_buckets()["Buckets"]]
    assert s3.list_buckets(Prefix="made.")["Buckets"][0]["BucketRegion"] == "us-east-1"
    assert s3.head_bucket(Bucket="made.here-1")["BucketRegion"] == "us-east-1"
    assert s3.get_bucket_location(Bucket="made.here-1")["LocationConstraint"] is None
    s3.put_object(Bucket="made.here-1", Key="k", Body=b"")
    with refused("BucketNotEmpty", 409):
        s3.delete_bucket(Bucket="made.here-1")
    s3.delete_object(Bucket="made.here-1", Key="k")
    s3.delete_bucket(Bucket="made.here-1")
    with refused("404", 404):
        s3.head_bucket(Bucket="made.here-1")


def test_a_bucket_elsewhere(s3: Any, refused: Any) -> None:
    where = {"LocationConstraint": "eu-central-1"}
    s3.create_bucket(Bucket="elsewhere", CreateBucketConfiguration=where)
    assert s3.get_bucket_location(Bucket="elsewhere")["LocationConstraint"] == "eu-central-1"
    with refused("BucketAlreadyOwnedByYou", 409):
        s3.create_bucket(Bucket="elsewhere", CreateBucketConfiguration=where)


@pytest.mark.parametrize("region", ["us-east-1", "moon", "eu-central-1\n"])
def test_bad_locations_are_refused(behind: Any, region: str) -> None:
    ctx = Context(Caller("root", "arn:aws:iam::000000000000:root"), "000000000000", "us-east-1", 0, "r", "http://h")
    where = {"LocationConstraint": region}
    with pytest.raises(ApiError) as caught:
        buckets.create_bucket(ctx, {"Bucket": "nowhere", "CreateBucketConfiguration": where}, store=behind.store)
    assert caught.value.code == "InvalidLocationConstraint"


@pytest.mark.parametrize("name", ["Upper", "two..dots", "192.168.0.1", "xn--a", "end-", "under_score"])
def test_bad_names_are_refused(s3: Any, refused: Any, name: str) -> None:
    with refused("InvalidBucketName", 400):
        s3.create_bucket(Bucket=name)


def test_another_owner_is_refused(s3: Any, bucket: str, refused: Any) -> None:
    with refused("AccessDenied", 403):
        s3.list_objects_v2(Bucket=bucket, ExpectedBucketOwner="111111111111")


CONFIGURATIONS = [
    ("bucket_tagging", {"Tagging": {"TagSet": [{"Key": "a", "Value": "b"}]}}, "NoSuchTagSet"),
    (
        "bucket_cors",
        {"CORSConfiguration": {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]}},
        "NoSuchCORSConfiguration",
    ),
    (
        "bucket_website",
        {"WebsiteConfiguration": {"IndexDocument": {"Suffix": "index.html"}}},
        "NoSuchWebsiteConfiguration",
    ),
]


@pytest.mark.parametrize(("name", "value", "code"), CONFIGURATIONS)
def test_configuration_is_put_read_and_taken_away(
    s3: Any, bucket: str, refused: Any, name: str, value: dict[str, Any], code: str
) -> None:
    with refused(code, 404):
        getattr(s3, f"get_{name}")(Bucket=bucket)
    getattr(s3, f"put_{name}")(Bucket=bucket, **value)
    found = getattr(s3, f"get_{name}")(Bucket=bucket)
    assert next(iter(value.values())).items() <= found.items()
    getattr(s3, f"delete_{name}")(Bucket=bucket)
    with refused(code, 404):
        getattr(s3, f"get_{name}")(Bucket=bucket)


def test_new_buckets_are_private(s3: Any, bucket: str, refused: Any) -> None:
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    s3.delete_public_access_block(Bucket=bucket)
    with refused("NoSuchPublicAccessBlockConfiguration", 404):
        s3.get_public_access_block(Bucket=bucket)
    rules = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    acl = s3.get_bucket_acl(Bucket=bucket)
    assert acl["Grants"][0]["Grantee"]["ID"] == acl["Owner"]["ID"]
    assert acl["Grants"][0]["Permission"] == "FULL_CONTROL"
    with refused("AccessControlListNotSupported", 400):
        s3.put_bucket_acl(Bucket=bucket, ACL="public-read")


def test_encryption_has_a_default(s3: Any, bucket: str) -> None:
    rule = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_only_eventbridge_is_notified(s3: Any, bucket: str, refused: Any) -> None:
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}})
    assert s3.get_bucket_notification_configuration(Bucket=bucket)["EventBridgeConfiguration"] == {}
    queue = {"QueueArn": "arn:aws:sqs:us-east-1:000000000000:q", "Events": ["s3:ObjectCreated:*"]}
    with refused("NotImplemented", 501):
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [queue]})
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    assert "EventBridgeConfiguration" not in s3.get_bucket_notification_configuration(Bucket=bucket)


def test_what_was_never_configured_answers_as_such(s3: Any, bucket: str, refused: Any) -> None:
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "BucketOwner"
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=bucket)
    with refused("NoSuchLifecycleConfiguration", 404):
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    with refused("ReplicationConfigurationNotFoundError", 404):
        s3.get_bucket_replication(Bucket=bucket)
    with refused("ObjectLockConfigurationNotFoundError", 404):
        s3.get_object_lock_configuration(Bucket=bucket)


def test_object_tags(s3: Any, versioned: str, refused: Any) -> None:
    first = s3.put_object(Bucket=versioned, Key="k", Body=b"1", Tagging="a=1")["VersionId"]
    s3.put_object(Bucket=versioned, Key="k", Body=b"2")
    assert s3.get_object_tagging(Bucket=versioned, Key="k")["TagSet"] == []
    assert s3.get_object_tagging(Bucket=versioned, Key="k", VersionId=first)["TagSet"] == [{"Key": "a", "Value": "1"}]
    tags = {"TagSet": [{"Key": "b", "Value": "2"}]}
    s3.put_object_tagging(Bucket=versioned, Key="k", VersionId=first, Tagging=tags)
    assert s3.get_object(Bucket=versioned, Key="k", VersionId=first)["TagCount"] == 1
    s3.delete_object_tagging(Bucket=versioned, Key="k", VersionId=first)
    assert s3.get_object_tagging(Bucket=versioned, Key="k", VersionId=first)["TagSet"] == []
    with refused("InvalidTag", 400):
        s3.put_object_tagging(Bucket=versioned, Key="k", Tagging={"TagSet": [{"Key": "aws:x", "Value": ""}]})
    with refused("BadRequest", 400):
        many = [{"Key": str(n), "Value": ""} for n in range(11)]
        s3.put_object_tagging(Bucket=versioned, Key="k", Tagging={"TagSet": many})


def policy(bucket: str, **more: Any) -> str:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | more]})


def test_policies(s3: Any, bucket: str, refused: Any) -> None:
    with refused("NoSuchBucketPolicy", 404):
        s3.get_bucket_policy(Bucket=bucket)
    for bad in ("x", "{}", policy(bucket, Action="ec2:Run"), policy(bucket, Resource="arn:aws:s3:::other/*")):
        with refused("MalformedPolicy", 400):
            s3.put_bucket_policy(Bucket=bucket, Policy=bad)
    with refused("AccessDenied", 403):
        s3.put_bucket_policy(Bucket=bucket, Policy=policy(bucket))
    bounded = policy(bucket, Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})
    s3.put_bucket_policy(Bucket=bucket, Policy=bounded)
    assert s3.get_bucket_policy(Bucket=bucket)["Policy"] == bounded
    assert s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"] is False
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(bucket))
    assert s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"] is True
    s3.delete_bucket_policy(Bucket=bucket)
