"""Why a request was not believed, in the code, text and status that the service's clients know.

Four families answer differently: ``json`` services, ``rest-json`` ones, ``query`` ones and S3.
"""

from typing import Any, Literal

from stageline.ports.api import ApiError

Family = Literal["json", "rest-json", "query", "s3"]
Fault = Literal["missing", "incomplete", "unknown", "expired", "mismatch"]

_FAMILIES: dict[str, Family] = {
    "s3": "s3",
    "iam": "query",
    "sts": "query",
    "sns": "query",
    "lambda": "rest-json",
    "codestar-notifications": "rest-json",
}

_CODES: dict[Fault, tuple[str, str, tuple[str, int]]] = {
    "missing": ("MissingAuthenticationTokenException", "MissingAuthenticationToken", ("AccessDenied", 403)),
    "incomplete": ("IncompleteSignatureException", "IncompleteSignature", ("AuthorizationHeaderMalformed", 400)),
    "unknown": ("UnrecognizedClientException", "InvalidClientTokenId", ("InvalidAccessKeyId", 403)),
    "expired": ("ExpiredTokenException", "ExpiredToken", ("ExpiredToken", 400)),
    "mismatch": ("InvalidSignatureException", "SignatureDoesNotMatch", ("SignatureDoesNotMatch", 403)),
}

_TEXTS: dict[Fault, tuple[str, str]] = {
    "missing": ("Missing Authentication Token", "Access Denied"),
    "incomplete": ("The request signature is incomplete.", "The authorization header that you provided is not valid."),
    "unknown": (
        "The security token included in the request is invalid.",
        "The AWS Access Key Id you provided does not exist in our records.",
    ),
    "expired": ("The security token included in the request is expired", "The provided token has expired."),
    "mismatch": (
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
        "and signing method. Consult the service documentation for details.",
        "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    ),
}


def family(service: str) -> Family:
    """How a service (its name in botocore) words its errors."""
    return _FAMILIES.get(service, "json")


def refusal(service: str, fault: Fault, message: str = "", **details: Any) -> ApiError:
    """The error for a fault; ``message`` replaces the usual text, ``details`` go into an S3 error's body only."""
    kind = family(service)
    for_json, for_query, for_s3 = _CODES[fault]
    if kind == "s3":
        return ApiError(for_s3[0], message or _TEXTS[fault][1], for_s3[1], **details)
    if kind == "query":
        text = "Request is missing Authentication Token" if fault == "missing" else _TEXTS[fault][0]
        return ApiError(for_query, message or text, 400 if fault == "incomplete" else 403)
    return ApiError(for_json, message or _TEXTS[fault][0], 403 if kind == "rest-json" else 400)
