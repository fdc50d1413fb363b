"""The history of a pipeline, and the pages of its executions, as people use them."""

import re
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stageline.testing.browser import THEMES
from stageline.testing.cloud import Cloud, action, zipped
from stageline.testing.process import eventually

NAME = "history-shop"
READING = {
    "Action": ["codepipeline:GetPipeline", "codepipeline:GetPipelineExecution", "codepipeline:List*Executions"],
    "Resource": f"arn:aws:codepipeline:*:*:{NAME}",
}
EVIL = "<img src=x onerror=\"document.title='taken'\">"
CHECK = {
    "name": "NotBroken",
    "ruleTypeId": {"category": "Rule", "owner": "AWS", "provider": "VariableCheck", "version": "1"},
    "configuration": {"Variable": "#{variables.folder}", "Operator": "NE", "Value": "broken"},
}


@dataclass
class Story:
    """Three executions of a pipeline: the first succeeded, the second was rejected, the third waits for an approval."""

    cloud: Cloud
    first: str
    second: str
    third: str

    @property
    def path(self) -> str:
        return f"/pipelines/{NAME}/executions"


def _source(cloud: Cloud, text: str) -> None:
    note = {"codepipeline-artifact-revision-summary": f"{text} {EVIL}"}
    cloud.s3.put_object(Bucket="history-source", Key="app.zip", Body=zipped({"index.html": text}), Metadata=note)


def _answer(cloud: Cloud, token: str, status: str, summary: str) -> None:
    cloud.codepipeline.put_approval_result(
        pipelineName=NAME, stageName="Gate", actionName="Ask", token=token, result={"status": status, "summary": summary}
    )


def _declare(cloud: Cloud) -> None:
    source = {"S3Bucket": "history-source", "S3ObjectKey": "app.zip", "PollForSourceChanges": "false"}
    code = {"RepositoryName": "history-code", "BranchName": "main", "PollForSourceChanges": "false"}
    deploy = {"BucketName": "history-site", "Extract": "true", "ObjectKey": "#{variables.folder}"}
    fetch = [
        action("Fetch", "Source/S3", source, makes="App", namespace="Src"),
        action("Code", "Source/CodeCommit", code, makes="Code"),
    ]
    gate = {"CustomData": "Look at #{Src.VersionId}"}
    stages = [
        {"name": "Source", "actions": fetch},
        {"name": "Gate", "actions": [action("Ask", "Approval/Manual", gate)]},
        {
            "name": "Deploy",
            "actions": [action("Put", "Deploy/S3", deploy, reads="App")],
            "beforeEntry": {"conditions": [{"result": "FAIL", "rules": [CHECK]}]},
        },
    ]
    document = {
        "name": NAME,
        "roleArn": cloud.pipeline_role("history-pipeline"),
        "artifactStore": {"type": "S3", "location": "history-store"},
        "pipelineType": "V2",
        "variables": [{"name": "folder", "defaultValue": "alpha"}],
        "stages": stages,
    }
    cloud.codepipeline.create_pipeline(pipeline=document)


@pytest.fixture(scope="session")
def story(cloud: Cloud) -> Story:
    cloud.bucket("history-source", versioned=True)
    cloud.bucket("history-store", versioned=True)
    cloud.bucket("history-site")
    cloud.codecommit.create_repository(repositoryName="history-code")
    cloud.codecommit.put_file(
        repositoryName="history-code", branchName="main", fileContent=b"1", filePath="a", commitMessage="One"
    )
    _source(cloud, "one")
    _declare(cloud)
    _answer(cloud, cloud.awaiting(NAME, "Ask"), "Approved", "fine for us")
    first = cloud.ended(NAME)["pipelineExecutionId"]
    _source(cloud, "two, which is longer")
    variables = [{"name": "folder", "value": "beta"}]
    second = cloud.codepipeline.start_pipeline_execution(name=NAME, variables=variables)["pipelineExecutionId"]
    _answer(cloud, cloud.awaiting(NAME, "Ask"), "Rejected", "not on a Friday")
    cloud.ended(NAME, second)
    third = cloud.codepipeline.start_pipeline_execution(name=NAME)["pipelineExecutionId"]
    cloud.awaiting(NAME, "Ask")
    return Story(cloud, first, second, third)


