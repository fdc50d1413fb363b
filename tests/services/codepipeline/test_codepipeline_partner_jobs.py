"""Third-party action types: registered by the operator, changed by their owner, worked on by partners with a token."""

import json
from pathlib import Path
from typing import Any

import pytest

from stageline import app
from stageline.config import Settings
from stageline.testing.pipelines import eventually, refused, source, stage

CLIENT, OTHER = "11111111-2222-4333-8444-555555555555", "99999999-2222-4333-8444-555555555555"
TOKEN = "between us"
NOBODY = "00000000-0000-4000-8000-000000000000"
FAILURE = {"failureDetails": {"type": "JobFailed", "message": "too slow", "externalExecutionId": "8"}}


@pytest.fixture(scope="module")
def world(clocked: Any) -> Any:
    return clocked


def work(partner: Any, name: str = "Load", **more: Any) -> dict[str, Any]:
    configuration = {"ClientId": CLIENT, "ClientToken": TOKEN, **more.pop("configuration", {})}
    return {"name": name, "actionTypeId": partner["id"], "configuration": configuration, **more}


def polled(client: Any, partner: Any, **more: Any) -> Any:
    return eventually(lambda: client.poll_for_third_party_jobs(actionTypeId=partner["id"], **more)["jobs"])


def taken(client: Any, partner: Any) -> dict[str, Any]:
    """The details of the next job, acknowledged."""
    (found,) = polled(client, partner)
    name = {"jobId": found["jobId"], "clientToken": TOKEN}
    details = client.get_third_party_job_details(**name)["jobDetails"]
    assert client.acknowledge_third_party_job(**name, nonce=details["nonce"])["status"] == "InProgress"
    return dict(details)


def test_the_type_is_as_registered(world: Any, partner: Any) -> None:
    client = world.client()
    found = client.get_action_type(**partner["id"])["actionType"]
    for each in partner["properties"]:
        each.setdefault("queryable", False)
    assert found == partner
    (listed,) = client.list_action_types(actionOwnerFilter="ThirdParty")["actionTypes"]
    assert listed["settings"]["thirdPartyConfigurationUrl"] == "https://loader.example/"
    properties = listed["actionConfigurationProperties"]
    assert [(each["name"], each["required"], each["secret"]) for each in properties] == [
        ("ClientId", True, False),
        ("ClientToken", True, True),
        ("Scenario", False, False),
    ]
    assert len(properties[0]["description"]) == 160
    assert listed["inputArtifactDetails"]["maximumCount"] == 5


def test_a_job_from_poll_to_end(world: Any, partner: Any, make: Any) -> None:
    client = world.client()
    pipe = make(source(), stage("Test", work(partner, inputArtifacts=[{"name": "Src"}])))
    (found,) = polled(client, partner)
    assert found["clientId"] == CLIENT
    job, name = found["jobId"], {"jobId": found["jobId"], "clientToken": TOKEN}
    details = client.get_third_party_job_details(**name)["jobDetails"]
    assert details["id"] == job
    data = details["data"]
    assert data["actionConfiguration"]["configuration"] == {"ClientId": CLIENT, "ClientToken": TOKEN}
    assert set(data["pipelineContext"]) == {"pipelineName", "stage", "action"}
    assert data["artifactCredentials"]["sessionToken"]
    assert pipe.state()["Test"]["actionStates"][0]["entityUrl"] == f"https://loader.example/c/{CLIENT}"
    refused("InvalidJobStateException", client.put_third_party_job_success_result, **name)
    acknowledge = client.acknowledge_third_party_job
    refused("InvalidNonceException", acknowledge, **name, nonce="wrong")
    assert acknowledge(**name, nonce=details["nonce"])["status"] == "InProgress"
    half = {"percentComplete": 40, "externalExecutionId": "7"}
    client.put_third_party_job_success_result(**name, continuationToken="2", executionDetails=half)
    assert pipe.shown("Test", "Load")["percentComplete"] == 40
    again = taken(client, partner)
    assert again["data"]["continuationToken"] == "2"
    client.put_third_party_job_success_result(jobId=again["id"], clientToken=TOKEN, executionDetails={"summary": "Fast"})
    pipe.ended()
    assert pipe.shown("Test", "Load")["summary"] == "Fast"
    for put, more in ((client.put_third_party_job_success_result, {}), (client.put_third_party_job_failure_result, FAILURE)):
        refused("InvalidJobStateException", put, **name, **more)


