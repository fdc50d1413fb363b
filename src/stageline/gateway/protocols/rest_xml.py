"""REST-XML as S3 speaks it: path, query and headers both ways, bodies that are XML, text or a stream of bytes."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from botocore.model import OperationModel, Shape

from stageline.gateway import errors
from stageline.gateway.http import RawRequest, Route
from stageline.gateway.protocols import bindings, xml
from stageline.ports.api import ApiError, Request, Response
from stageline.ports.http import HttpResponse

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"

_ROOTS: Final[Mapping[str, str]] = {
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "DeleteObjects": "DeleteResult",
    "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
    "GetBucketAcl": "AccessControlPolicy",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketLocation": "LocationConstraint",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketNotificationConfiguration": "NotificationConfiguration",
    "GetBucketRequestPayment": "RequestPaymentConfiguration",
    "GetBucketTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetBucketWebsite": "WebsiteConfiguration",
    "GetObjectAcl": "AccessControlPolicy",
    "GetObjectAttributes": "GetObjectAttributesResponse",
    "GetObjectTagging": "Tagging",
    "ListBuckets": "ListAllMyBucketsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "ListObjectVersions": "ListVersionsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
    "ListParts": "ListPartsResult",
}
"""Root elements as S3 writes them; the model does not say."""


def _refuse_parameter(name: str, value: str, what: str) -> ApiError:
    text = f"Provided {name} not an integer or within integer range" if what in ("not an integer", "out of range") else ""
    return ApiError(
        "InvalidArgument", text or f"The value of {name} is {what}", 400, ArgumentName=name, ArgumentValue=value[:1024]
    )


def streams(operation: OperationModel) -> bool:
    """Whether the request body is a stream rather than a document."""
    return bool(operation.has_streaming_input)


def parse(route: Route, request: RawRequest, body: bytes) -> Request:
    """The request's members, but for a streaming body, which the chain puts in."""
    shape = route.operation.input_shape
    if shape is None:
        return {}
    found = bindings.read(shape, route, request, _refuse_parameter)
    _check_digest(request.header.get("content-md5"), body)
    payload = shape.serialization.get("payload")
    if payload is None:
        names = [] if not body else bindings.body_members(shape)
        found |= {k: v for k, v in (_document(shape, body).items() if names else ()) if k in names}
        return found
    member = shape.members[payload]
    if member.type_name == "string":
        found |= {payload: _utf8(body)} if body else {}
    elif member.type_name == "blob":
        found[payload] = body
    elif body.strip():
        found[payload] = _document(member, body)
    return found


def _document(shape: Shape, body: bytes) -> dict[str, Any]:
    try:
        root = xml.decode(body)
        expected = shape.serialization.get("name", shape.name)
        if root.name not in (expected, shape.name):
            raise xml.Malformed(f"the root is {root.name}, {expected} was expected")
        value: dict[str, Any] = xml.read(shape, root)
    except ValueError as error:
        raise ApiError(
            "MalformedXML",
            f"The XML you provided was not well-formed or did not validate against our published schema ({error})",
            400,
        ) from None
    return value


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise ApiError("InvalidRequest", "The body is not text in UTF-8.", 400) from None


def _check_digest(claimed: str | None, body: bytes) -> None:
    if claimed is None or not body:
        return
    try:
        digest = base64.b64decode(claimed, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != 16:
        raise ApiError("InvalidDigest", "The Content-MD5 you specified was invalid.", 400)
    if digest != hashlib.md5(body, usedforsecurity=False).digest():
        raise ApiError("BadDigest", "The Content-MD5 you specified did not match what we received.", 400)


def render(route: Route, response: Response, request_id: str) -> HttpResponse:
    """A result; a streaming member is handed on as it is."""
    operation, shape = route.operation, route.operation.output_shape
    headers = identifiers(request_id)
    if shape is None:
        return HttpResponse(int(operation.http.get("responseCode", 200)), headers)
    status, bound = bindings.write(shape, response)
    headers |= bound
    content = _content(operation, shape, response, headers)
    return HttpResponse(status or int(operation.http.get("responseCode", 200)), headers, content)


def _content(operation: OperationModel, shape: Shape, response: Response, headers: dict[str, str]) -> Any:
    payload = shape.serialization.get("payload")
    if payload is not None:
        member, value = shape.members[payload], response.get(payload)
        if value is None:
            return b""
        if member.type_name == "structure":
            headers.setdefault("Content-Type", "application/xml")
            return _xml(member, value, member.serialization.get("name", payload))
        if member.type_name == "string":
            headers.setdefault("Content-Type", "application/json" if payload == "Policy" else "text/plain")
            return str(value).encode("utf-8")
        headers.setdefault("Content-Type", "binary/octet-stream")
        return value
    if not bindings.body_members(shape):
        return b""
    headers.setdefault("Content-Type", "application/xml")
    name = _ROOTS.get(operation.name, f"{operation.name}Result")
    if operation.name == "GetBucketLocation":
        place = xml.text(str(response.get("LocationConstraint") or ""))
        return f'{_HEAD}<{name} xmlns="{_NAMESPACE}">{place}</{name}>'.encode()
    return _xml(shape, response, name)


def _xml(shape: Shape, value: Mapping[str, Any], name: str) -> bytes:
    out = [f'{_HEAD}<{name} xmlns="{_NAMESPACE}">']
    xml.write_members(out, shape, value)
    out.append(f"</{name}>")
    return "".join(out).encode("utf-8")


def refuse(route: Route | None, request: RawRequest, error: ApiError, request_id: str) -> HttpResponse:
    """An error document without a namespace; none at all for HEAD and for 304."""
    status = errors.status("rest-xml", "s3", error)
    headers = {**identifiers(request_id), **errors.headers(error)}
    if request.method == "HEAD" or status == 304:
        return HttpResponse(status, headers)
    out = [f"{_HEAD}<Error><Code>{xml.text(error.code)}</Code><Message>{xml.text(error.message)}</Message>"]
    details = {"Resource": request.raw_path, **errors.details(error)}
    out.extend(f"<{name}>{xml.text(str(value))}</{name}>" for name, value in details.items())
    out.append(f"<RequestId>{headers['x-amz-request-id']}</RequestId><HostId>{headers['x-amz-id-2']}</HostId></Error>")
    return HttpResponse(status, headers | {"Content-Type": "application/xml"}, "".join(out).encode("utf-8"))


def short_id(request_id: str) -> str:
    """A request id in the form that S3's answers give to it."""
    return request_id.replace("-", "")[:16].upper()


def identifiers(request_id: str) -> dict[str, str]:
    """The two request ids of S3, both made from ours."""
    short = short_id(request_id)
    return {"x-amz-request-id": short, "x-amz-id-2": base64.b64encode(request_id.encode()).decode()}
