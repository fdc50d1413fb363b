"""The account: its alias, its summary, all its details, and the credential report."""

import csv
import io
from typing import Any

HOUR = 3_600_000


def test_alias_is_one_name_that_can_be_replaced(wire: Any) -> None:
    iam = wire.client("iam")
    assert iam.list_account_aliases()["AccountAliases"] == []
    wire.refused("NoSuchEntity", 404, iam.delete_account_alias, AccountAlias="acme")
    iam.create_account_alias(AccountAlias="acme")
    assert wire.refused("EntityAlreadyExists", 409, iam.create_account_alias, AccountAlias="acme").endswith("already exists.")
    iam.create_account_alias(AccountAlias="acme-two")
    assert iam.list_account_aliases()["AccountAliases"] == ["acme-two"]
    wire.refused("NoSuchEntity", 404, iam.delete_account_alias, AccountAlias="acme")
    wire.refused("ValidationError", 400, iam.create_account_alias, AccountAlias="-acme")
    iam.delete_account_alias(AccountAlias="acme-two")
    assert iam.list_account_aliases()["AccountAliases"] == []


def test_summary_counts_what_there_is(server: Any) -> None:
    server.user("ida")
    server.role("r", {"AWS": "000000000000"})
    server.call("create_instance_profile", InstanceProfileName="p")
    found = server.call("get_account_summary")["SummaryMap"]
    counted = (found["Users"], found["Roles"], found["InstanceProfiles"], found["AccountAccessKeysPresent"])
    assert counted == (1, 1, 1, 1)
    assert (found["PolicySizeQuota"], found["AccessKeysPerUserQuota"]) == (6144, 2)


def _furnished(wire: Any) -> None:
    server = wire.server
    server.call("create_group", GroupName="devs", Path="/team/")
    server.call("put_group_policy", GroupName="devs", PolicyName="in", PolicyDocument=server.policy(server.allow("s3:*")))
    server.call("create_user", UserName="dan", Tags=[{"Key": "team", "Value": "a"}])
    server.call("add_user_to_group", GroupName="devs", UserName="dan")
    server.call("attach_user_policy", UserName="dan", PolicyArn="arn:aws:iam::aws:policy/IAMReadOnlyAccess")
    policy = server.call("create_policy", PolicyName="own", PolicyDocument=server.policy(server.allow("sqs:*")))["Policy"]
    server.call("create_policy_version", PolicyArn=policy["Arn"], PolicyDocument=server.policy(server.allow("sns:*")))
    server.role("deploy", {"AWS": "000000000000"}, server.allow("logs:*"), PermissionsBoundary=policy["Arn"])
    server.call("create_instance_profile", InstanceProfileName="box")
    server.call("add_role_to_instance_profile", InstanceProfileName="box", RoleName="deploy")


def test_details_hold_every_entity_with_its_policies(wire: Any) -> None:
    _furnished(wire)
    iam = wire.client("iam")
    found = iam.get_account_authorization_details()
    (user,) = [each for each in found["UserDetailList"] if each["UserName"] == "dan"]
    assert user["GroupList"] == ["devs"]
    assert user["Tags"] == [{"Key": "team", "Value": "a"}]
    assert user["AttachedManagedPolicies"][0]["PolicyName"] == "IAMReadOnlyAccess"
    (group,) = found["GroupDetailList"]
    assert (group["Path"], group["GroupPolicyList"][0]["PolicyDocument"]["Statement"][0]["Action"]) == ("/team/", ["s3:*"])
    (role,) = found["RoleDetailList"]
    assert role["RolePolicyList"][0]["PolicyName"] == "given"
    assert role["InstanceProfileList"][0]["InstanceProfileName"] == "box"
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"].endswith(":policy/own")
    policies = {each["PolicyName"]: each for each in found["Policies"]}
    assert set(policies) == {"IAMReadOnlyAccess", "own"}
    versions = {each["VersionId"]: each["IsDefaultVersion"] for each in policies["own"]["PolicyVersionList"]}
    assert versions == {"v1": True, "v2": False}
    assert policies["own"]["PermissionsBoundaryUsageCount"] == 1
    assert policies["own"]["PolicyVersionList"][1]["Document"]["Statement"][0]["Action"] == ["sns:*"]
    _filters(iam)


