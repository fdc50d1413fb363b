"""Secret configuration values: for the worker alone. Not in answers, not in events, not on disk."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from stageline.testing.pipelines import action, eventually, refused, source, stage
from stageline.testing.workers import KEY, SECRET

WORD = "open-sesame-4711"
SECRETIVE = {"Project": "shop", "Token": WORD}
BAD = "InvalidActionDeclarationException"


def token_of(pipeline: dict[str, Any], stage_at: int = 1) -> str:
    return str(pipeline["stages"][stage_at]["actions"][0]["configuration"]["Token"])


def token_at_work(some: Any) -> str:
    """What the next worker is told; its job then ends well."""
    job = some.take()
    found = job["data"]["actionConfiguration"]["configuration"]["Token"]
    details = some.client.get_job_details(jobId=job["id"])["jobDetails"]
    assert details["data"]["actionConfiguration"]["configuration"]["Token"] == found
    some.client.put_job_success_result(jobId=job["id"])
    return str(found)


def test_a_secret_is_told_to_the_worker_and_to_nobody_else(world: Any, declare: Any, kind: Any) -> None:
    some = kind()
    pipe = declare(source(), stage("Build", some.action(configuration=SECRETIVE)))
    made = pipe.client.create_pipeline(pipeline=pipe.document)["pipeline"]
    assert token_of(made) == "****"
    assert made["stages"][1]["actions"][0]["configuration"]["Project"] == "shop"
    assert token_of(pipe.update()) == "****"
    for version in (1, 2):
        assert token_of(pipe.client.get_pipeline(name=pipe.name, version=version)["pipeline"]) == "****"
    pipe.start()
    assert token_at_work(some) == WORD
    given = eventually(lambda: [run["input"] for run in pipe.runs() if run["actionName"] == "Work"])
    assert {each[name]["Token"] for each in given for name in ("configuration", "resolvedConfiguration")} == {"****"}
    assert WORD not in json.dumps([pipe.state(), pipe.runs(), pipe.executions(), world.told], default=str)


def test_stars_that_come_back_keep_the_secret(declare: Any, kind: Any) -> None:
    some = kind()
    pipe = declare(source(), stage("Build", some.action(configuration=SECRETIVE)), stage("More", action("A")))
    pipe.create()
    assert token_at_work(some) == WORD
    document = pipe.client.get_pipeline(name=pipe.name)["pipeline"]
    document["stages"][1]["actions"][0]["configuration"]["Project"] = "other"
    document["stages"][1]["name"] = "Renamed"
    pipe.client.update_pipeline(pipeline=document)
    pipe.start()
    assert token_at_work(some) == WORD
    document["stages"][1]["actions"][0]["configuration"]["Token"] = "another"
    assert token_of(pipe.client.update_pipeline(pipeline=document)["pipeline"]) == "****"
    pipe.start()
    assert token_at_work(some) == "another"
    del document["stages"][1]["actions"][0]["configuration"]["Token"]
    pipe.client.update_pipeline(pipeline=document)
    document["stages"][1]["actions"][0]["configuration"]["Token"] = "****"
    assert "Give the value itself" in refused(BAD, pipe.client.update_pipeline, pipeline=document)


def test_stars_tell_a_secret_to_nobody_else(declare: Any, kind: Any) -> None:
    some, thief = kind(), kind()
    pipe = declare(source(), stage("Build", some.action(configuration=SECRETIVE)))
    pipe.create()
    stars = {"Project": "shop", "Token": "****"}
    update = pipe.client.update_pipeline
    refused(BAD, update, pipeline={**pipe.document, "stages": [source(), stage("Build", thief.action(configuration=stars))]})
    plain = kind(configurationProperties=[KEY, {**SECRET, "secret": False}])
    literally = plain.action(configuration=stars)
    update(pipeline={**pipe.document, "stages": [source(), stage("Build", literally)]})
    assert pipe.client.get_pipeline(name=pipe.name)["pipeline"]["stages"][1]["actions"][0]["configuration"] == stars
    fresh = declare(source(), stage("Build", some.action(configuration=stars)))
    refused(BAD, fresh.create)
    refused("PipelineNotFoundException", pipe.client.get_pipeline, name=fresh.name)


def test_a_secret_may_come_from_a_variable(make: Any, kind: Any) -> None:
    some = kind()
    by_variable = some.action(configuration={"Project": "shop", "Token": "#{variables.Word}"})
    variables = [{"name": "Word", "defaultValue": WORD}]
    pipe = make(source(), stage("Build", by_variable), pipelineType="V2", variables=variables)
    assert token_of(pipe.client.get_pipeline(name=pipe.name)["pipeline"]) == "****"
    assert token_at_work(some) == WORD
    pipe.update(stages=[source(), stage("Build", some.action(configuration={"Project": "shop", "Token": "****"}))])
    pipe.start(variables=[{"name": "Word", "value": "given"}])
    assert token_at_work(some) == "given"


def test_a_value_that_looks_sealed_is_a_value(make: Any, kind: Any) -> None:
    some = kind()
    pipe = make(source(), stage("Build", some.action(configuration={"Project": "sealed:v1.x", "Token": "sealed:"})))
    job = some.take()
    assert job["data"]["actionConfiguration"]["configuration"] == {"Project": "sealed:v1.x", "Token": "sealed:"}
    some.client.put_job_success_result(jobId=job["id"])
    pipe.ended()


def test_a_variable_whose_value_looks_sealed_is_a_value(make: Any, kind: Any) -> None:
    some = kind()
    configuration = {"Project": "#{variables.Message}", "Token": WORD}
    variables = [{"name": "Message", "defaultValue": "sealed: the deal"}]
    pipe = make(source(), stage("Build", some.action(configuration=configuration)), pipelineType="V2", variables=variables)
    job = some.take()
    assert job["data"]["actionConfiguration"]["configuration"] == {"Project": "sealed: the deal", "Token": WORD}
    some.client.put_job_success_result(jobId=job["id"])
    pipe.ended()


def test_a_refusal_does_not_repeat_the_secret(declare: Any, kind: Any) -> None:
    some = kind(configurationProperties=[KEY, {**SECRET, "type": "Number"}])
    text = refused(BAD, declare(source(), stage("Build", some.action(configuration=SECRETIVE))).create)
    assert "must be a number" in text
    assert WORD not in text


def test_the_secret_is_not_on_disk(world: Any, make: Any, kind: Any) -> None:
    some, word = kind(), "written-nowhere-0815"
    pipe = make(source(), stage("Build", some.action(configuration={**SECRETIVE, "Token": word, "Project": "is-there-0815"})))
    job = some.take()
    assert job["data"]["actionConfiguration"]["configuration"]["Token"] == word
    data: Path = world.whole.folder.path
    database = next(data.glob("*.db"))
    with sqlite3.connect(database) as connection:
        dump = "\n".join(connection.iterdump())
    written = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    for text in (dump.encode(), written):
        assert b"is-there-0815" in text, "what is looked through holds the configuration"
        assert word.encode() not in text
        assert word.encode().hex().encode() not in text.lower()
    some.client.put_job_success_result(jobId=job["id"])
    pipe.ended()