def _rows(page: Page) -> Any:
    return page.get_by_role("table", name=f"Executions of {NAME}").get_by_role("row").filter(has=page.get_by_role("rowheader"))


def test_the_history_lists_executions_and_narrows_them_down(visit: Any, story: Story) -> None:
    page = visit(story.path, width=1500)
    expect(_rows(page)).to_have_count(3)
    first = _rows(page).last
    for text in ("Succeeded", "CreatePipeline", "Fetch", "one <img"):
        expect(first).to_contain_text(text)
    expect(_rows(page).nth(1)).to_contain_text("not on a Friday")
    expect(_rows(page).first).to_contain_text("In progress")
    page.get_by_role("searchbox", name="Find executions").fill("longer nonsense")
    expect(_rows(page)).to_have_count(0)
    page.get_by_role("searchbox", name="Find executions").fill("longer StartPipeline")
    expect(_rows(page)).to_have_count(2)
    page.get_by_role("button", name=re.compile("^Status")).click()
    page.get_by_role("option", name="Failed").click()
    expect(_rows(page)).to_have_count(1)
    assert "status=Failed" in page.url
    page.goto(f"{visit.server.endpoint}/console{story.path}?stage=Deploy&since=1h")
    expect(_rows(page)).to_have_count(1)
    expect(_rows(page)).to_contain_text(story.first[:8])
    page.goto(f"{visit.server.endpoint}/console{story.path}?trigger=Webhook")
    page.get_by_role("button", name="Clear the filters").click()
    expect(_rows(page)).to_have_count(3)
    expect(page).to_have_title(re.compile("executions"))


def test_two_selected_executions_are_compared(visit: Any, story: Story) -> None:
    page = visit(story.path, width=1500)
    expect(page.get_by_role("button", name="Compare")).to_be_disabled()
    page.get_by_role("checkbox", name=f"Select execution {story.first}").click()
    page.get_by_role("checkbox", name=f"Select execution {story.second}").click()
    page.get_by_role("button", name="Compare").click()
    variables = page.get_by_role("table", name="Variables")
    expect(variables.get_by_role("row").filter(has_text="variables.folder")).to_contain_text(
        re.compile("beta.*alpha|alpha.*beta")
    )
    expect(page.get_by_role("table", name="Source revisions").get_by_role("row").filter(has_text="App")).to_contain_text(
        "differs"
    )
    expect(page.get_by_text("The declaration is the same")).to_be_visible()
    paces = page.get_by_role("table", name="Duration of actions")
    expect(paces.get_by_role("row").filter(has_text="Put (Deploy)")).to_contain_text("not run")
    stored = page.get_by_role("table", name="Artifacts")
    expect(stored.get_by_role("row").filter(has_text="App")).to_contain_text("differs")
    assert "compare=" in page.url
    visit.picture(page, "execution-compare-light")
    page.get_by_text("Show also what is the same").click()
    expect(page.get_by_role("table", name="Pipeline")).to_contain_text("stages[Deploy].actions[Put].configuration.BucketName")


def test_an_execution_is_shown_with_its_stages_and_its_actions(visit: Any, story: Story) -> None:
    page = visit(f"{story.path}/{story.second}")
    expect(page).to_have_title(f"Failed: {NAME} {story.second[:8]} – Stageline")
    expect(page.get_by_text("not on a Friday").first).to_be_visible()
    gate = page.get_by_role("region", name="Stage Gate")
    expect(gate).to_contain_text("Failed")
    expect(page.get_by_role("region", name="Stage Deploy")).to_contain_text("Didn't run")
    gate.get_by_role("button", name="Ask").click()
    details = page.get_by_role("dialog", name="Ask in Gate")
    expect(details.get_by_role("table", name="Configuration of Ask")).to_contain_text("Look at #{Src.VersionId}")
    assert "run=" in page.url
    page.reload()
    expect(page.get_by_role("dialog", name="Ask in Gate")).to_be_visible()


