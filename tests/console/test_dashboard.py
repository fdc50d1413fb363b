"""The dashboard: what runs, what waits, and figures that come out as one computes them by hand."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stageline.testing.browser import THEMES
from stageline.testing.cloud import Cloud, action, zipped


class Works:
    """Pipelines that deploy to S3 over an approval; all have names that begin with ``dash-``."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.role = cloud.pipeline_role("dash-pipeline")
        self.store = cloud.bucket("dash-store", versioned=True)
        self.target = cloud.bucket("dash-target")
        cloud.s3.put_object(Bucket=self.store, Key="site.zip", Body=zipped({"index.html": "hello"}))

    def pipeline(self, name: str, *, target: str = "") -> str:
        configuration = {"S3Bucket": self.store, "S3ObjectKey": "site.zip", "PollForSourceChanges": "false"}
        stages = (
            action("Source", "Source/S3", configuration, makes="Site"),
            action("Agree", "Approval/Manual", {}),
            action("Ship", "Deploy/S3", {"BucketName": target or self.target, "Extract": "true"}, reads="Site"),
        )
        return self.cloud.pipeline(name, self.role, self.store, *stages)

    def approved(self, name: str) -> str:
        self.cloud.approve(name, "Agree", self.cloud.awaiting(name, "Agree"))
        return str(self.cloud.ended(name)["status"])

    def again(self, name: str) -> str:
        self.cloud.codepipeline.start_pipeline_execution(name=name)
        return self.approved(name)


@pytest.fixture(scope="session")
def works(cloud: Cloud) -> Works:
    """``dash-shop``: a failed deployment, then the same execution retried (succeeded), one more, and one that waits."""
    works = Works(cloud)
    works.pipeline("dash-shop", target="dash-late")
    assert works.approved("dash-shop") == "Failed"
    cloud.bucket("dash-late")
    execution = cloud.executions("dash-shop")[-1]["pipelineExecutionId"]
    cloud.codepipeline.retry_stage_execution(
        pipelineName="dash-shop", stageName="Ship", pipelineExecutionId=execution, retryMode="FAILED_ACTIONS"
    )
    assert cloud.ended("dash-shop")["status"] == "Succeeded"
    assert works.again("dash-shop") == "Succeeded"
    cloud.codepipeline.start_pipeline_execution(name="dash-shop")
    cloud.awaiting("dash-shop", "Agree")
    return works


def figure(page: Page, label: str) -> Any:
    return page.locator("dl > *").filter(has_text=re.compile(f"^{label}"))


def test_figures_are_what_the_history_says(visit: Any, works: Works) -> None:
    page = visit("/dashboard?pipeline=dash-shop&days=7")
    expect(figure(page, "Success rate")).to_contain_text("100%")
    expect(figure(page, "Success rate")).to_contain_text("2 of 2 executions")
    expect(figure(page, "Deployment frequency")).to_contain_text("2 a week")
    expect(figure(page, "Lead time for changes")).to_contain_text("median of 2 deployments")
    expect(figure(page, "Change failure rate")).to_contain_text("1 of 2 deployments")
    expect(figure(page, "Time to restore")).to_contain_text("all restored")
    expect(figure(page, "Rework")).to_contain_text("3 of 3 executions")
    figure(page, "Change failure rate").get_by_role("button").click()
    expect(page.get_by_text("= deployments that failed ÷ all deployments")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Executions by day as a table").click()
    numbers = page.get_by_role("table", name="Executions by day")
    expect(numbers.get_by_role("row").nth(1)).to_contain_text(re.compile(r"\w+ \d+\s*2\s*0\s*1"))
    slow = page.get_by_role("table", name="Slowest actions")
    expect(slow.get_by_role("row").filter(has_text="Ship")).to_have_count(1)
    expect(slow.get_by_text("Agree")).to_have_count(0)


def test_the_window_and_the_pipeline_are_in_the_address(visit: Any, works: Works) -> None:
    page = visit("/dashboard")
    expect(page.get_by_role("heading", name="Delivery in the last 30 days")).to_be_visible()
    page.get_by_role("button", name="7 days").click()
    expect(page.get_by_role("heading", name="Delivery in the last 7 days")).to_be_visible()
    page.get_by_role("button", name="Pipeline").click()
    page.get_by_role("option", name="dash-shop").click()
    expect(figure(page, "Rework")).to_contain_text("3 of 3 executions")
    assert page.url.endswith("/console/dashboard?days=7&pipeline=dash-shop")


def test_what_waits_is_told_and_goes_when_it_is_answered(visit: Any, works: Works) -> None:
    works.pipeline("dash-news")
    works.cloud.awaiting("dash-news", "Agree")
    page = visit("/dashboard")
    waits = page.get_by_role("list", name="Waits for approval")
    expect(waits.get_by_role("listitem").filter(has_text="dash-news")).to_contain_text("Waits for approval: Agree")
    expect(page).to_have_title(re.compile(r"Dashboard \(\d+ to approve\)"))
    page.evaluate("window.mark = 1")
    assert works.approved("dash-news") == "Succeeded"
    expect(waits.get_by_role("listitem").filter(has_text="dash-news")).to_have_count(0)
    assert page.evaluate("window.mark") == 1
    waits.get_by_role("link", name="dash-shop").click()
    page.wait_for_url("**/console/pipelines/dash-shop?review=Agree%2FAgree")


def test_a_pipeline_that_is_followed_alone_is_counted_again_when_it_ends(visit: Any, works: Works) -> None:
    works.pipeline("dash-alone")
    works.cloud.awaiting("dash-alone", "Agree")
    page = visit("/dashboard?pipeline=dash-alone")
    expect(figure(page, "Success rate")).to_contain_text("0 of 0 executions")
    works.approved("dash-alone")
    expect(figure(page, "Success rate")).to_contain_text("1 of 1 executions")


def test_who_may_see_nothing_is_told_why(visit: Any, works: Works, person: Any) -> None:
    nobody = person("dash-nobody", {"Action": "iam:GetUser", "Resource": "*"})
    page = visit("/dashboard", user=nobody)
    expect(page.get_by_text("You may not see the pipelines")).to_be_visible()
    partly = person("dash-partly", {"Action": "codepipeline:ListPipelines", "Resource": "*"})
    page = visit("/dashboard?pipeline=dash-shop", user=partly)
    expect(page.get_by_text("1 of 1 pipelines are not counted")).to_be_visible()
    expect(page.get_by_text("codepipeline:ListPipelineExecutions")).to_be_visible()


@pytest.mark.parametrize("dark", THEMES)
def test_the_dashboard_is_accessible(visit: Any, works: Works, dark: bool) -> None:
    page = visit("/dashboard?days=7", dark=dark, height=1500)
    expect(page.get_by_role("list", name="Waits for approval").get_by_text("dash-shop")).to_be_visible()
    expect(page.get_by_role("table", name="Slowest actions").get_by_role("rowheader").first).to_be_visible()
    page.get_by_role("button", name="Executions by day as a table").click()
    assert visit.axe(page) == []
    visit.picture(page, f"dashboard-{'dark' if dark else 'light'}")


def test_the_dashboard_works_on_a_telephone(visit: Any, works: Works) -> None:
    page = visit("/dashboard?days=7", width=360, height=2400)
    expect(page.get_by_role("table", name="Slowest actions").get_by_role("rowheader").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    visit.picture(page, "dashboard-narrow")
