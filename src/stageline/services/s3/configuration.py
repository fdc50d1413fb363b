"""The rest of a bucket's configuration: notifications, encryption, CORS, public access, ownership, ACLs, website settings.

What a server of its own does not have (replication, lifecycle, logging …) answers as a bucket that never had it.
"""

import re
from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, Store
from stageline.services.s3 import buckets, tagging
from stageline.services.s3.model import refusals, versions

_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?(/[!-~]*)?")
_METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD")
_CANNED = ("private", "public-read", "public-read-write", "authenticated-read", "bucket-owner-read", "bucket-owner-full-control")
_ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
_KNOWN_USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
_PUBLIC_ACCESS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def _stored(request: Request, store: Store, name: str, code: str, message: str) -> tuple[Doc, Any]:
    with store.read() as tx:
        bucket = buckets.find(tx, request)
    value = bucket["config"].get(name)
    if value is None:
        raise ApiError(code, message, 404, BucketName=bucket["name"])
    return bucket, value


def put_bucket_notification_configuration(ctx: Context, request: Request, *, store: Store) -> Response:
    """Switch the delivery to EventBridge on or off; there is no other target on this server."""
    asked = request.get("NotificationConfiguration") or {}
    for name in ("TopicConfigurations", "QueueConfigurations", "LambdaFunctionConfigurations"):
        if asked.get(name):
            raise refusals.not_implemented(f"{name} of a bucket (use EventBridgeConfiguration)")
    return buckets.configure(request, "notification", {"eventbridge": "EventBridgeConfiguration" in asked}, store=store)


def get_bucket_notification_configuration(ctx: Context, request: Request, *, store: Store) -> Response:
    """Where events of the bucket go."""
    with store.read() as tx:
        bucket = buckets.find(tx, request)
    return {"EventBridgeConfiguration": {}} if bucket["config"].get("notification", {}).get("eventbridge") else {}


def put_bucket_website(ctx: Context, request: Request, *, store: Store) -> Response:
    """Serve the bucket as a static website."""
    asked = request.get("WebsiteConfiguration") or {}
    redirect, index = asked.get("RedirectAllRequestsTo"), asked.get("IndexDocument")
    if asked.get("RoutingRules"):
        raise refusals.not_implemented("RoutingRules of a website")
    if redirect:
        if set(asked) != {"RedirectAllRequestsTo"}:
            message = "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules."
            raise ApiError("InvalidRequest", message, 400)
        if not _HOST.fullmatch(redirect.get("HostName") or ""):
            raise ApiError("InvalidArgument", "The redirect's HostName is not well formed", 400, ArgumentName="HostName")
        if redirect.get("Protocol") not in (None, "http", "https"):
            raise ApiError(
                "InvalidRequest",
                "Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.",
                400,
            )
    elif not index:
        message = "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty"
        raise ApiError("InvalidArgument", message, 400, ArgumentName="IndexDocument")
    elif not index.get("Suffix") or "/" in index["Suffix"]:
        raise ApiError("InvalidArgument", "The IndexDocument Suffix is not well formed", 400, ArgumentName="IndexDocument")
    return buckets.configure(request, "website", asked, store=store)


def get_bucket_website(ctx: Context, request: Request, *, store: Store) -> Response:
    """The website settings of a bucket."""
    message = "The specified bucket does not have a website configuration"
    return dict(_stored(request, store, "website", "NoSuchWebsiteConfiguration", message)[1])


def delete_bucket_website(ctx: Context, request: Request, *, store: Store) -> Response:
    """Serve no website any more."""
    return buckets.configure(request, "website", None, store=store)


def put_bucket_cors(ctx: Context, request: Request, *, store: Store) -> Response:
    """Say which web pages of other origins may use the bucket."""
    rules = (request.get("CORSConfiguration") or {}).get("CORSRules") or []
    if not rules or len(rules) > 100:
        raise refusals.malformed_xml()
    for rule in rules:
        for method in rule.get("AllowedMethods") or []:
            if method not in _METHODS:
                message = f"Found unsupported HTTP method in CORS config. Unsupported method is {method}"
                raise ApiError("InvalidRequest", message, 400)
        if not rule.get("AllowedMethods") or not rule.get("AllowedOrigins"):
            raise refusals.malformed_xml()
        for origin in rule["AllowedOrigins"]:
            if origin.count("*") > 1:
                raise ApiError("InvalidRequest", f'AllowedOrigin "{origin}" can not have more than one wildcard.', 400)
    return buckets.configure(request, "cors", rules, store=store)