def test_the_timeline_tells_work_from_waiting(visit: Any, story: Story) -> None:
    page = visit(f"{story.path}/{story.first}?tab=timeline")
    chart = page.get_by_role("group", name="Timeline")
    for name in ("Fetch", "Code", "Ask", "NotBroken", "Put"):
        expect(chart.get_by_role("button", name=re.compile(f"^{name}, Succeeded"))).to_be_visible()
    rows = page.get_by_role("table", name="Actions of the execution").get_by_role("row")
    expect(rows.filter(has_text="Ask")).to_contain_text("Approval")
    expect(rows.filter(has_text="NotBroken")).to_contain_text("Rule")
    expect(rows.filter(has_text="Put")).to_contain_text(re.compile(r"Deploy.*Succeeded.*\d s"))
    chart.get_by_role("button", name=re.compile("^Put")).click()
    expect(page.get_by_role("dialog", name="Put in Deploy")).to_be_visible()


def test_artifacts_are_downloaded_byte_by_byte(visit: Any, story: Story) -> None:
    page = visit(f"{story.path}/{story.first}?tab=artifacts", width=1500)
    row = page.get_by_role("table", name="Artifacts").get_by_role("row").filter(has_text="App")
    expect(row).to_contain_text("history-store")
    expect(row).to_contain_text("bytes")
    made = [each for run in story.cloud.runs(NAME) for each in run["output"]["outputArtifacts"] if each["name"] == "App"]
    place = next(each["s3location"] for each in made if each["s3location"]["key"] in (row.text_content() or ""))
    found = story.cloud.s3.get_object(Bucket=place["bucket"], Key=place["key"])
    expect(row).to_contain_text(found["VersionId"])
    with page.expect_download() as download:
        row.get_by_role("link", name="Download App").click()
    assert download.value.path().read_bytes() == found["Body"].read()
    row.get_by_role("link", name="Put").click()
    expect(page.get_by_role("dialog", name="Put in Deploy")).to_be_visible()


def test_variables_and_revisions_are_shown_as_they_were(visit: Any, story: Story) -> None:
    page = visit(f"{story.path}/{story.first}?tab=variables")
    expect(page.get_by_role("table", name="Pipeline variables").get_by_role("row").filter(has_text="folder")).to_contain_text(
        "alpha"
    )
    expect(page.get_by_role("table", name="Output variables of Fetch")).to_contain_text("VersionId")
    expect(page.get_by_role("heading", name="Src", exact=True)).to_be_visible()
    row = page.get_by_role("table", name="Configuration of Put").get_by_role("row").filter(has_text="ObjectKey")
    expect(row).to_contain_text("#{variables.folder}alpha")
    page.get_by_role("tab", name="Revisions").click()
    code = page.get_by_role("table", name="Source revisions").get_by_role("row").filter(has_text="CodeCommit")
    commit = story.cloud.codecommit.get_branch(repositoryName="history-code", branchName="main")["branch"]["commitId"]
    expect(code.get_by_role("link", name=commit)).to_have_attribute(
        "href", f"/console/repositories/history-code/commits/{commit}"
    )
    expect(page.get_by_role("table", name="Source revisions")).to_contain_text(EVIL)
    page.get_by_role("tab", name="Rules").click()
    rules = page.get_by_role("table", name="Rules").get_by_role("row").filter(has_text="NotBroken")
    expect(rules).to_contain_text(re.compile("Entry condition.*VariableCheck.*Succeeded"))


def _shown(page: Page, stage: str) -> Any:
    return page.get_by_role("tabpanel").get_by_role("region", name=f"Stage {stage}")


