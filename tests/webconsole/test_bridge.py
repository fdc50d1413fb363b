"""Operations through the console: constrained, refused and recorded as when they are signed; and what one may ask in advance."""

import json
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

ACCOUNT = "000000000000"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "codebuild.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)
SAME = [
    ("codepipeline", "GetPipeline", {"name": "nothing"}),
    ("codepipeline", "GetPipeline", {}),
    ("codepipeline", "GetPipeline", {"name": "not a name!"}),
    ("codepipeline", "GetPipeline", {"name": 7}),
    ("codepipeline", "GetPipeline", {"name": "x", "version": 0}),
    ("codepipeline", "ListPipelineExecutions", {"pipelineName": "nothing", "maxResults": 101}),
    (
        "codepipeline",
        "RetryStageExecution",
        {"pipelineName": "n", "stageName": "s", "pipelineExecutionId": "e", "retryMode": "X"},
    ),
    ("codepipeline", "ListPipelines", {"nextToken": "forged"}),
    ("codebuild", "BatchGetProjects", {"names": []}),
    ("codebuild", "StartBuild", {"projectName": "nothing"}),
    ("codecommit", "GetRepository", {"repositoryName": "nothing"}),
    ("iam", "GetUser", {"UserName": "nobody"}),
    ("iam", "CreateUser", {"UserName": "a b"}),
    ("iam", "CreateUser", {}),
    ("iam", "PutUserPolicy", {"UserName": "nobody", "PolicyName": "p", "PolicyDocument": "{"}),
    ("s3", "GetBucketVersioning", {"Bucket": "no-such-bucket"}),
    ("s3", "ListObjectsV2", {"Bucket": "no-such-bucket"}),
    ("logs", "GetLogEvents", {"logGroupName": "none", "logStreamName": "none"}),
    ("secretsmanager", "GetSecretValue", {"SecretId": "nothing"}),
    ("ssm", "GetParameter", {"Name": "nothing"}),
    ("sts", "AssumeRole", {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/nothing", "RoleSessionName": "session"}),
]


def signed(client: Any, operation: str, params: dict[str, Any]) -> tuple[int, str, str]:
    """The refusal of a signed call: status, code and message."""
    try:
        getattr(client, xform_name(operation))(**params)
    except ClientError as error:
        told = error.response["Error"]
        return error.response["ResponseMetadata"]["HTTPStatusCode"], told["Code"], told["Message"]
    raise AssertionError("it was not refused")


@pytest.mark.parametrize(("service", "operation", "params"), SAME)
def test_refusals_are_those_of_signed_calls(house: Any, service: str, operation: str, params: dict[str, Any]) -> None:
    browser, name = house.inside({"Action": [f"{service}:*", "codepipeline:*", "codestar:*"]})
    status, code, message = signed(house.client(service, house.key(name)), operation, params)
    answer = browser.call(service, operation, **params)
    assert (answer.status, answer.code, answer.json["message"]) == (status, code, message)


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("codepipeline", "GetPipeline", {"name": "nothing"}),
        ("codepipeline", "ListPipelines", {}),
        ("iam", "ListUsers", {}),
        ("codecommit", "GetRepository", {"repositoryName": "nothing"}),
        ("secretsmanager", "GetSecretValue", {"SecretId": "nothing"}),
        ("ssm", "PutParameter", {"Name": "n", "Value": "v", "Type": "String"}),
        ("logs", "DescribeLogGroups", {}),
        ("codebuild", "ListProjects", {}),
    ],
)
def test_denials_are_those_of_signed_calls(house: Any, service: str, operation: str, params: dict[str, Any]) -> None:
    browser, name = house.inside()
    _, code, message = signed(house.client(service, house.key(name)), operation, params)
    answer = browser.call(service, operation, **params)
    plain = [each.partition(" Encoded authorization failure")[0] for each in (answer.json["message"], message)]
    assert (answer.code, plain[0]) == (code, plain[1])


def test_results_are_those_of_signed_calls(house: Any) -> None:
    browser, iam = house.root(), house.client("iam")
    iam.create_group(GroupName="bridge")
    shown = browser.call("iam", "GetGroup", GroupName="bridge").json
    given = iam.get_group(GroupName="bridge")
    assert shown["Group"] == {**given["Group"], "CreateDate": shown["Group"]["CreateDate"]}
    assert int(shown["Group"]["CreateDate"]) == int(given["Group"]["CreateDate"].timestamp())
    assert shown["Users"] == []
    assert browser.call("iam", "CreateGroup", GroupName="bridged").status == 200
    assert iam.get_group(GroupName="bridged")["Group"]["GroupName"] == "bridged"