def test_a_failure(world: Any, partner: Any, make: Any) -> None:
    client = world.client()
    pipe = make(source(), stage("Test", work(partner)))
    job = taken(client, partner)
    client.put_third_party_job_failure_result(jobId=job["id"], clientToken=TOKEN, **FAILURE)
    pipe.ended(status="Failed")
    assert pipe.shown("Test", "Load")["errorDetails"] == {"code": "JobFailed", "message": "too slow"}


def test_the_clients_token_is_needed_for_everything(world: Any, partner: Any, make: Any) -> None:
    client = world.client()
    pipe = make(source(), stage("Test", work(partner)))
    job = taken(client, partner)
    calls: list[tuple[Any, dict[str, Any]]] = [
        (client.get_third_party_job_details, {}),
        (client.acknowledge_third_party_job, {"nonce": job["nonce"]}),
        (client.put_third_party_job_success_result, {}),
        (client.put_third_party_job_failure_result, FAILURE),
    ]
    for call, more in calls:
        for token in ("wrong", TOKEN.upper(), "****"):
            text = refused("InvalidClientTokenException", call, jobId=job["id"], clientToken=token, **more)
            assert TOKEN not in text
        refused("JobNotFoundException", call, jobId=NOBODY, clientToken=TOKEN, **more)
        refused("ValidationException", call, jobId=job["id"], clientToken="x" * 257, **more)
    assert pipe.shown("Test", "Load")["status"] == "InProgress"
    client.put_third_party_job_success_result(jobId=job["id"], clientToken=TOKEN)


def test_the_two_kinds_of_jobs_are_apart(world: Any, partner: Any, make: Any, kind: Any) -> None:
    some, client = kind(), world.client()
    make(source(), stage("Test", work(partner), some.action()))
    theirs, mine = taken(client, partner), some.take()
    for call, more in (
        (client.get_job_details, {}),
        (client.acknowledge_job, {"nonce": theirs["nonce"]}),
        (client.put_job_success_result, {}),
        (client.put_job_failure_result, FAILURE),
    ):
        refused("JobNotFoundException", call, jobId=theirs["id"], **more)
    name = {"jobId": mine["id"], "clientToken": TOKEN}
    refused("InvalidJobException", client.get_third_party_job_details, **name)
    refused("JobNotFoundException", client.acknowledge_third_party_job, **name, nonce=mine["nonce"])
    refused("JobNotFoundException", client.put_third_party_job_success_result, **name)
    client.put_third_party_job_failure_result(jobId=theirs["id"], clientToken=TOKEN, **FAILURE)


def test_who_polls_for_what_is_not_there(world: Any, partner: Any) -> None:
    client = world.client()
    poll, third = client.poll_for_third_party_jobs, partner["id"]
    for changed in ({"owner": "Custom"}, {"owner": "AWS"}, {"version": "2"}):
        refused("ActionTypeNotFoundException", poll, actionTypeId={**third, **changed})
    refused("ValidationException", poll, actionTypeId=third, maxBatchSize=0)
    refused("ActionTypeNotFoundException", client.poll_for_jobs, actionTypeId=third)


def test_a_client_id_that_is_none_fails_the_action(world: Any, partner: Any, make: Any) -> None:
    pipe = make(source(), stage("Test", work(partner, configuration={"ClientId": "me"})))
    pipe.ended(status="Failed")
    assert "ClientId" in pipe.shown("Test", "Load")["errorDetails"]["message"]


