"""The versions of a pipeline: what each changed, who saved it, and back to one."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stageline.testing.cloud import Cloud


@pytest.fixture
def history(cloud: Cloud, make: Any) -> Callable[[str], str]:
    """Makes a pipeline of three versions: the second is QUEUED, the third has a comment for reviewers; its name."""

    def pipeline(name: str) -> str:
        make(name)
        document = cloud.codepipeline.get_pipeline(name=name)["pipeline"]
        document["executionMode"] = "QUEUED"
        cloud.codepipeline.update_pipeline(pipeline=document)
        document["stages"][1]["actions"][0]["configuration"] = {"CustomData": "<b>Is it good?</b>"}
        cloud.codepipeline.update_pipeline(pipeline=document)
        return name

    return pipeline


def opened(visit: Any, name: str, query: str = "", **how: Any) -> Page:
    page: Page = visit(f"/pipelines/{name}/versions{query}", **how)
    expect(page.get_by_role("heading", name=f"Versions of {name}")).to_be_visible()
    return page


def test_each_version_tells_what_it_changed_and_who_saved_it(visit: Any, history: Any) -> None:
    page = opened(visit, history("versions-told"))
    rows = page.get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Approve/Approve: CustomData is added (<b>Is it good?</b>).")
    expect(rows.nth(1)).to_contain_text("root")
    expect(rows.nth(1)).to_contain_text("current")
    expect(rows.nth(2)).to_contain_text("Execution mode changes from SUPERSEDED to QUEUED.")
    expect(rows.nth(2).get_by_text("just now").or_(rows.nth(2).get_by_text("seconds ago"))).to_be_visible()
    expect(rows.nth(3)).to_contain_text("The pipeline is created.")
    page.get_by_role("link", name="Version 2", exact=True).click()
    expect(page.get_by_role("heading", name="What version 2 changed")).to_be_visible()
    expect(page.get_by_role("cell", name='added: "executionMode": "QUEUED",')).to_be_visible()
    page.get_by_role("button", name="With the current one").click()
    expect(page.get_by_role("heading", name="From version 2 to the current one")).to_be_visible()
    assert page.url.endswith("/versions?version=2&against=current")
    changes = page.get_by_role("list", name="Changes").get_by_role("listitem")
    expect(changes).to_have_text(["added Approve/Approve: CustomData is added (<b>Is it good?</b>)."])


def test_a_version_is_restored_as_a_new_one(visit: Any, cloud: Cloud, history: Any) -> None:
    name = history("versions-restored")
    page = opened(visit, name, "?version=1")
    page.get_by_role("button", name="Restore version 1").click()
    dialog = page.get_by_role("dialog", name="Restore version 1?")
    expect(dialog.get_by_text("Execution mode changes from QUEUED to SUPERSEDED.")).to_be_visible()
    visit.picture(page, "versions-restore-light")
    dialog.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Version 1 is restored as version 4.")).to_be_visible()
    expect(page.get_by_role("link", name="Version 4, the current one")).to_be_visible()
    expect(page.get_by_text("There is no difference.")).to_be_visible()
    pipeline = cloud.codepipeline.get_pipeline(name=name)["pipeline"]
    first = cloud.codepipeline.get_pipeline(name=name, version=1)["pipeline"]
    assert pipeline == {**first, "version": 4}


def test_restoring_over_a_version_that_came_meanwhile_is_refused(visit: Any, cloud: Cloud, history: Any) -> None:
    name = history("versions-overtaken")
    page = opened(visit, name)
    page.get_by_role("button", name="Restore version 1").click()
    dialog = page.get_by_role("dialog", name="Restore version 1?")
    expect(dialog.get_by_role("button", name="Restore")).to_be_enabled()
    page.route("**/console/events*", lambda route: route.abort())
    current = cloud.codepipeline.get_pipeline(name=name)["pipeline"]
    cloud.codepipeline.update_pipeline(pipeline={**current, "executionMode": "PARALLEL"})
    expect(dialog.get_by_text("becomes version 5")).to_be_visible()
    expect(dialog.get_by_text("Execution mode changes from PARALLEL to SUPERSEDED.")).to_be_visible()


def test_who_may_only_read_cannot_restore(visit: Any, person: Any, history: Any) -> None:
    name = history("versions-denied")
    page = opened(visit, name, user=person("Reader-of-versions", managed="AWSCodePipeline_ReadOnlyAccess"))
    expect(page.get_by_text("Who saved them is in the audit trail, which you may not see.")).to_be_visible()
    button = page.get_by_role("button", name="Restore version 1")
    expect(button).to_be_disabled()
    button.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("Your policies do not allow codepipeline:UpdatePipeline")
