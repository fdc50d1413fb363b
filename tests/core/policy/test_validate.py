"""Malformed documents and the sentences that refuse them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stageline.core.policy.elements import Malformed
from stageline.core.policy.statements import compile_policy
from stageline.core.policy.validate import Kind, validate

SYNTAX = "Syntax errors in policy."
LEGACY = "The policy failed legacy parsing"
PREFIX = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
TRUST_ACTION = (
    "Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  and sts:AssumeRoleWithWebIdentity"
)
IAM_PATH = (
    'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, '
    "server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/."
)
GOOD = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def document(*statements: Any, **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements), **more}


def problem(text: str, kind: Kind = "identity") -> str:
    with pytest.raises(Malformed) as caught:
        validate(text, kind)
    return str(caught.value)


def changed(**elements: Any) -> dict[str, Any]:
    body = {**GOOD, **elements}
    return {name: value for name, value in body.items() if value is not None}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        '"text"',
        "null",
        "{}",
        '{"Version": "2012-10-17"}',
        '{"Version": "2012-10-17", "Statement": []}',
        '{"Version": "2012-10-17", "Statement": {}}',
        '{"Version": "2012-10-17", "Statement": "x"}',
        '{"Version": "2012-10-17", "Statement": [[]]}',
        '{"Version": "2012-10-17", "Version": "2012-10-17", "Statement": {"Effect":"Allow","Action":"*","Resource":"*"}}',
        '{"Statement": {"Effect":"Allow","Effect":"Allow","Action":"*","Resource":"*"}}',
        '{"Statement": {"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericEquals":{"k:a":NaN}}}}',
        '{"Statement": {"Effect":"Allow","Action":"*","Resource":"*"}} trailing',
        '{"Statement": {"Effect":"Allow","Action":"*","Resource":"\\ud800"}}',
        "[" * 100_000,
        '{"a":' * 5_000 + "1" + "}" * 5_000,
    ],
)
def test_what_is_no_document_has_syntax_errors(text: str) -> None:
    assert problem(text) == SYNTAX


@pytest.mark.parametrize(
    "body",
    [
        changed(Effect=None),
        changed(Effect=1),
        changed(effect="Allow"),
        changed(Extra="x"),
        changed(Action=1),
        changed(Action=[1]),
        changed(Action={"a": "b"}),
        changed(NotAction="s3:*"),
        changed(NotResource="*"),
        changed(Resource=[["*"]]),
        changed(Sid=1),
        changed(Condition="x"),
        changed(Condition={"StringEquals": "x"}),
        changed(Condition={"StringIs": {"k:a": "x"}}),
        changed(Condition={"NullIfExists": {"k:a": "true"}}),
        changed(Condition={"ForSome:StringEquals": {"k:a": "x"}}),
        changed(Condition={"StringEquals": {"k:a": None}}),
        changed(Condition={"StringEquals": {"k:a": [["x"]]}}),
    ],
)
def test_a_statement_of_the_wrong_shape_has_syntax_errors(body: dict[str, Any]) -> None:
    assert problem(json.dumps(document(body))) == SYNTAX


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (changed(Effect="allow"), LEGACY),
        (changed(Effect="DENY"), LEGACY),
        (changed(Condition={"DateLessThan": {"aws:CurrentTime": "tomorrow"}}), LEGACY),
        (changed(Condition={"DateLessThan": {"aws:CurrentTime": "2026-02-30"}}), LEGACY),
        (changed(Condition={"NumericLessThan": {"k:a": "many"}}), LEGACY),
        (changed(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/33"}}), LEGACY),
        (changed(Condition={"Null": {"k:a": "maybe"}}), LEGACY),
        (changed(Condition={"BinaryEquals": {"k:a": "?"}}), LEGACY),
        (changed(Condition={"StringEquals": {"team": "x"}}), PREFIX),
        (changed(Action=None), "Policy statement must contain actions."),
        (changed(Action=[]), "Policy statement must contain actions."),
        (changed(Resource=None), "Policy statement must contain resources."),
        (changed(Resource=[]), "Policy statement must contain resources."),
        (changed(Action="ListBucket"), PREFIX),
        (changed(Action=["s3:*", "ListBucket"]), PREFIX),
        (changed(Action="a:b:c"), "Actions/Condition can contain only one colon."),
        (changed(Action="a a:Get"), "Vendor a a is not valid"),
        (changed(Action="s3*:Get"), "Vendor s3* is not valid"),
        (changed(Action="s3:"), LEGACY),
        (
            changed(Sid="with space"),
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
        ),
        (changed(Resource="bucket"), 'Resource bucket must be in ARN format or "*".'),
        (changed(Resource="arn"), 'Resource arn must be in ARN format or "*".'),
        (changed(Resource="arn:aw:s3:::b"), 'Partition "aw" is not valid for resource "arn:aw:s3:::b".'),
        (changed(Resource="arn:"), 'Partition "" is not valid for resource "arn:".'),
        (changed(Resource="arn:aws:s3"), "Resource vendor must be fully qualified and cannot contain regexes."),
        (changed(Resource="arn:aws:*:::b"), "Resource vendor must be fully qualified and cannot contain regexes."),
        (changed(Resource="arn:aws::::b"), "Resource vendor must be fully qualified and cannot contain regexes."),
        (changed(Resource="arn:aws:s3:us-east-1::b"), "Resource arn:aws:s3:us-east-1::b can not contain region information."),
        (
            changed(Resource="arn:aws:iam:us-east-1:111122223333:user/a"),
            "IAM resource arn:aws:iam:us-east-1:111122223333:user/a cannot contain region information.",
        ),
        (changed(Resource="arn:aws:iam::111122223333:users/a"), IAM_PATH),
        (changed(Resource="arn:aws:sqs:us-east-1:1234:q"), LEGACY),
        (changed(Resource="arn:aws:s3:::"), LEGACY),
        (changed(Resource="arn:aws:s3:::b", NotPrincipal="*"), "Policy document should not specify a principal."),
        (changed(Principal={"AWS": "*"}), "Policy document should not specify a principal."),
    ],
)
def test_identity_policies_are_refused_in_the_words_of_iam(body: dict[str, Any], text: str) -> None:
    assert problem(json.dumps(document(body))) == text


def test_sids_are_unique() -> None:
    twice = document(changed(Sid="A"), changed(Sid="A"))
    assert problem(json.dumps(twice)) == "Statement IDs (SID) in a single policy must be unique."
    validate(json.dumps(document(changed(Sid=""), changed(Sid=""), changed())), "identity")


@pytest.mark.parametrize("version", [None, "2008-10-17", "2026-01-01", ""])
def test_a_managed_policy_is_of_2012(version: str | None) -> None:
    body = {**document(GOOD), "Version": version}
    if version is None:
        del body["Version"]
    assert problem(json.dumps(body), "managed") == "Policy document must be version 2012-10-17 or greater."


def test_an_inline_policy_may_be_older_but_not_unknown() -> None:
    validate(json.dumps({"Statement": GOOD}), "identity")
    validate(json.dumps({"Version": "2008-10-17", "Statement": GOOD}), "identity")
    assert problem(json.dumps({"Version": "2026-01-01", "Statement": GOOD})) == SYNTAX


def trust(**elements: Any) -> dict[str, Any]:
    body = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "codepipeline.amazonaws.com"}, **elements}
    return {name: value for name, value in body.items() if value is not None}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (trust(Principal=None), "Missing required field Principal"),
        (trust(Resource="*"), "Has prohibited field Resource"),
        (trust(NotResource="*"), "Has prohibited field NotResource"),
        (trust(Action="s3:GetObject"), TRUST_ACTION),
        (trust(Action="*"), TRUST_ACTION),
        (trust(Action=None), "Policy statement must contain actions."),
        (trust(Principal={}), SYNTAX),
        (trust(Principal=[]), SYNTAX),
        (trust(Principal="alice"), SYNTAX),
        (trust(Principal={"User": "alice"}), SYNTAX),
        (trust(Principal={"AWS": []}), SYNTAX),
        (trust(Principal={"AWS": 111122223333}), SYNTAX),
        (trust(Principal={"AWS": "alice"}), 'Invalid principal in policy: "AWS":"alice"'),
        (trust(Principal={"AWS": "1111"}), 'Invalid principal in policy: "AWS":"1111"'),
        (
            trust(Principal={"AWS": "arn:aws:iam::111122223333:user/*"}),
            'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:user/*"',
        ),
        (
            trust(Principal={"AWS": "arn:aws:iam::111122223333:group/g"}),
            'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:group/g"',
        ),
        (trust(Principal={"Service": "codepipeline"}), 'Invalid principal in policy: "SERVICE":"codepipeline"'),
        (trust(Principal={"Service": "*.amazonaws.com"}), 'Invalid principal in policy: "SERVICE":"*.amazonaws.com"'),
        (trust(Principal={"Federated": "*"}), 'Invalid principal in policy: "FEDERATED":"*"'),
    ],
)
def test_trust_policies_are_refused_in_the_words_of_iam(body: dict[str, Any], text: str) -> None:
    assert problem(json.dumps(document(body)), "trust") == text


@pytest.mark.parametrize(
    "who",
    [
        "*",
        {"AWS": "*"},
        {"AWS": ["111122223333", "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/dev/a.b+c=d@e-f"]},
        {
            "AWS": "arn:aws:sts::111122223333:assumed-role/R/session",
            "Service": ["s3.amazonaws.com", "codedeploy.us-east-1.amazonaws.com"],
        },
        {"Federated": "arn:aws:iam::111122223333:saml-provider/X"},
        {"AWS": "AROAEXAMPLEDEPLOY0001"},
    ],
)
def test_good_trust_policies_pass_and_compile(who: Any) -> None:
    for action in ("sts:AssumeRole", ["sts:AssumeRole", "sts:TagSession"], "STS:*"):
        compile_policy(validate(json.dumps(document(trust(Principal=who, Action=action))), "trust"), resource_side=True)


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        "arn:aws:s3:::b/*",
        "arn:aws:s3::*:codepipeline-*",
        "arn:aws:logs:*",
        "arn:*:iam::*:role/*",
        "arn:aws:iam::111122223333:*",
        "arn:aws:iam::111122223333:root",
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "arn:aws:iam::*:user/${aws:username}",
        "arn:aws:iam::*:us*",
        "arn:aws:codepipeline:us-east-1:111122223333:p/Stage/*",
    ],
)
def test_good_resources_pass(resource: str) -> None:
    compile_policy(validate(json.dumps(document(changed(Resource=resource))), "managed"))


def test_resource_policies_need_a_principal_and_a_resource() -> None:
    assert problem(json.dumps(document(GOOD)), "resource") == "Missing required field Principal"
    lacking = changed(Principal="*", Resource=None)
    assert problem(json.dumps(document(lacking)), "resource") == "Missing required field Resource"
    validate(json.dumps(document(changed(Principal="*", Sid="any text at all"), Id="x")), "resource")


WORDS = [
    "*",
    "Allow",
    "Deny",
    "s3:Get*",
    "sts:AssumeRole",
    "arn:aws:s3:::b/${aws:username}",
    "2012-10-17",
    "x",
    "",
    "true",
    "10.0.0.0/8",
]
NAMES = [
    "Version",
    "Statement",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "Principal",
    "AWS",
    "Condition",
    "Sid",
    "Id",
    "StringLike",
]
values = st.recursive(
    st.sampled_from(WORDS) | st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*NAMES, "Bool", "aws:username"]), inner, max_size=4)
    ),
    max_leaves=12,
)
loose = st.dictionaries(st.sampled_from(["Effect", "Action", "Resource", "Principal", "Condition", "Sid"]), values)
near = st.builds(
    lambda kept, odd: {**GOOD, **kept, **odd},
    st.sampled_from([{}, {"Principal": "*"}, {"Action": "sts:AssumeRole"}]),
    loose | st.just({}),
)


@given(st.builds(document, near) | values, st.sampled_from(["identity", "managed", "session", "trust", "resource"]))
def test_whatever_passes_can_be_evaluated(found: Any, kind: Kind) -> None:
    try:
        passed = validate(json.dumps(found), kind)
    except Malformed:
        return
    compile_policy(passed, resource_side=kind in ("trust", "resource"))