def test_a_job_has_the_time_that_its_type_gives_it(world: Any, partner: Any, make: Any) -> None:
    client = world.client()
    pipe = make(source(), stage("Test", work(partner)))
    job = taken(client, partner)
    world.clock.advance(599_000)
    client.put_third_party_job_success_result(jobId=job["id"], clientToken=TOKEN, continuationToken="more")
    again = taken(client, partner)
    world.clock.advance(1_000)  # the time of the first job, which has ended
    assert pipe.shown("Test", "Load")["status"] == "InProgress"
    update(client, partner, executor={**partner["executor"], "jobTimeout": 60})
    short = make(source(), stage("Test", work(partner)))
    short.reached("Test", "Load")
    late = taken(client, partner)
    world.clock.advance(60_000)
    short.ended(status="Failed")
    error = short.shown("Test", "Load")["errorDetails"]
    assert error["code"] == "JobFailed"
    assert "within the 60 seconds" in error["message"]
    refused("InvalidJobStateException", client.put_third_party_job_success_result, jobId=late["id"], clientToken=TOKEN)
    client.put_third_party_job_success_result(jobId=again["id"], clientToken=TOKEN)
    pipe.ended()


def update(client: Any, partner: Any, **changes: Any) -> None:
    client.update_action_type(actionType={**partner, **changes})


@pytest.fixture
def restored(world: Any, partner: Any) -> Any:
    yield partner
    update(world.client(), partner)


def test_the_owner_changes_a_type(world: Any, restored: Any, declare: Any) -> None:
    client, partner = world.client(), restored
    changed = {**partner, "description": "Better", "properties": partner["properties"][:2]}
    del changed["urls"], changed["permissions"]
    client.update_action_type(actionType=changed)
    found = client.get_action_type(**partner["id"])["actionType"]
    assert found["description"] == "Better"
    assert not {"urls", "permissions"} & set(found)
    pipe = declare(source(), stage("Test", work(partner, configuration={"Scenario": "x"})))
    assert "Scenario" in refused("InvalidActionDeclarationException", pipe.create)


def test_accounts_may_be_named(world: Any, restored: Any, declare: Any) -> None:
    client, partner = world.client(), restored
    update(client, partner, permissions={"allowedAccounts": ["111122223333"]})
    refused("InvalidActionDeclarationException", declare(source(), stage("Test", work(partner))).create)
    assert client.list_action_types(actionOwnerFilter="ThirdParty")["actionTypes"] == []
    refused("ActionTypeNotFoundException", client.get_action_type, **partner["id"])
    refused("ActionTypeNotFoundException", client.poll_for_third_party_jobs, actionTypeId=partner["id"])
    worker = {"jobWorkerExecutorConfiguration": {"pollingAccounts": ["111122223333"]}}
    update(client, partner, executor={"type": "JobWorker", "configuration": worker})
    refused("ActionTypeNotFoundException", client.poll_for_third_party_jobs, actionTypeId=partner["id"])
    worker["jobWorkerExecutorConfiguration"]["pollingAccounts"].append("000000000000")
    update(client, partner, executor={"type": "JobWorker", "configuration": worker})
    assert client.poll_for_third_party_jobs(actionTypeId=partner["id"])["jobs"] == []


def test_a_type_that_a_function_executes_says_that_it_cannot_yet(world: Any, restored: Any, make: Any) -> None:
    client, partner = world.client(), restored
    function = "arn:aws:lambda:us-east-1:000000000000:function:load"
    executor = {"type": "Lambda", "configuration": {"lambdaExecutorConfiguration": {"lambdaFunctionArn": function}}}
    update(client, partner, executor=executor)
    assert client.get_action_type(**partner["id"])["actionType"]["executor"] == executor
    pipe = make(source(), stage("Test", work(partner)))
    pipe.ended(status="Failed")
    error = pipe.shown("Test", "Load")["errorDetails"]
    assert error["code"] == "ConfigurationError"
    assert function in error["message"]
    refused("ActionTypeNotFoundException", client.poll_for_third_party_jobs, actionTypeId=partner["id"])


