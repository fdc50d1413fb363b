"""Does a parsed request keep the model's rules: required, length, value, pattern, enum? Told as AWS tells it."""

import re
import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any, Final

from botocore.model import OperationModel, Shape

from stageline.ports.api import ApiError

_CODES: Final[Mapping[str, str]] = {
    "codebuild": "InvalidInputException",
    "iam": "ValidationError",
    "logs": "InvalidParameterException",
    "sns": "InvalidParameter",
    "sts": "ValidationError",
}
_OWN_CODES: Final = frozenset({"cloudtrail", "codecommit", "codedeploy"})
"""Services with a pair of errors for nearly every parameter (``RepositoryNameRequiredException``)."""

_SECRETS: Final = frozenset({"WebhookAuthConfigurationSecretToken"})
"""Shapes that hold secrets although the model does not mark them as sensitive."""

_SAID = 1024
_MOST = 1000
"""So many faults are looked for: a body may have millions."""
_LONGEST_MATCHED = 65_536
"""A longer value is not put to a pattern, which may take time that grows faster than the value."""

Fault = tuple[str, Any, str, bool]
"""Path, offending value, constraint, whether the value is secret."""


def check(service: str, operation: OperationModel, request: Mapping[str, Any]) -> None:
    """Raise ApiError in the service's words unless ``request`` keeps the rules of the operation's input."""
    shape = operation.input_shape
    if shape is None:
        return
    if service == "s3":
        _check_s3(shape, request)
        return
    found = list(islice(_structure(shape, request, "", False), _MOST))
    if found:
        raise ApiError(_code(service, operation, found[0]), message(found), 400)


def message(found: list[Fault]) -> str:
    """The faults as one text."""
    parts = [f"{_quoted(fault)} at '{fault[0]}' failed to satisfy constraint: {fault[2]}" for fault in found[:50]]
    count = f"{len(found)}{' or more' if len(found) == _MOST else ''} validation error{'s' if len(found) > 1 else ''}"
    return f"{count} detected: {'; '.join(parts)}"


def _quoted(fault: Fault) -> str:
    _, value, _, secret = fault
    if value is None:
        return "Value null"
    return "Value" if secret else f"Value '{_text(value)}'"


def _text(value: Any) -> str:
    if isinstance(value, list):
        text = f"[{', '.join(_text(item) for item in value[:20])}]"
    elif isinstance(value, dict):
        text = "{" + ", ".join(f"{key}={_text(item)}" for key, item in list(value.items())[:20]) + "}"
    elif isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = str(value)
    return text if len(text) <= _SAID else f"{text[:_SAID]}..."


def _code(service: str, operation: OperationModel, fault: Fault) -> str:
    if service not in _OWN_CODES:
        return _CODES.get(service, "ValidationException")
    declared = {shape.name for shape in operation.error_shapes}
    name = fault[0].split(".")[0]
    title = name[:1].upper() + name[1:]
    wanted = f"{title}RequiredException" if fault[1] in (None, "") else f"Invalid{title}Exception"
    singular = wanted.replace("sRequired", "Required").replace("sException", "Exception")
    plural_names = f"{title}NamesRequiredException"
    return next((code for code in (wanted, singular, plural_names) if code in declared), "ValidationException")


def _step(path: str, name: str) -> str:
    lowered = name[:1].lower() + name[1:]
    return f"{path}.{lowered}" if path else lowered


def _structure(shape: Shape, value: Mapping[str, Any], path: str, secret: bool) -> Iterator[Fault]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield _step(path, name), None, "Member must not be null", False
    members = shape.members
    for name, item in value.items():
        if item is not None:
            yield from faults(members[name], item, _step(path, name), secret)


def faults(shape: Shape, value: Any, path: str, secret: bool = False) -> Iterator[Fault]:
    """What is wrong with a value, one by one."""
    kind = shape.type_name
    if getattr(shape, "is_document_type", False):
        return
    secret = secret or bool(shape.metadata.get("sensitive")) or shape.name in _SECRETS
    if kind == "structure":
        yield from _structure(shape, value, path, secret)
        return
    if kind not in ("boolean", "timestamp"):
        for rule in _rules(shape, value):
            yield path, value, rule, secret
    if kind not in ("list", "map") or len(value) > shape.metadata.get("max", len(value)):
        return  # of what is too long by far, nobody looks at every element
    yield from (_list if kind == "list" else _map)(shape, value, path, secret)


def _list(shape: Shape, value: list[Any], path: str, secret: bool) -> Iterator[Fault]:
    member = shape.member
    simple = member.type_name not in ("structure", "list", "map")
    for at, item in enumerate(value, 1):
        if item is None:
            yield f"{path}.{at}.member", None, "Member must not be null", False
        elif not simple:
            yield from faults(member, item, f"{path}.{at}.member", secret)
    if simple and any(True for item in value if item is not None for _ in _rules(member, item)):
        yield path, value, f"Member must satisfy constraint: [{', '.join(_wording(member))}]", secret


