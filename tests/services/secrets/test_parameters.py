"""The Parameter Store: types, versions, labels, selectors, hierarchies, listings."""

import base64
from typing import Any

import pytest

from stageline.testing.pipelines import refused


def names(answer: dict[str, Any]) -> list[str]:
    return [each["Name"] for each in answer["Parameters"]]


def test_a_parameter_is_read_by_name_arn_version_and_label(ssm: Any, name: str) -> None:
    full = f"/{name}"
    assert ssm.put_parameter(Name=full, Value="one", Type="String")["Version"] == 1
    made = ssm.put_parameter(Name=full, Value="two", Overwrite=True)
    assert (made["Version"], made["Tier"]) == (2, "Standard")
    ssm.label_parameter_version(Name=full, ParameterVersion=1, Labels=["old"])
    got = ssm.get_parameter(Name=full)["Parameter"]
    assert (got["Name"], got["Type"], got["Value"], got["Version"], got["DataType"]) == (full, "String", "two", 2, "text")
    assert got["ARN"] == f"arn:aws:ssm:us-east-1:000000000000:parameter{full}"
    assert "Selector" not in got
    for wanted, selector in ((f"{full}:1", ":1"), (f"{full}:old", ":old"), (f"{got['ARN']}:1", ":1")):
        found = ssm.get_parameter(Name=wanted)["Parameter"]
        assert (found["Value"], found["Selector"], found["Name"]) == ("one", selector, full)
    assert ssm.get_parameter(Name=got["ARN"])["Parameter"]["Value"] == "two"


def test_a_secure_string_is_clear_only_with_decryption(ssm: Any, name: str, behind: Any) -> None:
    ssm.put_parameter(Name=name.replace("/", "."), Value="p4ssw0rd-canary", Type="SecureString")
    plain = name.replace("/", ".")
    got = ssm.get_parameter(Name=plain)["Parameter"]["Value"]
    assert "p4ssw0rd-canary" not in got + base64.b64decode(got).decode()
    assert ssm.get_parameter(Name=plain, WithDecryption=True)["Parameter"]["Value"] == "p4ssw0rd-canary"
    assert ssm.get_parameters(Names=[plain], WithDecryption=True)["Parameters"][0]["Value"] == "p4ssw0rd-canary"
    assert ssm.get_parameter_history(Name=plain, WithDecryption=True)["Parameters"][0]["Value"] == "p4ssw0rd-canary"
    assert ssm.get_parameter_history(Name=plain)["Parameters"][0]["Value"] == got
    described = ssm.describe_parameters(ParameterFilters=[{"Key": "Name", "Values": [plain]}])["Parameters"]
    assert described[0]["KeyId"] == "alias/aws/ssm"
    assert "p4ssw0rd-canary" not in str(described)
    for file in behind.folder.glob("store.db*"):
        assert b"p4ssw0rd-canary" not in file.read_bytes()


def test_several_are_read_at_once_by_name_with_the_unknown_ones_told(ssm: Any, name: str) -> None:
    for letter in "ba":
        ssm.put_parameter(Name=f"/{name}/{letter}", Value=letter, Type="String")
    answer = ssm.get_parameters(Names=[f"/{name}/b:1", f"/{name}/none", f"/{name}/a", f"/{name}/b:7"])
    assert [(each["Name"][-1], each["Value"]) for each in answer["Parameters"]] == [("a", "a"), ("b", "b")]
    assert answer["InvalidParameters"] == [f"/{name}/none", f"/{name}/b:7"]


