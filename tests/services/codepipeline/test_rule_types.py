"""ListRuleTypes."""

from typing import Any

from stageline.testing import pipelines as p


def providers(client: Any, **chosen: str) -> list[str]:
    found = [each["id"]["provider"] for each in client.list_rule_types(**chosen)["ruleTypes"]]
    return [each for each in found if each != "Scripted"]  # that one is the test servers' own


ALL = ["CloudWatchAlarm", "CodeBuild", "Commands", "DeploymentWindow", "LambdaInvoke", "VariableCheck"]


def test_rule_types_are_listed_with_their_configuration(world: Any) -> None:
    client = world.client()
    assert providers(client) == ALL
    assert providers(client, ruleOwnerFilter="AWS", regionFilter="us-east-1") == ALL
    assert providers(client, regionFilter="eu-west-1") == []
    found = {each["id"]["provider"]: each for each in client.list_rule_types()["ruleTypes"]}
    check = found["VariableCheck"]
    assert check["id"] == {"category": "Rule", "owner": "AWS", "provider": "VariableCheck", "version": "1"}
    assert check["inputArtifactDetails"] == {"minimumCount": 0, "maximumCount": 0}
    assert [each["name"] for each in check["ruleConfigurationProperties"] if each["required"]] == [
        "Variable",
        "Operator",
        "Value",
    ]
    assert found["Commands"]["ruleConfigurationProperties"] == []
    assert found["Commands"]["inputArtifactDetails"]["maximumCount"] == 5


def test_an_owner_that_there_is_not(world: Any) -> None:
    p.refused("ValidationException", world.client().list_rule_types, ruleOwnerFilter="Me")


def test_listing_them_needs_a_permission(world: Any) -> None:
    p.refused("AccessDeniedException", world.person().list_rule_types)
    assert providers(world.person({"Action": "codepipeline:ListRuleTypes", "Resource": "*"})) == ALL


def test_a_role_of_a_rule_must_be_passed_on(world: Any, declare: Any) -> None:
    service = {"Principal": {"Service": "codepipeline.amazonaws.com"}}
    checker = world.role_for("checker", service)
    configuration = {"Variable": "a", "Operator": "EQ", "Value": "a"}
    kind = {"category": "Rule", "provider": "VariableCheck"}
    rule = {"name": "Check", "ruleTypeId": kind, "configuration": configuration, "roleArn": checker}
    work = {**p.stage("Work", p.action("Do", "Deploy")), "onSuccess": {"conditions": [{"result": "FAIL", "rules": [rule]}]}}
    pipeline = declare(p.source(), work, pipelineType="V2")
    person = world.person(
        {"Action": "codepipeline:CreatePipeline", "Resource": "*"}, {"Action": "iam:PassRole", "Resource": world.role}
    )
    told = p.refused("AccessDeniedException", person.create_pipeline, pipeline=pipeline.document)
    assert f"is not authorized to perform: iam:PassRole on resource: {checker}" in told
