"""How the page of a pipeline looks to whom: who may not see it, the graph, the mode PARALLEL, both themes, a telephone."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from stageline.testing.browser import THEMES
from stageline.testing.cloud import Cloud, action, zipped

PLACE = "pipeline-looks"


@pytest.fixture(scope="session")
def role(cloud: Cloud) -> str:
    cloud.bucket(PLACE, versioned=True)
    cloud.s3.put_object(Bucket=PLACE, Key="site.zip", Body=zipped({"index.html": "Words"}))
    return cloud.pipeline_role("pipeline-looks")


@pytest.fixture
def make(cloud: Cloud, role: str) -> Any:
    """A pipeline that waits for a review between a source and a deployment."""

    def make(name: str, **more: Any) -> str:
        source = {"S3Bucket": PLACE, "S3ObjectKey": "site.zip", "PollForSourceChanges": "false"}
        fetch = action("Fetch", "Source/S3", source, makes="Site")
        ship = action("Ship", "Deploy/S3", {"BucketName": PLACE, "Extract": "true"}, reads="Site")
        return cloud.pipeline(name, role, PLACE, fetch, action("Review", "Approval/Manual", {}), ship, **more)

    return make


def test_who_may_not_see_a_pipeline_is_told(visit: Any, cloud: Cloud, make: Any, person: Any) -> None:
    name = make("pp-denied")
    page = visit(f"/pipelines/{name}", user=person("Dee", {"Action": "codepipeline:ListPipelines", "Resource": "*"}))
    expect(page.get_by_text("You may not see the state of this pipeline")).to_be_visible()
    bare = {"Action": ["codepipeline:GetPipelineState", "codepipeline:PutApprovalResult"], "Resource": "*"}
    cloud.awaiting(name, "Review")
    page = visit(f"/pipelines/{name}", user=person("Bea", bare))
    expect(page.get_by_text("You may not see the structure of this pipeline")).to_be_visible()
    page.get_by_role("button", name="Review Review").click()
    page.get_by_role("radio", name="Approve").check()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text(f"You approved Review of {name}.")).to_be_visible()
    there = visit("/pipelines/pp-nowhere")
    expect(there.get_by_text("Could not read the state of this pipeline")).to_be_visible()


def test_the_graph_is_walked_by_keyboard(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("pp-graph")
    cloud.awaiting(name, "Review")
    page = visit(f"/pipelines/{name}")
    page.get_by_role("button", name="Graph").click()
    expect(page).to_have_url(re.compile("view=graph"))
    graph = page.get_by_role("group", name="Graph of the pipeline")
    graph.get_by_role("button", name="Fetch / Fetch: Succeeded").focus()
    page.keyboard.press("ArrowRight")
    expect(graph.get_by_role("button", name="Review / Review: Waits for approval")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Review / Review")).to_be_visible()


def test_a_parallel_pipeline_points_to_its_history(visit: Any, make: Any) -> None:
    name = make("pp-parallel", executionMode="PARALLEL")
    page = visit(f"/pipelines/{name}")
    expect(page.get_by_text("This pipeline runs in parallel mode")).to_be_visible()
    expect(page.get_by_role("table", name="Recent executions").get_by_text("In progress")).to_be_visible()
    page.get_by_role("button", name="Graph").click()
    expect(page.get_by_role("button", name="Ship / Ship: Didn't run")).to_be_visible()


@pytest.mark.parametrize("dark", THEMES)
def test_the_page_is_accessible(visit: Any, cloud: Cloud, make: Any, dark: bool) -> None:
    theme = "dark" if dark else "light"
    name = make(f"pp-look-{theme}")
    cloud.awaiting(name, "Review")
    cloud.codepipeline.disable_stage_transition(pipelineName=name, stageName="Ship", transitionType="Inbound", reason="Freeze")
    page = visit(f"/pipelines/{name}", dark=dark)
    expect(page.get_by_role("button", name="Review Review")).to_be_enabled()
    visit.picture(page, f"pipeline-{theme}")
    assert visit.axe(page) == []
    page.get_by_role("button", name="Graph").click()
    page.get_by_role("button", name="Fetch / Fetch: Succeeded").click()
    expect(page.get_by_role("region", name="Fetch / Fetch")).to_be_visible()
    visit.picture(page, f"pipeline-graph-{theme}")
    assert visit.axe(page) == []
    page.goto(f"{visit.server.endpoint}/console/pipelines/{name}?review=Review/Review")
    expect(page.get_by_role("dialog")).to_be_visible()
    visit.picture(page, f"pipeline-review-{theme}")
    assert visit.axe(page) == []


def test_the_page_fits_a_telephone(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("pp-telephone-with-a-rather-long-name")
    cloud.awaiting(name, "Review")
    page = visit(f"/pipelines/{name}", width=360, height=780)
    expect(page.get_by_role("button", name="Review Review")).to_be_visible()
    visit.picture(page, "pipeline-360")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(f"{page.url}?view=graph")
    expect(page.get_by_role("button", name="Fetch / Fetch: Succeeded")).to_be_visible()
    visit.picture(page, "pipeline-graph-360")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
