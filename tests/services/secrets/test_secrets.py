"""Secrets Manager: versions and labels, finding secrets, deleting and taking back, listing."""

import re
import string
from datetime import timedelta
from typing import Any

import pytest

from stageline.services.secretsmanager import deletion
from stageline.testing.pipelines import refused

DAY = 24 * 3_600_000


def value(keeper: Any, secret: str, **more: Any) -> str:
    return str(keeper.get_secret_value(SecretId=secret, **more)["SecretString"])


def labels(keeper: Any, secret: str) -> dict[str, list[str]]:
    return dict(keeper.describe_secret(SecretId=secret).get("VersionIdsToStages", {}))


def test_a_secret_is_found_by_name_arn_and_arn_without_its_random_characters(keeper: Any, name: str) -> None:
    made = keeper.create_secret(Name=name, SecretString="s3cret", Description="for tests")
    arn = made["ARN"]
    assert re.fullmatch(rf"arn:aws:secretsmanager:us-east-1:000000000000:secret:{name}-[A-Za-z0-9]{{6}}", arn)
    for wanted in (name, arn, arn[:-7]):
        got = keeper.get_secret_value(SecretId=wanted)
        assert (got["ARN"], got["Name"], got["SecretString"]) == (arn, name, "s3cret")
        assert (got["VersionId"], got["VersionStages"]) == (made["VersionId"], ["AWSCURRENT"])
    other = arn[:-6] + ("AAAAAA" if not arn.endswith("AAAAAA") else "BBBBBB")
    refused("ResourceNotFoundException", keeper.get_secret_value, SecretId=other)
    refused("ResourceNotFoundException", keeper.get_secret_value, SecretId=arn.replace("us-east-1", "us-west-2"))
    shown = keeper.describe_secret(SecretId=name)
    assert shown["Description"] == "for tests"
    assert "s3cret" not in str(shown)


def test_a_name_that_ends_like_an_arn_is_not_mistaken(keeper: Any, name: str) -> None:
    odd = f"{name}-abcdef"
    arn = keeper.create_secret(Name=odd, SecretString="odd")["ARN"]
    plain = keeper.create_secret(Name=name, SecretString="plain")["ARN"]
    assert value(keeper, odd) == "odd"
    assert value(keeper, arn) == "odd"
    assert value(keeper, arn[:-7]) == "odd"
    assert value(keeper, plain) == "plain"


def test_binary_values_come_back_as_they_were(keeper: Any, name: str) -> None:
    keeper.create_secret(Name=name, SecretBinary=b"\x00\xff\x80")
    got = keeper.get_secret_value(SecretId=name)
    assert got["SecretBinary"] == b"\x00\xff\x80"
    assert "SecretString" not in got


def test_a_new_value_becomes_current_and_the_old_one_previous(keeper: Any, secret: str, tokens: list[str]) -> None:
    first, second, third, fourth = tokens[:4]
    put = keeper.put_secret_value(SecretId=secret, SecretString="second", ClientRequestToken=second)
    assert (put["VersionId"], put["VersionStages"]) == (second, ["AWSCURRENT"])
    assert labels(keeper, secret) == {first: ["AWSPREVIOUS"], second: ["AWSCURRENT"]}
    keeper.update_secret(SecretId=secret, SecretString="third", Description="d", ClientRequestToken=third)
    assert labels(keeper, secret) == {second: ["AWSPREVIOUS"], third: ["AWSCURRENT"]}
    keeper.put_secret_value(SecretId=secret, SecretString="fourth", ClientRequestToken=fourth, VersionStages=["NEXT"])
    assert labels(keeper, secret)[third] == ["AWSCURRENT"]
    assert value(keeper, secret) == "third"
    assert value(keeper, secret, VersionStage="AWSPREVIOUS") == "second"
    assert value(keeper, secret, VersionStage="NEXT") == "fourth"
    assert value(keeper, secret, VersionId=first) == "first value"
    assert value(keeper, secret, VersionId=fourth, VersionStage="NEXT") == "fourth"


