"""What a request asks for, told from its headers, path and query alone: protocol, service, operation.

What is ambiguous is refused, never guessed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, unquote

from botocore.model import OperationModel

from stageline.gateway import specs
from stageline.gateway.http import BytesStream, RawRequest, Route, read_all
from stageline.gateway.protocols import routes
from stageline.gateway.signatures import hoisted
from stageline.ports.api import ApiError

_CBOR_PATH = re.compile(r"/service/([A-Za-z0-9_.]+)/operation/([A-Za-z0-9_]+)")
_TARGET = re.compile(r"([A-Za-z0-9_.]+)\.([A-Za-z0-9_]+)")
_FORM = "application/x-www-form-urlencoded"
_FORM_LIMIT = 4 * 1024 * 1024
_FIELDS = 20_000


@dataclass(frozen=True)
class Hosts:
    """Host names under which S3 buckets are sub-domains."""

    bases: tuple[str, ...] = ("s3.localhost", "localhost")
    amazon: re.Pattern[str] = re.compile(r"(?:(?P<bucket>.+)\.)?s3(?:[.-](?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?")

    def bucket(self, host: str) -> str:
        """The bucket in front of a host name, or the empty string (path style)."""
        name = host.rpartition(":")[0] if re.search(r":\d*$", host) and not host.endswith("]") else host
        name = name.lower().rstrip(".")
        for base in sorted(self.bases, key=len, reverse=True):
            if name == base:
                return ""
            if name.endswith(f".{base}"):
                return name[: -len(base) - 1]
        fit = self.amazon.fullmatch(name)
        return (fit.group("bucket") or "") if fit else ""


def scope(request: RawRequest) -> str:
    """The service named in the signature's scope, unchecked; the empty string when there is none."""
    named = request.header.get("authorization", "").partition("Credential=")[2].partition(",")[0].split("/")
    if len(named) == 5:
        return named[3]
    fit = re.search(r"(?:^|&)X-Amz-Credential=([^&]*)", request.raw_query)
    parts = unquote(fit.group(1)).split("/") if fit else []
    return parts[-2] if len(parts) >= 5 else ""


def _media(request: RawRequest) -> str:
    return request.header.get("content-type", "").partition(";")[0].strip().lower()


def protocol(request: RawRequest, catalog: specs.Catalog) -> str:
    """The protocol that a request speaks; every request speaks one."""
    header = request.header
    if "smithy-protocol" in header:
        return "cbor"
    if "x-amz-target" in header or _media(request).startswith("application/x-amz-json-1."):
        return "json"
    named = scope(request)
    if named in catalog.by_scope:
        family = specs.family(catalog.by_scope[named])
        return family
    if named not in ("", "s3") and request.raw_path == "/":
        return "query"
    if not named and request.raw_path == "/":
        if request.method == "POST" and _media(request) == _FORM:
            return "query"
        if request.method == "GET" and re.search(r"(?:^|&)Action=", request.raw_query):
            return "query"
    return "rest-xml"


def route(spoken: str, request: RawRequest, catalog: specs.Catalog, hosts: Hosts) -> tuple[Route, RawRequest]:
    """The route of a request, and the request, whose body may have been read and replaced; raises ApiError."""
    if len(request.header_values("host")) > 1:
        raise ApiError("InvalidRequest", "The request has more than one Host header.", 400)
    if spoken == "cbor":
        return _cbor(request, catalog), request
    if spoken == "json":
        return _json(request, catalog), request
    if spoken == "query":
        return _query(request, catalog)
    service = catalog.by_scope.get(scope(request), "s3") if spoken == "rest-json" else "s3"
    if service not in catalog.services:
        raise ApiError("NotImplemented", "This server has no S3 interface.", 501)
    return _rest(spoken, service, request, hosts), request


def _operation(service: str, name: str, code: str, status: int = 400) -> OperationModel:
    found = specs.operation(service, name)
    if found is None:
        raise ApiError(code, f"The service {service} has no operation {name[:128]!r}.", status)
    return found


def _served(prefix: str, catalog: specs.Catalog) -> str:
    service = catalog.by_target.get(prefix)
    if service is None:
        known = ", ".join(sorted(catalog.by_target))
        raise ApiError("UnknownOperationException", f"This server has no service {prefix[:128]!r}; it has {known}.", 400)
    return service


def _json(request: RawRequest, catalog: specs.Catalog) -> Route:
    targets = request.header_values("x-amz-target")
    fit = _TARGET.fullmatch(targets[0]) if len(targets) == 1 else None
    if fit is None:
        many = "more than one X-Amz-Target header" if len(targets) > 1 else "no X-Amz-Target header of the form Service.Operation"
        raise ApiError("UnknownOperationException", f"The request has {many}.", 400)
    if request.method != "POST" or request.raw_path != "/" or request.raw_query:
        raise ApiError("UnknownOperationException", "An operation named by X-Amz-Target is asked for by POST to /.", 400)
    media = _media(request) if _media(request) == "application/x-amz-json-1.0" else "application/x-amz-json-1.1"
    service = _served(fit.group(1), catalog)
    return Route("json", service, _operation(service, fit.group(2), "UnknownOperationException"), flavour=media)