def get_bucket_cors(ctx: Context, request: Request, *, store: Store) -> Response:
    """The CORS rules of a bucket."""
    return {"CORSRules": _stored(request, store, "cors", "NoSuchCORSConfiguration", "The CORS configuration does not exist")[1]}


def delete_bucket_cors(ctx: Context, request: Request, *, store: Store) -> Response:
    """Take the CORS rules away."""
    return buckets.configure(request, "cors", None, store=store)


def put_bucket_encryption(ctx: Context, request: Request, *, store: Store) -> Response:
    """Say how new objects are marked as encrypted unless their request says otherwise."""
    rules = (request.get("ServerSideEncryptionConfiguration") or {}).get("Rules") or []
    if len(rules) != 1:
        raise refusals.malformed_xml()
    default = rules[0].get("ApplyServerSideEncryptionByDefault") or {}
    if default.get("SSEAlgorithm") not in (None, "AES256", "aws:kms", "aws:kms:dsse"):
        raise refusals.malformed_xml()
    if default.get("KMSMasterKeyID") and default.get("SSEAlgorithm") == "AES256":
        message = "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse"
        raise ApiError("InvalidArgument", message, 400, ArgumentName="ApplyServerSideEncryptionByDefault")
    return buckets.configure(request, "encryption", {"Rules": rules}, store=store)


def get_bucket_encryption(ctx: Context, request: Request, *, store: Store) -> Response:
    """The default encryption of a bucket, which is SSE-S3 unless another was set."""
    with store.read() as tx:
        bucket = buckets.find(tx, request)
    standard = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]}
    return {"ServerSideEncryptionConfiguration": bucket["config"].get("encryption", standard)}


def delete_bucket_encryption(ctx: Context, request: Request, *, store: Store) -> Response:
    """Go back to SSE-S3."""
    return buckets.configure(request, "encryption", None, store=store)


def put_public_access_block(ctx: Context, request: Request, *, store: Store) -> Response:
    """Say how far public access is blocked; what is not named is off."""
    asked = request.get("PublicAccessBlockConfiguration") or {}
    return buckets.configure(request, "publicAccessBlock", {n: bool(asked.get(n)) for n in _PUBLIC_ACCESS}, store=store)


def get_public_access_block(ctx: Context, request: Request, *, store: Store) -> Response:
    """How far public access is blocked."""
    message = "The public access block configuration was not found"
    value = _stored(request, store, "publicAccessBlock", "NoSuchPublicAccessBlockConfiguration", message)[1]
    return {"PublicAccessBlockConfiguration": value}


def delete_public_access_block(ctx: Context, request: Request, *, store: Store) -> Response:
    """Block no public access."""
    return buckets.configure(request, "publicAccessBlock", None, store=store)


def put_bucket_ownership_controls(ctx: Context, request: Request, *, store: Store) -> Response:
    """Say who owns new objects; with ``BucketOwnerEnforced`` ACLs are off."""
    rules = (request.get("OwnershipControls") or {}).get("Rules") or []
    if len(rules) != 1 or rules[0].get("ObjectOwnership") not in ("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"):
        raise refusals.malformed_xml()
    return buckets.configure(request, "ownership", rules[0]["ObjectOwnership"], store=store)


def get_bucket_ownership_controls(ctx: Context, request: Request, *, store: Store) -> Response:
    """Who owns new objects."""
    message = "The bucket ownership controls were not found"
    value = _stored(request, store, "ownership", "OwnershipControlsNotFoundError", message)[1]
    return {"OwnershipControls": {"Rules": [{"ObjectOwnership": value}]}}


def delete_bucket_ownership_controls(ctx: Context, request: Request, *, store: Store) -> Response:
    """Fall back to ACLs owned by the writer."""
    return buckets.configure(request, "ownership", None, store=store)


