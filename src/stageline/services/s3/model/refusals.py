"""Refusals that several operations share."""

from stageline.ports.api import ApiError


def not_implemented(what: str) -> ApiError:
    """S3's word for what this server does not have."""
    return ApiError("NotImplemented", f"{what} is not implemented by this server", 501)


def malformed_xml() -> ApiError:
    """The refusal of a document that lacks something or holds what it must not."""
    message = "The XML you provided was not well-formed or did not validate against our published schema"
    return ApiError("MalformedXML", message, 400)


def no_acls() -> ApiError:
    """The refusal of ACLs where the bucket's owner owns everything."""
    return ApiError("AccessControlListNotSupported", "The bucket does not allow ACLs", 400)


def check_place(*texts: str) -> None:
    """Refuse to list what begins with, or follows, a text that no key can hold."""
    if any("\x00" in text for text in texts):
        raise ApiError("InvalidArgument", "A listing cannot begin with, or go on after, the character U+0000.", 400)