def test_the_same_token_and_value_change_nothing(keeper: Any, secret: str, tokens: list[str]) -> None:
    arn = keeper.describe_secret(SecretId=secret)["ARN"]
    again = keeper.create_secret(Name=secret, SecretString="first value", ClientRequestToken=tokens[0])
    assert (again["ARN"], again["VersionId"]) == (arn, tokens[0])
    keeper.put_secret_value(SecretId=secret, SecretString="second", ClientRequestToken=tokens[1])
    keeper.put_secret_value(SecretId=secret, SecretString="first value", ClientRequestToken=tokens[0])
    assert value(keeper, secret) == "second"


def test_labels_move_on_demand_and_the_current_one_leaves_a_trace(keeper: Any, secret: str, tokens: list[str]) -> None:
    first, second = tokens[:2]
    keeper.put_secret_value(SecretId=secret, SecretString="second", ClientRequestToken=second)
    move = {"SecretId": secret, "VersionStage": "AWSCURRENT"}
    keeper.update_secret_version_stage(**move, RemoveFromVersionId=second, MoveToVersionId=first)
    assert labels(keeper, secret) == {first: ["AWSCURRENT"], second: ["AWSPREVIOUS"]}
    keeper.update_secret_version_stage(SecretId=secret, VersionStage="BLUE", MoveToVersionId=second)
    assert labels(keeper, secret)[second] == ["AWSPREVIOUS", "BLUE"]
    keeper.update_secret_version_stage(SecretId=secret, VersionStage="BLUE", RemoveFromVersionId=second)
    assert labels(keeper, secret)[second] == ["AWSPREVIOUS"]


def test_versions_are_listed_those_without_a_label_on_demand(keeper: Any, secret: str, tokens: list[str]) -> None:
    for number in range(1, 4):
        keeper.put_secret_value(SecretId=secret, SecretString=str(number), ClientRequestToken=tokens[number])
    assert [each["VersionId"] for each in keeper.list_secret_version_ids(SecretId=secret)["Versions"]] == tokens[2:4]
    page = keeper.list_secret_version_ids(SecretId=secret, IncludeDeprecated=True, MaxResults=3)
    assert [each["VersionId"] for each in page["Versions"]] == tokens[:3]
    assert "VersionStages" not in page["Versions"][0]
    rest = keeper.list_secret_version_ids(SecretId=secret, IncludeDeprecated=True, NextToken=page["NextToken"])
    assert [each["VersionId"] for each in rest["Versions"]] == tokens[3:4]
    assert "NextToken" not in rest


def test_versions_without_a_label_for_a_day_make_room(keeper: Any, secret: str, behind: Any, tokens: list[str]) -> None:
    for number in range(1, 100):
        keeper.put_secret_value(SecretId=secret, SecretString=str(number), ClientRequestToken=tokens[number])
    with behind.store.write() as tx:
        doc = tx.get("secretsmanager.secret", secret)
        for version in tokens[:2]:
            doc["versions"][version]["created"] -= DAY + 1000
        tx.put("secretsmanager.secret", secret, doc)
    keeper.put_secret_value(SecretId=secret, SecretString="100", ClientRequestToken=tokens[100])
    refused("ResourceNotFoundException", keeper.get_secret_value, SecretId=secret, VersionId=tokens[0])
    assert value(keeper, secret, VersionId=tokens[1]) == "1"
    with behind.store.read() as tx:
        assert tx.count("secretsmanager.value", f"{doc['arn'].partition(':secret:')[2]}/") == 100


