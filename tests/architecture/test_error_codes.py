"""Services refuse in AWS's words: every code is declared by the service's model or common to all services."""

import ast
from functools import cache
from pathlib import Path

import pytest
from botocore.session import get_session

SERVICES = Path(__file__).parents[2] / "src" / "stageline" / "services"
NAMES = sorted(path.name for path in SERVICES.iterdir() if (path / "__init__.py").exists())

COMMON = {
    *("AccessDenied", "AccessDeniedException", "InternalFailure", "NotImplementedException", "NotImplemented"),
    *("ValidationException", "ValidationError", "ThrottlingException", "InvalidClientTokenId", "ServiceUnavailable"),
}
UNMODELLED = {
    # S3's model declares a dozen of the errors that its reference lists.
    "s3": {
        *(
            "AccessDenied",
            "BadDigest",
            "BucketNotEmpty",
            "EntityTooLarge",
            "EntityTooSmall",
            "IllegalLocationConstraintException",
        ),
        *("IncompleteBody", "InvalidArgument", "InvalidBucketName", "InvalidBucketState", "InvalidDigest", "InvalidPart"),
        *("InvalidPartOrder", "InvalidPolicyDocument", "InvalidRange", "InvalidRequest", "InvalidTag", "InvalidTagError"),
        *("InvalidTargetBucketForLogging", "KeyTooLongError", "MalformedACLError", "MalformedPolicy", "MalformedXML"),
        *("MethodNotAllowed", "MissingContentLength", "MissingRequestBodyError", "NoSuchBucketPolicy", "NoSuchCORSConfiguration"),
        *("NoSuchLifecycleConfiguration", "NoSuchPublicAccessBlockConfiguration", "NoSuchTagSet", "NoSuchVersion"),
        *("NoSuchWebsiteConfiguration", "NotModified", "ObjectLockConfigurationNotFoundError", "OperationAborted"),
        *("OwnershipControlsNotFoundError", "PreconditionFailed", "ReplicationConfigurationNotFoundError"),
        *("ServerSideEncryptionConfigurationNotFoundError", "TooManyBuckets", "XAmzContentSHA256Mismatch", "304", "404", "412"),
        *("ConditionalRequestConflict", "AccessForbidden", "XAmzContentChecksumMismatch", "NoSuchConfiguration"),
        *("AccessControlListNotSupported", "BadRequest", "IllegalVersioningConfigurationException", "InvalidPartNumber"),
        *("InvalidBucketAclWithObjectOwnership", "InvalidEncryptionAlgorithmError", "InvalidLocationConstraint", "InvalidURI"),
        *("InvalidRedirectLocation", "InvalidStorageClass", "MetadataTooLarge"),
    },
    # In the model, but no operation declares it; AWS has no better code for the version of an action type that is taken.
    "codepipeline": {"ActionTypeAlreadyExistsException"},
    "sts": {"InvalidParameterValue"},
}


@cache
def _declared(service: str) -> frozenset[str]:
    model = get_session().get_service_model(service)
    codes: set[str] = set()
    for name in model.operation_names:
        for shape in model.operation_model(name).error_shapes:
            codes |= {shape.name, shape.metadata.get("error", {}).get("code", shape.name)}
    return frozenset(codes)


def _used(service: str) -> dict[str, str]:
    used: dict[str, str] = {}
    for path in sorted((SERVICES / service).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "ApiError" and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    used.setdefault(code.value, f"{path.relative_to(SERVICES)}:{node.lineno}")
    return used


@pytest.mark.parametrize("service", NAMES)
def test_error_codes_are_those_of_the_model(service: str) -> None:
    allowed = _declared(service) | COMMON | UNMODELLED.get(service, set())
    assert {code: where for code, where in _used(service).items() if code not in allowed} == {}
