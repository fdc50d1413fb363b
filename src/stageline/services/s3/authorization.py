"""What each S3 operation asks of the caller: IAM actions, resource ARNs, condition keys and the bucket's policy.

A bucket that does not exist is told as such before anybody is refused.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from stageline.ports.api import ApiError, Context, Request
from stageline.ports.identity import Check
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.s3 import buckets, copying
from stageline.services.s3.model import description, versions

_BUCKET_ACTIONS = {
    "delete_bucket": "DeleteBucket",
    "head_bucket": "ListBucket",
    "list_objects": "ListBucket",
    "list_objects_v2": "ListBucket",
    "list_object_versions": "ListBucketVersions",
    "list_multipart_uploads": "ListBucketMultipartUploads",
    "get_bucket_location": "GetBucketLocation",
    "get_bucket_versioning": "GetBucketVersioning",
    "put_bucket_versioning": "PutBucketVersioning",
    "get_bucket_policy": "GetBucketPolicy",
    "put_bucket_policy": "PutBucketPolicy",
    "delete_bucket_policy": "DeleteBucketPolicy",
    "get_bucket_policy_status": "GetBucketPolicyStatus",
    "get_bucket_acl": "GetBucketAcl",
    "put_bucket_acl": "PutBucketAcl",
    "get_bucket_tagging": "GetBucketTagging",
    "put_bucket_tagging": "PutBucketTagging",
    "delete_bucket_tagging": "PutBucketTagging",
    "get_bucket_website": "GetBucketWebsite",
    "put_bucket_website": "PutBucketWebsite",
    "delete_bucket_website": "DeleteBucketWebsite",
    "get_bucket_cors": "GetBucketCORS",
    "put_bucket_cors": "PutBucketCORS",
    "delete_bucket_cors": "PutBucketCORS",
    "get_bucket_encryption": "GetEncryptionConfiguration",
    "put_bucket_encryption": "PutEncryptionConfiguration",
    "delete_bucket_encryption": "PutEncryptionConfiguration",
    "get_bucket_notification_configuration": "GetBucketNotification",
    "put_bucket_notification_configuration": "PutBucketNotification",
    "get_public_access_block": "GetBucketPublicAccessBlock",
    "put_public_access_block": "PutBucketPublicAccessBlock",
    "delete_public_access_block": "PutBucketPublicAccessBlock",
    "get_bucket_ownership_controls": "GetBucketOwnershipControls",
    "put_bucket_ownership_controls": "PutBucketOwnershipControls",
    "delete_bucket_ownership_controls": "PutBucketOwnershipControls",
    "get_bucket_logging": "GetBucketLogging",
    "get_bucket_accelerate_configuration": "GetAccelerateConfiguration",
    "get_bucket_request_payment": "GetBucketRequestPayment",
    "get_bucket_lifecycle_configuration": "GetLifecycleConfiguration",
    "get_bucket_replication": "GetReplicationConfiguration",
    "get_object_lock_configuration": "GetBucketObjectLockConfiguration",
}
_OBJECT_ACTIONS = {
    "get_object": "GetObject",
    "head_object": "GetObject",
    "put_object": "PutObject",
    "create_multipart_upload": "PutObject",
    "upload_part": "PutObject",
    "complete_multipart_upload": "PutObject",
    "copy_object": "PutObject",
    "upload_part_copy": "PutObject",
    "delete_object": "DeleteObject",
    "abort_multipart_upload": "AbortMultipartUpload",
    "list_parts": "ListMultipartUploadParts",
    "get_object_acl": "GetObjectAcl",
    "put_object_acl": "PutObjectAcl",
    "get_object_tagging": "GetObjectTagging",
    "put_object_tagging": "PutObjectTagging",
    "delete_object_tagging": "DeleteObjectTagging",
    "get_object_attributes": "GetObject",
}
_POLICY_OPERATIONS = ("get_bucket_policy", "put_bucket_policy", "delete_bucket_policy")
_LIST_KEYS = {"Prefix": "s3:prefix", "Delimiter": "s3:delimiter", "MaxKeys": "s3:max-keys"}
_WRITE_KEYS = {
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "StorageClass": "s3:x-amz-storage-class",
    "ACL": "s3:x-amz-acl",
    "CopySource": "s3:x-amz-copy-source",
    "MetadataDirective": "s3:x-amz-metadata-directive",
    "WebsiteRedirectLocation": "s3:x-amz-website-redirect-location",
    "IfNoneMatch": "s3:if-none-match",
    "IfMatch": "s3:if-match",
}
_NEW_OBJECTS = ("put_object", "create_multipart_upload", "copy_object")
_VERSIONED = ("Get", "Delete", "Put")

Keys = dict[str, str | tuple[str, ...]]


def checks(operation: str, ctx: Context, request: Request, *, store: Store) -> Sequence[Check]:
    """The questions that a request raises; none for DeleteObjects, which asks for each key."""
    if operation == "list_buckets":
        return [Check("s3:ListAllMyBuckets")]
    if operation == "create_bucket":
        return _create_bucket(request)
    with store.read() as tx:
        bucket = buckets.find(tx, request)
        policy = buckets.effective_policy(ctx, bucket)
        if operation in _BUCKET_ACTIONS:
            return [_bucket(operation, ctx, request, policy)]
        if operation == "delete_objects":
            return []
        if operation not in _OBJECT_ACTIONS:
            raise ApiError("AccessDenied", "Access Denied", 403)
        if operation in ("get_object", "head_object") and _public(tx, bucket, request):
            policy = _with_public_read(policy)
        found = _object(operation, request, policy)
        if operation in ("copy_object", "upload_part_copy"):
            origin = copying.source(request["CopySource"])
            held = buckets.find(tx, {}, origin.bucket)
            policy = buckets.effective_policy(ctx, held)
            found += _source(origin, policy, tags=operation == "copy_object" and copying.carries_tags(tx, request, origin))
        return found


def _public(tx: ReadTx, bucket: Doc, request: Request) -> bool:
    """Whether the object's ACL lets everybody read it, where ACLs count."""
    if buckets.acls_off(bucket) or bucket["config"].get("publicAccessBlock", {}).get("IgnorePublicAcls"):
        return False
    doc = None if request.get("VersionId") else versions.current(tx, bucket["name"], request["Key"])
    return doc is not None and doc.get("acl") in ("public-read", "public-read-write")


