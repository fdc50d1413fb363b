"""Quotas that are set: each is kept with the error that CodePipeline gives, and what is there already may still be changed."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline.config import Settings
from stageline.core.quotas import Quotas
from stageline.testing.pipelines import action, refused, source, stage


@pytest.fixture(scope="module")
def world(serve: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    quotas = {"quota_pipelines": 4, "quota_polling_pipelines": 1, "quota_stages": 3, "quota_stage_actions": 2, "quota_tags": 2}
    with serve(tmp_path_factory.mktemp("quotas") / "data", **quotas) as found:
        yield found


@pytest.fixture(autouse=True)
def none_left(world: Any) -> Iterator[None]:
    yield
    client = world.client()
    for each in client.list_pipelines()["pipelines"]:
        client.delete_pipeline(name=each["name"])


def polling(bucket: str = "followed") -> dict[str, Any]:
    fetch = action("Fetch", "Source", "S3", outputs=["Src"])
    fetch["configuration"] = {"S3Bucket": bucket, "S3ObjectKey": "app.zip"}
    return stage("Source", fetch)


BUILD = stage("Build", action("A"))


def test_the_defaults_are_those_of_codepipeline() -> None:
    assert Settings().quotas == Quotas(
        pipelines=1000,
        polling_pipelines=300,
        webhooks=300,
        custom_action_types=50,
        stages=50,
        stage_actions=50,
        parallel_actions=100,
        sequential_actions=100,
        pipeline_actions=1000,
        variables=50,
        triggers=50,
        trigger_bytes=204_800,
        tags=50,
    )
    assert Settings(quota_tags=7).quotas.tags == 7


def test_pipelines(make: Any, declare: Any) -> None:
    made = [make(source(), BUILD) for _ in range(4)]
    another = declare(source(), BUILD)
    text = refused("LimitExceededException", another.create)
    assert "4 pipelines" in text
    assert refused("PipelineNameInUseException", made[0].create), "a name in use is told first"
    made[0].update()
    made[1].client.delete_pipeline(name=made[1].name)
    another.create()
    refused("LimitExceededException", made[1].create)


def test_the_last_place_is_taken_once(make: Any, declare: Any) -> None:
    for _ in range(3):
        make(source(), BUILD)
    rivals = [declare(source(), BUILD) for _ in range(6)]
    outcomes: list[str] = []

    def rival(pipe: Any) -> None:
        try:
            pipe.create()
            outcomes.append("made")
        except ClientError as error:
            outcomes.append(error.response["Error"]["Code"])

    threads = [threading.Thread(target=rival, args=(pipe,)) for pipe in rivals]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["LimitExceededException"] * 5 + ["made"]


def test_pipelines_that_poll(make: Any, declare: Any) -> None:
    first = make(polling(), BUILD)
    text = refused("LimitExceededException", declare(polling(), BUILD).create)
    assert "1 pipelines that poll" in text
    first.update()
    second = make(source(), BUILD)
    refused("LimitExceededException", second.update, stages=[polling(), BUILD])
    assert second.client.get_pipeline(name=second.name)["pipeline"]["version"] == 1
    silent = polling()
    silent["actions"][0]["configuration"]["PollForSourceChanges"] = "false"
    first.update(stages=[silent, BUILD])
    second.update(stages=[polling(), BUILD])
    refused("LimitExceededException", first.update, stages=[polling(), BUILD])
    second.client.delete_pipeline(name=second.name)
    first.update(stages=[polling(), BUILD])


def test_stages_actions_and_tags(declare: Any, make: Any) -> None:
    pipe = make(source(), BUILD)
    many = [source(), *(stage(f"S{number}", action("A")) for number in range(3))]
    text = refused("InvalidStructureException", declare(*many).create)
    assert text == "Pipeline has 4 stages. There should be a maximum of 3 stages in a pipeline"
    assert refused("InvalidStructureException", pipe.update, stages=many) == text
    crowd = stage("Build", *(action(f"A{number}") for number in range(3)))
    text = refused("InvalidStageDeclarationException", pipe.update, stages=[source(), crowd])
    assert text == "Stage 'Build' has 3 actions. There should be a maximum of 2 actions in a stage"
    tags = [{"key": f"k{number}", "value": ""} for number in range(3)]
    assert "2 tags" in refused("TooManyTagsException", pipe.client.tag_resource, resourceArn=pipe.arn, tags=tags)
    refused("TooManyTagsException", declare(source(), BUILD, tags=tags).create)
    pipe.client.tag_resource(resourceArn=pipe.arn, tags=tags[:2])
    refused("TooManyTagsException", pipe.client.tag_resource, resourceArn=pipe.arn, tags=tags[2:])