def test_a_deleted_secret_can_be_taken_back_and_is_gone_when_its_time_is_over(keeper: Any, secret: str, behind: Any) -> None:
    arn = keeper.describe_secret(SecretId=secret)["ARN"]
    answer = keeper.delete_secret(SecretId=secret, RecoveryWindowInDays=7)
    when = keeper.describe_secret(SecretId=secret)["DeletedDate"]
    assert abs(when - answer["DeletionDate"]) < timedelta(seconds=1)
    refused("InvalidRequestException", keeper.get_secret_value, SecretId=secret)
    assert keeper.list_secrets(Filters=[{"Key": "name", "Values": [secret]}])["SecretList"] == []
    planned = keeper.list_secrets(Filters=[{"Key": "name", "Values": [secret]}], IncludePlannedDeletion=True)["SecretList"]
    assert [each["Name"] for each in planned] == [secret]
    keeper.restore_secret(SecretId=secret)
    assert value(keeper, secret) == "first value"
    keeper.delete_secret(SecretId=secret)
    now = int(when.timestamp() * 1000)
    deletion.sweep(behind.store, now)
    keeper.describe_secret(SecretId=secret)
    assert deletion.sweep(behind.store, now + 31 * DAY) >= 1
    refused("ResourceNotFoundException", keeper.describe_secret, SecretId=secret)
    with behind.store.read() as tx:
        assert tx.count("secretsmanager.value", f"{secret}-") == 0
    assert keeper.create_secret(Name=secret, SecretString="new")["ARN"] != arn


def test_a_secret_whose_time_is_over_is_gone_before_it_is_swept(keeper: Any, secret: str, behind: Any, tokens: list[str]) -> None:
    keeper.delete_secret(SecretId=secret)
    with behind.store.write() as tx:
        tx.put("secretsmanager.secret", secret, {**tx.get("secretsmanager.secret", secret), "deleted": 1})
    refused("ResourceNotFoundException", keeper.describe_secret, SecretId=secret)
    refused("ResourceNotFoundException", keeper.restore_secret, SecretId=secret)
    keeper.create_secret(Name=secret, SecretString="new")
    with behind.store.read() as tx:
        assert tx.count("secretsmanager.value", f"{secret}-") == 1


def test_a_forced_deletion_is_at_once_and_no_error_for_what_is_not_there(keeper: Any, secret: str) -> None:
    for _ in range(2):
        keeper.delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True)
        refused("ResourceNotFoundException", keeper.describe_secret, SecretId=secret)


def test_secrets_are_listed_by_filter_order_and_page(keeper: Any, name: str) -> None:
    for letter in "bac":
        tags = [{"Key": "team", "Value": f"{name}-{letter}"}]
        keeper.create_secret(Name=f"{name}/{letter}", SecretString=letter, Description=f"The {letter} of {name}", Tags=tags)

    def found(*filters: tuple[str, str], **more: Any) -> list[str]:
        given = [{"Key": key, "Values": [text]} for key, text in filters]
        listed = keeper.list_secrets(Filters=[{"Key": "name", "Values": [name]}, *given], **more)["SecretList"]
        return [each["Name"][-1] for each in listed]

    assert found() == ["b", "a", "c"]
    assert found(SortOrder="desc") == ["c", "a", "b"]
    assert found(SortBy="name") == ["a", "b", "c"]
    assert found(("tag-value", f"{name}-a")) == ["a"]
    assert found(("tag-key", "te"), SortBy="name", SortOrder="desc") == ["c", "b", "a"]
    assert found(("description", "the A")) == ["a"]
    assert found(("all", f"{name}-c TEAM")) == ["c"]
    assert found(("name", f"!{name}/a")) == ["b", "c"]
    assert found(("primary-region", "us-east")) == ["b", "a", "c"]
    assert found(("owning-service", "x")) == []
    for order in ({}, {"SortBy": "name"}, {"SortBy": "name", "SortOrder": "desc"}, {"SortOrder": "desc"}):
        request = {"Filters": [{"Key": "name", "Values": [name]}], **order}
        pages, more = [], {}
        for _ in range(3):
            page = keeper.list_secrets(**request, MaxResults=1, **more)
            pages += [each["Name"][-1] for each in page["SecretList"]]
            more = {"NextToken": page.get("NextToken")}
        assert pages == found(**order)
        assert more == {"NextToken": None}


