"""The list of pipelines: how they stand, finding and sorting them, and what can be done from there."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stageline.testing.browser import THEMES
from stageline.testing.cloud import Cloud, action, zipped


class Shop:
    """Pipelines from S3 over an approval, all with names that begin with ``list-``."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.role = cloud.pipeline_role("list-pipeline")
        self.store = cloud.bucket("list-store", versioned=True)
        cloud.s3.put_object(Bucket=self.store, Key="site.zip", Body=zipped({"index.html": "hello"}))

    def pipeline(self, name: str, *, key: str = "site.zip", **more: Any) -> str:
        configuration = {"S3Bucket": self.store, "S3ObjectKey": key, "PollForSourceChanges": "false"}
        source = action("Source", "Source/S3", configuration, makes="Site")
        return self.cloud.pipeline(name, self.role, self.store, source, action("Agree", "Approval/Manual", {}), **more)

    def approved(self, name: str) -> None:
        self.cloud.approve(name, "Agree", self.cloud.awaiting(name, "Agree"))
        self.cloud.ended(name)


@pytest.fixture(scope="session")
def shop(cloud: Cloud) -> Shop:
    """One that succeeded, one that failed, one that waits, one of type V1, one QUEUED."""
    shop = Shop(cloud)
    shop.pipeline("list-done")
    shop.pipeline("list-broken", key="missing.zip")
    shop.pipeline("list-waits")
    shop.pipeline("list-old", pipelineType="V1")
    shop.pipeline("list-queued", executionMode="QUEUED")
    shop.approved("list-done")
    cloud.ended("list-broken")
    for name in ("list-waits", "list-old", "list-queued"):
        cloud.awaiting(name, "Agree")
    return shop


def row(page: Page, name: str) -> Any:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def names(page: Page) -> list[str]:
    links = page.locator("th[scope=row] a").all_inner_texts()
    return [each for each in links if each.startswith("list-")]


def test_rows_tell_how_pipelines_stand_and_why(visit: Any, shop: Shop) -> None:
    page = visit("/pipelines?find=list-")
    done, broken, waits = (row(page, f"list-{each}") for each in ("done", "broken", "waits"))
    expect(done.get_by_role("link", name="Succeeded, latest execution of list-done")).to_be_visible()
    expect(done).to_contain_text("Source")
    expect(
        done.get_by_role("list", name="Most recent executions of list-done, newest first").get_by_role("listitem")
    ).to_have_count(1)
    expect(done.get_by_role("link", name="Succeeded, started")).to_be_visible()
    expect(broken).to_contain_text("Failed")
    expect(broken).to_contain_text("Source: The S3 object missing.zip")
    expect(waits.get_by_role("link", name="Waits for approval: Agree")).to_be_visible()
    expect(row(page, "list-old")).to_contain_text("V1")
    expect(row(page, "list-queued")).to_contain_text("Queued")
    identity = shop.cloud.executions("list-done")[-1]["pipelineExecutionId"]
    done.get_by_role("link", name="Succeeded, latest execution of list-done").click()
    page.wait_for_url(f"**/pipelines/list-done/executions/{identity}")


def test_a_list_is_found_filtered_and_sorted_by_its_address(visit: Any, shop: Shop) -> None:
    page = visit("/pipelines")
    page.get_by_role("searchbox", name="Find pipelines by name").fill("list-")
    expect(page.get_by_text("matches").first).to_be_visible()
    page.get_by_role("button", name="Status of the latest execution").press("Enter")
    page.get_by_role("option", name="Failed").click()
    page.keyboard.press("Escape")
    expect(row(page, "list-done")).to_have_count(0)
    assert names(page) == ["list-broken"]
    page.get_by_role("button", name="Status of the latest execution").press("Enter")
    page.get_by_role("option", name="In progress").click()
    page.keyboard.press("Escape")
    expect(row(page, "list-waits")).to_be_visible()
    assert "status=Failed%2CInProgress" in page.url
    page.get_by_role("button", name="Latest execution", exact=True).press("Enter")
    expect(page.get_by_role("columnheader", name="Latest execution")).to_have_attribute("aria-sort", "ascending")
    assert names(page)[0] == "list-broken"
    address = page.url.partition("/console")[2]
    again = visit(address)
    expect(row(again, "list-waits")).to_be_visible()
    assert names(again) == names(page)
    again.get_by_role("button", name="Type Any type").press("Enter")  # which does not miss what moves
    again.get_by_role("option", name="V1").click()
    expect(row(again, "list-waits")).to_have_count(0)
    assert names(again) == ["list-old"]
    again.get_by_role("searchbox", name="Find pipelines by name").fill("list-none")
    again.get_by_role("button", name="Clear the filters").click()
    expect(row(again, "list-waits")).to_be_visible()


def test_news_change_rows_without_loading(visit: Any, shop: Shop) -> None:
    shop.pipeline("list-live")
    page = visit("/pipelines?find=list-live")
    expect(row(page, "list-live").get_by_role("link", name="Waits for approval: Agree")).to_be_visible()
    page.evaluate("window.mark = 1")
    shop.approved("list-live")
    expect(row(page, "list-live").get_by_role("link", name="Succeeded, latest execution")).to_be_visible()
    shop.pipeline("list-live-two")
    expect(row(page, "list-live-two")).to_be_visible()
    assert page.evaluate("window.mark") == 1


