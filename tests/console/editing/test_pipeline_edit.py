"""Edit mode of a pipeline, as people use it: with the mouse, by keyboard, and as JSON."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from stageline.testing.cloud import Cloud


def opened(visit: Any, name: str, view: str = "", **how: Any) -> Page:
    page: Page = visit(f"/pipelines/{name}/edit{view}", **how)
    expect(page.get_by_role("heading", name=f"Editing: {name}")).to_be_visible()
    return page


def names(cloud: Cloud, pipeline: str) -> dict[str, list[tuple[str, int]]]:
    """The actions of a pipeline by stage, with their run orders, as the API has them."""
    stages = cloud.codepipeline.get_pipeline(name=pipeline)["pipeline"]["stages"]
    return {stage["name"]: [(each["name"], each["runOrder"]) for each in stage["actions"]] for stage in stages}


def pick(page: Page, menu: str, item: str) -> None:
    page.get_by_role("button", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def drag(page: Page, handle: Locator, to: Locator) -> None:
    """Drag by the mouse, in steps as a hand does."""
    handle.hover()
    start, box = handle.bounding_box(), to.bounding_box()
    assert start is not None
    assert box is not None
    page.mouse.down()
    page.mouse.move(start["x"] + 20, start["y"] + 20)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()


def save(page: Page) -> Locator:
    page.get_by_role("button", name="Save", exact=True).click()
    return page.get_by_role("dialog", name="Save the changes?")


def test_a_stage_and_an_action_are_added_moved_by_mouse_and_saved(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("edit-mouse")
    cloud.awaiting(name, "Approve")
    page = opened(visit, name, height=1700)
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Add stage at the end of the pipeline").click()
    page.get_by_label("Stage name").fill("Deploy")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This name is taken.")).to_be_visible()
    page.get_by_label("Stage name").fill("Last")
    page.keyboard.press("Enter")
    pick(page, "Edit stage Last", "Rename")
    page.get_by_label("Stage name").fill("After")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Edit stage Deploy", exact=True).click()
    expect(page.get_by_role("menuitem", name="Rename")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Escape")
    after = page.get_by_role("region", name="Stage After")
    expect(after.get_by_text("A stage needs an action at least.")).to_be_visible()
    after.get_by_role("button", name="Add action", exact=True).click()
    dialog = page.get_by_role("dialog", name="Add action to stage After")
    dialog.get_by_label("Action name").fill("Look")
    dialog.get_by_label("Action provider").click()
    page.get_by_role("option", name="Manual approval").click()
    dialog.get_by_role("button", name="Add action").click()
    drag(
        page,
        page.get_by_role("button", name="Drag action Approve"),
        page.get_by_role("group", name="Action group 1 of stage Deploy"),
    )
    expect(page.get_by_role("region", name="Stage Deploy").get_by_text("2 actions at the same time")).to_be_visible()
    pick(page, "Edit stage Approve", "Remove stage")
    drag(
        page,
        page.get_by_role("button", name="Drag stage After"),
        page.get_by_role("button", name="Add stage before stage Deploy"),
    )
    expect(page.get_by_role("region", name=re.compile("^Stage "))).to_have_count(3)
    dialog = save(page)
    expect(dialog.get_by_text("1 execution is in progress")).to_be_visible()
    changes = dialog.get_by_role("list", name="Changes")
    expect(changes.get_by_text("Stage After is added (Look).")).to_be_visible()
    expect(changes.get_by_text("Approve moves from stage Approve to stage Deploy.")).to_be_visible()
    expect(dialog.get_by_role("cell", name='added: "name": "After",')).to_be_visible()
    visit.picture(page, "edit-save-light")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Version 2 of {name} is saved.")).to_be_visible()
    assert page.url.endswith(f"/pipelines/{name}")
    assert names(cloud, name) == {"Source": [("Source", 1)], "After": [("Look", 1)], "Deploy": [("Deploy", 1), ("Approve", 1)]}


def test_everything_is_moved_by_keyboard_and_taken_back(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("edit-keys")
    page = opened(visit, name, height=1500)
    handle = page.get_by_role("button", name="Drag stage Deploy")
    handle.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("stage Deploy: before stage Deploy.")).to_be_attached()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_text("stage Deploy: before stage Approve.")).to_be_attached()
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", level=2).filter(has_text=re.compile("^(Source|Approve|Deploy)$"))).to_have_text(
        ["Source", "Deploy", "Approve"]
    )
    pick(page, "Action Deploy: more", "Move down")
    expect(page.get_by_text("Move Deploy down: done.").first).to_be_attached()
    approve = page.get_by_role("region", name="Stage Approve")
    expect(approve.get_by_role("group", name="Action group 1 of stage Approve").get_by_text("Amazon S3")).to_be_visible()
    pick(page, "Action Deploy: more", "Move down")
    expect(approve.get_by_text("Group 1: 2 actions at the same time")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: Move Deploy down.").first).to_be_attached()
    expect(approve.get_by_text("Group 1: 2 actions at the same time")).to_have_count(0)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Redo").click()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_enabled()
    save(page).get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Version 2 of {name} is saved.")).to_be_visible()
    assert list(names(cloud, name)) == ["Source", "Deploy", "Approve"]


def test_conditions_and_automation_are_set(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("edit-conditions")
    page = opened(visit, name, height=1500)
    page.get_by_role("button", name="Set on failure of stage Source").click()
    dialog = page.get_by_role("dialog", name="On failure of stage Source")
    dialog.get_by_role("radio", name="Retry the stage").check()
    dialog.get_by_role("radio", name="Retry the whole stage").check()
    dialog.get_by_role("button", name="Add rule").click()
    dialog.get_by_role("button", name="Remove rule Rule").click()
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_text("Retry the stage (all actions, once)")).to_be_visible()
    page.get_by_role("button", name="Add entry condition of stage Deploy").click()
    dialog = page.get_by_role("dialog", name="Entry condition of stage Deploy")
    dialog.get_by_role("radio", name="Skip the stage").check()
    dialog.get_by_role("button", name="Done").click()
    expect(dialog.get_by_text("A condition needs a rule.")).to_be_visible()
    dialog.get_by_role("button", name="Add rule").click()
    dialog.get_by_label("Rule provider").click()
    page.get_by_role("option", name="Variable check").click()
    dialog.get_by_label("Variable", exact=True).fill("#{SourceVariables.VersionId}")
    dialog.get_by_label("Value", exact=True).fill("none")
    dialog.get_by_label("Operator").click()
    page.get_by_role("option", name="Not equals").click()
    visit.picture(page, "edit-condition-light")
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_text("If a rule fails: skip the stage")).to_be_visible()
    save(page).get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Version 2 of {name} is saved.")).to_be_visible()
    found = cloud.codepipeline.get_pipeline(name=name)["pipeline"]["stages"]
    assert found[0]["onFailure"] == {"result": "RETRY", "retryConfiguration": {"retryMode": "ALL_ACTIONS"}}
    (condition,) = found[2]["beforeEntry"]["conditions"]
    assert condition["result"] == "SKIP"
    assert condition["rules"][0]["configuration"]["Operator"] == "NE"


def test_json_and_stages_are_one_document(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("edit-json")
    page = opened(visit, name, "?view=json")
    text = page.get_by_role("textbox", name="Pipeline as JSON")
    written = text.input_value()
    text.fill(written.replace('"name": "Approve",', '"name" "Approve",', 1))
    remarks = page.get_by_role("list", name="What is wrong in the text")
    line = written[: written.index('"name": "Approve"')].count("\n") + 1
    expect(remarks).to_contain_text(f"Line {line} Column")
    expect(remarks).to_contain_text("A colon is expected")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    document = json.loads(written)
    document["stages"][2]["actions"][0]["inputArtifacts"] = [{"name": "Nothing"}]
    document["variables"] = [{"name": "PLACE", "defaultValue": "here"}]
    text.fill(json.dumps(document, indent=2))
    expect(remarks).to_contain_text("No earlier action makes Nothing.")
    page.get_by_role("radio", name="Stages").or_(page.get_by_role("button", name="Stages", exact=True)).first.click()
    deploy = page.get_by_role("group", name="Action Deploy")
    expect(deploy.get_by_text("No earlier action makes Nothing.")).to_be_visible()
    deploy.get_by_role("button", name="Edit action Deploy").click()
    dialog = page.get_by_role("dialog", name="Edit action Deploy")
    expect(dialog.get_by_text("No earlier action makes Nothing.")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Undo").click()
    expect(deploy.get_by_text("takes SourceArtifact")).to_be_visible()
    page.get_by_role("button", name="Pipeline properties").click()
    page.get_by_role("button", name="Add variable").click()
    page.get_by_label("Name of variable 1").fill("WHO")
    page.get_by_role("radio", name="JSON").or_(page.get_by_role("button", name="JSON", exact=True)).first.click()
    expect(text).to_have_value(re.compile('"name": "WHO"'))
    save(page).get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Version 2 of {name} is saved.")).to_be_visible()
    assert cloud.codepipeline.get_pipeline(name=name)["pipeline"]["variables"] == [{"name": "WHO"}]


def test_triggers_are_made_of_filters(visit: Any, make: Any) -> None:
    page = opened(visit, make("edit-triggers"), "?view=json", height=1300)
    text = page.get_by_role("textbox", name="Pipeline as JSON")
    text.fill(text.input_value().replace('"provider": "S3"', '"provider": "CodeStarSourceConnection"', 1))
    page.get_by_role("button", name="Stages", exact=True).click()
    page.get_by_role("button", name="Triggers").click()
    page.get_by_role("button", name="Add trigger").click()
    dialog = page.get_by_role("dialog", name="Add trigger")
    dialog.get_by_label("Branches to include").fill("main\nrelease/**")
    dialog.get_by_label("Changed files to leave out").fill("docs/**")
    dialog.get_by_role("button", name="Add push filter").click()
    dialog.get_by_role("radio", name="Tags").last.check()
    dialog.get_by_role("button", name="Done").click()
    expect(dialog.get_by_text("Give a pattern to include or to leave out.")).to_be_visible()
    dialog.get_by_label("Tags to include").fill("v*")
    visit.picture(page, "edit-trigger-light")
    dialog.get_by_role("button", name="Done").click()
    trigger = page.get_by_role("group", name="Trigger of Source")
    expect(trigger.get_by_role("listitem")).to_have_text(
        ["Push: branches main, release/**; not files docs/**", "Push: tags v*"],
    )
    expect(save(page).get_by_role("list", name="Changes")).to_contain_text("The trigger of Source is added.")


def test_a_version_that_somebody_saved_is_not_overwritten(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("edit-conflict")
    page = opened(visit, name)
    pick(page, "Edit stage Approve", "Move down")
    dialog = save(page)
    expect(dialog.get_by_role("list", name="Changes")).to_contain_text("The order of the stages is now Source, Deploy, Approve.")
    theirs = cloud.codepipeline.get_pipeline(name=name)["pipeline"]
    theirs["executionMode"] = "QUEUED"
    cloud.codepipeline.update_pipeline(pipeline=theirs)
    dialog.get_by_role("button", name="Save").click()
    overtaken = page.get_by_role("dialog", name="Version 2 was saved while you edited version 1")
    expect(overtaken.get_by_text("Execution mode changes from SUPERSEDED to QUEUED.")).to_be_visible()
    assert cloud.codepipeline.get_pipeline(name=name)["pipeline"]["version"] == 2
    visit.picture(page, "edit-overtaken-light")
    overtaken.get_by_role("button", name="Back to my changes").click()
    expect(page.get_by_text("Version 2 has been saved by somebody")).to_be_visible()
    page.get_by_role("button", name="Show the difference").click()
    overtaken.get_by_role("button", name="Keep mine on top").click()
    dialog = save(page)
    expect(dialog.get_by_text("Execution mode changes from QUEUED to SUPERSEDED.")).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Version 3 of {name} is saved.")).to_be_visible()
    assert list(names(cloud, name)) == ["Source", "Deploy", "Approve"]


def test_what_the_server_refuses_is_told_at_its_place(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("edit-refused")
    page = opened(visit, name, height=1500)
    page.get_by_role("button", name="Edit action Approve").click()
    dialog = page.get_by_role("dialog", name="Edit action Approve")
    dialog.get_by_label("Comments").fill("#{Nowhere.Key}")
    dialog.get_by_role("button", name="Done").click()
    save(page).get_by_role("button", name="Save").click()
    expect(page.get_by_text("The server did not accept this pipeline: nothing was saved")).to_be_visible()
    approve = page.get_by_role("group", name="Action Approve")
    expect(approve.get_by_text("referencing a namespace that does not exist")).to_be_visible()
    visit.picture(page, "edit-refused-light")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("did not accept")).to_have_count(0)
    page.get_by_role("button", name="Pipeline properties").click()
    role = page.get_by_label("Service role")
    role.fill("nobody")
    expect(page.get_by_text("This has to be the ARN of a role").first).to_be_visible()
    role.fill("arn:aws:iam::000000000000:role/nobody")
    page.keyboard.press("Escape")
    save(page).get_by_role("button", name="Save").click()
    expect(page.get_by_label("Service role")).to_be_visible()
    expect(page.get_by_text("not authorized to perform AssumeRole").last).to_be_visible()
    assert cloud.codepipeline.get_pipeline(name=name)["pipeline"]["version"] == 1


def test_leaving_with_changes_asks(visit: Any, make: Any) -> None:
    name = make("edit-leaving")
    page = visit(f"/pipelines/{name}/versions")
    page.get_by_role("link", name="edited").click()
    expect(page.get_by_role("heading", name=f"Editing: {name}")).to_be_visible()
    pick(page, "Edit stage Deploy", "Remove stage")
    page.get_by_role("link", name="Buckets").click()
    asked = page.get_by_role("dialog", name="Leave without saving?")
    asked.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("region", name="Stage Approve")).to_be_visible()
    page.go_back()
    expect(asked).to_be_visible()
    assert page.url.endswith("/edit")
    asked.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name=f"Versions of {name}")).to_be_visible()


def test_a_pipeline_is_deleted_once_its_name_is_typed(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("edit-delete")
    page = opened(visit, name)
    page.get_by_role("button", name="Delete", exact=True).click()
    dialog = page.get_by_role("dialog", name=f"Delete {name}?")
    expect(dialog.get_by_role("button", name="Delete")).to_be_disabled()
    dialog.get_by_label(f"To confirm, type {name}").fill(name)
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text(f"The pipeline {name} is deleted.")).to_be_visible()
    with pytest.raises(cloud.codepipeline.exceptions.PipelineNotFoundException):
        cloud.codepipeline.get_pipeline(name=name)


def test_who_may_not_update_sees_why(visit: Any, make: Any, person: Any) -> None:
    name = make("edit-denied")
    page = opened(visit, name, user=person("Reader-of-edit", managed="AWSCodePipeline_ReadOnlyAccess"))
    pick(page, "Edit stage Deploy", "Move up")
    button = page.get_by_role("button", name="Save", exact=True)
    expect(button).to_be_disabled()
    button.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("Your policies do not allow codepipeline:UpdatePipeline")
