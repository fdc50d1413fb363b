"""As whom actions work: the pipeline's role, an action's own role, and what trust policies may insist on."""

from typing import Any

from stageline.testing.pipelines import action, counter, eventually, refused, source, stage

ACCOUNT, REGION = "000000000000", "us-east-1"
SERVICE = {"Principal": {"Service": "codepipeline.amazonaws.com"}}
ARTIFACTS = {"Action": "s3:*", "Resource": ["arn:aws:s3:::artifacts", "arn:aws:s3:::artifacts/*"]}


def identity(world: Any, pipe: Any, stage_name: str, name: str) -> str:
    """As whom the provider of an action called AWS."""
    run = pipe.shown(stage_name, name)["actionExecutionId"]
    calls = [call for provider in world.providers.values() if hasattr(provider, "calls") for call in provider.calls]
    aws = next(aws for _, job, aws in calls if job.id == run)
    return str(aws.call("sts", "GetCallerIdentity")["Arn"])


def test_actions_work_as_the_pipelines_role(world: Any, make: Any) -> None:
    pipe = make(source(), stage("Build", action("A")))
    pipe.ended()
    assert identity(world, pipe, "Build", "A") == f"arn:aws:sts::{ACCOUNT}:assumed-role/pipeline/{pipe.name}"


def test_an_actions_own_role_is_assumed_from_the_pipelines(world: Any, make: Any) -> None:
    chain = world.role_for(
        "chain-pipeline", SERVICE, {"Action": "sts:AssumeRole", "Resource": f"arn:aws:iam::{ACCOUNT}:role/chain-*"}
    )
    worker = world.role_for("chain-worker", {"Principal": {"AWS": chain}})
    pipe = make(source(), stage("Build", action("A", roleArn=worker), action("B")), roleArn=chain)
    pipe.ended()
    assert identity(world, pipe, "Build", "A") == f"arn:aws:sts::{ACCOUNT}:assumed-role/chain-worker/{pipe.name}"
    assert identity(world, pipe, "Build", "B") == f"arn:aws:sts::{ACCOUNT}:assumed-role/chain-pipeline/{pipe.name}"
    assert next(run for run in pipe.runs() if run["actionName"] == "A")["input"]["roleArn"] == worker


def test_the_service_alone_may_not_take_an_actions_role(world: Any, make: Any) -> None:
    """A role that trusts the service but not the pipeline's role: AWS chains, and so the pipeline's role has to be let in."""
    poor = world.role_for("poor-pipeline", SERVICE, ARTIFACTS)
    worker = world.role_for("service-worker", SERVICE)
    pipe = make(source(), stage("Build", action("A", roleArn=worker)), roleArn=poor)
    pipe.ended(status="Failed")
    error = pipe.shown("Build", "A")["errorDetails"]
    assert error["code"] == "PermissionError"
    assert error["message"] == f"The pipeline's role {poor} is not authorized to perform AssumeRole on the action's role {worker}"


def test_a_role_that_was_deleted_fails_the_action(world: Any, make: Any) -> None:
    gone = world.role_for("soon-gone", SERVICE)
    pipe = make(source(), stage("Gate", action("Hold", script="hold")), stage("Build", action("A")), roleArn=gone)
    run = pipe.reached("Gate", "Hold")["actionExecutionId"]
    world.client("iam").delete_role(RoleName="soon-gone")
    pipe.ended(status="Failed")
    error = pipe.shown("Gate", "Hold")["errorDetails"]
    assert pipe.shown("Gate", "Hold")["actionExecutionId"] == run
    assert error == {"code": "PermissionError", "message": f"CodePipeline is not authorized to perform AssumeRole on role {gone}"}


def test_a_trust_policy_may_insist_on_the_pipeline(world: Any, make: Any, declare: Any) -> None:
    name = f"trusted-{next(counter)}"
    condition = {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:codepipeline:{REGION}:{ACCOUNT}:{name}"},
    }
    role = world.role_for("particular", {**SERVICE, "Condition": condition})
    make(source(), stage("Build", action("A")), name=name, roleArn=role).ended()
    other = declare(source(), stage("Build", action("A")), roleArn=role)
    message = refused("InvalidStructureException", other.create)
    assert message == f"CodePipeline is not authorized to perform AssumeRole on role {role}"


def test_a_trust_policy_for_another_account_lets_nobody_in(world: Any, declare: Any) -> None:
    role = world.role_for("elsewhere", {**SERVICE, "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}})
    refused("InvalidStructureException", declare(source(), stage("Build", action("A")), roleArn=role).create)


def test_a_role_of_another_service_is_refused(world: Any, declare: Any) -> None:
    role = world.role_for("builders", {"Principal": {"Service": "codebuild.amazonaws.com"}})
    text = refused("InvalidStructureException", declare(source(), stage("Build", action("A")), roleArn=role).create)
    assert "not authorized" in text


def test_a_source_with_its_own_role_is_watched_with_it(world: Any, make: Any) -> None:
    s3 = world.client("s3")
    s3.create_bucket(Bucket="private-sources")
    s3.put_bucket_versioning(Bucket="private-sources", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="private-sources", Key="app.zip", Body=b"one")
    chain = world.role_for("watch-pipeline", SERVICE, {"Action": "sts:AssumeRole", "Resource": "*"})
    reader = {"Action": "s3:*", "Resource": ["arn:aws:s3:::private-sources", "arn:aws:s3:::private-sources/*"]}
    own = world.role_for("watch-source", {"Principal": {"AWS": chain}}, reader, ARTIFACTS)
    fetch = action("Fetch", "Source", "S3", outputs=["Src"], roleArn=own)
    fetch["configuration"] = {"S3Bucket": "private-sources", "S3ObjectKey": "app.zip"}
    pipe = make(stage("Source", fetch), stage("Build", action("A")), roleArn=chain)
    pipe.ended()
    s3.put_object(Bucket="private-sources", Key="app.zip", Body=b"two")
    found = eventually(lambda: (all_ := pipe.executions())[1:] and all_)
    assert found[0]["trigger"]["triggerType"] == "PollForSourceChanges"
    pipe.ended(found[0]["pipelineExecutionId"])
    assert len(pipe.executions()) == 2
