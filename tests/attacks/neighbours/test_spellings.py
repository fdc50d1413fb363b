"""Somebody who may do everything but with what is the other's, and who names that in every way that there is.

A denial is about a thing and not about a spelling of it: names, ARNs, ARNs of elsewhere, with slashes and in other letters.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ParamValidationError

from stageline.testing.generated import least
from stageline.testing.generated.signed import Signer, spoken, written
from stageline.testing.harness import Key

AWS = "us-east-1:000000000000"
OTHER = "bravo-home"
PREFIXES = {
    "codebuild": ("project/", "build/"),
    "codecommit": ("",),
    "codepipeline": ("", "webhook:", "pipeline:", "actiontype:", "actionType:"),
    "iam": ("user/",),
    "logs": ("log-group:",),
    "secretsmanager": ("secret:",),
    "ssm": ("parameter", "parameter/"),
    "s3": ("",),
}
NO_RESOURCE = {"GetJobDetails", "AcknowledgeJob", "PutJobSuccessResult", "PutJobFailureResult", "GetActionType"}
"""AWS knows no resource for these, so a denial of somebody's things is none of them."""


def denial(street: Any) -> dict[str, Any]:
    provider = street.other.ids["codepipeline"]["provider"]
    resources = [
        *(f"arn:aws:codepipeline:{AWS}:{name}" for name in (OTHER, f"{OTHER}/*", f"webhook:{OTHER}")),
        f"arn:aws:codepipeline:{AWS}:actiontype:Custom/Build/{provider}/1",
        f"arn:aws:codebuild:{AWS}:project/{OTHER}",
        f"arn:aws:codecommit:{AWS}:{OTHER}",
        *(f"arn:aws:logs:{AWS}:log-group:{OTHER}{end}" for end in ("", ":*")),
        *(f"arn:aws:s3:::{OTHER}{end}" for end in ("", "/*")),
        f"arn:aws:secretsmanager:{AWS}:secret:{OTHER}-*",
        *(f"arn:aws:ssm:{AWS}:parameter/{OTHER}{end}" for end in ("", "/*")),
        f"arn:aws:iam::000000000000:user/{OTHER}",
    ]
    return {"Effect": "Deny", "Action": "*", "Resource": resources}


def spellings(service: str, text: str) -> Iterator[str]:
    """Ways to write the name or the ARN of a thing."""
    yield from (f"{text}/", f"/{text}", f"./{text}", f"{text}:*", text.swapcase(), f"{text} ", f"{text}\x00", f"{text}.git")
    if service == "s3":
        return  # has names only
    if text.startswith("arn:"):
        yield from (
            text.replace("us-east-1", "eu-west-1"),
            text.replace("us-east-1", ""),
            text.replace("arn:aws:", "arn:aws-cn:"),
        )
        yield from (text.replace("000000000000", "111111111111"), text.replace("000000000000", ""), text[:-1], text[:-7])
        yield text.rpartition(":")[2]
    else:
        for prefix in PREFIXES[service]:
            yield from (f"arn:aws:{service}:{place}:{prefix}{text}" for place in (AWS, "eu-west-1:111111111111"))
        yield f"arn:aws:{service}:::{text}"


def spelled(service: str, value: Any) -> Iterator[Any]:
    if isinstance(value, str):
        yield from spellings(service, value)
    elif isinstance(value, list):
        yield from ([each] for each in spellings(service, value[0]))
    else:
        yield value


@pytest.fixture(scope="module")
def barred(street: Any, new_person: Callable[..., Key]) -> Signer:
    key = new_person(street.whole, "barred-from-bravo", {"Action": "*", "Resource": "*"}, denial(street))
    return replace(street.signer, key=key)


def requests(street: Any, service: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Every operation that takes an id, with all its ids the other's and each spelled in each way."""
    ids = street.other.ids[service]
    for operation in (each.model for each in street.whole.operations if each.service == service):
        there = operation.input_shape.members if operation.input_shape else {}
        names = [name for name in ids if name in there and name != "filter"]
        if not names or operation.name in NO_RESOURCE:
            continue
        base = {**least.request(operation), **{name: ids[name] for name in names}}
        for absent in ("logGroupIdentifier", "logGroupName") if {"logGroupIdentifier", "logGroupName"} <= set(names) else ("",):
            given = {name: value for name, value in base.items() if name != absent}
            yield operation, given
            for name in names:
                if name in given:
                    yield from ((operation, {**given, name: each}) for each in spelled(service, ids[name]))


LEAST = {"codebuild": 100, "codecommit": 300, "codepipeline": 600, "iam": 300, "logs": 250, "s3": 400}
LEAST |= {"secretsmanager": 200, "ssm": 100}


@pytest.mark.parametrize("service", LEAST)
def test_a_denial_is_of_a_thing_however_it_is_spelled(street: Any, kept: Any, barred: Signer, service: str) -> None:
    before, mark = kept(street), street.other.mark.encode()
    count, shown = 0, []
    for operation, request in requests(street, service):
        try:
            sent = written(operation, spoken(operation)[0], request)
        except (ParamValidationError, ValueError):
            continue  # no client can write that
        said = street.line.say(barred.sign(sent))
        count += 1
        assert said.status != 500, (operation.name, request, said)
        if mark in said.body:
            shown.append((operation.name, request))
    assert shown == []
    assert kept(street) == before
    assert count >= LEAST[service]