def _with_public_read(policy: Mapping[str, Any] | None) -> Mapping[str, Any]:
    granted = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    if policy is None:
        return {"Version": "2012-10-17", "Statement": [granted]}
    given = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    return {**policy, "Statement": [*given, granted]}


def _create_bucket(request: Request) -> list[Check]:
    arn = (f"arn:aws:s3:::{request['Bucket']}",)
    keys: Keys = {}
    region = (request.get("CreateBucketConfiguration") or {}).get("LocationConstraint")
    if region:
        keys["s3:locationconstraint"] = region
    actions = ["CreateBucket"]
    if request.get("ACL") or any(name.startswith("Grant") for name in request):
        actions.append("PutBucketAcl")
    if request.get("ObjectOwnership"):
        actions.append("PutBucketOwnershipControls")
    if request.get("ObjectLockEnabledForBucket"):
        actions += ["PutBucketVersioning", "PutBucketObjectLockConfiguration"]
    return [Check(f"s3:{action}", arn, keys) for action in actions]


def _bucket(operation: str, ctx: Context, request: Request, policy: Mapping[str, Any] | None) -> Check:
    keys: Keys = {key: str(request[name]) for name, key in _LIST_KEYS.items() if request.get(name) is not None}
    if operation in _POLICY_OPERATIONS and ctx.caller.kind == "root":
        # Root must be able to take back a policy that locks everybody out.
        policy = None
    return Check(f"s3:{_BUCKET_ACTIONS[operation]}", (f"arn:aws:s3:::{request['Bucket']}",), keys, policy)


def _object(operation: str, request: Request, policy: Mapping[str, Any] | None) -> list[Check]:
    arn = (f"arn:aws:s3:::{request['Bucket']}/{request['Key']}",)
    keys: Keys = {}
    if operation in _NEW_OBJECTS or operation in ("upload_part", "complete_multipart_upload", "put_object_acl"):
        keys |= {key: str(request[name]) for name, key in _WRITE_KEYS.items() if request.get(name) is not None}
    version = request.get("VersionId")
    if version:
        keys["s3:VersionId"] = version
    actions = [_versioned(_OBJECT_ACTIONS[operation], version)]
    if operation == "get_object_attributes":
        actions.append(_versioned("GetObjectAttributes", version))
    if operation in _NEW_OBJECTS:
        if request.get("Tagging"):
            tags = description.header_tags(request["Tagging"])
            keys |= {f"s3:RequestObjectTag/{name}": value for name, value in tags.items()}
            keys["s3:RequestObjectTagKeys"] = tuple(tags)
            actions.append("PutObjectTagging")
        if request.get("ACL") or any(name.startswith("Grant") for name in request):
            actions.append("PutObjectAcl")
    if operation == "put_object_tagging":
        tag_set = (request.get("Tagging") or {}).get("TagSet") or []
        keys |= {f"s3:RequestObjectTag/{tag['Key']}": tag["Value"] for tag in tag_set}
        keys["s3:RequestObjectTagKeys"] = tuple(tag["Key"] for tag in tag_set)
    return [Check(f"s3:{action}", arn, keys, policy) for action in actions]


def _versioned(action: str, version: str | None) -> str:
    """``GetObjectTagging`` becomes ``GetObjectVersionTagging`` for a request that names a version."""
    verb = next((verb for verb in _VERSIONED if action.startswith(f"{verb}Object")), "")
    if not version or not verb or action == "PutObject":
        return action
    return f"{verb}ObjectVersion{action[len(verb) + len('Object') :]}"


def _source(origin: copying.Source, policy: Mapping[str, Any] | None, *, tags: bool) -> list[Check]:
    arn = (f"arn:aws:s3:::{origin.bucket}/{origin.key}",)
    keys: Keys = {"s3:VersionId": origin.version} if origin.version else {}
    actions = ["GetObject", "GetObjectTagging"] if tags else ["GetObject"]
    return [Check(f"s3:{_versioned(action, origin.version)}", arn, keys, policy) for action in actions]