def test_favourites_come_first_and_choices_stay_in_the_browser(visit: Any, shop: Shop) -> None:
    page = visit("/pipelines?find=list-")
    page.get_by_role("button", name="Add list-waits to the favourites").click()
    expect(page.get_by_role("button", name="Remove list-waits from the favourites")).to_be_visible()
    assert names(page)[0] == "list-waits"
    page.get_by_role("button", name="Preferences").click()
    page.get_by_role("radio", name="10", exact=True).click()
    page.get_by_role("checkbox", name="Trigger").click()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("columnheader", name="Trigger")).to_be_visible()
    expect(row(page, "list-waits")).to_contain_text("Pipeline created")
    page.reload()
    expect(page.get_by_role("columnheader", name="Trigger")).to_be_visible()
    assert names(page)[0] == "list-waits"


def test_a_change_is_released_with_the_variables_that_the_pipeline_has(visit: Any, shop: Shop) -> None:
    variables = [{"name": "TARGET", "defaultValue": "test", "description": "Where to"}, {"name": "NOTE"}]
    with pytest.raises(shop.cloud.codepipeline.exceptions.ClientError):
        shop.cloud.codepipeline.start_pipeline_execution(name="list-release")
    shop.pipeline("list-release", variables=variables)
    page = visit("/pipelines?find=list-release&selected=list-release")
    page.get_by_role("button", name="Release change").click()
    dialog = page.get_by_role("dialog", name="Release change: list-release")
    expect(dialog.get_by_role("textbox", name="TARGET")).to_have_attribute("placeholder", "test")
    expect(dialog.get_by_role("button", name="Release", exact=True)).to_be_disabled()
    dialog.get_by_role("textbox", name="NOTE").fill("now")
    dialog.get_by_role("button", name="Release", exact=True).click()
    expect(page.get_by_text("was started.").first).to_be_visible()
    latest = shop.cloud.executions("list-release")[-1]
    assert latest["trigger"]["triggerType"] == "StartPipelineExecution"
    found = shop.cloud.codepipeline.get_pipeline_execution(
        pipelineName="list-release", pipelineExecutionId=latest["pipelineExecutionId"]
    )
    given = {each["name"]: each["resolvedValue"] for each in found["pipelineExecution"]["variables"]}
    assert given == {"TARGET": "test", "NOTE": "now"}


def test_a_pipeline_is_deleted_once_its_name_is_typed(visit: Any, shop: Shop) -> None:
    shop.pipeline("list-goes")
    page = visit("/pipelines?find=list-goes")
    page.get_by_role("radio", name="Select list-goes").click()
    page.get_by_role("button", name="Delete pipeline").click()
    dialog = page.get_by_role("dialog", name="Delete list-goes?")
    expect(dialog.get_by_role("button", name="Delete", exact=True)).to_be_disabled()
    dialog.get_by_label("To confirm, type list-goes").fill("list-goes")
    dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("The pipeline list-goes is deleted.")).to_be_visible()
    expect(page.get_by_role("heading", name="No pipeline matches")).to_be_visible()
    with pytest.raises(shop.cloud.codepipeline.exceptions.PipelineNotFoundException):
        shop.cloud.codepipeline.get_pipeline(name="list-goes")


def test_what_one_may_not_do_is_disabled_with_the_reason(visit: Any, shop: Shop, person: Any) -> None:
    reading = {"Action": ["codepipeline:ListPipelines", "codepipeline:ListPipelineExecutions"], "Resource": "*"}
    one = "arn:aws:codepipeline:us-east-1:000000000000:list-done"
    reader = person("list-reader", reading, {"Action": "codepipeline:StartPipelineExecution", "Resource": one})
    page = visit("/pipelines?find=list-&selected=list-waits", user=reader)
    release = page.get_by_role("button", name="Release change")
    expect(release).to_have_attribute("aria-disabled", "true")
    release.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Your policies do not allow codepipeline:StartPipelineExecution")
    expect(page.get_by_role("button", name="Delete pipeline")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("radio", name="Select list-done").click()
    expect(release).not_to_have_attribute("aria-disabled", "true")
    blind = person("list-blind", {"Action": "codepipeline:ListPipelines", "Resource": "*"})
    page = visit("/pipelines?find=list-done", user=blind)
    expect(row(page, "list-done").get_by_text("Not shown to you").first).to_be_visible()
    nobody = person("list-nobody", {"Action": "iam:GetUser", "Resource": "*"})
    page = visit("/pipelines", user=nobody)
    expect(page.get_by_text("You may not see the pipelines")).to_be_visible()


@pytest.mark.parametrize("dark", THEMES)
def test_the_list_is_accessible(visit: Any, shop: Shop, dark: bool) -> None:
    page = visit("/pipelines?find=list-&selected=list-done", dark=dark)
    expect(row(page, "list-waits").get_by_role("link", name="Waits for approval: Agree")).to_be_visible()
    expect(row(page, "list-done")).to_contain_text("Succeeded")
    assert visit.axe(page) == []
    visit.picture(page, f"pipelines-{'dark' if dark else 'light'}")


def test_the_list_works_on_a_telephone(visit: Any, shop: Shop) -> None:
    page = visit("/pipelines?find=list-", width=360, height=740)
    expect(row(page, "list-done")).to_contain_text("Succeeded")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    visit.picture(page, "pipelines-narrow")