def _acl(request: Request, bucket: Doc) -> str:
    """The canned ACL that a request asks for, checked against the ownership of the bucket."""
    if request.get("AccessControlPolicy") or any(name.startswith("Grant") for name in request):
        if buckets.acls_off(bucket):
            raise refusals.no_acls()
        raise refusals.not_implemented("Granting access to single grantees by ACL (use a canned ACL or a bucket policy)")
    acl = request.get("ACL")
    if acl not in _CANNED:
        raise ApiError("InvalidArgument", f"Unknown canned ACL {acl}", 400, ArgumentName="x-amz-acl", ArgumentValue=acl)
    if buckets.acls_off(bucket) and acl not in ("private", "bucket-owner-full-control"):
        raise refusals.no_acls()
    if acl.startswith("public-") and bucket["config"].get("publicAccessBlock", {}).get("BlockPublicAcls"):
        raise ApiError("AccessDenied", "Access Denied", 403)
    return str(acl)


def _grants(bucket: Doc, acl: str) -> Response:
    owner = buckets.owner(bucket["account"])
    grants: list[dict[str, Any]] = [{"Grantee": {"Type": "CanonicalUser", **owner}, "Permission": "FULL_CONTROL"}]
    if acl in ("public-read", "public-read-write"):
        grants.append({"Grantee": {"Type": "Group", "URI": _ALL_USERS}, "Permission": "READ"})
    if acl == "public-read-write":
        grants.append({"Grantee": {"Type": "Group", "URI": _ALL_USERS}, "Permission": "WRITE"})
    if acl == "authenticated-read":
        grants.append({"Grantee": {"Type": "Group", "URI": _KNOWN_USERS}, "Permission": "READ"})
    return {"Owner": owner, "Grants": grants}


def put_bucket_acl(ctx: Context, request: Request, *, store: Store) -> Response:
    """Set a canned ACL on a bucket."""
    with store.read() as tx:
        acl = _acl(request, buckets.find(tx, request))
    return buckets.configure(request, "acl", acl, store=store)


def get_bucket_acl(ctx: Context, request: Request, *, store: Store) -> Response:
    """The owner of a bucket and what its ACL grants."""
    with store.read() as tx:
        bucket = buckets.find(tx, request)
    return _grants(bucket, bucket["config"].get("acl", "private"))


def put_object_acl(ctx: Context, request: Request, *, store: Store) -> Response:
    """Set a canned ACL on an object or version."""
    with store.write() as tx:
        bucket = buckets.hold(tx, request)
        doc = tagging.version(tx, bucket, request)
        doc["acl"] = _acl(request, bucket)
        versions.rewrite(tx, bucket["name"], doc)
    return {}


def get_object_acl(ctx: Context, request: Request, *, store: Store) -> Response:
    """The owner of an object and what its ACL grants."""
    with store.read() as tx:
        bucket = buckets.find(tx, request)
        return _grants(bucket, tagging.version(tx, bucket, request).get("acl", "private"))


def _bucket_only(request: Request, store: Store) -> Doc:
    with store.read() as tx:
        return buckets.find(tx, request)


def get_bucket_logging(ctx: Context, request: Request, *, store: Store) -> Response:
    """No access logs are written."""
    _bucket_only(request, store)
    return {}


def get_bucket_accelerate_configuration(ctx: Context, request: Request, *, store: Store) -> Response:
    """There is no transfer acceleration."""
    _bucket_only(request, store)
    return {}


def get_bucket_request_payment(ctx: Context, request: Request, *, store: Store) -> Response:
    """The owner pays."""
    _bucket_only(request, store)
    return {"Payer": "BucketOwner"}


def get_bucket_lifecycle_configuration(ctx: Context, request: Request, *, store: Store) -> Response:
    """No bucket has lifecycle rules."""
    return dict(
        _stored(request, store, "lifecycle", "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")[1]
    )


def get_bucket_replication(ctx: Context, request: Request, *, store: Store) -> Response:
    """No bucket is replicated."""
    message = "The replication configuration was not found"
    return dict(_stored(request, store, "replication", "ReplicationConfigurationNotFoundError", message)[1])


def get_object_lock_configuration(ctx: Context, request: Request, *, store: Store) -> Response:
    """No bucket locks its objects."""
    message = "Object Lock configuration does not exist for this bucket"
    return dict(_stored(request, store, "objectLock", "ObjectLockConfigurationNotFoundError", message)[1])
