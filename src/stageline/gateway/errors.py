"""What every protocol needs to know of a refusal: its code on the wire, its HTTP status, its extra members."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from botocore.model import StructureShape

from stageline.gateway import specs
from stageline.ports.api import ApiError

HEADERS: Final = "ResponseHeaders"
"""The detail of an ApiError that adds HTTP headers to the answer (``ETag`` with a 304, ``Allow`` with a 405)."""

_S3_STATUS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("PermanentRedirect",), 301),
    **dict.fromkeys(("NotModified", "304"), 304),
    **dict.fromkeys(("TemporaryRedirect",), 307),
    **dict.fromkeys(
        (
            "AccessDenied",
            "AccountProblem",
            "AllAccessDisabled",
            "InvalidAccessKeyId",
            "InvalidChunkSizeError",
            "InvalidObjectState",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
        ),
        403,
    ),
    **dict.fromkeys(
        (
            "NoSuchBucket",
            "NoSuchBucketPolicy",
            "NoSuchCORSConfiguration",
            "NoSuchConfiguration",
            "NoSuchKey",
            "NoSuchLifecycleConfiguration",
            "NoSuchObjectLockConfiguration",
            "NoSuchPublicAccessBlockConfiguration",
            "NoSuchTagSet",
            "NoSuchUpload",
            "NoSuchVersion",
            "NoSuchWebsiteConfiguration",
            "ObjectLockConfigurationNotFoundError",
            "OwnershipControlsNotFoundError",
            "ReplicationConfigurationNotFoundError",
            "ServerSideEncryptionConfigurationNotFoundError",
        ),
        404,
    ),
    "MethodNotAllowed": 405,
    **dict.fromkeys(
        (
            "BucketAlreadyExists",
            "BucketAlreadyOwnedByYou",
            "BucketNotEmpty",
            "ConditionalRequestConflict",
            "InvalidBucketState",
            "OperationAborted",
            "RestoreAlreadyInProgress",
        ),
        409,
    ),
    "MissingContentLength": 411,
    "PreconditionFailed": 412,
    "InvalidRange": 416,
    "InternalError": 500,
    "NotImplemented": 501,
    "ServiceUnavailable": 503,
    "SlowDown": 503,
}

_QUERY_STATUS: Final = dict.fromkeys(
    (
        "AccessDenied",
        "AuthorizationError",
        "ExpiredToken",
        "InvalidClientTokenId",
        "MissingAuthenticationToken",
        "OptInRequired",
        "SignatureDoesNotMatch",
    ),
    403,
)

_REST_JSON_STATUS: Final = dict.fromkeys(
    (
        "AccessDeniedException",
        "ExpiredTokenException",
        "IncompleteSignatureException",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "UnrecognizedClientException",
    ),
    403,
)

_STATUS_BY_PROTOCOL: Final[Mapping[str, Mapping[str, int]]] = {
    "rest-xml": _S3_STATUS,
    "query": _QUERY_STATUS,
    "rest-json": _REST_JSON_STATUS,
}


@cache
def _shapes(service: str) -> Mapping[str, StructureShape]:
    """Error shapes of a service by shape name and by the code it has on the wire."""
    found: dict[str, StructureShape] = {}
    for shape in specs.model(service).error_shapes:
        found[shape.name] = shape
        found.setdefault(shape.error_code, shape)
    return found


def shape(service: str, code: str) -> StructureShape | None:
    """The model's shape of an error code, or None."""
    return _shapes(service).get(code) if service else None


def status(protocol: str, service: str, error: ApiError) -> int:
    """The HTTP status of a refusal: its own, the model's, the protocol's habit, else 400."""
    if error.status is not None:
        return error.status
    found = shape(service, error.code)
    modelled = found.metadata.get("error", {}).get("httpStatusCode") if found is not None else None
    if modelled:
        return int(modelled)
    return _STATUS_BY_PROTOCOL.get(protocol, {}).get(
        error.code, 500 if found is not None and found.metadata.get("fault") else 400
    )


def wire_code(service: str, error: ApiError) -> str:
    """The code as query and XML answers spell it (``NoSuchEntity`` for the shape ``NoSuchEntityException``)."""
    found = shape(service, error.code)
    return str(found.error_code) if found is not None else error.code


def details(error: ApiError) -> dict[str, Any]:
    """Extra members of the error's body."""
    return {name: value for name, value in error.details.items() if name != HEADERS and value is not None}


def headers(error: ApiError) -> dict[str, str]:
    """Extra HTTP headers of the answer."""
    return dict(error.details.get(HEADERS, {}))


def internal_failure(protocol: str) -> ApiError:
    """What a client learns of a defect of this server: nothing but the fact."""
    code = {"rest-xml": "InternalError", "rest-json": "ServiceException"}.get(protocol, "InternalFailure")
    return ApiError(code, "The request failed because of an internal error. The server's log tells more.", 500)


def storage_full(protocol: str) -> ApiError:
    """The disk under the server has no room left."""
    code = "InsufficientStorage" if protocol == "rest-xml" else "InsufficientStorageException"
    return ApiError(code, "The server's disk is full. Free some space, then try again.", 507)


def too_large(protocol: str, limit: int) -> ApiError:
    """A body beyond what an operation without a streaming member may have."""
    code = {"rest-xml": "MaxMessageLengthExceeded", "query": "RequestEntityTooLarge"}.get(
        protocol, "RequestEntityTooLargeException"
    )
    return ApiError(code, f"The request is too large: its body may have at most {limit} bytes.", 400 if "Max" in code else 413)
