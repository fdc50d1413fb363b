"""Simulations: the evaluator of real requests, asked about policies, boundaries, resource policies and contexts."""

import json
from typing import Any

import pytest

ACCOUNT = "000000000000"
BUCKET = "arn:aws:s3:::shop"
DOCUMENT = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"},
    {
      "Sid": "NoSecrets",
      "Effect": "Deny",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::shop/secret/*"
    }
  ]
}"""


def custom(wire: Any, *documents: str, **request: Any) -> list[dict[str, Any]]:
    request.setdefault("ActionNames", ["s3:GetObject"])
    answer = wire.client("iam").simulate_custom_policy(PolicyInputList=list(documents), **request)
    found: list[dict[str, Any]] = answer["EvaluationResults"]
    return found


def decision(wire: Any, *documents: str, **request: Any) -> str:
    return str(custom(wire, *documents, **request)[0]["EvalDecision"])


def test_custom_policy_with_positions_of_the_deciding_statements(wire: Any) -> None:
    resources = [f"{BUCKET}/a", f"{BUCKET}/secret/b"]
    (found,) = custom(wire, DOCUMENT, ResourceArns=resources)
    assert found["EvalDecision"] == "explicitDeny"
    assert found["EvalResourceName"] == "*"
    one, other = found["ResourceSpecificResults"]
    assert (one["EvalResourceName"], one["EvalResourceDecision"]) == (resources[0], "allowed")
    assert one["MatchedStatements"] == [
        {
            "SourcePolicyId": "PolicyInputList.1",
            "SourcePolicyType": "none",
            "StartPosition": {"Line": 4, "Column": 5},
            "EndPosition": {"Line": 4, "Column": 62},
        }
    ]
    assert other["EvalResourceDecision"] == "explicitDeny"
    (deny,) = other["MatchedStatements"]
    assert (deny["StartPosition"], deny["EndPosition"]) == ({"Line": 5, "Column": 5}, {"Line": 10, "Column": 6})


def test_nothing_allows(wire: Any) -> None:
    (found,) = custom(wire, DOCUMENT, ActionNames=["s3:PutObject"])
    assert (found["EvalDecision"], found["MatchedStatements"]) == ("implicitDeny", [])
    assert "ResourceSpecificResults" not in found


def test_one_statement_without_a_list_has_a_position(wire: Any) -> None:
    text = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
    (found,) = custom(wire, text)
    (matched,) = found["MatchedStatements"]
    assert (matched["StartPosition"], matched["EndPosition"]) == ({"Line": 1, "Column": 37}, {"Line": 1, "Column": 83})


def test_context_decides_and_what_is_missing_is_told(wire: Any) -> None:
    server = wire.server
    condition = {"StringEquals": {"aws:PrincipalTag/Team": "ops"}, "Bool": {"aws:SecureTransport": "true"}}
    text = server.policy(server.allow("s3:*", resource="arn:aws:s3:::${aws:username}/*", Condition=condition))
    (found,) = custom(wire, text)
    assert found["EvalDecision"] == "implicitDeny"
    assert found["MissingContextValues"] == ["aws:PrincipalTag/Team", "aws:SecureTransport", "aws:username"]
    entries = [
        {"ContextKeyName": "aws:principaltag/team", "ContextKeyValues": ["ops"], "ContextKeyType": "string"},
        {"ContextKeyName": "aws:SecureTransport", "ContextKeyValues": ["true"], "ContextKeyType": "boolean"},
        {"ContextKeyName": "aws:username", "ContextKeyValues": ["ida"], "ContextKeyType": "string"},
    ]
    (found,) = custom(wire, text, ContextEntries=entries, ResourceArns=["arn:aws:s3:::ida/x"])
    assert (found["EvalDecision"], found["MissingContextValues"]) == ("allowed", [])
    assert decision(wire, text, ContextEntries=entries, ResourceArns=["arn:aws:s3:::eve/x"]) == "implicitDeny"


@pytest.mark.parametrize(
    ("kind", "values", "operator", "wanted"),
    [
        ("stringList", ["a", "b"], "ForAllValues:StringEquals", ["a", "b", "c"]),
        ("numeric", ["7"], "NumericLessThan", "8"),
        ("ip", ["10.1.2.3"], "IpAddress", "10.0.0.0/8"),
        ("date", ["2026-01-02T00:00:00Z"], "DateGreaterThan", "2026-01-01T00:00:00Z"),
        ("binary", ["cQ=="], "BinaryEquals", "cQ=="),
        ("ipList", ["10.1.2.3", "10.1.2.4"], "ForAllValues:IpAddress", "10.1.2.0/24"),
    ],
)
def test_context_of_every_type(wire: Any, kind: str, values: list[str], operator: str, wanted: Any) -> None:
    server = wire.server
    text = server.policy(server.allow("s3:GetObject", Condition={operator: {"x:key": wanted}, "Null": {"x:key": "false"}}))
    entry = {"ContextKeyName": "x:key", "ContextKeyValues": values, "ContextKeyType": kind}
    assert decision(wire, text, ContextEntries=[entry]) == "allowed"
    assert decision(wire, text) == "implicitDeny"


@pytest.mark.parametrize(
    ("name", "kind", "values"),
    [
        ("x:key", "numeric", ["seven"]),
        ("x:key", "ip", ["here"]),
        ("x:key", "boolean", ["yes"]),
        ("x:key", "date", ["soon"]),
        ("x:key", "binary", ["%"]),
        ("x:key", "string", ["a", "b"]),
        ("nokey", "string", ["a"]),
    ],
)
def test_context_that_cannot_be_is_refused(wire: Any, name: str, kind: str, values: list[str]) -> None:
    entry = {"ContextKeyName": name, "ContextKeyValues": values, "ContextKeyType": kind}
    call = wire.client("iam").simulate_custom_policy
    given = {"PolicyInputList": [DOCUMENT], "ActionNames": ["s3:GetObject"], "ContextEntries": [entry]}
    assert name in wire.refused("InvalidInput", 400, call, **given)


def test_boundary_bounds_and_says_so(wire: Any) -> None:
    server = wire.server
    everything = server.policy(server.allow("*"))
    (found,) = custom(wire, everything, PermissionsBoundaryPolicyInputList=[server.policy(server.allow("sqs:*"))])
    assert found["EvalDecision"] == "implicitDeny"
    assert found["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    (found,) = custom(wire, everything, PermissionsBoundaryPolicyInputList=[DOCUMENT], ResourceArns=[f"{BUCKET}/a"])
    assert found["EvalDecision"] == "allowed"
    assert found["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": True}


def test_resource_policy_counts_for_the_simulated_caller(wire: Any) -> None:
    ida = f"arn:aws:iam::{ACCOUNT}:user/ida"
    statement = {"Effect": "Allow", "Principal": {"AWS": ida}, "Action": "s3:GetObject", "Resource": f"{BUCKET}/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    nothing = wire.server.policy(wire.server.allow("sqs:*"))
    given = {"ResourcePolicy": policy, "ResourceArns": [f"{BUCKET}/a"]}
    (found,) = custom(wire, nothing, CallerArn=ida, **given)
    assert found["EvalDecision"] == "allowed"
    assert [each["SourcePolicyType"] for each in found["MatchedStatements"]] == ["resource"]
    assert decision(wire, nothing, CallerArn=ida.replace("ida", "eve"), **given) == "implicitDeny"
    (found,) = custom(wire, nothing, CallerArn=ida, ResourceOwner="111122223333", **given)
    assert found["EvalDecision"] == "implicitDeny"
    assert found["EvalDecisionDetails"] == {"IAM Policy": "implicitDeny", "Resource Policy": "allowed"}
    assert decision(wire, DOCUMENT, CallerArn=ida, ResourceOwner="111122223333", **given) == "allowed"
    deny = json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Effect": "Deny", "Principal": "*"}]})
    given["ResourcePolicy"] = deny
    assert decision(wire, DOCUMENT, CallerArn=ida, **given) == "explicitDeny"


def test_principal_with_the_policies_it_has(wire: Any) -> None:
    server, iam = wire.server, wire.client("iam")
    server.call("create_group", GroupName="devs")
    server.call("put_group_policy", GroupName="devs", PolicyName="in", PolicyDocument=server.policy(server.allow("sqs:*")))
    wire.user("ida", server.allow("s3:GetObject"))
    server.call("add_user_to_group", GroupName="devs", UserName="ida")
    own = server.call("create_policy", PolicyName="own", PolicyDocument=server.policy(server.deny("sns:Publish")))["Policy"][
        "Arn"
    ]
    for arn in (own, "arn:aws:iam::aws:policy/AmazonSNSFullAccess"):
        server.call("attach_user_policy", UserName="ida", PolicyArn=arn)
    arn = f"arn:aws:iam::{ACCOUNT}:user/ida"
    actions = ["s3:GetObject", "sqs:SendMessage", "sns:ListTopics", "sns:Publish", "iam:GetUser"]

    def simulated(**request: Any) -> list[tuple[str, str, str]]:
        results = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=actions, **request)["EvaluationResults"]
        sources = [each["MatchedStatements"] or [{"SourcePolicyId": "", "SourcePolicyType": ""}] for each in results]
        return [
            (each["EvalDecision"], matched[0]["SourcePolicyId"], matched[0]["SourcePolicyType"])
            for each, matched in zip(results, sources, strict=True)
        ]

    assert simulated() == [
        ("allowed", "user_ida_given", "user"),
        ("allowed", "group_devs_in", "group"),
        ("allowed", "AmazonSNSFullAccess", "aws-managed"),
        ("explicitDeny", "own", "user-managed"),
        ("implicitDeny", "", ""),
    ]
    added = simulated(PolicyInputList=[server.policy(server.allow("iam:*"))])
    assert added[4] == ("allowed", "PolicyInputList.1", "none")
    without = simulated(PolicyExclusionList=[{"PolicyArn": own}])
    assert without[3][0] == "allowed"
    inline = {"PolicyName": "given", "AttachmentType": "user", "AttachmentName": "ida"}
    assert simulated(PolicyExclusionList=[{"InlinePolicyIdentifier": inline}])[0][0] == "implicitDeny"
    assert [each[0] for each in simulated(PolicyExclusionList=[{"PolicyType": "inline"}])][:2] == ["implicitDeny"] * 2
    server.call("put_user_permissions_boundary", UserName="ida", PermissionsBoundary="arn:aws:iam::aws:policy/AmazonS3FullAccess")
    assert [each[0] for each in simulated()] == ["allowed", "implicitDeny", "implicitDeny", "explicitDeny", "implicitDeny"]
    assert simulated(PolicyExclusionList=[{"PolicyType": "permission-boundary"}])[1][0] == "allowed"


def test_simulation_says_what_a_real_request_would_meet(wire: Any) -> None:
    server = wire.server
    own = "arn:aws:iam::000000000000:user/${aws:username}"
    key = wire.user("kim", server.allow("iam:GetUser", resource=own), server.deny("iam:ListGroupsForUser"))
    kim, arn = wire.client("iam", key), f"arn:aws:iam::{ACCOUNT}:user/kim"
    assert kim.get_user()["User"]["UserName"] == "kim"
    wire.refused("AccessDenied", 403, kim.list_groups_for_user, UserName="kim")
    wire.refused("AccessDenied", 403, kim.list_access_keys)
    name = {"ContextKeyName": "aws:username", "ContextKeyValues": ["kim"], "ContextKeyType": "string"}
    actions = ["iam:GetUser", "iam:ListGroupsForUser", "iam:ListAccessKeys"]
    request = {"PolicySourceArn": arn, "ActionNames": actions, "ResourceArns": [arn], "ContextEntries": [name]}
    results = wire.client("iam").simulate_principal_policy(**request)["EvaluationResults"]
    assert [each["EvalDecision"] for each in results] == ["allowed", "explicitDeny", "implicitDeny"]


def test_role_and_group_are_simulated(wire: Any) -> None:
    server, iam = wire.server, wire.client("iam")
    arn = server.role("builder", {"AWS": ACCOUNT}, server.allow("logs:*"), Path="/ci/")
    found = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["logs:PutLogEvents"])["EvaluationResults"]
    assert (found[0]["EvalDecision"], found[0]["MatchedStatements"][0]["SourcePolicyType"]) == ("allowed", "role")
    server.call("create_group", GroupName="ops")
    server.call("put_group_policy", GroupName="ops", PolicyName="in", PolicyDocument=server.policy(server.allow("sqs:*")))
    group = f"arn:aws:iam::{ACCOUNT}:group/ops"
    found = iam.simulate_principal_policy(PolicySourceArn=group, ActionNames=["sqs:SendMessage"])["EvaluationResults"]
    assert found[0]["EvalDecision"] == "allowed"
    given = {"ActionNames": ["s3:GetObject"], "ResourcePolicy": server.trust("*", "s3:GetObject", Resource="*")}
    wire.refused("InvalidInput", 400, iam.simulate_principal_policy, PolicySourceArn=arn, **given)
    found = iam.simulate_principal_policy(PolicySourceArn=arn, CallerArn=arn, **given)["EvaluationResults"]
    assert found[0]["EvalDecision"] == "allowed"


def test_results_page(wire: Any) -> None:
    actions = [f"s3:Get{number}" for number in range(7)]
    request = {"PolicyInputList": [DOCUMENT], "ActionNames": actions}
    pages = list(wire.client("iam").get_paginator("simulate_custom_policy").paginate(**request, PaginationConfig={"PageSize": 3}))
    assert [len(page["EvaluationResults"]) for page in pages] == [3, 3, 1]
    assert [each["EvalActionName"] for page in pages for each in page["EvaluationResults"]] == actions


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ActionNames": ["GetObject"]}, "Invalid Action Name"),
        ({"ActionNames": ["s3:Get*"]}, "Invalid Action Name"),
        ({"PolicyInputList": ["{}"]}, "Syntax errors in policy."),
        ({"PermissionsBoundaryPolicyInputList": [DOCUMENT, DOCUMENT]}, "one permissions boundary"),
        ({"PermissionsBoundaryPolicyInputList": ["no"]}, "Syntax errors in policy."),
        ({"ResourcePolicy": DOCUMENT}, "CallerArn"),
        ({"ResourcePolicy": DOCUMENT, "CallerArn": f"arn:aws:iam::{ACCOUNT}:user/ida"}, "Principal"),
        ({"CallerArn": "ida"}, "CallerArn"),
        ({"ResourceOwner": "me"}, "ResourceOwner"),
        ({"ActionNames": ["s3:GetObject"] * 100, "ResourceArns": ["*"] * 1000}, "At most"),
    ],
)
def test_what_cannot_be_simulated(wire: Any, changes: dict[str, Any], said: str) -> None:
    request = {"PolicyInputList": [DOCUMENT], "ActionNames": ["s3:GetObject"], **changes}
    assert said in wire.refused("InvalidInput", 400, wire.client("iam").simulate_custom_policy, **request)


def test_who_cannot_be_simulated(wire: Any) -> None:
    call = wire.client("iam").simulate_principal_policy
    wire.refused("InvalidInput", 400, call, PolicySourceArn="arn:aws:s3:::a-bucket-name", ActionNames=["s3:GetObject"])
    wire.refused("NoSuchEntity", 404, call, PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:user/none", ActionNames=["s3:GetObject"])
    wire.user("zoe")
    ida = f"arn:aws:iam::{ACCOUNT}:user/zoe"
    excluded = [{"PolicyArn": "x" * 20}]
    wire.refused("InvalidInput", 400, call, PolicySourceArn=ida, ActionNames=["s3:GetObject"], PolicyExclusionList=excluded)


def test_context_keys_of_policies(wire: Any) -> None:
    server, iam = wire.server, wire.client("iam")
    condition = {"StringLike": {"aws:PrincipalTag/Team": "${aws:userid}-*"}, "Null": {"aws:TokenIssueTime": "true"}}
    text = server.policy(server.allow("s3:*", resource="arn:aws:s3:::b/${aws:username, 'x'}/${*}", Condition=condition))
    keys = ["aws:PrincipalTag/Team", "aws:TokenIssueTime", "aws:userid", "aws:username"]
    assert iam.get_context_keys_for_custom_policy(PolicyInputList=[text])["ContextKeyNames"] == keys
    old = text.replace("2012-10-17", "2008-10-17")
    assert iam.get_context_keys_for_custom_policy(PolicyInputList=[old])["ContextKeyNames"] == keys[:2]
    wire.user("lea", server.allow("s3:*", Condition={"Bool": {"aws:securetransport": "true"}}))
    arn = f"arn:aws:iam::{ACCOUNT}:user/lea"
    assert iam.get_context_keys_for_principal_policy(PolicySourceArn=arn)["ContextKeyNames"] == ["aws:securetransport"]
    both = iam.get_context_keys_for_principal_policy(PolicySourceArn=arn, PolicyInputList=[text])["ContextKeyNames"]
    assert both == sorted([*keys, "aws:securetransport"])
    wire.refused("InvalidInput", 400, iam.get_context_keys_for_custom_policy, PolicyInputList=["x"])
    none = f"arn:aws:iam::{ACCOUNT}:user/none"
    wire.refused("NoSuchEntity", 404, iam.get_context_keys_for_principal_policy, PolicySourceArn=none)
    wire.refused("InvalidInput", 400, iam.get_context_keys_for_principal_policy, PolicySourceArn="arn:aws:sqs:us-east-1::q")


def test_policies_that_grant_in_a_service(wire: Any) -> None:
    server, iam = wire.server, wire.client("iam")
    not_iam = {"Effect": "Allow", "NotAction": ["iam:*", "s3:Get*"], "Resource": "*"}
    wire.user("max", server.allow("SQS:Send*"), server.deny("sns:*"))
    server.call("put_user_policy", UserName="max", PolicyName="other", PolicyDocument=server.policy(not_iam))
    server.call("attach_user_policy", UserName="max", PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
    names = ["sqs", "s3", "iam", "sns"]
    arn = f"arn:aws:iam::{ACCOUNT}:user/max"
    found = iam.list_policies_granting_service_access(Arn=arn, ServiceNamespaces=names)["PoliciesGrantingServiceAccess"]
    granting = {each["ServiceNamespace"]: sorted(policy["PolicyName"] for policy in each["Policies"]) for each in found}
    assert granting == {"sqs": ["given", "other"], "s3": ["AmazonS3FullAccess", "other"], "iam": [], "sns": ["other"]}
    kinds = {policy["PolicyName"]: policy for each in found for policy in each["Policies"]}
    assert kinds["AmazonS3FullAccess"]["PolicyArn"].endswith("/AmazonS3FullAccess")
    assert (kinds["given"]["PolicyType"], kinds["given"]["EntityType"], kinds["given"]["EntityName"]) == ("INLINE", "USER", "max")
    call = iam.list_policies_granting_service_access
    wire.refused("NoSuchEntity", 404, call, Arn=f"{arn}x", ServiceNamespaces=names)
    wire.refused("InvalidInput", 400, call, Arn="arn:aws:sqs:us-east-1::q", ServiceNamespaces=names)


def test_simulating_is_a_permission_of_its_own(wire: Any) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:user/olaf"
    olaf = wire.client("iam", wire.user("olaf", wire.server.allow("iam:SimulatePrincipalPolicy", resource=arn)))
    olaf.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["s3:GetObject"])
    other = f"arn:aws:iam::{ACCOUNT}:user/ida"
    wire.refused("AccessDenied", 403, olaf.simulate_principal_policy, PolicySourceArn=other, ActionNames=["s3:GetObject"])
    given = {"PolicyInputList": [DOCUMENT]}
    wire.refused("AccessDenied", 403, olaf.simulate_custom_policy, ActionNames=["s3:GetObject"], **given)
    wire.refused("AccessDenied", 403, olaf.get_context_keys_for_custom_policy, **given)
    wire.refused("AccessDenied", 403, olaf.get_context_keys_for_principal_policy, PolicySourceArn=arn)
    names = {"ServiceNamespaces": ["s3"]}
    wire.refused("AccessDenied", 403, olaf.list_policies_granting_service_access, Arn=arn, **names)
