"""IAM and STS as boto3 sees them: signed requests over HTTP, answers read by botocore."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline.testing import harness

ACCOUNT = "000000000000"
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}]}


@pytest.fixture
def running(server: Any, tmp_path: Path) -> Iterator[harness.Server]:
    only = ModuleType("stageline.services")
    only.__path__ = [str(tmp_path / "services")]
    for service in ("iam", "sts"):
        folder = tmp_path / "services" / service
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
    server.clock.instant = time.time_ns() // 1_000_000
    root = server.identity.credential(server.administrator.access_key_id)
    ports = {
        "store": server.store,
        "clock": server.clock,
        "vault": server.vault,
        "identity": server.identity,
        "authorizer": server.authorizer,
    }
    with harness.server(ports, package=only, key=harness.Key(root.access_key_id, root.secret)) as found:
        yield found


def key(answer: dict[str, Any]) -> harness.Key:
    found = answer.get("AccessKey") or answer["Credentials"]
    return harness.Key(found["AccessKeyId"], found["SecretAccessKey"], found.get("SessionToken"))


def code(caught: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_administrator_makes_a_user_who_assumes_a_role(running: harness.Server) -> None:
    iam = running.client("iam")
    assert running.client("sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    iam.create_user(UserName="alice", Tags=[{"Key": "team", "Value": "ä b"}])
    assert iam.get_user(UserName="alice")["User"]["Tags"] == [{"Key": "team", "Value": "ä b"}]
    alice = key(iam.create_access_key(UserName="alice"))
    role = iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=json.dumps(TRUST, indent=2))["Role"]
    assert role["AssumeRolePolicyDocument"] == TRUST
    sts = running.client("sts", key=alice)
    assert sts.get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/alice"
    with pytest.raises(ClientError) as caught:
        sts.assume_role(RoleArn=role["Arn"], RoleSessionName="one")
    assert code(caught) == ("AccessDenied", 403)
    allowed = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role["Arn"]}]}
    iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=json.dumps(allowed))
    assert iam.get_user_policy(UserName="alice", PolicyName="p")["PolicyDocument"] == allowed
    answer = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="one", DurationSeconds=900)
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/one"
    session = running.client("sts", key=key(answer))
    assert session.get_caller_identity()["UserId"] == f"{role['RoleId']}:one"
    used = iam.get_access_key_last_used(AccessKeyId=alice.access_key_id)["AccessKeyLastUsed"]
    assert used["ServiceName"] == "sts"
    iam.delete_role(RoleName="deploy")
    with pytest.raises(ClientError) as caught:
        session.get_caller_identity()
    assert code(caught) == ("InvalidClientTokenId", 403)


def test_key_is_refused_at_once_when_it_ends(running: harness.Server) -> None:
    iam = running.client("iam")
    iam.create_user(UserName="alice")
    alice = key(iam.create_access_key(UserName="alice"))
    mine = running.client("sts", key=alice)
    mine.get_caller_identity()
    iam.update_access_key(UserName="alice", AccessKeyId=alice.access_key_id, Status="Inactive")
    with pytest.raises(ClientError) as caught:
        mine.get_caller_identity()
    assert code(caught) == ("InvalidClientTokenId", 403)


def test_session_is_refused_when_its_time_is_over(running: harness.Server, server: Any) -> None:
    credential = server.identity.session(server.administrator, 60_000)
    given = harness.Key(credential.access_key_id, credential.secret, credential.session_token)
    session = running.client("sts", key=given)
    server.clock.instant = credential.expires - 1
    session.get_caller_identity()
    server.clock.instant = credential.expires
    with pytest.raises(ClientError) as caught:
        session.get_caller_identity()
    assert code(caught) == ("ExpiredToken", 403)


def test_errors_and_pages_are_read_by_botocore(running: harness.Server) -> None:
    iam = running.client("iam")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName="none")
    with pytest.raises(iam.exceptions.MalformedPolicyDocumentException):
        iam.create_policy(PolicyName="p", PolicyDocument="{}")
    with pytest.raises(ClientError) as caught:
        iam.create_user(UserName="a b")
    assert code(caught) == ("ValidationError", 400)
    for number in range(5):
        iam.create_group(GroupName=f"g{number}")
    pages = iam.get_paginator("list_groups").paginate(PaginationConfig={"PageSize": 2})
    assert [group["GroupName"] for page in pages for group in page["Groups"]] == [f"g{number}" for number in range(5)]
    with pytest.raises(iam.exceptions.EntityAlreadyExistsException):
        iam.create_group(GroupName="G1")
    assert iam.get_account_summary()["SummaryMap"]["Groups"] == 5


def test_policies_of_aws_come_with_their_documents(running: harness.Server) -> None:
    iam = running.client("iam")
    policies = [policy for page in iam.get_paginator("list_policies").paginate(Scope="AWS") for policy in page["Policies"]]
    assert len(policies) >= 20
    for policy in policies:
        version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])["PolicyVersion"]
        assert version["IsDefaultVersion"] is True
        assert version["Document"]["Version"] == "2012-10-17"
        assert policy["PolicyId"].startswith("ANPA")
