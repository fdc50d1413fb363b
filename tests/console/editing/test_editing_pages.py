"""What the pages for editing, versions and settings have in common: anybody can use them, everywhere, who may."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stageline.testing.browser import THEMES
from stageline.testing.cloud import Cloud


def twice(cloud: Cloud, name: str) -> str:
    """A second version of a pipeline; its name."""
    document = cloud.codepipeline.get_pipeline(name=name)["pipeline"]
    cloud.codepipeline.update_pipeline(pipeline={**document, "executionMode": "QUEUED"})
    return name


def go(visit: Any, page: Page, path: str, shows: str) -> None:
    page.goto(f"{visit.server.endpoint}/console{path}")
    expect(page.get_by_role("heading", name=shows)).to_be_visible()


@pytest.mark.parametrize("dark", THEMES)
def test_the_pages_are_accessible(visit: Any, cloud: Cloud, make: Any, dark: bool) -> None:
    mode = "dark" if dark else "light"
    name = twice(cloud, make(f"editing-{mode}"))
    page = visit(f"/pipelines/{name}/edit", dark=dark, height=1600)
    page.get_by_role("button", name="Pipeline properties").click()
    page.get_by_role("button", name="Add variable").click()
    page.get_by_role("button", name="Edit stage Source", exact=True).click()
    page.get_by_role("menuitem", name="Move down", exact=True).click()
    expect(page.get_by_text("The first stage has source actions only").first).to_be_visible()
    visit.picture(page, f"edit-{mode}")
    assert visit.axe(page) == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog").get_by_text("2 things look wrong")).to_be_visible()
    visit.picture(page, f"edit-diff-{mode}")
    assert visit.axe(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="JSON", exact=True).click()
    expect(page.get_by_role("list", name="What is wrong in the text")).to_be_visible()
    visit.picture(page, f"edit-json-{mode}")
    assert visit.axe(page) == []
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("dialog", name="Leave without saving?").get_by_role("button", name="Leave").click()
    go(visit, page, f"/pipelines/{name}/versions", f"Versions of {name}")
    expect(page.get_by_role("cell", name='added: "executionMode": "QUEUED",')).to_be_visible()
    visit.picture(page, f"versions-{mode}")
    assert visit.axe(page) == []
    go(visit, page, f"/pipelines/{name}/settings", "General")
    page.get_by_role("button", name="Add tag").click()
    page.get_by_role("button", name="Tags that mean something here").click()
    expect(page.get_by_role("img", name="Status badge")).to_be_visible()
    visit.picture(page, f"settings-{mode}")
    assert visit.axe(page) == []


def test_the_pages_fit_a_telephone(visit: Any, cloud: Cloud, make: Any) -> None:
    name = twice(cloud, make("editing-narrow"))
    page = visit(f"/pipelines/{name}/edit", width=360)
    page.get_by_role("button", name="Edit stage Deploy", exact=True).click()
    page.get_by_role("menuitem", name="Move up", exact=True).click()
    wide = "document.documentElement.scrollWidth"
    assert page.evaluate(wide) <= 360
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("list", name="Changes")).to_be_visible()
    visit.picture(page, "edit-narrow")
    assert page.evaluate(wide) <= 360
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Undo").click()
    go(visit, page, f"/pipelines/{name}/versions?version=2", f"Versions of {name}")
    expect(page.get_by_role("cell", name='added: "executionMode": "QUEUED",')).to_be_visible()
    visit.picture(page, "versions-narrow")
    assert page.evaluate(wide) <= 360
    go(visit, page, f"/pipelines/{name}/settings", f"Settings of {name}")
    expect(page.get_by_text("No webhook starts this pipeline.")).to_be_visible()
    visit.picture(page, "settings-narrow")
    assert page.evaluate(wide) <= 360


def test_who_may_see_nothing_is_told_so(visit: Any, make: Any, person: Any) -> None:
    name = make("editing-denied")
    page = visit(f"/pipelines/{name}/edit", user=person("Nobody-of-editing"))
    expect(page.get_by_text(f"You may not see the pipeline {name}")).to_be_visible()
    for each in ("versions", "settings"):
        page.goto(f"{visit.server.endpoint}/console/pipelines/{name}/{each}")
        expect(page.get_by_text(f"You may not see the pipeline {name}")).to_be_visible()
