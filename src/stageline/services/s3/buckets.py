"""Buckets: creating, finding, deleting them, where they are, and whether they keep versions."""

import functools
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.blobs import Blobs
from stageline.ports.store import Doc, ReadTx, Store, WriteTx
from stageline.services.s3.model import content, refusals, versions

BUCKET = "s3.bucket"

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d+")
_PUBLIC_ACCESS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def owner(account: str) -> dict[str, str]:
    """The canonical user of an account, as lists and access control lists name it."""
    return {"ID": hashlib.sha256(f"canonical-user:{account}".encode()).hexdigest()}


def no_such_bucket(name: str) -> ApiError:
    """The refusal for a bucket that does not exist."""
    return ApiError("NoSuchBucket", "The specified bucket does not exist", 404, BucketName=name)


def find(tx: ReadTx, request: Request, name: str | None = None) -> Doc:
    """The bucket that a request names (or ``name``); NoSuchBucket, or AccessDenied when it is not the expected owner's."""
    name = request["Bucket"] if name is None else name
    bucket = tx.get(BUCKET, name)
    if bucket is None:
        raise no_such_bucket(name)
    expected = request.get("ExpectedBucketOwner")
    if expected and expected != bucket["account"]:
        raise ApiError("AccessDenied", "Access Denied", 403)
    return bucket


def hold(tx: WriteTx, request: Request, name: str | None = None) -> Doc:
    """The same for a transaction that changes the bucket or what is in it: no other does so until it ends."""
    tx.lock(f"s3/{request['Bucket'] if name is None else name}")
    return find(tx, request, name)


def effective_policy(ctx: Context, bucket: Doc) -> Mapping[str, Any] | None:
    """The bucket's policy as it counts for the caller: a public one grants nothing to strangers while public access is
    restricted, yet what it denies stays denied."""
    text: str | None = bucket["config"].get("policy")
    restricted = bucket["config"].get("publicAccessBlock", {}).get("RestrictPublicBuckets")
    return None if text is None else _parsed(text, bool(restricted) and ctx.caller.kind == "anonymous")


@functools.lru_cache(maxsize=1024)
def _parsed(text: str, denials_only: bool) -> Mapping[str, Any]:
    """The same object for the same text, so that the authorizer makes it ready once."""
    policy: dict[str, Any] = json.loads(text)
    if denials_only:
        statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
        policy["Statement"] = [one for one in statements if one["Effect"] == "Deny"]
    return policy


def acls_off(bucket: Doc) -> bool:
    """Whether the bucket's owner owns everything in it, which makes ACLs meaningless."""
    return bool(bucket["config"].get("ownership") == "BucketOwnerEnforced")


def _checked_name(name: str) -> str:
    bad_edges = name.startswith(("xn--", "sthree-")) or name.endswith(("-s3alias", "--ol-s3"))
    if not _NAME.fullmatch(name) or ".." in name or _ADDRESS.fullmatch(name) or bad_edges:
        raise ApiError("InvalidBucketName", "The specified bucket is not valid.", 400, BucketName=name)
    return name


def _location(ctx: Context, request: Request) -> str:
    constraint = (request.get("CreateBucketConfiguration") or {}).get("LocationConstraint")
    if not constraint:
        return ctx.region
    if constraint == "EU":
        return "eu-west-1"
    if constraint == "us-east-1" or not _REGION.fullmatch(constraint):
        raise ApiError(
            "InvalidLocationConstraint",
            "The specified location-constraint is not valid",
            400,
            LocationConstraint=constraint,
        )
    return str(constraint)


def create_bucket(ctx: Context, request: Request, *, store: Store) -> Response:
    """Make a bucket of this account; public access is blocked and ACLs are off until somebody says otherwise."""
    name = _checked_name(request["Bucket"])
    region = _location(ctx, request)
    ownership = request.get("ObjectOwnership") or "BucketOwnerEnforced"
    if request.get("ObjectLockEnabledForBucket"):
        raise refusals.not_implemented("S3 Object Lock")
    if request.get("ACL") not in (None, "private") and ownership == "BucketOwnerEnforced":
        raise ApiError(
            "InvalidBucketAclWithObjectOwnership",
            "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
            400,
        )
    bucket: Doc = {
        "name": name,
        "account": ctx.account,
        "region": region,
        "created": ctx.now // 1000 * 1000,
        "versioning": "",
        "config": {
            "ownership": ownership,
            "publicAccessBlock": dict.fromkeys(_PUBLIC_ACCESS, True),
            "acl": request.get("ACL") or "private",
        },
    }
    with store.write() as tx:
        tx.lock(f"s3/{name}")
        if not tx.insert(BUCKET, name, bucket):
            held = find(tx, request)
            if held["account"] != ctx.account:
                raise ApiError(
                    "BucketAlreadyExists",
                    "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
                    "Please select a different name and try again.",
                    409,
                    BucketName=name,
                )
            if not held["region"] == region == "us-east-1":
                raise ApiError(
                    "BucketAlreadyOwnedByYou",
                    "Your previous request to create the named bucket succeeded and you already own it.",
                    409,
                    BucketName=name,
                )
    return {"Location": f"/{name}", "BucketArn": f"arn:aws:s3:::{name}"}