def test_wrong_changes_are_refused(world: Any, partner: Any) -> None:
    client = world.client()
    before = client.get_action_type(**partner["id"])
    identity, token, scenario = partner["properties"]
    function = {"lambdaExecutorConfiguration": {"lambdaFunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:f"}}

    def wrong(**changes: Any) -> str:
        return refused("ValidationException", client.update_action_type, actionType={**partner, **changes})

    assert "ClientToken" in wrong(properties=[identity, {**token, "noEcho": False}])
    assert "ClientId" in wrong(properties=[token])
    assert "more than once" in wrong(properties=[identity, token, scenario, scenario])
    assert "lambdaExecutorConfiguration" in wrong(executor={"type": "Lambda", "configuration": {}})
    assert "no other" in wrong(
        executor={**partner["executor"], "configuration": {"jobWorkerExecutorConfiguration": {}, **function}}
    )
    assert "59" in wrong(executor={**partner["executor"], "jobTimeout": 59})
    assert "http" in wrong(urls={"configurationUrl": "ftp://x.example"})
    assert "owner" in wrong(id={**partner["id"], "owner": "Custom"})
    refused(
        "ActionTypeNotFoundException", client.update_action_type, actionType={**partner, "id": {**partner["id"], "version": "2"}}
    )
    assert client.get_action_type(**partner["id"])["actionType"] == before["actionType"]


def test_a_secret_property_stays_secret(world: Any, restored: Any, make: Any) -> None:
    client, partner = world.client(), restored
    secret = {"name": "Password", "optional": False, "key": False, "noEcho": True}
    shown = {**secret, "noEcho": False}
    url = {"executionUrlTemplate": "https://load.example/{Config:Password}"}
    update(client, partner, properties=[*partner["properties"], secret])
    make(source(), stage("Test", work(partner, configuration={"Password": "told-to-nobody"})))
    changed = {**partner, "properties": [*partner["properties"], shown], "urls": url}
    assert "Password" in refused("ValidationException", client.update_action_type, actionType=changed)
    update(client, partner)
    assert "Password" in refused("ValidationException", client.update_action_type, actionType=changed)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "Expecting"),
        ("[]", "bad.json"),
        ('{"id": {}}', "executor"),
        ("custom", "owner"),
        ("tokenless", "ClientToken"),
    ],
)
def test_a_server_does_not_start_with_a_wrong_description(tmp_path: Path, partner: Any, text: str, words: str) -> None:
    if text == "custom":
        text = json.dumps({**partner, "id": {**partner["id"], "owner": "AWS"}})
    if text == "tokenless":
        text = json.dumps({**partner, "properties": partner["properties"][:1]})
    (tmp_path / "types").mkdir()
    (tmp_path / "types" / "bad.json").write_text(text)
    settings = Settings(data=tmp_path / "data", sandbox="process", action_types=str(tmp_path / "types"))
    with pytest.raises(ValueError, match=words) as caught:
        app.assemble(settings, 0)
    assert "bad.json" in str(caught.value)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        app.assemble(Settings(data=tmp_path / "data", sandbox="process", action_types=str(tmp_path / "none")), 0)


def test_a_registered_type_stays_as_its_owner_changed_it(tmp_path: Path, partner: Any) -> None:
    (tmp_path / "loader.json").write_text(json.dumps(partner))
    settings = Settings(data=tmp_path / "data", sandbox="process", action_types=str(tmp_path))
    kind = ("Test", "ThirdParty", "Loader", "1")
    for words in ("d" * 250, "changed", "changed"):
        server = app.assemble(settings, 0)
        try:
            with server.store.write() as tx:
                stored = tx.get("codepipeline.action-type", "/".join(kind))
                assert stored is not None
                assert stored["properties"][0]["description"] == words
                stored["properties"][0]["description"] = "changed"
                tx.put("codepipeline.action-type", "/".join(kind), stored)
        finally:
            server.close()