def test_several_values_are_read_at_once_and_each_failure_is_told(keeper: Any, name: str, behind: Any) -> None:
    for letter in "abc":
        keeper.create_secret(Name=f"{name}/{letter}", SecretString=letter)
    keeper.delete_secret(SecretId=f"{name}/c")
    wanted = [f"{name}/a", f"{name}/c", f"{name}/none"]
    answer = keeper.batch_get_secret_value(SecretIdList=wanted)
    assert [each["SecretString"] for each in answer["SecretValues"]] == ["a"]
    codes = {each["SecretId"]: each["ErrorCode"] for each in answer["Errors"]}
    assert codes == {wanted[1]: "InvalidRequestException", wanted[2]: "ResourceNotFoundException"}
    given = {"Filters": [{"Key": "name", "Values": [name]}], "MaxResults": 1}
    page = keeper.batch_get_secret_value(**given)
    rest = keeper.batch_get_secret_value(**given, NextToken=page["NextToken"])
    assert [each["SecretString"] for each in page["SecretValues"] + rest["SecretValues"]] == ["a", "b"]
    assert "NextToken" not in rest
    arn = keeper.describe_secret(SecretId=f"{name}/a")["ARN"]
    key = behind.person(
        {"Action": "secretsmanager:BatchGetSecretValue", "Resource": "*"},
        {"Action": "secretsmanager:GetSecretValue", "Resource": arn},
    )
    limited = behind.client("secretsmanager", key=key).batch_get_secret_value(SecretIdList=[f"{name}/a", f"{name}/b"])
    assert [each["SecretString"] for each in limited["SecretValues"]] == ["a"]
    assert [each["ErrorCode"] for each in limited["Errors"]] == ["AccessDeniedException"]


def test_tags_are_added_changed_and_taken_off(keeper: Any, secret: str) -> None:
    keeper.tag_resource(SecretId=secret, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    keeper.tag_resource(SecretId=secret, Tags=[{"Key": "a", "Value": "3"}])
    keeper.untag_resource(SecretId=secret, TagKeys=["b", "none"])
    assert keeper.describe_secret(SecretId=secret)["Tags"] == [{"Key": "a", "Value": "3"}]


def test_the_day_of_the_last_reading_is_kept(keeper: Any, secret: str) -> None:
    assert "LastAccessedDate" not in keeper.describe_secret(SecretId=secret)
    keeper.get_secret_value(SecretId=secret)
    read = keeper.describe_secret(SecretId=secret)["LastAccessedDate"]
    assert (read.timestamp() % 86_400, keeper.list_secret_version_ids(SecretId=secret)["Versions"][0]["LastAccessedDate"]) == (
        0,
        read,
    )


def test_passwords_are_random_and_of_the_kinds_asked_for(keeper: Any) -> None:
    first = keeper.get_random_password()["RandomPassword"]
    assert len(first) == 32
    assert first != keeper.get_random_password()["RandomPassword"]
    for kind in (string.ascii_lowercase, string.ascii_uppercase, string.digits, string.punctuation):
        assert set(first) & set(kind)
    digits = keeper.get_random_password(
        PasswordLength=100, ExcludeLowercase=True, ExcludeUppercase=True, ExcludePunctuation=True, ExcludeCharacters="01"
    )
    assert set(digits["RandomPassword"]) <= set("23456789")
    spaced = keeper.get_random_password(PasswordLength=5, IncludeSpace=True)["RandomPassword"]
    assert " " in spaced
    assert len(keeper.get_random_password(PasswordLength=1, RequireEachIncludedType=False)["RandomPassword"]) == 1


@pytest.mark.parametrize("operation", ["rotate_secret", "cancel_rotate_secret", "stop_replication_to_replica"])
def test_rotation_and_replication_are_not_implemented(keeper: Any, secret: str, operation: str) -> None:
    refused("NotImplementedException", getattr(keeper, operation), SecretId=secret)


def test_members_that_are_not_implemented_are_refused(keeper: Any, secret: str, name: str) -> None:
    replicas = [{"Region": "us-west-2"}]
    refused("NotImplementedException", keeper.create_secret, Name=f"{name}x", SecretString="s", AddReplicaRegions=replicas)
    refused("NotImplementedException", keeper.put_secret_value, SecretId=secret, SecretString="s", RotationToken="a" * 36)
    refused("NotImplementedException", keeper.update_secret, SecretId=secret, Type="x")
    refused("NotImplementedException", keeper.get_resource_policy, SecretId=secret, PolicyName="x")