def test_time_travel_follows_the_journal(visit: Any, story: Story) -> None:
    page = visit(f"{story.path}/{story.first}?tab=travel")
    expect(page.get_by_text("As the journal of the pipeline tells it.")).to_be_visible()
    expect(_shown(page, "Deploy")).to_contain_text("Succeeded")
    happened = page.get_by_role("table", name="What happened")
    expect(happened).to_contain_text("approved 'Ask' in stage 'Gate' (fine for us)")
    expect(happened).to_contain_text("Action 'Put' in stage 'Deploy'")
    row = happened.get_by_role("row").filter(has_text="It entered stage 'Gate'")
    row.get_by_role("link").click()
    expect(_shown(page, "Source")).to_contain_text("Succeeded")
    expect(_shown(page, "Gate")).to_contain_text("In progress")
    expect(_shown(page, "Deploy")).to_contain_text("Didn't run")
    expect(page.get_by_text("It waits for somebody to answer the approval 'Ask'")).to_be_visible()
    assert "at=" in page.url
    page.reload()
    expect(_shown(page, "Gate")).to_contain_text("In progress")
    page.get_by_role("button", name="Later").click()
    expect(_shown(page, "Gate")).to_contain_text("Succeeded")
    page.get_by_role("slider", name="Moment of the execution").press("Home")
    expect(_shown(page, "Gate")).to_contain_text("Didn't run")
    visit.picture(page, "execution-travel-light")


def test_time_travel_is_reconstructed_for_whom_the_journal_is_closed(visit: Any, story: Story, person: Any) -> None:
    person("HistoryReader", READING)
    path = f"{story.path}/{story.first}?tab=travel"
    page = visit(path, user="HistoryReader")
    expect(page.get_by_text("Reconstructed from the history of actions", exact=True)).to_be_visible()
    expect(page.get_by_text("do not allow codepipeline:GetPipelineState")).to_be_visible()
    asked = next(each for each in story.cloud.runs(NAME) if each["actionName"] == "Ask")
    middle = asked["startTime"].astimezone(UTC).isoformat().replace("+00:00", "Z")
    page.goto(f"{visit.server.endpoint}/console{path}&at={middle}")
    expect(_shown(page, "Source")).to_contain_text("Succeeded")
    expect(_shown(page, "Gate")).to_contain_text("In progress")
    expect(_shown(page, "Deploy")).to_contain_text("Didn't run")


def test_who_may_not_act_sees_why_and_who_may_not_read_sees_nothing(visit: Any, story: Story, person: Any) -> None:
    person("HistoryOnly", READING)
    page = visit(f"{story.path}/{story.third}", user="HistoryOnly")
    stop = page.get_by_role("button", name="Stop execution")
    expect(stop).to_be_disabled()
    stop.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Your policies do not allow codepipeline:StopPipelineExecution")
    person("HistoryNobody", {"Action": "s3:GetObject", "Resource": "*"})
    for path, what in ((story.path, "the executions"), (f"{story.path}/{story.first}", "this execution")):
        page = visit(path, user="HistoryNobody")
        expect(page.get_by_text(f"You may not see {what}")).to_be_visible()
    answer = page.request.get(f"{visit.server.endpoint}/console/journeys/{NAME}/{story.first}")
    assert (answer.status, answer.json()["code"]) == (403, "AccessDeniedException")


def test_there_is_no_journey_of_what_there_is_not(visit: Any, story: Story) -> None:
    page = visit(f"{story.path}/00000000-0000-4000-8000-000000000000")
    expect(page.get_by_text("Could not read this execution")).to_be_visible()
    for path in (f"{NAME}/nothing", f"no-such/{story.first}"):
        answer = page.request.get(f"{visit.server.endpoint}/console/journeys/{path}")
        assert (answer.status, answer.json()["code"]) == (404, "PipelineExecutionNotFoundException")


def test_a_running_execution_is_stopped_retried_and_followed_live(visit: Any, story: Story) -> None:
    page = visit(f"{story.path}/{story.third}")
    expect(page.get_by_text("It waits for somebody to answer the approval 'Ask' in stage 'Gate'.")).to_be_visible()
    page.get_by_role("button", name="Stop execution").click()
    page.get_by_text("Stop and abandon").click()
    page.get_by_role("textbox", name="Comment").fill("enough")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("region", name="Stage Gate")).to_contain_text("Stopped")
    expect(page.get_by_text("It was asked to stop: enough")).to_be_visible()
    page.get_by_role("button", name="Retry stage").click()
    page.get_by_text("All actions").click()
    page.get_by_role("button", name="Retry", exact=True).click()
    expect(page.get_by_role("region", name="Stage Gate")).to_contain_text("In progress")
    # What somebody else does is seen without doing anything.
    _answer(story.cloud, story.cloud.awaiting(NAME, "Ask"), "Approved", "now")
    expect(page.get_by_role("region", name="Stage Deploy")).to_contain_text("Succeeded")
    expect(page).to_have_title(re.compile("^Succeeded"))
    page.get_by_role("tab", name="Time travel").click()
    happened = page.get_by_role("table", name="What happened")
    expect(happened).to_contain_text("asked to stop it, abandoning its actions in progress (enough)")
    happened.get_by_role("row").filter(has_text="asked to run all actions").get_by_role("link").click()
    expect(_shown(page, "Gate")).to_contain_text("In progress")


