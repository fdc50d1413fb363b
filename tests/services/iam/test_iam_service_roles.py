"""Service-linked roles and instance profiles."""

from typing import Any

import pytest

NOTIFICATIONS = "codestar-notifications.amazonaws.com"
ARN = f"arn:aws:iam::000000000000:role/aws-service-role/{NOTIFICATIONS}/AWSServiceRoleForCodeStarNotifications"


def test_service_linked_role_is_made_once_and_cannot_be_changed(wire: Any) -> None:
    iam = wire.client("iam")
    role = iam.create_service_linked_role(AWSServiceName=NOTIFICATIONS, Description="d")["Role"]
    assert role["Arn"] == ARN
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": NOTIFICATIONS}
    said = wire.refused("InvalidInput", 400, iam.create_service_linked_role, AWSServiceName=NOTIFICATIONS)
    assert said.endswith("has been taken in this account, please try a different suffix.")
    name = role["RoleName"]
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    policy = "arn:aws:iam::aws:policy/aws-service-role/AWSCodeStarNotificationsServiceRolePolicy"
    assert [each["PolicyArn"] for each in attached] == [policy]
    document = wire.server.policy(wire.server.allow("s3:*"))
    for call, request in (
        (iam.delete_role, {}),
        (iam.attach_role_policy, {"PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
        (iam.detach_role_policy, {"PolicyArn": policy}),
        (iam.put_role_policy, {"PolicyName": "p", "PolicyDocument": document}),
        (iam.delete_role_policy, {"PolicyName": "p"}),
        (iam.put_role_permissions_boundary, {"PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}),
        (iam.delete_role_permissions_boundary, {}),
        (iam.update_role, {"MaxSessionDuration": 7200}),
        (iam.update_assume_role_policy, {"PolicyDocument": wire.server.trust({"AWS": "000000000000"})}),
    ):
        said = wire.refused("UnmodifiableEntity", 400, call, RoleName=name, **request)
        assert "only modifiable by AWS" in said
    iam.update_role(RoleName=name, Description="other")
    assert iam.get_role(RoleName=name)["Role"]["Description"] == "other"
    task = iam.delete_service_linked_role(RoleName=name)["DeletionTaskId"]
    assert iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"] == "SUCCEEDED"
    wire.refused("NoSuchEntity", 404, iam.get_role, RoleName=name)
    assert iam.get_policy(PolicyArn=policy)["Policy"]["AttachmentCount"] == 0
    iam.create_service_linked_role(AWSServiceName=NOTIFICATIONS)


def test_what_is_no_service_linked_role(wire: Any) -> None:
    iam = wire.client("iam")
    wire.refused("InvalidInput", 400, iam.create_service_linked_role, AWSServiceName="ec2.amazonaws.com")
    named = {"AWSServiceName": "ecs.amazonaws.com", "CustomSuffix": "x"}
    assert "Custom suffix is not allowed" in wire.refused("InvalidInput", 400, iam.create_service_linked_role, **named)
    role = iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com", CustomSuffix="x")["Role"]
    assert role["RoleName"] == "AWSServiceRoleForAutoScaling_x"
    long = {"AWSServiceName": "autoscaling.amazonaws.com", "CustomSuffix": "x" * 60}
    wire.refused("InvalidInput", 400, iam.create_service_linked_role, **long)
    wire.refused("NoSuchEntity", 404, iam.delete_service_linked_role, RoleName="none")
    wire.server.role("plain", {"AWS": "000000000000"})
    wire.refused("NoSuchEntity", 404, iam.delete_service_linked_role, RoleName="plain")
    wire.refused("InvalidInput", 400, iam.get_service_linked_role_deletion_status, DeletionTaskId="x")
    gone = "task/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS/00000000-0000-0000-0000-000000000000"
    wire.refused("NoSuchEntity", 404, iam.get_service_linked_role_deletion_status, DeletionTaskId=gone)
    reserved = {"RoleName": "mine", "Path": "/aws-service-role/x/", "AssumeRolePolicyDocument": wire.server.trust({"AWS": "*"})}
    wire.refused("UnmodifiableEntity", 400, iam.create_role, **reserved)


def test_policy_of_a_service_linked_role_cannot_be_attached(wire: Any) -> None:
    arn = "arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy"
    wire.server.role("greedy", {"AWS": "000000000000"})
    iam = wire.client("iam")
    wire.refused("PolicyNotAttachable", 400, iam.attach_role_policy, RoleName="greedy", PolicyArn=arn)


def test_permission_can_be_bound_to_the_service(server: Any) -> None:
    condition = {"StringEquals": {"iam:AWSServiceName": NOTIFICATIONS}}
    actions = ("iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole", "iam:GetServiceLinkedRoleDeletionStatus")
    ida = server.user("ida", server.allow(*actions, Condition=condition))
    role = server.call("create_service_linked_role", ida, AWSServiceName=NOTIFICATIONS)["Role"]
    said = server.refused("AccessDenied", "create_service_linked_role", ida, AWSServiceName="ecs.amazonaws.com")
    assert said.startswith(
        "User: arn:aws:iam::000000000000:user/ida is not authorized to perform: iam:CreateServiceLinkedRole on"
    )
    ecs = server.call("create_service_linked_role", AWSServiceName="ecs.amazonaws.com")["Role"]
    server.refused("AccessDenied", "delete_service_linked_role", ida, RoleName=ecs["RoleName"])
    task = server.call("delete_service_linked_role", ida, RoleName=role["RoleName"])["DeletionTaskId"]
    server.call("get_service_linked_role_deletion_status", ida, DeletionTaskId=task)
    other = server.call("delete_service_linked_role", RoleName=ecs["RoleName"])["DeletionTaskId"]
    server.refused("AccessDenied", "get_service_linked_role_deletion_status", ida, DeletionTaskId=other)


def test_deletions_are_forgotten_after_a_day(server: Any) -> None:
    tasks = []
    for _ in range(2):
        role = server.call("create_service_linked_role", AWSServiceName=NOTIFICATIONS)["Role"]
        tasks.append(server.call("delete_service_linked_role", RoleName=role["RoleName"])["DeletionTaskId"])
        server.clock.instant += 24 * 3_600_000
    server.refused("NoSuchEntity", "get_service_linked_role_deletion_status", DeletionTaskId=tasks[0])
    server.call("get_service_linked_role_deletion_status", DeletionTaskId=tasks[1])


def test_instance_profile_holds_one_role(wire: Any) -> None:
    iam = wire.client("iam")
    made = iam.create_instance_profile(InstanceProfileName="box", Path="/x/", Tags=[{"Key": "k", "Value": "v"}])[
        "InstanceProfile"
    ]
    assert made["Arn"] == "arn:aws:iam::000000000000:instance-profile/x/box"
    assert made["InstanceProfileId"].startswith("AIPA")
    named = {"InstanceProfileName": "box"}
    wire.refused("EntityAlreadyExists", 409, iam.create_instance_profile, InstanceProfileName="Box")
    for name in ("worker", "other"):
        wire.server.role(name, {"Service": "ec2.amazonaws.com"})
    iam.add_role_to_instance_profile(RoleName="worker", **named)
    wire.refused("LimitExceeded", 409, iam.add_role_to_instance_profile, RoleName="other", **named)
    assert iam.get_instance_profile(**named)["InstanceProfile"]["Roles"][0]["RoleName"] == "worker"
    assert [each["InstanceProfileName"] for each in iam.list_instance_profiles(PathPrefix="/x/")["InstanceProfiles"]] == ["box"]
    assert iam.list_instance_profiles(PathPrefix="/y/")["InstanceProfiles"] == []
    found = iam.list_instance_profiles_for_role(RoleName="worker")["InstanceProfiles"]
    assert [each["InstanceProfileName"] for each in found] == ["box"]
    assert "from instance profile first" in wire.refused("DeleteConflict", 409, iam.delete_role, RoleName="worker")
    wire.refused("DeleteConflict", 409, iam.delete_instance_profile, **named)
    wire.refused("NoSuchEntity", 404, iam.remove_role_from_instance_profile, RoleName="other", **named)
    iam.tag_instance_profile(Tags=[{"Key": "K", "Value": "w"}, {"Key": "l", "Value": ""}], **named)
    iam.untag_instance_profile(TagKeys=["l"], **named)
    assert iam.list_instance_profile_tags(**named)["Tags"] == [{"Key": "K", "Value": "w"}]
    iam.remove_role_from_instance_profile(RoleName="worker", **named)
    iam.delete_instance_profile(**named)
    for call in (
        iam.get_instance_profile,
        iam.delete_instance_profile,
        iam.list_instance_profile_tags,
    ):
        wire.refused("NoSuchEntity", 404, call, **named)
    wire.refused("NoSuchEntity", 404, iam.tag_instance_profile, Tags=[], **named)
    wire.refused("NoSuchEntity", 404, iam.untag_instance_profile, TagKeys=["l"], **named)
    wire.refused("NoSuchEntity", 404, iam.add_role_to_instance_profile, RoleName="worker", **named)


def test_role_for_a_machine_must_be_passed(server: Any) -> None:
    server.role("worker", {"Service": "ec2.amazonaws.com"})
    server.call("create_instance_profile", InstanceProfileName="box")
    add = {"InstanceProfileName": "box", "RoleName": "worker"}
    ida = server.user("ida", server.allow("iam:AddRoleToInstanceProfile"))
    assert "iam:PassRole" in server.refused("AccessDenied", "add_role_to_instance_profile", ida, **add)
    passing = server.allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}})
    jon = server.user("jon", server.allow("iam:AddRoleToInstanceProfile"), passing)
    server.call("add_role_to_instance_profile", jon, **add)


@pytest.mark.parametrize("limit", [2])
def test_instance_profiles_page(server: Any, limit: int) -> None:
    for number in range(5):
        server.call("create_instance_profile", InstanceProfileName=f"p{number}")
    names: list[str] = []
    request: dict[str, Any] = {"MaxItems": limit}
    while True:
        page = server.call("list_instance_profiles", **request)
        names += [each["InstanceProfileName"] for each in page["InstanceProfiles"]]
        if not page["IsTruncated"]:
            break
        request["Marker"] = page["Marker"]
    assert names == [f"p{number}" for number in range(5)]


def test_there_are_so_many_instance_profiles_and_no_more(server: Any) -> None:
    with server.store.write() as tx:
        for number in range(1000):
            tx.put("iam.instance-profile", f"p{number}", {"name": f"p{number}", "path": "/", "role": "", "tags": {}})
    said = server.refused("LimitExceeded", "create_instance_profile", InstanceProfileName="more")
    assert said == "Cannot exceed quota for InstanceProfilesPerAccount: 1000"