def test_parameters_below_a_path(ssm: Any, name: str) -> None:
    top = f"/{name}"
    for path in ("a", "b", "b/c", "b/c/d"):
        kind = "SecureString" if path == "b/c" else "String"
        ssm.put_parameter(Name=f"{top}/{path}", Value=path, Type=kind)
    ssm.put_parameter(Name=f"{top}x/y", Value="other", Type="String")
    assert names(ssm.get_parameters_by_path(Path=top)) == [f"{top}/a", f"{top}/b"]
    deep = ssm.get_parameters_by_path(Path=f"{top}/", Recursive=True, MaxResults=3)
    rest = ssm.get_parameters_by_path(Path=f"{top}/", Recursive=True, NextToken=deep["NextToken"])
    assert names(deep) + names(rest) == [f"{top}/{path}" for path in ("a", "b", "b/c", "b/c/d")]
    assert "NextToken" not in rest

    def filtered(key: str, *values: str, **more: Any) -> list[str]:
        chosen = [{"Key": key, "Values": list(values), **more}]
        return names(ssm.get_parameters_by_path(Path=top, Recursive=True, ParameterFilters=chosen))

    assert filtered("Type", "SecureString") == [f"{top}/b/c"]
    assert filtered("KeyId", "alias/", Option="BeginsWith") == [f"{top}/b/c"]
    ssm.label_parameter_version(Name=f"{top}/a", Labels=["prod"])
    ssm.put_parameter(Name=f"{top}/a", Value="newer", Overwrite=True)
    chosen = [{"Key": "Label", "Values": ["prod"]}]
    (found,) = ssm.get_parameters_by_path(Path=top, ParameterFilters=chosen)["Parameters"]
    assert (found["Value"], found["Selector"]) == ("a", ":prod")


def test_the_history_has_all_versions_with_their_labels(ssm: Any, name: str) -> None:
    full = f"/{name}"
    for number in range(1, 4):
        ssm.put_parameter(Name=full, Value=str(number), Type="String", Overwrite=True, Description=f"d{number}")
    assert ssm.label_parameter_version(Name=full, Labels=["a", "b", "1no", "awsno", "SSMno", "no!"]) | {
        "ResponseMetadata": 0
    } == {"InvalidLabels": ["1no", "awsno", "SSMno", "no!"], "ParameterVersion": 3, "ResponseMetadata": 0}
    ssm.label_parameter_version(Name=full, ParameterVersion=1, Labels=["b"])
    page = ssm.get_parameter_history(Name=full, MaxResults=2)
    rest = ssm.get_parameter_history(Name=full, NextToken=page["NextToken"])
    told = [(each["Version"], each["Value"], each.get("Labels", [])) for each in page["Parameters"] + rest["Parameters"]]
    assert told == [(1, "1", ["b"]), (2, "2", []), (3, "3", ["a"])]
    assert page["Parameters"][0]["LastModifiedUser"] == "arn:aws:iam::000000000000:root"
    answer = ssm.unlabel_parameter_version(Name=full, ParameterVersion=3, Labels=["a", "b"])
    assert (answer["RemovedLabels"], answer["InvalidLabels"]) == (["a"], ["b"])
    refused("ParameterVersionNotFound", ssm.get_parameter, Name=f"{full}:a")


def test_a_hundred_versions_are_kept(ssm: Any, name: str, behind: Any) -> None:
    full = f"/{name}"
    for _ in range(101):
        ssm.put_parameter(Name=full, Value="v", Type="String", Overwrite=True)
    refused("ParameterVersionNotFound", ssm.get_parameter, Name=f"{full}:1")
    assert ssm.get_parameter(Name=f"{full}:2")["Parameter"]["Version"] == 2
    ssm.label_parameter_version(Name=full, ParameterVersion=2, Labels=["keep"])
    refused("ParameterMaxVersionLimitExceeded", ssm.put_parameter, Name=full, Value="v", Overwrite=True)
    assert ssm.get_parameter(Name=full)["Parameter"]["Version"] == 101
    ssm.delete_parameter(Name=full)
    with behind.store.read() as tx:
        assert tx.count("ssm.version", f"{full}:") == 0


