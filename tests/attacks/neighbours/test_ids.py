"""The ids of another's things in every operation that takes one: alone, and mixed with one's own.

Nothing of the other is shown or changed; and an id that exists elsewhere is answered as one that never existed.
"""

import itertools
import re
import uuid
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from botocore.model import OperationModel

from stageline.testing.generated import least, odd
from stageline.testing.generated.signed import Said, spoken, written

SERVICES = ("codebuild", "codecommit", "codepipeline", "iam", "logs", "s3", "secretsmanager", "ssm")
RANDOM = re.compile(rb"(<RequestId>|<HostId>)[^<]*")
UUID = re.compile("[0-9a-f]{8}-[0-9a-f-]{27}")
MASKS = re.compile("[0-9a-f]{16,40}|[A-Z2-7]{12,}")


def ghost(value: Any) -> Any:
    """An id of the same form that nothing has."""
    if isinstance(value, list):
        return [ghost(each) for each in value]
    if isinstance(value, dict):
        return {key: ghost(each) for key, each in value.items()}
    turned = UUID.sub(lambda found: str(uuid.UUID(int=uuid.UUID(found[0]).int ^ 0xFFFF)), value)
    turned = turned if turned != value else MASKS.sub(lambda found: found[0][:4] + found[0][4:][::-1], value)
    return turned.replace("bravo-home", "ghost-home")


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield value.partition("?versionId=")[0]
    elif isinstance(value, list | dict):
        for each in value if isinstance(value, list) else value.values():
            yield from texts(each)


def plain(said: Said, values: Mapping[str, Any]) -> bytes:
    """An answer without the ids that were sent."""
    body = RANDOM.sub(rb"\1", said.body)
    for text in sorted({*texts(dict(values))}, key=len, reverse=True):
        for form in (text, quote(text, safe=""), quote(text)):
            body = body.replace(form.encode(), b"?")
    return body.replace(b"ghost-home", b"?").replace(b"bravo-home", b"?")


def members(operation: OperationModel, ids: Mapping[str, Any]) -> list[str]:
    """The members of an operation that take an id of which there are two."""
    shape = operation.input_shape
    there = shape.members if shape is not None else {}
    fits = {
        name
        for name, each in ids.items()
        if not isinstance(each, dict) or set(each) <= set(getattr(there.get(name), "members", ()))
    }
    return [name for name in ids if name in there and name in fits]


