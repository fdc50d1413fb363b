"""The page of a pipeline: how it stands, live, and everything that can be done about it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stageline.testing.cloud import Cloud, action, zipped
from stageline.testing.process import eventually

SOURCE = "pipeline-page-source"
STORE = "pipeline-page-store"
TARGET = "pipeline-page-target"
ARN = "arn:aws:codepipeline:us-east-1:000000000000"
NEVER = "* * * 29 FEB ? 2196"


@pytest.fixture(scope="session")
def role(cloud: Cloud) -> str:
    for name in (SOURCE, STORE, TARGET):
        cloud.bucket(name, versioned=True)
    return cloud.pipeline_role("pipeline-page")


def put(cloud: Cloud, key: str, message: str) -> str:
    made = cloud.s3.put_object(
        Bucket=SOURCE,
        Key=key,
        Body=zipped({"index.html": message}),
        Metadata={"codepipeline-artifact-revision-summary": message},
    )
    return str(made["VersionId"])


def fetch(key: str, **more: str) -> dict[str, Any]:
    given = {"S3Bucket": SOURCE, "S3ObjectKey": key, "PollForSourceChanges": "false", **more}
    return action("Fetch", "Source/S3", given, makes="Site")


def review(**configuration: str) -> dict[str, Any]:
    return action("Review", "Approval/Manual", configuration)


def ship(**more: Any) -> dict[str, Any]:
    return action("Ship", "Deploy/S3", {"BucketName": TARGET, "Extract": "true"}, reads="Site", **more)


def rule(provider: str, **configuration: str) -> dict[str, Any]:
    kind = {"category": "Rule", "owner": "AWS", "provider": provider, "version": "1"}
    return {"conditions": [{"result": "FAIL", "rules": [{"name": "Guard", "ruleTypeId": kind, "configuration": configuration}]}]}


@pytest.fixture
def make(cloud: Cloud, role: str) -> Any:
    """A pipeline Fetch, Review, Ship (or other actions), named and fed by its name."""

    def make(name: str, *actions: dict[str, Any], feed: bool = True, **more: Any) -> str:
        if feed:
            put(cloud, f"{name}.zip", f"First words of {name}")
        return cloud.pipeline(name, role, STORE, *(actions or (fetch(f"{name}.zip"), review(), ship())), **more)

    return make


def stage(page: Page, name: str) -> Any:
    return page.get_by_role("region", name=name, exact=True)


def box(page: Page, name: str) -> Any:
    return page.get_by_role("article", name=f"Action {name}")


def answer(page: Page, decision: str, comment: str = "") -> None:
    page.get_by_role("radio", name=decision).check()
    page.get_by_label("Comments").fill(comment)
    page.get_by_role("button", name="Submit").click()


def test_an_execution_is_watched_and_approved_without_a_reload(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make(
        "pp-live",
        fetch("pp-live.zip"),
        review(CustomData="Look at the words", ExternalEntityLink="https://example.org/x"),
        ship(),
    )
    cloud.awaiting(name, "Review")
    page = visit(f"/pipelines/{name}")
    expect(box(page, "Review").get_by_text("In progress")).to_be_visible()
    expect(stage(page, "Review").get_by_text("Waits for somebody to answer the approval Review")).to_be_visible()
    expect(stage(page, "Ship").get_by_text("Didn't run").first).to_be_visible()
    expect(box(page, "Fetch").get_by_text(f"First words of {name}")).to_be_visible()
    page.evaluate("window.stayed = true")
    box(page, "Review").get_by_role("button", name="Review Review").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Look at the words")).to_be_visible()
    expect(dialog.get_by_role("link", name="https://example.org/x")).to_have_attribute("href", "https://example.org/x")
    expect(dialog.get_by_role("button", name="Submit")).to_be_disabled()
    dialog.get_by_label("Comments").fill("x" * 513)
    expect(dialog.get_by_text("at most 512 fit")).to_be_visible()
    answer(page, "Approve", "Fine words")
    expect(page.get_by_text(f"You approved Review of {name}.")).to_be_visible()
    expect(stage(page, "Ship").get_by_text("Succeeded").first).to_be_visible()
    expect(box(page, "Review").get_by_text("Fine words")).to_be_visible()
    put(cloud, f"{name}.zip", "Second words")
    started = cloud.codepipeline.start_pipeline_execution(name=name)["pipelineExecutionId"]
    expect(stage(page, "Review").get_by_role("link", name=f"Execution {started}")).to_be_visible()
    expect(box(page, "Fetch").get_by_text("Second words")).to_be_visible()
    cloud.approve(name, "Review", cloud.awaiting(name, "Review"))
    expect(stage(page, "Ship").get_by_role("link", name=f"Execution {started}")).to_be_visible()
    assert page.evaluate("window.stayed") is True
    assert page.title() == f"{name} – Stageline"


def test_a_review_link_that_is_no_web_address_is_not_made_a_link(visit: Any, cloud: Cloud, make: Any) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    name = make("pp-hostile", fetch("pp-hostile.zip"), review(CustomData=hostile, ExternalEntityLink="javascript:alert(1)"))
    cloud.awaiting(name, "Review")
    page = visit(f"/pipelines/{name}?review=Review/Review")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(hostile)).to_be_visible()
    expect(dialog.get_by_text("javascript:alert(1) (not a web address: it is not made a link)")).to_be_visible()
    assert page.locator("a[href^=javascript]").count() == 0


def test_who_may_approve_one_action_only_does_that_and_nothing_else(visit: Any, cloud: Cloud, make: Any, person: Any) -> None:
    name = make("pp-approver", fetch("pp-approver.zip"), review(), action("Other", "Approval/Manual", {}))
    cloud.awaiting(name, "Review")
    reads = ("GetPipeline", "GetPipelineState", "GetPipelineExecution", "ListPipelines", "ListPipelineExecutions")
    reading = {"Action": [f"codepipeline:{each}" for each in reads], "Resource": "*"}
    one = {"Action": "codepipeline:PutApprovalResult", "Resource": f"{ARN}:{name}/Review/Review"}
    page = visit(f"/pipelines/{name}", user=person("Ada", reading, one))
    for button in ("Release change", "Stop execution", "Disable transition into Review", "Start rollback of Review"):
        expect(page.get_by_role("button", name=button)).to_be_disabled()
    expect(page.get_by_role("link", name="Edit")).to_be_disabled()
    page.get_by_role("button", name="Release change").hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Your policies do not allow codepipeline:StartPipelineExecution")
    page.get_by_role("button", name="More").click()
    for item in ("Clone pipeline", "Delete pipeline"):
        expect(page.get_by_role("menuitem", name=item)).to_be_disabled()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Details of Review").click()
    expect(page.get_by_text("take codepipeline:ListActionExecutions to be seen")).to_be_visible()
    page.get_by_role("button", name="Review Review").click()
    answer(page, "Approve")
    expect(page.get_by_text(f"You approved Review of {name}.")).to_be_visible()
    other = page.get_by_role("button", name="Review Other")
    expect(other).to_be_disabled()
    other.hover()
    expect(page.get_by_role("tooltip")).to_contain_text(re.compile(f"PutApprovalResult on .*{name}/Other/Other"))


def test_a_transition_is_disabled_holds_executions_and_is_enabled(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("pp-freeze", fetch("pp-freeze.zip"), ship())
    cloud.ended(name)
    page = visit(f"/pipelines/{name}")
    page.get_by_role("button", name="Disable transition into Ship").click()
    page.get_by_label("Reason").fill("It's frozen")
    expect(page.get_by_text("CodePipeline takes no “'” in a reason.")).to_be_visible()
    expect(page.get_by_role("button", name="Disable", exact=True)).to_be_disabled()
    page.get_by_label("Reason").fill("Freeze until Monday")
    page.get_by_role("button", name="Disable", exact=True).click()
    between = page.get_by_role("group", name="Transition into Ship")
    expect(between.get_by_text("Transition disabled by the administrator: Freeze until Monday").first).to_be_visible()
    put(cloud, f"{name}.zip", "Held words")
    held = cloud.codepipeline.start_pipeline_execution(name=name)["pipelineExecutionId"]
    expect(between.get_by_role("link", name=f"Execution {held}")).to_be_visible()
    expect(between.get_by_text("Held words")).to_be_visible()
    page.get_by_role("button", name="Enable transition into Ship").click()
    expect(stage(page, "Ship").get_by_role("link", name=f"Execution {held}")).to_be_visible()
    cloud.ended(name, held)


def test_a_queue_says_who_holds_the_stage_and_who_is_ahead(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("pp-queue", executionMode="QUEUED")
    cloud.awaiting(name, "Review")
    first = cloud.executions(name)[0]["pipelineExecutionId"]
    for _ in range(2):
        cloud.codepipeline.start_pipeline_execution(name=name)
    page = visit(f"/pipelines/{name}")
    waiters = page.get_by_role("list", name="Executions that wait for Review").locator("> li")
    expect(waiters).to_have_count(2)
    told = f"Execution {first[:8]} holds the stage: it waits for somebody to answer the approval Review"
    expect(waiters.nth(0)).to_contain_text(told)
    expect(waiters.nth(1)).to_contain_text("One execution is ahead of it")
    page.get_by_role("button", name="Stop execution").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Choose an execution").click()
    page.get_by_role("option", name=first[:8]).click()
    dialog.get_by_role("radio", name="Stop and abandon").check()
    dialog.get_by_label("Comments").fill("Not this one")
    dialog.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text(f"Execution {first[:8]} is being stopped.")).to_be_visible()
    stopped = cloud.ended(name, first)
    assert (stopped["status"], stopped["stopTrigger"]["reason"]) == ("Stopped", "Not this one")
    expect(waiters).to_have_count(1)


def test_a_stop_that_waits_says_for_what_and_a_rejection_ends_it(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("pp-stop")
    cloud.awaiting(name, "Review")
    page = visit(f"/pipelines/{name}")
    page.get_by_role("button", name="Stop execution").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop", exact=True).click()
    expect(stage(page, "Review").get_by_text("Is being stopped; it ends when Review has ended")).to_be_visible()
    page.get_by_role("button", name="Review Review").click()
    answer(page, "Reject", "No")
    assert cloud.ended(name)["status"] == "Stopped"
    expect(page.get_by_role("button", name="Stop execution")).to_be_disabled()


def test_a_stage_that_failed_is_retried_and_rolled_back(visit: Any, cloud: Cloud, make: Any) -> None:
    deploy = {**ship(), "configuration": {"BucketName": "pp-again-site", "Extract": "true"}}
    name = make("pp-again", fetch("pp-again.zip"), deploy)
    failed = cloud.ended(name)
    assert failed["status"] == "Failed"
    page = visit(f"/pipelines/{name}")
    expect(box(page, "Ship").get_by_text("pp-again-site")).to_be_visible()
    cloud.bucket("pp-again-site")
    page.get_by_role("button", name="Retry stage").click()
    page.get_by_role("menuitem", name="Retry failed actions").click()
    expect(stage(page, "Ship").get_by_text("Succeeded").first).to_be_visible()
    expect(stage(page, "Ship").get_by_text("It was retried by hand")).to_be_visible()
    put(cloud, f"{name}.zip", "Worse words")
    worse = cloud.codepipeline.start_pipeline_execution(name=name)["pipelineExecutionId"]
    cloud.ended(name, worse)
    assert cloud.text("pp-again-site", "index.html") == "Worse words"
    page.get_by_role("button", name="Start rollback of Ship").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(f"{worse[:8]} (in the stage now)")).to_be_visible()
    dialog.get_by_role("radio", name=f"Execution {failed['pipelineExecutionId'][:8]}").check()
    dialog.get_by_role("button", name="Start rollback").click()
    expect(stage(page, "Ship").get_by_text("Rollback", exact=True)).to_be_visible()
    eventually("the words before", lambda: cloud.text("pp-again-site", "index.html") == f"First words of {name}")


def test_a_release_has_variables_and_chosen_revisions(visit: Any, cloud: Cloud, make: Any) -> None:
    variables = [{"name": "Place", "defaultValue": "north", "description": "Where to"}, {"name": "Who"}]
    old = put(cloud, "pp-release.zip", "Old words")
    put(cloud, "pp-release.zip", "New words")
    put(cloud, "pp-other.zip", "Other words")
    name = make(
        "pp-release",
        fetch("pp-release.zip", AllowOverrideForS3ObjectKey="true"),
        review(CustomData="Ship to #{variables.Place} for #{variables.Who}"),
        feed=False,
        variables=variables,
    )
    page = visit(f"/pipelines/{name}")
    page.get_by_role("button", name="Release change").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Release", exact=True)).to_be_disabled()
    dialog.get_by_label("Place").fill("south")
    dialog.get_by_label("Who").fill("Eva")
    dialog.get_by_role("button", name="Source revisions").click()
    expect(dialog.get_by_label("Fetch: object key")).to_be_visible()
    dialog.get_by_label("Fetch: object version").fill(old)
    dialog.get_by_role("button", name="Release", exact=True).click()
    expect(page.get_by_role("link", name=re.compile("Execution .* was started"))).to_be_visible()
    expect(box(page, "Review").get_by_text("Ship to south for Eva")).to_be_visible()
    expect(box(page, "Fetch").get_by_text("Old words")).to_be_visible()
    page.get_by_role("button", name="Release change").click()
    dialog.get_by_label("Who").fill("Eva")
    dialog.get_by_role("button", name="Source revisions").click()
    dialog.get_by_label("Fetch: object version").fill("no-such-version")
    dialog.get_by_role("button", name="Release", exact=True).click()
    expect(box(page, "Fetch").get_by_text("Failed")).to_be_visible()


def test_a_condition_shows_its_rules_and_is_overridden(visit: Any, cloud: Cloud, make: Any, role: str) -> None:
    name = "pp-guard"
    put(cloud, f"{name}.zip", "Guarded words")
    stages = [
        {"name": "Fetch", "actions": [fetch(f"{name}.zip")]},
        {"name": "Ship", "actions": [ship()], "beforeEntry": rule("DeploymentWindow", Cron=NEVER)},
        {"name": "After", "actions": [review()], "beforeEntry": rule("VariableCheck", Variable="x", Operator="EQ", Value="y")},
    ]
    document = {"name": name, "roleArn": role, "artifactStore": {"type": "S3", "location": STORE}, "stages": stages}
    cloud.codepipeline.create_pipeline(pipeline={"pipelineType": "V2", **document})
    page = visit(f"/pipelines/{name}")
    guard = page.get_by_role("group", name="Entry condition of Ship")
    expect(guard.get_by_text("if it does not hold, the stage fails")).to_be_visible()
    expect(stage(page, "Ship").get_by_text(re.compile("Waits for its entry condition .*2196"))).to_be_visible()
    guard.get_by_role("button", name="Override the entry condition of Ship").click()
    page.get_by_role("dialog").get_by_role("button", name="Override", exact=True).click()
    expect(guard.get_by_text("Overridden", exact=True)).to_be_visible()
    expect(stage(page, "After").get_by_text("The entry condition failed: Rule 'Guard' failed")).to_be_visible()
    expect(box(page, "Ship").get_by_text("Succeeded")).to_be_visible()
    page.get_by_role("button", name="Override the entry condition of After").click()
    page.get_by_role("dialog").get_by_role("button", name="Override", exact=True).click()
    expect(page.get_by_role("button", name="Review Review")).to_be_visible()


def test_the_details_of_an_action_are_a_link_to_send(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make(
        "pp-details", {**fetch("pp-details.zip"), "namespace": "Got"}, review(CustomData="Version #{Got.VersionId}"), ship()
    )
    cloud.awaiting(name, "Review")
    page = visit(f"/pipelines/{name}")
    page.get_by_role("button", name="Details of Fetch").click()
    expect(page).to_have_url(re.compile(r"action=Fetch%2FFetch"))
    panel = page.get_by_role("region", name="Fetch / Fetch")
    expect(panel.get_by_text("pp-details.zip").first).to_be_visible()
    expect(panel.get_by_text("VersionId", exact=True)).to_be_visible()
    with page.expect_download() as download:
        panel.get_by_role("link", name="Download Site").click()
    assert download.value.failure() is None
    page.get_by_role("button", name="Details of Review").click()
    panel = page.get_by_role("region", name="Review / Review")
    expect(panel.get_by_text("Version #{Got.VersionId}")).to_be_visible()
    panel.get_by_role("checkbox", name="Show resolved configuration").check()
    expect(panel.get_by_text("Version #{Got.VersionId}")).to_have_count(0)
    again = visit(page.url.partition("/console")[2])
    expect(again.get_by_role("region", name="Review / Review")).to_be_visible()


def test_a_pipeline_is_cloned_and_deleted(visit: Any, cloud: Cloud, make: Any) -> None:
    name = make("pp-origin")
    page = visit(f"/pipelines/{name}")
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Clone pipeline").click()
    page.get_by_label("Pipeline name").fill("not a name")
    expect(page.get_by_role("button", name="Clone", exact=True)).to_be_disabled()
    page.get_by_label("Pipeline name").fill("pp-clone")
    page.get_by_role("button", name="Clone", exact=True).click()
    expect(page.get_by_role("heading", name="pp-clone")).to_be_visible()
    made, origin = (cloud.codepipeline.get_pipeline(name=each)["pipeline"] for each in ("pp-clone", name))
    assert made["stages"] == origin["stages"]
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete pipeline").click()
    remove = page.get_by_role("button", name="Delete", exact=True)
    expect(remove).to_be_disabled()
    page.get_by_label("To confirm, type delete").fill("delete")
    remove.click()
    expect(page.get_by_text("pp-clone was deleted.")).to_be_visible()
    expect(page).to_have_url(re.compile("/pipelines$"))
