"""What the authorizer asks of policies, and how it words a refusal."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from stageline.gateway.authorize import PolicyAuthorizer, global_keys, principal
from stageline.ports.api import ApiError, Caller, Context
from stageline.ports.identity import Check, Denial, Policies

ACCOUNT = "000000000000"
ALICE = Caller("user", f"arn:aws:iam::{ACCOUNT}:user/dev/alice", "AIDAALICE", ACCOUNT, keys={"aws:username": "alice"})
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci/Deploy"
SESSION = Caller(
    "role",
    f"arn:aws:sts::{ACCOUNT}:assumed-role/Deploy/s1",
    "AROADEPLOY:s1",
    ACCOUNT,
    keys={"aws:PrincipalArn": ROLE, "aws:PrincipalTag/team": "ops"},
)
ROOT = Caller("root", f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT, ACCOUNT)
NOBODY = Caller("anonymous", "anonymous", "anonymous")
EVENTS = Caller("service", "events.amazonaws.com", account=ACCOUNT, keys={"aws:SourceAccount": ACCOUNT})
PIPELINE = f"arn:aws:codepipeline:us-east-1:{ACCOUNT}:demo"
GET = Check("codepipeline:GetPipeline", (PIPELINE,))


@dataclass
class Held:
    """The part of the identity port that authorization asks."""

    found: Policies = field(default_factory=Policies)
    asked: int = 0

    def policies(self, caller: Caller) -> Policies:
        self.asked += 1
        return self.found


def ctx(caller: Caller = ALICE, **changes: Any) -> Context:
    return replace(Context(caller, ACCOUNT, "us-east-1", 1_795_478_400_000, "id", "http://127.0.0.1:4566"), **changes)


def document(effect: str = "Allow", action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": {"Effect": effect, "Action": action, "Resource": resource, **more}}


def allowed(
    *identity: Mapping[str, Any], check: Check = GET, caller: Caller = ALICE, service: str = "codepipeline", **more: Any
) -> bool:
    held = Held(Policies(identity, more.get("boundary"), more.get("session")))
    try:
        PolicyAuthorizer(held).require(more.get("ctx", ctx(caller)), (check,), service=service)  # type: ignore[arg-type]
    except ApiError:
        return False
    return True


def refusal(
    *identity: Mapping[str, Any], check: Check = GET, caller: Caller = ALICE, service: str = "codepipeline", **more: Any
) -> ApiError:
    held = Held(Policies(identity, more.get("boundary"), more.get("session")))
    with pytest.raises(ApiError) as caught:
        PolicyAuthorizer(held).require(ctx(caller), (check,), service=service)  # type: ignore[arg-type]
    return caught.value


USER = f"User: {ALICE.arn} is not authorized to perform: codepipeline:GetPipeline on resource: {PIPELINE}"


@pytest.mark.parametrize(
    ("policies", "reason"),
    [
        ({}, "because no identity-based policy allows the codepipeline:GetPipeline action"),
        ({"identity": document("Deny")}, "with an explicit deny in an identity-based policy"),
        ({"boundary": document(action="s3:*")}, "because no permissions boundary allows the codepipeline:GetPipeline action"),
        ({"boundary": document("Deny")}, "with an explicit deny in a permissions boundary"),
        ({"session": document(action="s3:*")}, "because no session policy allows the codepipeline:GetPipeline action"),
        ({"session": document("Deny")}, "with an explicit deny in a session policy"),
    ],
)
def test_a_denial_says_why(policies: dict[str, Any], reason: str) -> None:
    identity = policies.pop("identity", document() if policies else document(action="s3:*"))
    error = refusal(identity, **policies)
    assert (error.code, error.status) == ("AccessDeniedException", 400)
    assert error.message == f"{USER} {reason}"


def test_a_denial_by_the_resource_says_so() -> None:
    policy = document("Deny", Principal="*")
    check = Check("s3:GetObject", ("arn:aws:s3:::b/k",), resource_policy=policy)
    error = refusal(document(), check=check, service="s3")
    assert error.message == (
        f'User: {ALICE.arn} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/k" '
        "with an explicit deny in a resource-based policy"
    )


@pytest.mark.parametrize(
    ("service", "code", "status"),
    [
        ("s3", "AccessDenied", 403),
        ("iam", "AccessDenied", 403),
        ("sts", "AccessDenied", 403),
        ("sns", "AuthorizationError", 403),
        ("lambda", "AccessDeniedException", 403),
        ("logs", "AccessDeniedException", 400),
    ],
)
def test_each_service_has_its_code(service: str, code: str, status: int) -> None:
    error = refusal(service=service)
    assert (error.code, error.status) == (code, status)


def test_no_resource_is_no_part_of_the_sentence() -> None:
    message = refusal(check=Check("codecommit:ListRepositories"), service="codecommit").message
    assert message == (
        f"User: {ALICE.arn} is not authorized to perform: codecommit:ListRepositories "
        "because no identity-based policy allows the codecommit:ListRepositories action"
    )


def test_a_session_is_named_as_a_session() -> None:
    assert refusal(caller=SESSION).message.startswith(f"User: {SESSION.arn} is not authorized")


def test_root_needs_no_policy_and_is_not_looked_up() -> None:
    held = Held()
    PolicyAuthorizer(held).require(ctx(ROOT), (GET,), service="codepipeline")  # type: ignore[arg-type]
    assert held.asked == 0


def test_root_meets_a_bucket_policy_but_keeps_the_way_out() -> None:
    policy = document("Deny", "s3:*", Principal="*")
    bucket = "arn:aws:s3:::b"
    assert not allowed(check=Check("s3:GetObject", (f"{bucket}/k",), resource_policy=policy), caller=ROOT, service="s3")
    for action in ("GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"):
        assert allowed(check=Check(f"s3:{action}", (bucket,), resource_policy=policy), caller=ROOT, service="s3")
        assert not allowed(document(), check=Check(f"s3:{action}", (bucket,), resource_policy=policy), service="s3")


def test_anonymous_callers_need_a_public_resource() -> None:
    public = document(action="s3:GetObject", resource="arn:aws:s3:::b/*", Principal="*")
    check = Check("s3:GetObject", ("arn:aws:s3:::b/k",), resource_policy=public)
    assert allowed(check=check, caller=NOBODY, service="s3")
    error = refusal(check=replace(check, action="s3:PutObject"), caller=NOBODY, service="s3")
    assert (error.code, error.status, error.message) == ("AccessDenied", 403, "Access Denied")
    assert refusal(check=replace(check, resource_policy=None), caller=NOBODY, service="s3").message == "Access Denied"


def test_no_questions_are_an_answer_only_for_somebody() -> None:
    authorizer = PolicyAuthorizer(Held())  # type: ignore[arg-type]
    authorizer.require(ctx(), (), service="sts")
    with pytest.raises(ApiError):
        authorizer.require(ctx(NOBODY), (), service="s3")


def test_every_check_must_pass_and_the_first_that_fails_speaks() -> None:
    held = Held(Policies((document(action="codepipeline:*"),)))
    checks = (GET, Check("iam:PassRole", (ROLE,)), Check("iam:Other", (ROLE,)))
    with pytest.raises(ApiError, match=r"iam:PassRole on resource: arn:aws:iam::0+:role/ci/Deploy"):
        PolicyAuthorizer(held).require(ctx(), checks, service="codepipeline")  # type: ignore[arg-type]
    assert held.asked == 1


def test_every_resource_must_be_granted_unless_one_is_enough() -> None:
    grant = document(resource="arn:aws:logs:us-east-1:000000000000:log-group:g:*")
    spellings = ("arn:aws:logs:us-east-1:000000000000:log-group:g", "arn:aws:logs:us-east-1:000000000000:log-group:g:*")
    check = Check("logs:GetLogEvents", spellings)
    assert not allowed(grant, check=check)
    assert allowed(grant, check=replace(check, any_of=True))
    assert not allowed(check=replace(check, any_of=True))


def test_a_denial_of_one_spelling_denies_the_thing() -> None:
    check = Check("logs:GetLogEvents", ("arn:aws:logs:r:a:g", "arn:aws:logs:r:a:g:x"), any_of=True)
    deny = document("Deny", resource="arn:aws:logs:r:a:g:x")
    assert not allowed(document(), deny, check=check)


@pytest.mark.parametrize("action", ["codeconnections:UseConnection", "codestar-connections:UseConnection"])
@pytest.mark.parametrize("asked", ["codeconnections", "codestar-connections"])
@pytest.mark.parametrize("named", ["codeconnections", "codestar-connections"])
def test_connections_have_two_names(action: str, asked: str, named: str) -> None:
    check = Check(f"{asked}:UseConnection", (f"arn:aws:{asked}:us-east-1:{ACCOUNT}:connection/1",))
    grant = document(action=action, resource=f"arn:aws:{named}:us-east-1:{ACCOUNT}:connection/1")
    assert allowed(grant, check=check)
    assert not allowed(document(), {**grant, "Statement": {**grant["Statement"], "Effect": "Deny"}}, check=check)


def test_some_actions_cannot_be_denied() -> None:
    for action in ("sts:GetCallerIdentity", "sts:GetSessionToken"):
        assert allowed(document("Deny"), check=Check(action), service="sts")
        assert not allowed(check=Check(action), caller=NOBODY, service="sts")


def test_an_unreadable_document_refuses_everything() -> None:
    for broken in ({}, {"Statement": []}, document("Maybe"), document(Condition={"Odd": {"k:a": "x"}}), document(action=[None])):
        assert not allowed(document(), broken)
        assert not allowed(document(), boundary=broken)
        assert not allowed(document(), check=replace(GET, resource_policy=broken))


def test_a_changed_document_counts_at_once() -> None:
    held = Held(Policies((document(),)))
    authorizer = PolicyAuthorizer(held)  # type: ignore[arg-type]
    authorizer.require(ctx(), (GET,), service="codepipeline")
    held.found = Policies((document("Deny"),))
    assert not authorizer.allowed(ctx(), GET)
    held.found = Policies((copy.deepcopy(document()),))
    assert authorizer.allowed(ctx(), GET)


def test_many_documents_do_not_pile_up() -> None:
    held = Held()
    authorizer = PolicyAuthorizer(held)  # type: ignore[arg-type]
    for number in range(5000):
        held.found = Policies((document(resource=f"{PIPELINE}{number % 2 or ''}"),))
        assert authorizer.allowed(ctx(), GET) == (number % 2 == 0)
    assert len(authorizer._compiled) <= 4096


def grants(condition: Mapping[str, Any], **more: Any) -> bool:
    return allowed(document(Condition=condition), **more)


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, {"source_ip": "10.1.1.1"}, {"source_ip": "11.1.1.1"}),
        ({"Bool": {"aws:SecureTransport": "true"}}, {"secure": True}, {"secure": False}),
        ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, {}, {"region": "eu-west-1"}),
        ({"DateLessThan": {"aws:CurrentTime": "2026-11-25"}}, {}, {"now": 1_800_000_000_000}),
        ({"NumericLessThan": {"aws:EpochTime": "1795478401"}}, {}, {"now": 1_800_000_000_000}),
        ({"StringLike": {"aws:UserAgent": "Boto3*"}}, {"headers": {"user-agent": "Boto3/1"}}, {}),
        ({"StringLike": {"aws:Referer": "http://h/*"}}, {"headers": {"referer": "http://h/x"}}, {}),
        ({"StringEquals": {"aws:username": "alice"}}, {}, {"caller": SESSION}),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/dev/*"}}, {}, {"caller": SESSION}),
        ({"ArnLike": {"aws:PrincipalArn": ROLE}}, {"caller": SESSION}, {}),
        ({"StringEquals": {"aws:userid": "AIDAALICE"}}, {}, {"caller": SESSION}),
        ({"StringEquals": {"aws:PrincipalType": "User"}}, {}, {"caller": SESSION}),
        ({"StringEquals": {"aws:PrincipalType": "AssumedRole"}}, {"caller": SESSION}, {}),
        ({"StringEquals": {"aws:PrincipalTag/Team": "ops"}}, {"caller": SESSION}, {}),
        ({"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}, {}, None),
        ({"StringEquals": {"aws:ResourceAccount": ACCOUNT}}, {}, None),
        ({"Bool": {"aws:ViaAWSService": "false", "aws:PrincipalIsAWSService": "false"}}, {}, None),
        ({"Null": {"aws:MultiFactorAuthPresent": "true", "aws:TokenIssueTime": "true"}}, {}, None),
    ],
)
def test_global_keys_are_filled(condition: Mapping[str, Any], yes: dict[str, Any], no: dict[str, Any] | None) -> None:
    assert grants(condition, ctx=ctx(**yes))
    if no is not None:
        assert not grants(condition, ctx=ctx(**no))


def test_iam_is_in_one_region_wherever_the_server_is() -> None:
    condition = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
    check = Check("iam:GetUser", (ALICE.arn,))
    abroad = ctx(region="eu-west-1")
    assert grants(condition, check=check, ctx=abroad, service="iam")
    assert not grants(condition, ctx=abroad)


def test_what_the_server_does_itself_has_no_address() -> None:
    condition = {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}
    assert grants(condition)
    assert not grants(condition, ctx=ctx(source_ip=""))
    assert grants({"Null": {"aws:SourceIp": "true"}}, ctx=ctx(source_ip=""))


def test_service_is_named_alone_and_in_a_list() -> None:
    keys = global_keys(ctx(EVENTS))
    assert (keys["aws:principalservicename"], keys["aws:principalservicenameslist"]) == (EVENTS.arn, (EVENTS.arn,))
    assert keys["aws:principalisawsservice"] == "true"
    assert "aws:principalservicename" not in global_keys(ctx())


class Noted(list[Denial]):
    """Denials as they were noted."""

    def note(self, denial: Denial) -> None:
        self.append(denial)


def noted(*identity: Mapping[str, Any], check: Check = GET, caller: Caller = ALICE, **more: Any) -> Denial:
    found = Noted()
    held = Held(Policies(identity, more.get("boundary"), more.get("session"), more.get("names", ()), "the boundary"))
    with pytest.raises(ApiError):
        PolicyAuthorizer(held, found).require(ctx(caller), (check,), service="codepipeline")  # type: ignore[arg-type]
    (denial,) = found
    return denial


def test_a_denial_names_the_policy_and_the_statement_that_decides() -> None:
    two = {"Version": "2012-10-17", "Statement": [document()["Statement"], document("Deny", Sid="No")["Statement"]]}
    denial = noted(document(), two, names=("one", "two"))
    assert (denial.source, denial.policy, denial.statement, denial.index) == ("identity", "two", "No", 1)
    assert (denial.principal, denial.action, denial.resource) == (ALICE.arn, GET.action, PIPELINE)
    assert (denial.explicit, denial.lacking, denial.keys["aws:username"]) == (True, (), "alice")
    denial = noted(document(), boundary=document("Deny"))
    assert (denial.source, denial.policy, denial.index) == ("boundary", "the boundary", 0)
    denial = noted(document(), caller=SESSION, session=document("Deny"))
    assert (denial.source, denial.policy) == ("session", "the session policy")
    denial = noted(document(), check=replace(GET, resource_policy=document("Deny", Principal="*")))
    assert (denial.source, denial.policy) == ("resource", "the resource's policy")


def test_a_denial_without_a_deny_names_every_kind_that_is_silent() -> None:
    nothing = document(action="sqs:*")
    assert noted().lacking == ("identity",)
    assert noted(nothing, boundary=nothing, session=nothing).lacking == ("identity", "boundary", "session")
    assert noted(document(), boundary=nothing).lacking == ("boundary",)
    check = replace(GET, resource_policy=document(action="sqs:*", Principal="*"))
    assert noted(nothing, check=check).lacking == ("identity", "resource")
    assert noted(check=check, caller=EVENTS).lacking == ("resource",)


def test_secrets_among_the_keys_are_not_remembered() -> None:
    secret = {
        "codebuild:environment.environmentVariables/TOKEN.value": "hush",
        "codebuild:token": "hush",
        "sts:ExternalId": "hush",
        "stageline:Bond": "hush",
        "codebuild:source.location": "told",
    }
    keys = noted(check=replace(GET, keys=secret)).keys
    assert "hush" not in keys.values()
    assert keys["codebuild:source.location"] == "told"


def test_a_question_that_decides_nothing_is_not_a_denial() -> None:
    found = Noted()
    authorizer = PolicyAuthorizer(Held(), found)  # type: ignore[arg-type]
    assert not authorizer.allowed(ctx(), GET)
    assert found == []


def test_keys_of_the_request_are_seen() -> None:
    check = replace(GET, keys={"aws:RequestTag/team": "ops", "aws:TagKeys": ("team",)})
    assert grants(
        {"StringEquals": {"aws:requesttag/Team": "ops"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}, check=check
    )
    assert not grants({"StringEquals": {"aws:RequestTag/team": "dev"}}, check=check)


def test_a_service_is_somebody_for_a_resource_only() -> None:
    policy = document(action="sqs:SendMessage", Principal={"Service": "events.amazonaws.com"})
    policy["Statement"]["Condition"] = {
        "StringEquals": {"aws:SourceAccount": ACCOUNT, "aws:PrincipalServiceName": "events.amazonaws.com"}
    }
    check = Check("sqs:SendMessage", (f"arn:aws:sqs:us-east-1:{ACCOUNT}:q",), resource_policy=policy)
    assert allowed(check=check, caller=EVENTS, service="sqs")
    error = refusal(document(), check=replace(check, resource_policy=None), caller=EVENTS, service="sqs")
    assert error.message == (
        "User: events.amazonaws.com is not authorized to perform: sqs:SendMessage on resource: "
        f"arn:aws:sqs:us-east-1:{ACCOUNT}:q "
        "because no resource-based policy allows the sqs:SendMessage action"
    )


def test_assuming_a_role_is_refused_without_a_reason() -> None:
    trust = {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "codebuild.amazonaws.com"}}}
    check = Check("sts:AssumeRole", (ROLE,), resource_policy=trust)
    error = refusal(document(), check=check, service="sts")
    assert error.message == f"User: {ALICE.arn} is not authorized to perform: sts:AssumeRole on resource: {ROLE}"
    trust["Statement"]["Principal"] = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert not allowed(check=Check("sts:AssumeRole", (ROLE,), resource_policy=copy.deepcopy(trust)), service="sts")
    assert allowed(
        document(action="sts:AssumeRole"), check=Check("sts:AssumeRole", (ROLE,), resource_policy=copy.deepcopy(trust))
    )


def test_callers_become_principals() -> None:
    assert principal(SESSION).role_arn == ROLE
    assert principal(ALICE).role_arn == ""
    assert principal(EVENTS).service == "events.amazonaws.com"
    assert principal(replace(ALICE, arn=f"arn:aws:sts::{ACCOUNT}:federated-user/x")).kind == "federated"
    assert "aws:username" not in global_keys(ctx(SESSION))