def test_a_stage_is_rolled_back_from_the_history(visit: Any, story: Story) -> None:
    page = visit(f"{story.path}?selected={story.first}", width=1500)
    page.get_by_role("button", name="Roll back to").click()
    page.get_by_role("button", name="Start rollback").click()
    expect(page.get_by_text("Rollback to")).to_be_visible()
    expect(page.get_by_role("region", name="Stage Deploy")).to_contain_text("Succeeded")
    expect(page.get_by_role("region", name="Stage Gate")).to_contain_text("Didn't run")
    page.get_by_role("tab", name="Artifacts").click()
    expect(page.get_by_role("table", name="Artifacts")).to_contain_text("an earlier execution")


def test_a_parallel_execution_is_seen_here(visit: Any, cloud: Cloud, story: Story) -> None:
    source = {"S3Bucket": "history-source", "S3ObjectKey": "app.zip", "PollForSourceChanges": "false"}
    role = "arn:aws:iam::{}:role/history-pipeline".format(cloud.sts.get_caller_identity()["Account"])
    fetch, ask = action("Fetch", "Source/S3", source, makes="App"), action("Ask", "Approval/Manual", {})
    cloud.pipeline("history-parallel", role, "history-store", fetch, ask, executionMode="PARALLEL")

    def waiting() -> bool:
        return any(each["actionName"] == "Ask" and each["status"] == "InProgress" for each in cloud.runs("history-parallel"))

    eventually("an approval of history-parallel", waiting)
    found = cloud.executions("history-parallel")[0]["pipelineExecutionId"]
    page = visit(f"/pipelines/history-parallel/executions/{found}")
    expect(page.get_by_role("region", name="Stage Fetch")).to_contain_text("Succeeded")
    expect(page.get_by_role("region", name="Stage Ask")).to_contain_text("In progress")
    expect(page.get_by_text("PARALLEL", exact=True)).to_be_visible()
    page.get_by_role("tab", name="Time travel").click()
    page.get_by_role("slider", name="Moment of the execution").press("Home")
    expect(_shown(page, "Ask")).to_contain_text("Didn't run")


TABS = ("visualization", "timeline", "artifacts", "variables", "revisions", "rules", "travel")


@pytest.mark.parametrize("dark", THEMES)
def test_all_pages_are_accessible(visit: Any, story: Story, dark: bool) -> None:
    theme = "dark" if dark else "light"
    page = visit(story.path, dark=dark)
    expect(_rows(page).first).to_be_visible()
    assert visit.axe(page) == []
    visit.picture(page, f"executions-{theme}")
    page.goto(f"{visit.server.endpoint}/console{story.path}/{story.first}")
    for tab in ("visualization", "timeline", "travel") if dark else TABS:
        page.get_by_role("tab", name=tab.replace("travel", "Time travel").capitalize()).click()
        expect(page.get_by_role("tabpanel").get_by_text(re.compile("Ask|Put|Fetch|NotBroken")).first).to_be_visible()
        assert visit.axe(page) == [], tab
        visit.picture(page, f"execution-{tab}-{theme}")


def test_nothing_is_cut_off_on_a_telephone(visit: Any, story: Story) -> None:
    page = visit(story.path, width=360, height=800)
    expect(_rows(page).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    visit.picture(page, "executions-narrow")
    for tab in ("visualization", "timeline", "artifacts", "travel"):
        page.goto(f"{visit.server.endpoint}/console{story.path}/{story.first}?tab={tab}")
        expect(page.get_by_role("tabpanel").get_by_text(re.compile("Ask|Put|Fetch|NotBroken")).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, tab
        visit.picture(page, f"execution-{tab}-narrow")