def _cbor(request: RawRequest, catalog: specs.Catalog) -> Route:
    if request.header["smithy-protocol"] != "rpc-v2-cbor":
        raise ApiError("UnknownOperationException", "Of the Smithy protocols this server speaks rpc-v2-cbor only.", 400)
    if "x-amz-target" in request.header:
        raise ApiError("UnknownOperationException", "A request has X-Amz-Target or smithy-protocol, not both.", 400)
    fit = _CBOR_PATH.fullmatch(request.raw_path)
    if fit is None or request.method != "POST" or request.raw_query:
        raise ApiError("UnknownOperationException", "rpc-v2-cbor asks by POST to /service/NAME/operation/NAME.", 404)
    if _media(request) not in ("application/cbor", ""):
        raise ApiError("UnsupportedMediaTypeException", "rpc-v2-cbor has bodies of the type application/cbor.", 415)
    service = _served(fit.group(1), catalog)
    return Route("cbor", service, _operation(service, fit.group(2), "UnknownOperationException"))


def pairs(text: str) -> Sequence[tuple[str, str]]:
    """The decoded pairs of a query string or form; raises ValueError when they are not UTF-8 or too many."""
    return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)


def _query(request: RawRequest, catalog: specs.Catalog) -> tuple[Route, RawRequest]:
    if request.raw_path != "/" or request.method not in ("GET", "POST"):
        raise ApiError("InvalidAction", "A query request is a GET or POST to /.", 400)
    text = request.raw_query
    if request.method == "POST" and _media(request) == _FORM:
        try:
            body = read_all(request.body, _FORM_LIMIT)
        except OverflowError:
            raise ApiError("RequestEntityTooLarge", f"A form may have at most {_FORM_LIMIT} bytes.", 413) from None
        request = replace(request, body=BytesStream(body))
        text = "&".join(filter(None, (text, body.decode("latin-1").strip())))
    try:
        fields = [(name, value) for name, value in pairs(text) if not name.startswith("X-Amz-")]
    except ValueError as error:
        raise ApiError("MalformedQueryString", f"The query string is malformed: {error}", 400) from None
    service = _query_service(request, fields, catalog)
    actions = [value for name, value in fields if name == "Action"]
    if not actions:
        raise ApiError("MissingAction", "The request has no Action parameter.", 400)
    if len(actions) > 1:
        raise ApiError("InvalidAction", "The request has more than one Action parameter.", 400)
    found = specs.operation(service, actions[0])
    if found is None:
        version = specs.model(service).api_version
        raise ApiError("InvalidAction", f"Could not find operation {actions[0][:128]} for version {version}", 400)
    return Route("query", service, found, fields=fields), request


def _query_service(request: RawRequest, fields: Sequence[tuple[str, str]], catalog: specs.Catalog) -> str:
    named = scope(request)
    if named:
        service = catalog.by_scope.get(named)
        if service is None or specs.family(service) != specs.QUERY:
            known = ", ".join(sorted(set(catalog.by_version.values())))
            raise ApiError("InvalidAction", f"This server does not serve {named[:64]!r} by query; it serves {known}.", 400)
        return service
    versions = {value for name, value in fields if name == "Version"}
    if len(versions) != 1:
        raise ApiError("InvalidAction", "An unsigned query request needs exactly one Version parameter.", 400)
    service = catalog.by_version.get(versions.pop())
    if service is None:
        raise ApiError("InvalidAction", "This server has no query service of that Version.", 400)
    return service


def _rest(spoken: str, service: str, request: RawRequest, hosts: Hosts) -> Route:
    path = request.raw_path
    if not path.startswith("/"):
        raise ApiError("InvalidURI", "Couldn't parse the specified URI.", 400)
    if service == "s3":
        bucket = hosts.bucket(request.header.get("host", ""))
        path = f"/{bucket}{path}" if bucket else path
        request = hoisted.restored(request)
    try:
        fields = pairs(request.raw_query)
        operation, labels = routes.match(service, request.method, path, fields, request.header)
    except routes.Unroutable as unroutable:
        raise _unroutable(spoken, unroutable) from None
    except ValueError as error:
        raise ApiError("InvalidURI", f"Couldn't parse the specified URI: {error}", 400) from None
    if "/" in labels.get("Bucket", "") and service == "s3":
        raise ApiError("InvalidBucketName", "The specified bucket is not valid.", 400, BucketName=labels["Bucket"])
    return Route(spoken, service, operation, labels, fields)


def _unroutable(spoken: str, error: routes.Unroutable) -> ApiError:
    if spoken == "rest-json":
        return ApiError("UnknownOperationException", f"Unknown operation: {error}.", 404)
    if error.reason == "method":
        return ApiError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405)
    if error.reason == "path":
        return ApiError("InvalidURI", f"Couldn't parse the specified URI: {error}.", 400)
    return ApiError("InvalidArgument", f"The request fits no operation: {error}.", 400)
