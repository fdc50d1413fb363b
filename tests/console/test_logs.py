"""Logs: of builds, phase by phase and live, and of any stream, however long."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stageline.testing.cloud import ENVIRONMENT, Cloud

SPEC = r"""
version: 0.2
phases:
  install:
    commands:
      - printf 'plain \033[31mred\033[0m \033[1;32mgreen\033[0m <img src=x onerror=alert(1)>\n'
  build:
    commands:
      - for i in $(seq 1 120); do echo "line $i of the build"; done
      - echo waiting; while [ ! -e /tmp/never ] && [ "$GO" != yes ]; do sleep 0.1; done
      - echo the end is near
"""
LONG = 100_000


@pytest.fixture(scope="session")
def project(cloud: Cloud) -> str:
    cloud.codebuild.create_project(
        name="lettering",
        source={"type": "NO_SOURCE", "buildspec": SPEC},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={**ENVIRONMENT, "environmentVariables": [{"name": "GO", "value": "yes"}]},
        serviceRole=cloud.role("lettering", "codebuild", "logs:*"),
    )
    return "lettering"


@pytest.fixture(scope="session")
def stream(cloud: Cloud) -> str:
    """A log that is long."""
    logs = cloud.logs
    logs.create_log_group(logGroupName="/long/tale")
    logs.create_log_stream(logGroupName="/long/tale", logStreamName="told/once")
    now = int(time.time() * 1000)
    for start in range(0, LONG, 10_000):
        events = [{"timestamp": now, "message": f"event {at} says something"} for at in range(start, start + 10_000)]
        logs.put_log_events(logGroupName="/long/tale", logStreamName="told/once", logEvents=events)
    return "/logs/%2Flong%2Ftale/told%2Fonce"


def log(page: Page) -> Any:
    return page.get_by_role("region", name=re.compile("^Log "))


def test_a_build_is_started_and_its_log_read_with_colours_and_phases(visit: Any, project: str) -> None:
    page = visit(f"/projects/{project}")
    page.get_by_role("button", name="Start build").click()
    expect(page.get_by_role("heading", name=re.compile("lettering #"))).to_be_visible()
    expect(page.get_by_text("Succeeded").first).to_be_visible()
    lines = log(page)
    expect(lines.get_by_text("the end is near", exact=True)).to_be_visible()
    page.get_by_role("button", name="Fold all").click()
    expect(lines.get_by_text("the end is near", exact=True)).to_have_count(0)
    lines.get_by_role("button", name="Unfold INSTALL").click()
    red = lines.get_by_text("red", exact=True)
    expect(red).to_have_class(re.compile("ansi-fg-1"))
    expect(lines.get_by_text("<img src=x onerror=alert(1)>").first).to_be_visible()
    page.get_by_role("button", name="Unfold all").click()
    visit.picture(page, "build-light")
    page.get_by_role("tab", name="Phases").click()
    expect(page.get_by_role("row", name=re.compile("^BUILD")).get_by_text("Succeeded")).to_be_visible()
    assert "tab=phases" in page.url
    assert visit.axe(page) == []
    page.get_by_role("tab", name="Environment").click()
    expect(page.get_by_role("row", name=re.compile("^GO yes"))).to_be_visible()


def test_a_log_is_followed_while_the_build_runs_and_the_build_is_stopped(visit: Any, cloud: Cloud, project: str) -> None:
    started = cloud.codebuild.start_build(
        projectName=project, environmentVariablesOverride=[{"name": "GO", "value": "no", "type": "PLAINTEXT"}]
    )["build"]["id"]
    page = visit(f"/builds/{started}", dark=True)
    expect(log(page).get_by_text("waiting", exact=True)).to_be_visible()
    expect(page.get_by_text("In progress – BUILD")).to_be_visible()
    visit.picture(page, "build-dark")
    assert visit.axe(page) == []
    page.get_by_role("button", name="Stop build").click()
    expect(page.get_by_text("Stopped", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Retry build").click()
    expect(page).not_to_have_url(re.compile(re.escape(started)))
    page.get_by_role("button", name="Stop build").click()
    expect(page.get_by_text("Stopped", exact=True).first).to_be_visible()


def test_a_long_log_is_searched_and_linked_to_by_line(visit: Any, stream: str) -> None:
    page = visit(stream)
    expect(page.get_by_text(f"{LONG:,} lines, more may come")).to_be_visible()
    lines = log(page)
    expect(lines.get_by_text(f"event {LONG - 1} says something")).to_be_visible()
    assert lines.locator("[data-line]").count() < 100
    page.get_by_role("searchbox", name="Search the log").fill("event 4711 says")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 1 lines")).to_be_visible()
    expect(lines.locator("mark")).to_have_text("event 4711 says")
    lines.get_by_role("link", name="Link to line 4712").click()
    assert page.url.endswith("#L4712")
    other = visit(f"{stream}#L4712")
    expect(log(other).get_by_text("event 4711 says something")).to_be_visible()


def test_new_events_appear_at_the_end_and_the_whole_is_downloaded(visit: Any, cloud: Cloud) -> None:
    where = {"logGroupName": "/short/tale", "logStreamName": "now"}
    cloud.logs.create_log_group(logGroupName="/short/tale")
    cloud.logs.create_log_stream(**where)
    page = visit("/logs")
    page.get_by_role("link", name="/short/tale").click()
    page.get_by_role("link", name="now").click()
    for word in ("first", "second"):
        cloud.logs.put_log_events(
            **where, logEvents=[{"timestamp": int(time.time() * 1000), "message": f"{word} \x1b[1mnews\x1b[0m"}]
        )
        expect(log(page).get_by_text(word)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.path().read_text() == "first news\nsecond news\n"
    assert download.value.suggested_filename == "now.log"


def test_projects_are_made_changed_and_deleted(visit: Any, cloud: Cloud) -> None:
    role = cloud.role("masonry", "codebuild", "logs:*")
    page = visit("/projects")
    page.get_by_role("button", name="Create project").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).first.fill("m")
    dialog.get_by_label("Service role").click()
    page.get_by_role("option", name=re.compile("masonry")).click()
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text(re.compile("failed to satisfy constraint"))).to_be_visible()
    dialog.get_by_label("Name", exact=True).first.fill("masonry")
    dialog.get_by_role("button", name="Add variable").click()
    dialog.get_by_label("Name", exact=True).last.fill("STONE")
    dialog.get_by_label("Value", exact=True).fill("hard")
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="masonry")).to_be_visible()
    made = cloud.codebuild.batch_get_projects(names=["masonry"])["projects"][0]
    assert made["serviceRole"] == role
    assert made["environment"]["environmentVariables"] == [{"name": "STONE", "value": "hard", "type": "PLAINTEXT"}]
    page.get_by_role("button", name="Edit").click()
    dialog.get_by_label("Description").fill("Lays stones")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Lays stones")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    dialog.get_by_label(re.compile("type delete")).fill("delete")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Build projects")).to_be_visible()
    assert cloud.codebuild.batch_get_projects(names=["masonry"])["projects"] == []


def test_who_may_only_read_may_not_start_builds(visit: Any, person: Any, project: str) -> None:
    page = visit(f"/projects/{project}", user=person("Lector", managed="AWSCodeBuildReadOnlyAccess"))
    button = page.get_by_role("button", name="Start build")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Your policies do not allow codebuild:StartBuild")
    page = visit("/projects", user=person("Nobody2", {"Action": "s3:ListAllMyBuckets", "Resource": "*"}))
    expect(page.get_by_text("You may not see the projects")).to_be_visible()


@pytest.mark.parametrize("path", ["/projects", "/projects/lettering", "/logs", "/logs/%2Flong%2Ftale", "long"])
def test_the_pages_fit_and_are_accessible(visit: Any, project: str, stream: str, path: str) -> None:
    page = visit(stream if path == "long" else path, width=360, dark=path != "/projects")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("status", name="Loading")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert visit.axe(page) == []