def head_bucket(ctx: Context, request: Request, *, store: Store) -> Response:
    """Whether a bucket exists and where it is."""
    with store.read() as tx:
        bucket = find(tx, request)
    return {"BucketRegion": bucket["region"], "BucketArn": f"arn:aws:s3:::{bucket['name']}", "AccessPointAlias": False}


def get_bucket_location(ctx: Context, request: Request, *, store: Store) -> Response:
    """The Region of a bucket; none stands for us-east-1."""
    with store.read() as tx:
        bucket = find(tx, request)
    return {} if bucket["region"] == "us-east-1" else {"LocationConstraint": bucket["region"]}


def list_buckets(ctx: Context, request: Request, *, store: Store) -> Response:
    """The buckets by name, those of a prefix or Region only if asked."""
    prefix, wanted = request.get("Prefix") or "", request.get("BucketRegion")
    limit = request.get("MaxBuckets") or 10_000
    after = request.get("ContinuationToken") or ""
    refusals.check_place(prefix, after)
    with store.read() as tx:
        rows = [doc for _, doc in tx.scan(BUCKET, prefix, after=after if after >= prefix else "")]
    rows = [doc for doc in rows if not wanted or doc["region"] == wanted]
    shown = rows[:limit]
    answer: Response = {
        "Buckets": [
            {
                "Name": doc["name"],
                "CreationDate": doc["created"],
                "BucketRegion": doc["region"],
                "BucketArn": f"arn:aws:s3:::{doc['name']}",
            }
            for doc in shown
        ],
        "Owner": owner(ctx.account),
    }
    if prefix:
        answer["Prefix"] = prefix
    if len(rows) > len(shown):
        answer["ContinuationToken"] = shown[-1]["name"]
    return answer


def delete_bucket(ctx: Context, request: Request, *, store: Store, blobs: Blobs) -> Response:
    """Remove an empty bucket. Versions and delete markers count as content, unfinished uploads do not and are dropped."""
    name = request["Bucket"]
    with store.write() as tx:
        hold(tx, request)
        if tx.scan(versions.OBJECT, f"{name}/", limit=1) or tx.scan(versions.VERSION, f"{name}/", limit=1):
            raise ApiError("BucketNotEmpty", "The bucket you tried to delete is not empty", 409, BucketName=name)
        left = []
        for key, upload in tx.scan(content.UPLOAD, f"{name}/"):
            for at, part in tx.scan(content.PART, upload["id"] + "/"):
                left.append(part["blob"])
                tx.delete(content.PART, at)
            tx.delete(content.UPLOAD, key)
        tx.delete(BUCKET, name)
    content.drop(blobs, left)
    return {}


def get_bucket_versioning(ctx: Context, request: Request, *, store: Store) -> Response:
    """``Enabled``, ``Suspended``, or nothing when versioning was never switched on."""
    with store.read() as tx:
        bucket = find(tx, request)
    answer = {"Status": bucket["versioning"]} if bucket["versioning"] else {}
    return {**answer, "MFADelete": bucket["config"]["mfaDelete"]} if "mfaDelete" in bucket["config"] else answer


def put_bucket_versioning(ctx: Context, request: Request, *, store: Store) -> Response:
    """Switch versioning on or suspend it; it cannot be undone."""
    wanted = request.get("VersioningConfiguration") or {}
    status = wanted.get("Status")
    if status not in ("Enabled", "Suspended"):
        raise ApiError(
            "IllegalVersioningConfigurationException",
            "The Versioning element must be specified",
            400,
        )
    if wanted.get("MFADelete") == "Enabled":
        raise refusals.not_implemented("MFA delete")
    with store.write() as tx:
        bucket = hold(tx, request)
        bucket["versioning"] = status
        if wanted.get("MFADelete"):
            bucket["config"]["mfaDelete"] = wanted["MFADelete"]
        tx.put(BUCKET, bucket["name"], bucket)
    return {}


def configure(request: Request, name: str, value: Any, *, store: Store) -> Response:
    """Set one part of a bucket's configuration; None takes it away."""
    with store.write() as tx:
        bucket = hold(tx, request)
        if value is None:
            bucket["config"].pop(name, None)
        else:
            bucket["config"][name] = value
        tx.put(BUCKET, bucket["name"], bucket)
    return {}
