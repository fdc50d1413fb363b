from typing import Any

from stageline.ports.api import Caller, Context
from stageline.services.s3 import authorization


def allow(*actions: str, resource: str, **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


def test_everything_is_denied_unless_granted(s3: Any, bucket: str, user: Any, refused: Any) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    nobody = user()
    for call in (nobody.get_object, nobody.delete_object, nobody.get_object_tagging):
        with refused("AccessDenied", 403):
            call(Bucket=bucket, Key="k")
    with refused("AccessDenied", 403):
        nobody.list_objects_v2(Bucket=bucket)
    with refused("AccessDenied", 403):
        nobody.list_buckets()
    with refused("NoSuchBucket", 404):
        nobody.list_objects_v2(Bucket="no-such-bucket")


def test_only_those_who_may_list_learn_that_a_key_is_missing(s3: Any, bucket: str, user: Any, refused: Any) -> None:
    read = allow("s3:GetObject", resource=f"arn:aws:s3:::{bucket}/*")
    with refused("AccessDenied", 403):
        user(read).get_object(Bucket=bucket, Key="none")
    with refused("NoSuchKey", 404):
        user(read, allow("s3:ListBucket", resource=f"arn:aws:s3:::{bucket}")).get_object(Bucket=bucket, Key="none")


def test_a_version_needs_its_own_permission(s3: Any, versioned: str, user: Any, refused: Any) -> None:
    version = s3.put_object(Bucket=versioned, Key="k", Body=b"x")["VersionId"]
    plain = user(allow("s3:GetObject", "s3:DeleteObject", resource=f"arn:aws:s3:::{versioned}/*"))
    plain.get_object(Bucket=versioned, Key="k")
    with refused("AccessDenied", 403):
        plain.get_object(Bucket=versioned, Key="k", VersionId=version)
    with refused("AccessDenied", 403):
        plain.delete_object(Bucket=versioned, Key="k", VersionId=version)
    user(allow("s3:GetObjectVersion", resource="*")).get_object(Bucket=versioned, Key="k", VersionId=version)


def test_lists_are_bound_by_prefix(s3: Any, bucket: str, user: Any, refused: Any) -> None:
    limited = user(allow("s3:ListBucket", resource=f"arn:aws:s3:::{bucket}", StringLike={"s3:prefix": "mine/*"}))
    limited.list_objects_v2(Bucket=bucket, Prefix="mine/")
    with refused("AccessDenied", 403):
        limited.list_objects_v2(Bucket=bucket)


def test_copies_need_the_source_and_its_tags(s3: Any, bucket: str, user: Any, refused: Any) -> None:
    s3.put_object(Bucket=bucket, Key="secret", Body=b"x")
    s3.put_object(Bucket=bucket, Key="tagged", Body=b"x", Tagging="a=b")
    writer = user(allow("s3:PutObject", resource="*"))
    with refused("AccessDenied", 403):
        writer.copy_object(Bucket=bucket, Key="c", CopySource=f"{bucket}/secret")
    reader = user(allow("s3:PutObject", "s3:GetObject", resource="*"))
    reader.copy_object(Bucket=bucket, Key="c", CopySource=f"{bucket}/secret")
    with refused("AccessDenied", 403):
        reader.copy_object(Bucket=bucket, Key="c", CopySource=f"{bucket}/tagged")


def test_tagged_puts_need_the_permission_to_tag(s3: Any, bucket: str, user: Any, running: Any, refused: Any) -> None:
    writer = user(allow("s3:PutObject", resource="*"))
    with refused("AccessDenied", 403):
        writer.put_object(Bucket=bucket, Key="k", Body=b"", Tagging="a=b")


def test_every_operation_has_checks(running: Any, behind: Any, s3: Any, bucket: str) -> None:
    ctx = Context(Caller("user", "arn:aws:iam::000000000000:user/u"), "000000000000", "us-east-1", 0, "r", "http://h")
    asked = {"Bucket": bucket, "Key": "k", "UploadId": "u", "CopySource": f"{bucket}/k", "Delete": {"Objects": []}}
    for operation in running.app.gateway.registry:
        if operation.service == "s3":
            found = authorization.checks(operation.name, ctx, asked, store=behind.store)
            assert found or operation.name == "delete_objects", operation.name
