"""The inbox of approvals: what waits for me, over all pipelines, answered there."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stageline.testing.browser import THEMES
from stageline.testing.cloud import Cloud, action, zipped

SOURCE = "approvals-page-source"


@pytest.fixture(scope="session")
def role(cloud: Cloud) -> str:
    cloud.bucket(SOURCE, versioned=True)
    metadata = {"codepipeline-artifact-revision-summary": "Mend the <b>door</b>"}
    cloud.s3.put_object(Bucket=SOURCE, Key="site.zip", Body=zipped({"a": "b"}), Metadata=metadata)
    return cloud.pipeline_role("approvals-page")


@pytest.fixture
def make(cloud: Cloud, role: str) -> Any:
    def make(name: str, **more: Any) -> str:
        fetch = {"S3Bucket": SOURCE, "S3ObjectKey": "site.zip", "PollForSourceChanges": "false"}
        words = {"CustomData": "Is the door right?", "ExternalEntityLink": "https://example.org/door"}
        gate = action("Gate", "Approval/Manual", words, timeoutInMinutes=120)
        return cloud.pipeline(name, role, SOURCE, action("Fetch", "Source/S3", fetch, makes="Site"), gate, **more)

    return make


def card(page: Page, name: str) -> Any:
    return page.get_by_role("listitem").filter(has=page.get_by_role("link", name=name, exact=True))


def reviewing(cloud: Cloud, *pipelines: str) -> list[dict[str, Any]]:
    """What somebody may who sees all pipelines and answers in some."""
    arns = [f"arn:aws:codepipeline:us-east-1:000000000000:{each}/Gate/Gate" for each in pipelines]
    seeing = [f"codepipeline:{each}" for each in ("GetPipeline", "GetPipelineState", "ListPipelines", "ListPipelineExecutions")]
    return [
        {"Action": seeing, "Resource": "*"},
        {"Action": "codepipeline:PutApprovalResult", "Resource": arns},
    ]


def test_what_waits_appears_is_answered_and_goes(visit: Any, cloud: Cloud, make: Any, person: Any) -> None:
    page = visit("/approvals?find=inbox-", user=person("Ina", *reviewing(cloud, "inbox-mine")))
    expect(page.get_by_role("heading", name="Approvals")).to_be_visible()
    mine, others = make("inbox-mine"), make("inbox-others")
    expect(card(page, mine).get_by_text("Is the door right?")).to_be_visible()
    expect(card(page, mine).get_by_text("Mend the <b>door</b>")).to_be_visible()
    expect(card(page, mine).get_by_text("in 2 hours")).to_be_visible()
    expect(card(page, mine).get_by_role("link", name="https://example.org/door")).to_be_visible()
    refused = page.get_by_role("button", name=f"Review Gate of {others}")
    expect(refused).to_be_disabled()
    expect(card(page, others).get_by_text(re.compile("do not allow codepipeline:PutApprovalResult")).last).to_be_visible()
    expect(page).to_have_title("(1) Approvals – Stageline")
    page.get_by_label("Only what I may answer").click()
    expect(card(page, others)).to_have_count(0)
    page.get_by_role("button", name=f"Review Gate of {mine}").click()
    page.get_by_role("radio", name="Reject").check()
    page.get_by_label("Comments").fill("It squeaks")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text(f"You rejected Gate of {mine}.")).to_be_visible()
    expect(page.get_by_text("Nothing is like that")).to_be_visible()
    expect(page).to_have_title("Approvals – Stageline")
    assert cloud.latest(mine, "Gate")["errorDetails"]["message"].endswith("user/Ina: It squeaks")


def test_an_answer_of_somebody_else_closes_the_question(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("race-for-it")
    token = cloud.awaiting(name, "Gate")
    page = visit(f"/approvals?find={name}")
    page.get_by_role("button", name=f"Review Gate of {name}").click()
    page.get_by_role("radio", name="Approve").check()
    page.get_by_label("Comments").fill("Long words")
    cloud.approve(name, "Gate", token)
    expect(page.get_by_text("This question was answered, or is no longer asked.")).to_be_visible()
    expect(page.get_by_label("Comments")).to_have_value("Long words")
    expect(page.get_by_role("button", name="Submit")).to_be_disabled()


def test_two_persons_have_to_approve_and_not_the_one_who_started_it(visit: Any, cloud: Cloud, make: Any, person: Any) -> None:
    name = make("two-persons")
    tags = [{"key": "stageline:approvals", "value": "2"}, {"key": "stageline:approvals-by-others", "value": "true"}]
    cloud.codepipeline.tag_resource(resourceArn=f"arn:aws:codepipeline:us-east-1:000000000000:{name}", tags=tags)
    first = cloud.awaiting(name, "Gate")
    root = visit(f"/approvals?find={name}")
    expect(card(root, name).get_by_text("2 persons have to approve")).to_be_visible()
    page = visit(f"/approvals?find={name}", user=person("Ole", managed="AWSCodePipeline_FullAccess"))
    page.get_by_role("button", name=f"Review Gate of {name}").click()
    expect(page.get_by_text("2 different persons have to approve.")).to_be_visible()
    page.get_by_role("radio", name="Approve").check()
    page.get_by_role("button", name="Submit").click()
    expect(card(page, name).get_by_text("1 of 2 approvals, the last by")).to_be_visible()
    page.get_by_role("button", name=f"Review Gate of {name}").click()
    page.get_by_role("radio", name="Approve").check()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("You have approved already; 2 persons have to. Ask somebody else.")).to_be_visible()
    assert cloud.awaiting(name, "Gate") == first


def test_whoever_started_an_execution_is_told_before_trying(visit: Any, cloud: Cloud, make: Any, person: Any) -> None:
    name = make("by-others")
    cloud.approve(name, "Gate", cloud.awaiting(name, "Gate"))
    cloud.codepipeline.tag_resource(
        resourceArn=f"arn:aws:codepipeline:us-east-1:000000000000:{name}",
        tags=[{"key": "stageline:approvals-by-others", "value": "true"}],
    )
    page = visit(f"/pipelines/{name}", user=person("Una", managed="AWSCodePipeline_FullAccess"))
    page.get_by_role("button", name="Release change").click()
    page.get_by_role("button", name="Release", exact=True).click()
    page.get_by_role("button", name="Review Gate").click()
    expect(page.get_by_text("the pipeline wants somebody else to approve it")).to_be_visible()


def test_executions_in_parallel_ask_each_for_itself(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("side-by-side", executionMode="PARALLEL")
    second = cloud.codepipeline.start_pipeline_execution(name=name)["pipelineExecutionId"]
    page = visit(f"/approvals?find={name}")
    expect(card(page, name)).to_have_count(2)
    one = card(page, name).filter(has=page.get_by_role("link", name=second[:8]))
    one.get_by_role("button", name="Review").click()
    page.get_by_role("radio", name="Approve").check()
    page.get_by_role("button", name="Submit").click()
    expect(card(page, name)).to_have_count(1)
    assert cloud.ended(name, second)["status"] == "Succeeded"


def test_who_sees_no_pipelines_is_told_and_who_sees_some_too(visit: Any, make: Any, person: Any) -> None:
    make("shut-away")
    page = visit("/approvals", user=person("Nil", {"Action": "codepipeline:GetPipeline", "Resource": "*"}))
    expect(page.get_by_text("You may not see what waits").first).to_be_visible()
    page = visit("/approvals", user=person("Lis", {"Action": "codepipeline:ListPipelines", "Resource": "*"}))
    expect(page.get_by_text("It takes codepipeline:GetPipelineState")).to_be_visible()
    expect(page.get_by_text("Nothing waits for an answer")).to_be_visible()


@pytest.mark.parametrize("dark", THEMES)
def test_the_inbox_is_accessible(visit: Any, make: Any, dark: bool) -> None:
    theme = "dark" if dark else "light"
    name = make(f"inbox-look-{theme}")
    page = visit("/approvals?find=inbox-", dark=dark)
    expect(card(page, name)).to_be_visible()
    visit.picture(page, f"approvals-{theme}")
    assert visit.axe(page) == []


def test_the_inbox_fits_a_telephone(visit: Any, make: Any) -> None:
    name = make("inbox-telephone-with-a-rather-long-name")
    page = visit("/approvals?find=inbox-telephone", width=360, height=780)
    expect(card(page, name)).to_be_visible()
    visit.picture(page, "approvals-360")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
