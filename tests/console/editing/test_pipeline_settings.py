"""Settings of a pipeline: what it is, its tags, its badge, its webhooks, its end."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stageline.testing.cloud import Cloud


def opened(visit: Any, name: str, **how: Any) -> Page:
    page: Page = visit(f"/pipelines/{name}/settings", **how)
    expect(page.get_by_role("heading", name="General")).to_be_visible()
    return page


def tags(cloud: Cloud, name: str) -> dict[str, str]:
    arn = cloud.codepipeline.get_pipeline(name=name)["metadata"]["pipelineArn"]
    return {each["key"]: each["value"] for each in cloud.codepipeline.list_tags_for_resource(resourceArn=arn)["tags"]}


def test_tags_are_added_changed_and_removed(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("settings-tags")
    page = opened(visit, name)
    expect(page.get_by_text("arn:aws:codepipeline:us-east-1:000000000000:settings-tags")).to_be_visible()
    expect(page.get_by_role("link", name="editing-store")).to_be_visible()
    page.get_by_role("button", name="Add tag").click()
    page.get_by_label("Key of tag 1").fill("team")
    page.get_by_label("Value of tag 1").fill("web")
    page.get_by_role("button", name="Tags that mean something here").click()
    page.get_by_role("button", name="Add the tag stageline:approvals = 2").click()
    page.get_by_label("Value of tag 2").fill("many")
    page.get_by_role("button", name="Save tags").click()
    expect(page.get_by_text("InvalidTagsException")).to_be_visible()
    assert tags(cloud, name) == {}
    page.get_by_label("Value of tag 2").fill("3")
    page.get_by_role("button", name="Add tag", exact=True).click()
    page.get_by_label("Key of tag 3").fill("team")
    expect(page.get_by_text("This key is there already.")).to_be_visible()
    page.get_by_label("Key of tag 3").fill("old")
    page.get_by_role("button", name="Save tags").click()
    expect(page.get_by_text("The tags are saved.")).to_be_visible()
    assert tags(cloud, name) == {"team": "web", "stageline:approvals": "3", "old": ""}
    page.get_by_role("button", name="Remove the tag old").click()
    page.get_by_label("Value of tag 2").fill("site")
    page.get_by_role("button", name="Save tags").click()
    expect(page.get_by_role("button", name="Undo changes")).to_have_count(0)
    expect(page.get_by_label("Key of tag 3")).to_have_count(0)
    assert tags(cloud, name) == {"team": "site", "stageline:approvals": "3"}


def test_the_badge_is_made_public_and_private(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("settings-badge")
    cloud.awaiting(name, "Approve")
    page = opened(visit, name)
    badge = page.get_by_role("img", name=f"Status badge of {name}")
    expect(badge).to_be_visible()
    assert badge.evaluate("each => each.naturalWidth") > 100
    address = f"{visit.server.endpoint}/badges/{name}.svg"
    expect(page.get_by_text(f"[![{name}]({address})]({visit.server.endpoint}/console/pipelines/{name})")).to_be_visible()
    expect(page.get_by_text(f'<img src="{address}" alt="{name}">')).to_be_visible()
    assert page.request.get(address).status == 404
    page.get_by_role("button", name="Make it public").click()
    expect(page.get_by_text("Anybody may see it")).to_be_visible()
    found = page.request.get(address)
    assert found.status == 200
    assert "in progress" in found.text()
    arn = cloud.codepipeline.get_pipeline(name=name)["metadata"]["pipelineArn"]
    with pytest.raises(cloud.codepipeline.exceptions.InvalidTagsException, match="must be public or private"):
        cloud.codepipeline.tag_resource(resourceArn=arn, tags=[{"key": "stageline:badge", "value": "secret"}])
    page.get_by_role("button", name="Make it private").click()
    expect(page.get_by_text("Only people who sign in see it", exact=True)).to_be_visible()
    assert tags(cloud, name) == {}


def test_its_webhooks_are_shown(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("settings-webhooks")
    page = opened(visit, name)
    expect(page.get_by_text("No webhook starts this pipeline.")).to_be_visible()
    cloud.codepipeline.put_webhook(
        webhook={
            "name": "settings-hook",
            "targetPipeline": name,
            "targetAction": "Source",
            "filters": [{"jsonPath": "$.ref", "matchEquals": "refs/heads/main"}],
            "authentication": "UNAUTHENTICATED",
            "authenticationConfiguration": {},
        }
    )
    page.reload()
    row = page.get_by_role("row").filter(has_text="settings-hook")
    expect(row).to_contain_text("$.ref = refs/heads/main")
    expect(row).to_contain_text("UNAUTHENTICATED")


def test_the_pipeline_is_deleted_once_its_name_is_typed(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("settings-delete")
    page = opened(visit, name)
    page.get_by_role("button", name="Delete pipeline").click()
    dialog = page.get_by_role("dialog", name=f"Delete {name}?")
    dialog.get_by_label(f"To confirm, type {name}").fill("settings")
    expect(dialog.get_by_role("button", name="Delete")).to_be_disabled()
    dialog.get_by_label(f"To confirm, type {name}").fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Pipelines", level=1)).to_be_visible()
    with pytest.raises(cloud.codepipeline.exceptions.PipelineNotFoundException):
        cloud.codepipeline.get_pipeline(name=name)


def test_who_may_only_read_changes_nothing(visit: Any, make: Any, person: Any) -> None:
    name = make("settings-denied")
    page = opened(visit, name, user=person("Reader-of-settings", managed="AWSCodePipeline_ReadOnlyAccess"))
    for button in ("Edit", "Make it public", "Delete pipeline"):
        expect(page.get_by_role("button", name=button, exact=True)).to_be_disabled()
    page.get_by_role("button", name="Add tag").click()
    page.get_by_label("Key of tag 1").fill("team")
    button = page.get_by_role("button", name="Save tags")
    expect(button).to_be_disabled()
    button.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("Your policies do not allow codepipeline:TagResource")
