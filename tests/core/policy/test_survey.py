"""What is read off documents besides verdicts: where statements stand, which keys they ask for, what they grant in."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageline.core.policy.evaluate import Bounds
from stageline.core.policy.positions import Position, statement_positions
from stageline.core.policy.principals import Principal
from stageline.core.policy.statements import compile_policy
from stageline.core.policy.survey import grants_in, of_document
from stageline.core.policy.trace import lacking, matching

TEXTS = st.text(st.sampled_from('ab{}[]",:\\\n\té✓*${'), max_size=8)
STATEMENTS = st.fixed_dictionaries(
    {"Sid": TEXTS, "Effect": st.just("Allow"), "Action": TEXTS, "Resource": st.lists(TEXTS, max_size=3)}
)
WHO = Principal("user", "arn:aws:iam::111122223333:user/ann", "111122223333", "AIDA")


def offset(text: str, at: Position) -> int:
    return sum(len(line) for line in text.splitlines(keepends=True)[: at.line - 1]) + at.column - 1


def layout(document: Any, indent: int | None, *, ascii_only: bool) -> str:
    return json.dumps(document, indent=indent, ensure_ascii=ascii_only)


@settings(max_examples=60, deadline=None)
@given(st.lists(STATEMENTS, min_size=1, max_size=4), st.sampled_from([None, 0, 3]), st.booleans(), st.booleans())
def test_positions_cut_the_statements_out_of_any_layout(
    statements: list[dict[str, Any]], indent: int | None, ascii_only: bool, last: bool
) -> None:
    document = {"Id": '"Statement": [', "Version": "2012-10-17"}
    document = {**document, "Statement": statements} if last else {"Statement": statements, **document}
    text = layout(document, indent, ascii_only=ascii_only)
    found = [json.loads(text[offset(text, start) : offset(text, end)]) for start, end in statement_positions(text)]
    assert found == statements


def test_position_of_a_statement_that_is_no_list() -> None:
    assert statement_positions('\n {"Statement" :\r\n\t{"a":1} }') == [(Position(3, 2), Position(3, 9))]


@pytest.mark.parametrize(
    ("statement", "keys"),
    [
        ({"Resource": "arn:aws:s3:::${aws:username}/${*}"}, ["aws:username"]),
        ({"NotResource": ["${aws:PrincipalTag/Team, 'none'}", "*"]}, ["aws:PrincipalTag/Team"]),
        ({"Condition": {"Bool": {"aws:SecureTransport": True}}}, ["aws:SecureTransport"]),
        ({"Condition": {"StringLike": {"s3:prefix": ["${aws:userid}/*", "home/"]}}}, ["s3:prefix", "aws:userid"]),
        ({"Condition": {"Null": {"AWS:UserName": "true"}}, "Resource": "${aws:username}"}, ["AWS:UserName"]),
        ({"Resource": "*"}, []),
    ],
)
def test_keys_that_a_statement_asks_for(statement: dict[str, Any], keys: list[str]) -> None:
    assert of_document({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", **statement}}) == keys


@pytest.mark.parametrize(
    ("element", "vendor", "grants"),
    [
        ({"Action": "*"}, "s3", True),
        ({"Action": ["sqs:Send*", "S3:GetObject"]}, "s3", True),
        ({"Action": "s3-object-lambda:*"}, "s3", False),
        ({"NotAction": "s3:Get*"}, "s3", True),
        ({"NotAction": ["iam:*", "S3:*"]}, "s3", False),
        ({"NotAction": "*"}, "s3", False),
    ],
)
def test_services_in_which_a_policy_grants(element: dict[str, Any], vendor: str, grants: bool) -> None:
    allow = {"Effect": "Allow", "Resource": "*", **element}
    assert grants_in({"Statement": allow}, vendor) is grants
    assert not grants_in({"Statement": {**allow, "Effect": "Deny"}}, vendor)


def test_every_matching_statement_is_found_with_its_place() -> None:
    one = compile_policy({"Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}] * 2})
    other = compile_policy({"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]})
    asked: dict[str, Any] = {"who": WHO, "action": "SQS:SendMessage", "resource": "*", "keys": {}}
    allows = matching((other, one), allow=True, **asked)
    assert [(place, statement.index) for place, statement in allows] == [(1, 0), (1, 1)]
    assert [place for place, _ in matching((one, other), allow=False, **asked)] == [1]


def test_kinds_of_policies_that_allow_nothing() -> None:
    sqs = compile_policy({"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}})
    bounds = Bounds((sqs,), sqs, (sqs,))
    assert lacking(WHO, "sqs:SendMessage", "*", {}, bounds, None) == ()
    assert lacking(WHO, "s3:GetObject", "*", {}, bounds, None) == ("identity", "boundary", "session")
    assert lacking(Principal("service", "x", service="x"), "s3:GetObject", "*", {}, Bounds(), None) == ()