@pytest.mark.parametrize(
    ("service", "operation", "status"),
    [
        ("s3", "GetObject", 400),
        ("s3", "PutObject", 400),
        ("s3", "UploadPart", 400),
        ("nothing", "ListThings", 501),
        ("iam", "NoSuchOperation", 501),
        ("ec2", "DescribeInstances", 501),
        ("iam", "list_users", 501),
        ("iam", "__init__", 501),
        ("iam", "CreateSAMLProvider", 501),
        ("..", "x", 501),
        ("%00", "%00", 501),
        ("%ff", "%c3%28", 501),
    ],
)
def test_what_is_not_there_or_carries_bytes_is_refused(house: Any, service: str, operation: str, status: int) -> None:
    answer = house.root().call(service, operation)
    assert answer.status == status, answer.body
    assert set(answer.json) >= {"code", "message"}


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'"x"', b"7", b"\xff", b"[" * 100_000, b'{"a":' * 50_000, b'{"UserName": "\\ud800"}', b'{"UserName": NaN}'],
)
def test_bodies_that_are_no_input_are_refused(house: Any, body: bytes) -> None:
    browser = house.root()
    for path in ("/console/api/iam/CreateUser", "/console/api/codepipeline/GetPipeline", "/console/may"):
        answer = browser.ask("POST", path, body)
        assert answer.status in (400, 404), (path, answer.body)
        assert answer.code


def test_a_body_that_is_too_long_is_refused(house: Any) -> None:
    answer = house.root().ask("POST", "/console/api/iam/CreateUser", b'{"UserName": "' + b"x" * (11 * 1024 * 1024) + b'"}')
    assert answer.status in (400, 413)


def events(house: Any, **attribute: str) -> list[dict[str, Any]]:
    (key, value), *_ = attribute.items()
    found = house.client("cloudtrail").lookup_events(LookupAttributes=[{"AttributeKey": key, "AttributeValue": value}])
    return [json.loads(each["CloudTrailEvent"]) for each in found["Events"]]


def test_records_are_those_of_signed_calls(house: Any) -> None:
    browser, name = house.inside({"Action": "iam:CreateGroup"})
    iam = house.client("iam", house.key(name))
    browser.call("iam", "CreateGroup", GroupName="from-the-console")
    iam.create_group(GroupName="signed-for")
    browser.call("iam", "DeleteGroup", GroupName="signed-for")
    with pytest.raises(ClientError):
        iam.delete_group(GroupName="signed-for")
    records = events(house, Username=name)
    made = [each for each in records if each["eventName"] == "CreateGroup"]
    refused = [each for each in records if each["eventName"] == "DeleteGroup"]
    assert len(made) == len(refused) == 2
    for pair in (made, refused):
        for member in ("eventSource", "eventType", "awsRegion", "recipientAccountId", "sourceIPAddress", "readOnly"):
            assert pair[0].get(member) == pair[1].get(member), member
        for each in pair:
            assert (each["userIdentity"]["type"], each["userIdentity"]["userName"]) == ("IAMUser", name)
    assert {each["requestParameters"]["groupName"] for each in made} == {"from-the-console", "signed-for"}
    assert {each["errorCode"] for each in refused} == {"AccessDenied"}


def test_signing_in_and_out_and_switching_are_recorded(house: Any) -> None:
    browser, name = house.inside({"Action": "iam:ChangePassword"})
    browser.sign_in(name, "wrong")
    role = house.role(f"{name}-told", name)
    browser.ask("POST", "/console/session/role", {"roleArn": role})
    browser.ask("POST", "/console/session/role", {"roleArn": f"{role}-other"})
    browser.ask("POST", "/console/session/role", {})
    browser.ask("POST", "/console/session/password/change", {"oldPassword": "Correct-Horse-7", "newPassword": "Battery-Staple-8"})
    browser.ask("DELETE", "/console/session")
    records = [each for each in events(house, Username=name) if each["eventSource"] == "signin.amazonaws.com"]
    told = [(each["eventName"], each["responseElements"][each["eventName"]]) for each in reversed(records)]
    assert told == [
        ("ConsoleLogin", "Success"),
        ("ConsoleLogin", "Failure"),
        ("SwitchRole", "Success"),
        ("SwitchRole", "Failure"),
        ("ExitRole", "Success"),
        ("ChangePassword", "Success"),
        ("ConsoleLogout", "Success"),
    ]
    assert records[-3]["requestParameters"] == {"roleArn": role}
    assert "Correct-Horse" not in json.dumps(records)
    assert "Battery-Staple" not in json.dumps(records)
    assert browser.sign_in("nobody-at-all").status == 401
    assert any(
        each["errorMessage"] == "Failed authentication"
        for each in events(house, EventName="ConsoleLogin")
        if "errorMessage" in each
    )


