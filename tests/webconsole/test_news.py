"""Live news: who may listen, what is told and how soon, and that listening costs the server little."""

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from stageline.engine.apply import HEAD
from stageline.webconsole.live import Live

LISTING = {"Action": ["codepipeline:ListPipelines", "codepipeline:GetPipelineState"]}
SOON = 5.0
ROLE = "news-role"


@pytest.fixture(scope="module")
def pipelines(house: Any) -> list[str]:
    """Two pipelines that can be started at once, with a source that fails at once."""
    house.client("s3").create_bucket(Bucket="news-store")
    house.client("s3").put_bucket_versioning(Bucket="news-store", VersioningConfiguration={"Status": "Enabled"})
    trust = {"Effect": "Allow", "Principal": {"Service": "codepipeline.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = house.client("iam").create_role(RoleName=ROLE, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    for name in ("news-one", "news-two"):
        source = {
            "name": "Source",
            "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"},
            "configuration": {"S3Bucket": "news-store", "S3ObjectKey": "k.zip", "PollForSourceChanges": "false"},
            "outputArtifacts": [{"name": "S"}],
        }
        approval = {
            "name": "Ask",
            "actionTypeId": {"category": "Approval", "owner": "AWS", "provider": "Manual", "version": "1"},
        }
        house.client("codepipeline").create_pipeline(
            pipeline={
                "name": name,
                "roleArn": role,
                "artifactStore": {"type": "S3", "location": "news-store"},
                "stages": [{"name": "Source", "actions": [source]}, {"name": "Ask", "actions": [approval]}],
            }
        )
    settle(house, "news-one")
    settle(house, "news-two")
    return ["news-one", "news-two"]


def settle(house: Any, name: str) -> None:
    """Wait until the latest execution has ended."""
    for _ in range(500):
        found = house.client("codepipeline").list_pipeline_executions(pipelineName=name)["pipelineExecutionSummaries"]
        if found and found[0]["status"] == "Failed":
            return
        time.sleep(0.01)
    raise AssertionError(found)


def test_news_are_for_those_who_may_read_what_they_are_about(house: Any, browser: Any, listen: Any, pipelines: list[str]) -> None:
    assert browser.ask("GET", "/console/events").status == 401
    nobody, _ = house.inside()
    for query in ("", "?pipeline=news-one", "?pipeline=none"):
        refused = nobody.ask("GET", f"/console/events{query}")
        assert (refused.status, refused.code) == (403, "AccessDeniedException")
    one, _ = house.inside({"Action": "codepipeline:GetPipelineState", "Resource": "arn:aws:codepipeline:*:*:news-one"})
    assert listen(one, "?pipeline=news-one").event()[0] == "ready"
    assert one.ask("GET", "/console/events?pipeline=news-two").status == 403
    assert one.ask("GET", "/console/events").status == 403


def test_a_change_is_told_within_a_second_with_its_name(house: Any, listen: Any, pipelines: list[str]) -> None:
    browser, _ = house.inside(LISTING)
    every, one, other = (listen(browser, query) for query in ("", "?pipeline=news-one", "?pipeline=news-two"))
    assert every.reply.getheader("content-type") == "text/event-stream"
    assert every.reply.getheader("cache-control") == "no-store"
    for each in (every, one, other):
        assert each.event()[0] == "ready"
    began = time.monotonic()
    house.client("codepipeline").start_pipeline_execution(name="news-one")
    assert every.event() == ("changed", {"pipelines": ["news-one"]})
    assert one.event() == ("changed", {"pipelines": ["news-one"]})
    assert time.monotonic() - began < 1.0
    settle(house, "news-one")
    house.client("codepipeline").start_pipeline_execution(name="news-two")
    assert other.event() == ("changed", {"pipelines": ["news-two"]})


def test_who_begins_to_listen_is_told_what_changed_just_before(house: Any, listen: Any, pipelines: list[str]) -> None:
    house.client("codepipeline").start_pipeline_execution(name="news-one")
    settle(house, "news-one")
    browser, _ = house.inside(LISTING)
    assert "news-one" in listen(browser).event()[1]["pipelines"]
    assert listen(browser, "?pipeline=news-one").event() == ("ready", {"pipelines": ["news-one"]})
    assert listen(browser, "?pipeline=none").event() == ("ready", {"pipelines": []})


@pytest.mark.parametrize("ending", ["out", "password", "role"])
def test_news_end_with_the_right_to_them(house: Any, listen: Any, pipelines: list[str], ending: str) -> None:
    browser, name = house.inside(LISTING)
    stream = listen(browser)
    assert stream.event()[0] == "ready"
    if ending == "out":
        browser.ask("DELETE", "/console/session")
    elif ending == "password":
        house.client("iam").update_login_profile(UserName=name, Password="Battery-Staple-8")
        house.browser().ask("POST", "/console/session/password", {"userName": name, "password": "x"})  # any news of sessions
    else:
        role = house.role(f"{name}-blind", name)
        assert browser.ask("POST", "/console/session/role", {"roleArn": role}).status == 200
    assert stream.event() is None


def test_news_end_for_those_who_lost_the_right_even_where_much_happens(
    house: Any, listen: Any, pipelines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stageline.webconsole.live.ASK_EVERY", 0.0)
    browser, name = house.inside(LISTING)
    stream = listen(browser)
    assert stream.event()[0] == "ready"
    house.client("iam").delete_user_policy(UserName=name, PolicyName="rights")
    house.client("codepipeline").start_pipeline_execution(name="news-two")
    assert stream.event() is None


def test_a_silent_stream_shows_that_it_is_alive(
    house: Any, listen: Any, pipelines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stageline.webconsole.live.BEAT_EVERY", 0.05)
    browser, _ = house.inside(LISTING)
    stream = listen(browser, "?pipeline=none")
    assert stream.event()[0] == "ready"
    assert [stream.reply.readline() for _ in range(2)] == [b"\n", b": still here\n"]


def test_changes_by_other_servers_over_the_same_store_are_found(
    house: Any, pipelines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stageline.webconsole.live.LOOK_EVERY", 0.05)
    live = Live(house.whole.store, house.whole.live._events, shared=True)

    def change(name: str) -> None:
        """As another server does: without a signal here."""
        with house.whole.store.write() as tx:
            head = tx.get(HEAD, name)
            tx.put(HEAD, name, {**head, "mark": "elsewhere", "events": head["events"] + 1})

    async def heard(pipeline: str) -> list[bytes]:
        stream = live.stream(pipeline, lambda: True)
        told = [await anext(stream)]
        await asyncio.to_thread(change, "news-one")
        told.append(await anext(stream))
        await stream.aclose()
        return told

    with house.whole.store.read() as tx:
        before = tx.get(HEAD, "news-one")
    try:
        for pipeline in ("", "news-one"):
            with ThreadPoolExecutor(1) as thread:  # an event loop of its own, whatever else runs here
                ready, changed = thread.submit(lambda: asyncio.run(heard(pipeline))).result()  # noqa: B023
            assert ready.endswith(b"event: ready\ndata: {}\n\n")
            assert changed == b'event: changed\ndata: {"pipelines":["news-one"]}\n\n'
    finally:
        with house.whole.store.write() as tx:
            tx.put(HEAD, "news-one", before)


def test_many_listeners_hold_no_threads(house: Any, listen: Any, pipelines: list[str]) -> None:
    browser, _ = house.inside(LISTING)
    before = threading.active_count()
    streams = [listen(browser) for _ in range(100)]
    for each in streams:
        assert each.event()[0] == "ready"
    assert threading.active_count() <= before + 45  # of the pool that looks whether readers may listen, at most
    assert [each.borrowed_tokens for each in house.whole.application.limiters] == [0, 0]
    began = time.monotonic()
    assert browser.call("codepipeline", "ListPipelines").status == 200
    house.client("codepipeline").start_pipeline_execution(name="news-one")
    for each in streams:
        assert each.event() == ("changed", {"pipelines": ["news-one"]})
    assert time.monotonic() - began < SOON
    for each in streams:
        each.close()
    settle(house, "news-one")


def test_listeners_that_leave_are_forgotten(house: Any, listen: Any, pipelines: list[str]) -> None:
    browser, _ = house.inside(LISTING)
    events = house.whole.live._events
    before = len(events._watchers)
    stream = listen(browser)
    assert stream.event()[0] == "ready"
    assert len(events._watchers) == before + 1
    stream.close()
    for _ in range(500):
        if len(events._watchers) == before:
            return
        time.sleep(0.01)
    raise AssertionError("it is still there")