def _map(shape: Shape, value: Mapping[str, Any], path: str, secret: bool) -> Iterator[Fault]:
    if any(True for key in value for _ in _rules(shape.key, key)):
        yield path, value, f"Map keys must satisfy constraint: [{', '.join(_wording(shape.key))}]", secret
    member = shape.value
    simple = member.type_name not in ("structure", "list", "map")
    for key, item in value.items():
        if item is None:
            yield f"{path}.{key}.member", None, "Member must not be null", False
        elif not simple:
            yield from faults(member, item, f"{path}.{key}.member", secret)
    if simple and any(True for item in value.values() if item is not None for _ in _rules(member, item)):
        secret = secret or bool(member.metadata.get("sensitive"))
        yield path, value, f"Map value must satisfy constraint: [{', '.join(_wording(member))}]", secret


def _rules(shape: Shape, value: Any) -> Iterator[str]:
    """The rules that a value itself (not what is in it) breaks."""
    limits = shape.metadata
    if not limits:
        return
    number = shape.type_name in ("integer", "long", "float", "double")
    size = value if number else len(value) if hasattr(value, "__len__") else None
    if size is not None:
        noun = "value" if number else "length"
        if "max" in limits and size > limits["max"]:
            yield f"Member must have {noun} less than or equal to {limits['max']}"
        if "min" in limits and size < limits["min"]:
            yield f"Member must have {noun} greater than or equal to {limits['min']}"
    if shape.type_name == "string":
        if "enum" in limits and value not in limits["enum"]:
            yield f"Member must satisfy enum value set: [{', '.join(limits['enum'])}]"
        if "pattern" in limits and not _matches(limits, value):
            yield f"Member must satisfy regular expression pattern: {limits['pattern']}"


def _matches(limits: Mapping[str, Any], value: str) -> bool:
    """Whether a pattern lets a value pass. A value that is longer than its ``max`` is refused for that alone; one that has no
    ``max`` and is longer than anything that is put to a pattern fits none."""
    if len(value) > limits.get("max", _LONGEST_MATCHED):
        return "max" in limits
    return len(value) > _LONGEST_MATCHED or bool(_pattern(limits["pattern"]).fullmatch(value))


def _wording(shape: Shape) -> list[str]:
    """Every rule of a shape, broken or not, as AWS lists them for elements of lists and maps."""
    limits = shape.metadata
    noun = "value" if shape.type_name in ("integer", "long", "float", "double") else "length"
    words = []
    if "max" in limits:
        words.append(f"Member must have {noun} less than or equal to {limits['max']}")
    if "min" in limits:
        words.append(f"Member must have {noun} greater than or equal to {limits['min']}")
    if "enum" in limits:
        words.append(f"Member must satisfy enum value set: [{', '.join(limits['enum'])}]")
    if "pattern" in limits:
        words.append(f"Member must satisfy regular expression pattern: {limits['pattern']}")
    return words


_NAMED: Final[Mapping[str, str]] = {"L": r"\w", "N": r"\w", "Z": r" \u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"}
"""Java's named classes inside a Python one. Letters and digits are ``\\w``: every pattern that has them allows the underscore."""


_REWRITTEN: Final[Mapping[str, str]] = {
    r"^[ \t]*[^\x00-\x1F:\x7F]+([ \t]+[^\x00-\x1F:\x7F]+)*[ \t]*$": r"(?=\t*[^\x00-\x1F:\x7F])[^\x00-\x08\x0A-\x1F:\x7F]+",
    r"^[ \t]*[\x20-\x7E]+([ \t]+[\x20-\x7E]+)*[ \t]*$": r"(?=\t*[\x20-\x7E])[\t\x20-\x7E]+",
    r"arn:aws(-[\w]+)*:codepipeline:.+:[0-9]{12}:.+": r"arn:aws(-\w+)*:codepipeline:(?=.+\Z).+:[0-9]{12}:.+",
}
"""Patterns that would take exponential (or, on values without a limit, quadratic) time, and the same languages said
in linear time."""


def translated(pattern: str) -> re.Pattern[str]:
    """A pattern of the models, which are Java's, as Python's; raises re.error when it cannot be."""
    text = _REWRITTEN.get(pattern, pattern)
    text = re.sub(r"\\p\{(\w+)\}", lambda fit: _NAMED.get(fit.group(1), fit.group(0)), text)
    text = re.sub(r"(\\[wds])-(?=[^\]])", r"\1\\-", text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return re.compile(text, 0 if text != pattern and r"\p" in pattern else re.ASCII)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    try:
        return translated(pattern)
    except re.error:
        return re.compile(".*", re.DOTALL)


def _check_s3(shape: Shape, request: Mapping[str, Any]) -> None:
    """S3 looks at documents as XML schemas do, and at few parameters."""
    payload = shape.serialization.get("payload")
    for name in shape.required_members:
        if request.get(name) is None and name != payload:
            raise ApiError("InvalidArgument", f"The parameter {name} is missing.", 400, ArgumentName=name)
    for name, value in request.items():
        member = shape.members[name]
        broken = [] if member.type_name == "blob" else list(faults(member, value, name))
        if not broken:
            continue
        path, wrong, rule, _ = broken[0]
        if name == payload:
            raise ApiError(
                "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our published schema"
                f" ({path}: {rule[0].lower()}{rule[1:]})",
                400,
            )
        code = "InvalidStorageClass" if name == "StorageClass" else "KeyTooLongError" if name == "Key" else "InvalidArgument"
        wire = member.serialization.get("name", name)
        raise ApiError(code, f"{wire}: {rule}", 400, ArgumentName=wire, ArgumentValue=_text(wrong))
    if payload in shape.required_members and request.get(payload) is None:
        raise ApiError("MissingRequestBodyError", "Request Body is empty", 400)