def _filters(iam: Any) -> None:
    lists = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
    kinds = {"User": "UserDetailList", "Group": "GroupDetailList", "Role": "RoleDetailList", "LocalManagedPolicy": "Policies"}
    for kind, where in kinds.items():
        found = iam.get_account_authorization_details(Filter=[kind])
        assert [name for name in lists if found[name]] == [where]
    names = [each["PolicyName"] for each in iam.get_account_authorization_details(Filter=["AWSManagedPolicy"])["Policies"]]
    assert names == ["IAMReadOnlyAccess"]
    pages = iam.get_paginator("get_account_authorization_details").paginate(PaginationConfig={"PageSize": 1})
    seen = [each["Arn"] for page in pages for name in lists for each in page[name]]
    assert len(seen) == len(set(seen)) == 5


def test_credential_report_is_made_kept_and_expires(server: Any) -> None:
    key = server.user("ida").access_key_id
    server.user("jon")
    server.call("create_login_profile", UserName="ida", Password="Correct-Horse-7")
    server.call("update_account_password_policy", MaxPasswordAge=1)
    server.identity.used(key, "s3", "eu-west-1")
    server.call("update_access_key", UserName="ida", AccessKeyId=key, Status="Inactive")
    server.refused("ReportNotPresent", "get_credential_report")
    assert server.call("generate_credential_report")["State"] == "STARTED"
    assert server.call("generate_credential_report") == {"State": "COMPLETE"}
    report = server.call("get_credential_report")
    assert report["ReportFormat"] == "text/csv"
    rows = {row["user"]: row for row in csv.DictReader(io.StringIO(report["Content"].decode()))}
    assert set(rows) == {"<root_account>", "ida", "jon"}
    assert rows["<root_account>"]["access_key_1_active"] == "true"
    ida = rows["ida"]
    assert (ida["password_enabled"], ida["password_last_used"]) == ("true", "no_information")
    assert (ida["password_last_changed"][:10], ida["password_next_rotation"][:10]) == ("2027-01-15", "2027-01-16")
    used = ("access_key_1_active", "access_key_1_last_used_service", "access_key_1_last_used_region", "access_key_2_active")
    assert [ida[name] for name in used] == ["false", "s3", "eu-west-1", "false"]
    assert (rows["jon"]["password_enabled"], rows["jon"]["access_key_1_last_used_date"]) == ("false", "N/A")
    server.clock.instant += 4 * HOUR
    server.refused("ReportExpired", "get_credential_report")
    assert server.call("generate_credential_report")["State"] == "STARTED"
    server.call("get_credential_report")


def test_report_over_the_wire(wire: Any) -> None:
    iam = wire.client("iam")
    wire.refused("ReportNotPresent", 410, iam.get_credential_report)
    assert iam.generate_credential_report()["State"] == "STARTED"
    assert iam.get_credential_report()["Content"].startswith(b"user,arn,user_creation_time,password_enabled")


def test_each_asks_for_its_permission(wire: Any) -> None:
    nobody = wire.client("iam", wire.user("nemo"))
    for call, request in (
        (nobody.create_account_alias, {"AccountAlias": "acme"}),
        (nobody.delete_account_alias, {"AccountAlias": "acme"}),
        (nobody.list_account_aliases, {}),
        (nobody.get_account_authorization_details, {}),
        (nobody.generate_credential_report, {}),
        (nobody.get_credential_report, {}),
        (nobody.get_account_password_policy, {}),
        (nobody.update_account_password_policy, {}),
        (nobody.delete_account_password_policy, {}),
        (nobody.create_login_profile, {"Password": "Correct-Horse-7"}),
        (nobody.get_login_profile, {}),
        (nobody.update_login_profile, {"UserName": "nemo"}),
        (nobody.delete_login_profile, {}),
    ):
        assert "because no identity-based policy allows the iam:" in wire.refused("AccessDenied", 403, call, **request)