def test_tiers(ssm: Any, name: str) -> None:
    full = f"/{name}"
    assert ssm.put_parameter(Name=full, Value="v", Type="String", Tier="Intelligent-Tiering")["Tier"] == "Standard"
    big = {"Name": full, "Value": "v" * 4097, "Overwrite": True}
    refused("ValidationException", ssm.put_parameter, **big)
    assert ssm.put_parameter(**big, Tier="Intelligent-Tiering")["Tier"] == "Advanced"
    assert ssm.put_parameter(Name=full, Value="v", Overwrite=True)["Tier"] == "Advanced"
    refused("ValidationException", ssm.put_parameter, Name=full, Value="v", Overwrite=True, Tier="Standard")
    refused("ValidationException", ssm.put_parameter, Name=full, Value="v" * 8193, Overwrite=True)


def test_descriptions_are_filtered_and_paged(ssm: Any, name: str) -> None:
    top = f"/{name}"
    ssm.put_parameter(Name=f"{top}/a", Value="1", Type="String", Tags=[{"Key": "team", "Value": name}])
    ssm.put_parameter(Name=f"{top}/b/c", Value="1,2", Type="StringList", Tier="Advanced", AllowedPattern=r"[\d,]+")

    def found(key: str, *values: str, **more: Any) -> list[str]:
        mine = [] if key == "Name" else [{"Key": "Name", "Option": "BeginsWith", "Values": [top]}]
        chosen = [*mine, {"Key": key, **({"Values": list(values)} if values else {}), **more}]
        return [each[len(top) :] for each in names(ssm.describe_parameters(ParameterFilters=chosen))]

    assert found("Name", f"{top}/a") == ["/a"]
    assert found("Name", top[1:], Option="BeginsWith") == ["/a", "/b/c"]
    assert found("Name", f"{name}/b", Option="Contains") == ["/b/c"]
    assert found("Type", "StringList") == ["/b/c"]
    assert found("Tier", "Advanced") == ["/b/c"]
    assert found("DataType", "text") == ["/a", "/b/c"]
    assert found("Path", top) == ["/a"]
    assert found("Path", top, Option="Recursive") == ["/a", "/b/c"]
    assert found("tag:team", name) == ["/a"]
    assert found("tag:team") == ["/a"]
    assert names(ssm.describe_parameters(Filters=[{"Key": "Name", "Values": [top]}])) == [f"{top}/a", f"{top}/b/c"]
    assert names(ssm.describe_parameters(Shared=True)) == []
    chosen = [{"Key": "Name", "Option": "BeginsWith", "Values": [top]}]
    page = ssm.describe_parameters(ParameterFilters=chosen, MaxResults=1)
    rest = ssm.describe_parameters(ParameterFilters=chosen, NextToken=page["NextToken"])
    assert names(page) + names(rest) == [f"{top}/a", f"{top}/b/c"]
    assert rest["Parameters"][0]["AllowedPattern"] == r"[\d,]+"
    assert "Value" not in rest["Parameters"][0]


def test_several_are_deleted_at_once(ssm: Any, name: str) -> None:
    ssm.put_parameter(Name=f"/{name}", Value="v", Type="String")
    answer = ssm.delete_parameters(Names=[f"/{name}", "/none"])
    assert (answer["DeletedParameters"], answer["InvalidParameters"]) == ([f"/{name}"], ["/none"])


