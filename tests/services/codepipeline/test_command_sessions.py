"""The credentials of a Commands action end with the action: those of the pipeline's role and those of the action's own."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from stageline.testing import pipelines as p
from stageline.testing.harness import Key

LEAK = 'printf \'%s\\n\' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" > new && mv new keys'
WAIT = "until [ -f go ]; do sleep 0.02; done"


@pytest.fixture(scope="module")
def world(serve: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with serve(tmp_path_factory.mktemp("server") / "data", sandbox="auto") as found:
        s3 = found.client("s3")
        s3.create_bucket(Bucket="incoming")
        s3.put_bucket_versioning(Bucket="incoming", VersioningConfiguration={"Status": "Enabled"})
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("hello", "Hello")
        s3.put_object(Bucket="incoming", Key="one.zip", Body=packed.getvalue())
        yield found


@pytest.mark.parametrize("ending", ["Succeeded", "Failed", "Stopped"])
@pytest.mark.parametrize("own", ["", "roleArn"])
def test_credentials_of_commands_end_with_the_action(world: Any, make: Any, ending: str, own: str) -> None:
    trust = {"Principal": {"AWS": "000000000000"}}
    role = world.role_for(f"action-{ending}", trust, {"Action": "*", "Resource": "*"}) if own else ""
    commands = [LEAK, WAIT, "exit 1" if ending == "Failed" else "true"]
    run = p.action("Run", "Compute", "Commands", commands=commands, inputs=["Src"], **({"roleArn": role} if own else {}))
    fetch = {"S3Bucket": "incoming", "S3ObjectKey": "one.zip", "PollForSourceChanges": "false"}
    get = p.action("Get", "Source", "S3", configuration=fetch, outputs=["Src"])
    pipeline = make(p.stage("Source", get), p.stage("Build", run))
    builds = world.whole.folder.path / "builds"
    work = pipeline.reached("Build", "Run")["actionExecutionId"]
    (file,) = p.eventually(lambda: list(builds.glob(f"{work}.1/box/src*/src/keys")))
    key = Key(*file.read_text().split())
    sts = world.client("sts", key=key)
    assert sts.get_caller_identity()["Arn"].split("/")[1] == (role or world.role).rsplit("/", 1)[-1]
    world.client("s3", key=key).list_objects_v2(Bucket="artifacts")
    if ending == "Stopped":
        pipeline.client.stop_pipeline_execution(pipelineName=pipeline.name, pipelineExecutionId=pipeline.first(), abandon=True)
        (file.parent / "go").touch()
    else:
        (file.parent / "go").touch()
        pipeline.ended(status=ending)
    p.eventually(lambda: not file.exists())
    p.refused("InvalidClientTokenId", sts.get_caller_identity)
    p.refused("InvalidToken", world.client("s3", key=key).list_objects_v2, Bucket="artifacts")