def test_one_is_told_in_advance_what_one_may_not_do(house: Any) -> None:
    one = f"arn:aws:codepipeline:us-east-1:{ACCOUNT}:mine"
    browser, _ = house.inside({"Action": "codepipeline:StartPipelineExecution", "Resource": one})
    reasons = browser.may(
        ("codepipeline", "StartPipelineExecution", {"name": "mine"}),
        ("codepipeline", "StartPipelineExecution", {"name": "other"}),
        ("codepipeline", "StartPipelineExecution", {}),
        ("iam", "ListUsers", {}),
    )
    assert reasons[0] == ""
    assert reasons[1] == f"Your policies do not allow codepipeline:StartPipelineExecution on {one.replace('mine', 'other')}."
    assert reasons[2] == ""  # nothing that could be asked: the operation says what is missing
    assert "iam:ListUsers" in reasons[3]
    assert house.root().may(("iam", "ListUsers", {})) == [""]


def test_asking_in_advance_does_and_records_nothing(house: Any) -> None:
    browser, name = house.inside({"Action": "iam:*"})
    assert browser.may(("iam", "CreateGroup", {"GroupName": "only-asked"})) == [""]
    assert "only-asked" not in str(house.client("iam").list_groups()["Groups"])
    assert [each["eventName"] for each in events(house, Username=name)] == ["ConsoleLogin"]


def test_asking_in_advance_tells_no_more_than_a_call_would(house: Any) -> None:
    browser, name = house.inside()
    secrets, iam = house.client("secretsmanager"), house.client("iam")
    secret = secrets.create_secret(Name="hidden", SecretString="x")
    iam.create_user(UserName="hidden-user", Path="/board/")
    role = house.client("iam").create_role(RoleName="hidden-role", AssumeRolePolicyDocument=TRUST, Path="/board/")
    asked = [
        ("secretsmanager", "GetSecretValue", {"SecretId": "hidden"}),
        ("secretsmanager", "DeleteSecret", {"SecretId": "hidden"}),
        ("codepipeline", "GetPipeline", {"name": "hidden"}),
        ("codecommit", "GetRepository", {"repositoryName": "hidden"}),
        ("ssm", "GetParameter", {"Name": "hidden"}),
        ("iam", "GetUser", {"UserName": "hidden-user"}),
        ("iam", "GetRole", {"RoleName": "hidden-role"}),
    ]
    key = house.key(name)
    for question, reason in zip(asked, browser.may(*asked), strict=True):
        service, operation, params = question
        assert reason, question
        _, _, message = signed(house.client(service, key), operation, params)
        about = reason.rstrip(".").rpartition(" on ")[2]
        assert about in message, (about, message)
    told = browser.may(*asked[:2], ("secretsmanager", "GetSecretValue", {"SecretId": "absent"}))
    assert secret["ARN"][-6:] not in str(told)
    assert told[0].replace("hidden", "N") == told[2].replace("absent", "N")
    assert role["Role"]["Path"] == "/board/"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"questions": 7},
        {"questions": {"a": 1}},
        {"questions": [7]},
        {"questions": [{}]},
        {"questions": [{"service": "iam", "operation": "ListUsers", "params": 7}]},
        {"questions": [{"service": "iam", "operation": "CreateUser", "params": {"UserName": 7}}]},
    ],
)
def test_questions_that_are_none_are_refused(house: Any, body: Any) -> None:
    assert house.root().ask("POST", "/console/may", body).status == 400


def test_unknown_questions_and_too_many_of_them(house: Any) -> None:
    browser = house.root()
    question = {"service": "iam", "operation": "ListUsers", "params": {}}
    answer = browser.ask("POST", "/console/may", {"questions": [question] * 101})
    assert answer.status in (200, 400)
    assert len(answer.json.get("reasons", [])) <= 100
    assert browser.ask("POST", "/console/may", {"questions": [{**question, "service": "nothing"}]}).status == 501