def test_tags_of_a_parameter(ssm: Any, name: str) -> None:
    ssm.put_parameter(Name=f"/{name}", Value="v", Type="String")
    which = {"ResourceType": "Parameter", "ResourceId": f"/{name}"}
    ssm.add_tags_to_resource(**which, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    ssm.remove_tags_from_resource(**which, TagKeys=["a", "none"])
    assert ssm.list_tags_for_resource(**which)["TagList"] == [{"Key": "b", "Value": "2"}]


@pytest.mark.parametrize(
    ("code", "request_"),
    [
        ("ParameterAlreadyExists", {}),
        ("HierarchyTypeMismatchException", {"Overwrite": True, "Type": "SecureString"}),
        ("InvalidKeyId", {"Overwrite": True, "Name": "/new", "Type": "SecureString", "KeyId": "alias/mine"}),
        ("InvalidAllowedPatternException", {"Overwrite": True, "AllowedPattern": "("}),
        ("ParameterPatternMismatchException", {"Overwrite": True, "AllowedPattern": r"\d+", "Value": "12x"}),
        ("HierarchyLevelLimitExceededException", {"Name": "/a" * 16, "Type": "String"}),
        ("AccessDeniedException", {"Name": "/AWS/x", "Type": "String"}),
        ("ValidationException", {"Name": "/ssm-x", "Type": "String"}),
        ("ValidationException", {"Name": "a/b", "Type": "String"}),
        ("ValidationException", {"Name": "/a//b", "Type": "String"}),
        ("ValidationException", {"Name": "/a/", "Type": "String"}),
        ("ValidationException", {"Name": "/a b", "Type": "String"}),
        ("ValidationException", {"Name": "/new"}),
        ("ValidationException", {"Overwrite": True, "Value": ""}),
        ("ValidationException", {"Overwrite": True, "Value": "{{ssm:x}}"}),
        ("ValidationException", {"Overwrite": True, "KeyId": "alias/aws/ssm"}),
        ("ValidationException", {"Overwrite": True, "Tags": [{"Key": "a", "Value": "b"}]}),
        ("ValidationException", {"Name": "/new", "Type": "StringList", "Value": "a,,b"}),
        ("ValidationException", {"Name": "arn:aws:ssm:us-east-1:000000000000:parameter/x", "Type": "String"}),
        ("NotImplementedException", {"Overwrite": True, "Policies": "[]"}),
        ("NotImplementedException", {"Overwrite": True, "DataType": "aws:ec2:image"}),
    ],
)
def test_put_parameter_refusals(ssm: Any, name: str, code: str, request_: dict[str, Any]) -> None:
    full = f"/{name}"
    ssm.put_parameter(Name=full, Value="first", Type="String")
    refused(code, ssm.put_parameter, **{"Name": full, "Value": "second", **request_})
    got = ssm.get_parameter(Name=full)["Parameter"]
    assert (got["Value"], got["Version"]) == ("first", 1)
    assert ssm.get_parameters(Names=["/new"])["InvalidParameters"] == ["/new"]


def test_a_pattern_that_takes_too_long_is_refused(ssm: Any, name: str) -> None:
    request = {"Name": f"/{name}", "Value": "a" * 60 + "!", "Type": "SecureString", "AllowedPattern": "(a+)+b"}
    assert "takes too long" in refused("InvalidAllowedPatternException", ssm.put_parameter, **request)


def test_a_secure_value_is_in_no_refusal(ssm: Any, name: str) -> None:
    said = refused("ValidationException", ssm.put_parameter, Name=f"/{name}", Value="c4nary" * 2000, Type="SecureString")
    assert "c4nary" not in said


WHICH = {"ResourceType": "Parameter", "ResourceId": "/none"}
OTHER = {"ResourceType": "Document", "ResourceId": "/none"}


@pytest.mark.parametrize(
    ("code", "operation", "request_"),
    [
        ("ParameterNotFound", "get_parameter", {"Name": "/none"}),
        ("ParameterNotFound", "get_parameter_history", {"Name": "/none"}),
        ("ParameterNotFound", "delete_parameter", {"Name": "/none"}),
        ("ParameterNotFound", "label_parameter_version", {"Name": "/none", "Labels": ["a"]}),
        ("ParameterNotFound", "unlabel_parameter_version", {"Name": "/none", "ParameterVersion": 1, "Labels": ["a"]}),
        ("InvalidResourceId", "add_tags_to_resource", {**WHICH, "Tags": []}),
        ("InvalidResourceId", "remove_tags_from_resource", {**WHICH, "TagKeys": []}),
        ("InvalidResourceId", "list_tags_for_resource", WHICH),
        ("InvalidResourceType", "add_tags_to_resource", {**OTHER, "Tags": []}),
        ("InvalidResourceType", "remove_tags_from_resource", {**OTHER, "TagKeys": []}),
        ("InvalidResourceType", "list_tags_for_resource", OTHER),
        ("InvalidNextToken", "describe_parameters", {"NextToken": "x"}),
        ("InvalidNextToken", "get_parameters_by_path", {"Path": "/", "NextToken": "bm9uZQ=="}),
        ("InvalidFilterKey", "describe_parameters", {"ParameterFilters": [{"Key": "Label", "Values": ["x"]}]}),
        ("InvalidFilterOption", "describe_parameters", {"ParameterFilters": [{"Key": "Tier", "Option": "X", "Values": ["x"]}]}),
        ("InvalidFilterValue", "describe_parameters", {"ParameterFilters": [{"Key": "Type", "Values": ["x"]}]}),
        ("InvalidFilterValue", "describe_parameters", {"ParameterFilters": [{"Key": "Path", "Values": ["x"]}]}),
        ("InvalidFilterKey", "get_parameters_by_path", {"Path": "/", "ParameterFilters": [{"Key": "Name", "Values": ["x"]}]}),
        (
            "InvalidFilterOption",
            "get_parameters_by_path",
            {"Path": "/", "ParameterFilters": [{"Key": "Label", "Option": "BeginsWith", "Values": ["x"]}]},
        ),
        ("InvalidFilterValue", "get_parameters_by_path", {"Path": "/", "ParameterFilters": [{"Key": "Label"}]}),
        ("ValidationException", "get_parameters_by_path", {"Path": "x"}),
        ("ValidationException", "get_parameters", {"Names": ["x", "x"]}),
        (
            "ValidationException",
            "describe_parameters",
            {"Filters": [{"Key": "Name", "Values": ["x"]}], "ParameterFilters": [{"Key": "Name", "Values": ["x"]}]},
        ),
        ("NotImplementedException", "send_command", {}),
    ],
)
def test_refusals(ssm: Any, code: str, operation: str, request_: dict[str, Any]) -> None:
    refused(code, getattr(ssm, operation), **request_)


def test_refusals_about_one_that_is_there(ssm: Any, name: str) -> None:
    full = f"/{name}"
    ssm.put_parameter(Name=full, Value="v", Type="String")
    refused("ParameterVersionNotFound", ssm.get_parameter, Name=f"{full}:2")
    refused("ParameterVersionNotFound", ssm.label_parameter_version, Name=full, ParameterVersion=2, Labels=["a"])
    refused("ParameterVersionNotFound", ssm.unlabel_parameter_version, Name=full, ParameterVersion=2, Labels=["a"])
    ssm.label_parameter_version(Name=full, Labels=[f"l{number}" for number in range(10)])
    refused("ParameterVersionLabelLimitExceeded", ssm.label_parameter_version, Name=full, Labels=["more"])
    refused("InvalidNextToken", ssm.get_parameter_history, Name=full, NextToken="x")
    many = [{"Key": f"k{number}", "Value": ""} for number in range(51)]
    refused("TooManyTagsError", ssm.add_tags_to_resource, ResourceType="Parameter", ResourceId=full, Tags=many)
    mine = [{"Key": "aws:x", "Value": ""}]
    refused("ValidationException", ssm.add_tags_to_resource, ResourceType="Parameter", ResourceId=full, Tags=mine)


@pytest.mark.parametrize("operation", ["get_parameter", "get_parameters", "get_parameters_by_path", "get_parameter_history"])
def test_a_value_that_does_not_open(ssm: Any, name: str, spoil: Any, operation: str) -> None:
    full = f"/{name}/s"
    ssm.put_parameter(Name=full, Value="v", Type="SecureString")
    spoil("ssm.version", full)
    request = {"get_parameters": {"Names": [full]}, "get_parameters_by_path": {"Path": f"/{name}"}}.get(operation, {"Name": full})
    refused("InvalidKeyId", getattr(ssm, operation), **request, WithDecryption=True)