def asked(operation: OperationModel, street: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """Requests with at least one id of the other: the request, the ids of the other in it, and the same with ids of nothing."""
    service = operation.service_model.service_name
    own, other = street.own.ids[service], street.other.ids[service]
    names = members(operation, own)
    differing = [name for name in names if own[name] != other[name]]
    needed = set(operation.input_shape.required_members) if operation.input_shape else set()
    for chosen in itertools.product(("own", "other", "none"), repeat=len(differing)):
        picked = dict(zip(differing, chosen, strict=True))
        if "other" not in chosen or any(where == "none" and name in needed for name, where in picked.items()):
            continue
        given = {name: own[name] for name in names if name not in differing}
        given |= {name: own[name] for name, where in picked.items() if where == "own"}
        theirs = {name: other[name] for name, where in picked.items() if where == "other"}
        base = {name: value for name, value in least.request(operation).items() if name not in names}
        yield {**base, **given, **theirs}, theirs, {**base, **given, **{name: ghost(value) for name, value in theirs.items()}}


def operations(street: Any, service: str) -> list[OperationModel]:
    found = [each.model for each in street.whole.operations if each.service == service]
    return [each for each in found if members(each, street.other.ids[service])]


LEAST = {"codebuild": 9, "codecommit": 21, "codepipeline": 33, "iam": 30, "logs": 16, "s3": 50, "secretsmanager": 14, "ssm": 12}
AS_IN_AWS = {"s3": b"NoSuchBucket"}
"""Whether a bucket exists anywhere is no secret."""


ARNS = {"codebuild": ("projectName", "names", "id", "ids"), "secretsmanager": ("SecretId",), "ssm": ("Name", "Names")}
BEFORE = {"projectName": "project", "names": "project", "id": "build", "ids": "build", "Name": "parameter", "Names": "parameter"}


def by_arn(home: Any, service: str) -> Any:
    """The same household, whose things are named by their ARNs."""

    def arn(name: str, text: str) -> str:
        return f"arn:aws:{service}:us-east-1:000000000000:{BEFORE[name]}/{text.removeprefix('/')}"

    ids = dict(home.ids[service])
    for name in ARNS[service]:
        if name == "SecretId":
            ids[name] = ids["SecretArn"]
        else:
            ids[name] = [arn(name, each) for each in ids[name]] if isinstance(ids[name], list) else arn(name, ids[name])
    return replace(home, ids={**home.ids, service: ids})


@pytest.mark.parametrize("service", ARNS)
def test_arns_of_another_do_no_more(street: Any, kept: Any, service: str) -> None:
    named = replace(street, own=by_arn(street.own, service), other=by_arn(street.other, service))
    test_ids_of_another_show_nothing_and_do_nothing(named, kept, service)


@pytest.mark.parametrize("service", SERVICES)
def test_ids_of_another_show_nothing_and_do_nothing(street: Any, kept: Any, service: str) -> None:
    before, found = kept(street), operations(street, service)
    assert len(found) >= LEAST[service], len(found)
    told: list[Any] = []
    count = 0
    for operation in found:
        for request, theirs, nothing in asked(operation, street):
            count += 1
            said, unsaid = (
                street.line.say(street.signer.sign(written(operation, spoken(operation)[0], each))) for each in (request, nothing)
            )
            if any(mark in said.body for mark in (street.other.mark.encode(), b64encode(street.other.mark.encode()))):
                told.append(("SHOWN", operation.name, theirs, said))
            if AS_IN_AWS.get(service, b"\0") in unsaid.body or (operation.http["method"] == "HEAD" and unsaid.status == 404):
                continue
            one, two = plain(said, request), plain(unsaid, nothing)
            if (said.status, said.code, one) != (unsaid.status, unsaid.code, two):
                told.append((operation.name, sorted(theirs), (said.status, one[:400]), (unsaid.status, two[:400])))
    assert told == []
    assert kept(street) == before
    assert count >= len(found)


READS = re.compile("Get|List|Describe|Head|BatchGet|Filter")
NOT_THEIRS = {"GetJobDetails", "GetThirdPartyJobDetails", "GetActionType"}
"""Workers' operations, for which AWS knows no resource: a right on one's own things is none to these."""


@pytest.mark.parametrize("service", SERVICES)
def test_ones_own_ids_are_good(street: Any, service: str) -> None:
    """Otherwise the refusals above would mean nothing."""
    shown = 0
    for operation in (each for each in operations(street, service) if READS.match(each.name)):
        own = street.own.ids[service]
        named = set(members(operation, own)) - {"logGroupIdentifier", "beforeCommitSpecifier"}
        if service == "iam" and not named & {"UserName", "AccessKeyId"}:
            continue  # of a group or a role
        request = least.request(operation) | {name: own[name] for name in named}
        said = street.line.say(street.signer.sign(written(operation, spoken(operation)[0], request)))
        assert not said.code.startswith("AccessDenied") or operation.name in NOT_THEIRS, (operation.name, said)
        shown += street.own.mark.encode() in said.body or b64encode(street.own.mark.encode()) in said.body
    assert shown >= (0 if service == "iam" else 1)


@pytest.mark.parametrize("service", SERVICES)
def test_odd_texts_beside_ids_that_are_there(street: Any, service: str) -> None:
    """What reads goes further with a thing that there is; no text makes a defect of it."""
    for operation in (each for each in operations(street, service) if READS.match(each.name)):
        named = set(members(operation, street.own.ids[service])) - {"logGroupIdentifier"}
        base = least.request(operation) | {name: street.own.ids[service][name] for name in named}
        for request in odd.requests(operation, base):
            try:
                said = street.line.say(street.signer.sign(written(operation, spoken(operation)[0], request)))
            except (ValueError, TypeError, AttributeError):
                street.line.close()
                continue  # no client can write that
            assert said.status < 500 or said.code.startswith("NotImplemented"), (operation.name, request, said)
