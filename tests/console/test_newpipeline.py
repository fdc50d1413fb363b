"""Making a pipeline with the wizard, as people do it."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Locator, Page, Route, expect

from stageline.remembered import administrator
from stageline.testing.browser import THEMES
from stageline.testing.cloud import Checkout, Cloud, action, zipped

REGION = "us-east-1"
BUILDSPEC = """version: 0.2
phases:
  build:
    commands:
      - mkdir site && cp page.html site/index.html
artifacts:
  base-directory: site
  files:
    - '**/*'
"""


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a select."""
    page.get_by_role("button", name=label).click()
    page.get_by_role("option", name=option).first.click()


def pick(page: Page, label: str, value: str) -> None:
    """Type into a picker, and take what it offers."""
    page.get_by_role("combobox", name=label).fill(value)
    page.get_by_role("option", name=value, exact=True).last.click()


def onward(page: Page, heading: str) -> None:
    """Go to the next step."""
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


def repository(cloud: Cloud, folder: Path, name: str, files: dict[str, str]) -> None:
    """A repository with a commit on main."""
    cloud.codecommit.create_repository(repositoryName=name)
    checkout = Checkout(folder / name, cloud.developer(f"dev-{name}"))
    checkout.commit(files)
    checkout.push(cloud.server, name)


def test_a_pipeline_of_source_build_and_deployment_is_made_and_runs(visit: Any, cloud: Cloud, tmp_path: Path) -> None:
    repository(cloud, tmp_path, "wizard-site", {"page.html": "<h1>hello</h1>"})
    cloud.bucket("wizard-site-bucket")
    page = visit("/pipelines/new")
    page.get_by_label("Pipeline name").fill("wizard-site")
    expect(page.get_by_label("Role name")).to_have_value(f"AWSCodePipelineServiceRole-{REGION}-wizard-site")
    visit.picture(page, "newpipeline-settings-light")
    onward(page, "Add source stage")
    choose(page, "Action provider", "AWS CodeCommit")
    pick(page, "Repository name", "wizard-site")
    pick(page, "Branch name", "main")
    visit.picture(page, "newpipeline-source-light")
    onward(page, "Add build stage")
    choose(page, "Action provider", "AWS CodeBuild")
    page.get_by_role("button", name="Create project").click()
    expect(page.get_by_label("Project name")).to_have_value("wizard-site-build")
    page.get_by_label("Insert build commands").check()
    page.get_by_label("Buildspec", exact=True).fill(BUILDSPEC)
    visit.picture(page, "newpipeline-build-light")
    onward(page, "Add test stage")
    page.get_by_role("button", name="Skip test stage").click()
    expect(page.get_by_role("heading", name="Add deploy stage")).to_be_visible()
    choose(page, "Action provider", "Amazon S3")
    pick(page, "Bucket", "wizard-site-bucket")
    visit.picture(page, "newpipeline-deploy-light")
    onward(page, "Review")
    visit.picture(page, "newpipeline-review-light")
    page.get_by_role("button", name="Create pipeline").click()
    page.wait_for_url("**/console/pipelines/wizard-site")
    assert cloud.ended("wizard-site")["status"] == "Succeeded"
    assert cloud.text("wizard-site-bucket", "index.html") == "<h1>hello</h1>"


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until something has the focus."""
    expect(target).to_be_visible()
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not lead to {target}")


def test_a_pipeline_of_an_object_is_made_with_the_keyboard_alone(visit: Any, cloud: Cloud) -> None:
    cloud.bucket("wizard-keys-in", versioned=True)
    cloud.bucket("wizard-keys-out")
    cloud.s3.put_object(Bucket="wizard-keys-in", Key="source.zip", Body=zipped({"a.txt": "typed"}))
    page = visit("/pipelines/new")

    def press(role: Any, name: str, *keys: str) -> None:
        tab_to(page, page.get_by_role(role, name=name, exact=True))
        for key in keys:
            page.keyboard.press(key)

    def write(role: Any, name: str, text: str) -> None:
        press(role, name)
        page.keyboard.type(text)

    def provider(name: str) -> None:
        press("button", "Action provider Choose a provider", "Enter")
        expect(page.get_by_role("option", name=name).first).to_be_visible()
        for _ in range(5):
            if any(text.startswith(name) for text in page.locator("[role=option][class*=highlighted]").all_inner_texts()):
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")

    write("textbox", "Pipeline name", "wizard-keys")
    press("button", "Next", "Enter")
    expect(page.get_by_role("heading", name="Add source stage")).to_be_visible()
    provider("Amazon S3")
    write("combobox", "Bucket", "wizard-keys-in")
    page.keyboard.press("Enter")
    write("combobox", "S3 object key", "source.zip")
    page.keyboard.press("Enter")
    press("button", "Next", "Enter")
    press("button", "Skip build stage", "Enter")
    press("button", "Skip test stage", "Enter")
    expect(page.get_by_role("button", name="Skip deploy stage")).to_have_attribute("aria-disabled", "true")
    provider("Amazon S3")
    write("combobox", "Bucket", "wizard-keys-out")
    page.keyboard.press("Enter")
    press("button", "Next", "Enter")
    press("button", "Create pipeline", "Enter")
    page.wait_for_url("**/console/pipelines/wizard-keys")
    assert cloud.ended("wizard-keys")["status"] == "Succeeded"
    assert cloud.text("wizard-keys-out", "a.txt") == "typed"


def sourced(page: Page, name: str, bucket: str, key: str = "source.zip") -> None:
    """Fill in the settings and an S3 source, with no build and no test; the deploy step is next."""
    page.get_by_label("Pipeline name").fill(name)
    onward(page, "Add source stage")
    choose(page, "Action provider", "Amazon S3")
    pick(page, "Bucket", bucket)
    page.get_by_role("combobox", name="S3 object key").fill(key)
    onward(page, "Add build stage")
    page.get_by_role("button", name="Skip build stage").click()
    page.get_by_role("button", name="Skip test stage").click()
    expect(page.get_by_role("heading", name="Add deploy stage")).to_be_visible()


def test_what_is_wrong_is_said_at_its_field(visit: Any, cloud: Cloud) -> None:
    role = cloud.pipeline_role("wizard-wrong-role")
    store = cloud.bucket("wizard-wrong-store", versioned=True)
    source = action("Source", "Source/S3", {"S3Bucket": store, "S3ObjectKey": "none.zip"}, makes="Code")
    cloud.pipeline("wizard-taken", role, store, source, action("Ask", "Approval/Manual", {}))
    page = visit("/pipelines/new")
    name = page.get_by_label("Pipeline name")
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("Give a name.")).to_be_visible()
    expect(name).to_be_focused()
    name.fill("not a name")
    expect(page.get_by_text("A name has letters, digits, and . @ - _ only.")).to_be_visible()
    name.fill("wizard-taken")
    expect(page.get_by_text("A pipeline with this name is there already.")).to_be_visible()
    name.fill("wizard-wrong")
    onward(page, "Add source stage")
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("Choose a provider.", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Action provider")).to_be_focused()
    choose(page, "Action provider", "AWS CodeCommit")
    expect(page.get_by_text("Repository name is required.")).to_be_visible()
    expect(page.get_by_text("Branch name is required.")).to_be_visible()


def test_a_creation_that_fails_half_way_says_what_is_there_and_goes_on(visit: Any, cloud: Cloud) -> None:
    cloud.bucket("wizard-half", versioned=True)
    cloud.build_role("wizard-half-taken")
    strange = cloud.build_role("wizard-half-strange")
    role = cloud.pipeline_role("wizard-half-role")
    page = visit("/pipelines/new")
    sourced(page, "wizard-half", "wizard-half")
    choose(page, "Action provider", "Amazon S3")
    pick(page, "Bucket", "wizard-half")
    page.get_by_role("button", name="Previous").click()
    page.get_by_role("link", name="Choose pipeline settings").or_(
        page.get_by_role("button", name="Choose pipeline settings")
    ).click()
    page.get_by_label("Role name").fill("wizard-half-taken")
    page.reload()
    expect(page.get_by_text("This is the draft that you began.")).to_be_visible()
    expect(page.get_by_label("Role name")).to_have_value("wizard-half-taken")
    for heading in ("Add source stage", "Add build stage", "Add test stage", "Add deploy stage", "Review"):
        onward(page, heading)
    page.get_by_role("button", name="Create pipeline").click()
    expect(page.get_by_text(re.compile("Role with name wizard-half-taken already exists"))).to_be_visible()
    page.get_by_label("Existing service role").check()
    page.get_by_role("combobox", name="Role ARN").fill(strange)
    for heading in ("Add source stage", "Add build stage", "Add test stage", "Add deploy stage", "Review"):
        onward(page, heading)
    page.get_by_role("button", name="Create pipeline").click()
    expect(page.get_by_text(f"CodePipeline is not authorized to perform AssumeRole on role {strange}")).to_be_visible()
    page.get_by_role("combobox", name="Role ARN").fill(role)
    for heading in ("Add source stage", "Add build stage", "Add test stage", "Add deploy stage", "Review"):
        onward(page, heading)
    page.get_by_role("button", name="Create pipeline").click()
    page.wait_for_url("**/console/pipelines/wizard-half")
    assert cloud.codepipeline.get_pipeline(name="wizard-half")["pipeline"]["roleArn"] == role
    assert page.evaluate("Object.keys(sessionStorage).length") == 0


def lose_answer(route: Route) -> None:
    """Let a request reach the server and its answer get lost."""
    route.fetch()
    route.abort()


def test_a_refused_action_is_shown_at_its_stage_and_a_lost_answer_makes_nothing_twice(visit: Any, cloud: Cloud) -> None:
    cloud.bucket("wizard-refused", versioned=True)
    page = visit("/pipelines/new")
    sourced(page, "wizard-refused", "wizard-refused", "#{variables.KEY}")
    choose(page, "Action provider", "Amazon S3")
    pick(page, "Bucket", "wizard-refused")
    onward(page, "Review")
    page.get_by_role("button", name="Create pipeline").click()
    expect(page.get_by_role("heading", name="Add source stage")).to_be_visible()
    expect(page.get_by_text(re.compile("Variables at the pipeline level cannot be used"))).to_be_visible()
    expect(
        page.get_by_text(re.compile("^the role AWSCodePipelineServiceRole-us-east-1-wizard-refused. It stays"))
    ).to_be_visible()
    assert "wizard-refused" not in [each["name"] for each in cloud.codepipeline.list_pipelines()["pipelines"]]
    page.get_by_role("combobox", name="S3 object key").fill("source.zip")
    for heading in ("Add build stage", "Add test stage", "Add deploy stage", "Review"):
        onward(page, heading)
    page.route("**/api/codepipeline/CreatePipeline", lose_answer, times=1)
    page.get_by_role("button", name="Create pipeline").click()
    expect(page.get_by_text("Not made: the pipeline wizard-refused (Unreachable)")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Create pipeline").click()
    page.wait_for_url("**/console/pipelines/wizard-refused")
    role = cloud.iam.get_role_policy(RoleName="AWSCodePipelineServiceRole-us-east-1-wizard-refused", PolicyName="work")
    objects = [each["Resource"] for each in role["PolicyDocument"]["Statement"] if each["Sid"] == "SourceObjects"]
    assert objects == [["arn:aws:s3:::wizard-refused/source.zip"]]


def test_who_may_not_create_is_told_why_and_can_hand_on_the_code(visit: Any, person: Any) -> None:
    looker = person("wizard-looker", {"Action": ["codepipeline:List*", "codepipeline:Get*"], "Resource": "*"})
    page = visit("/pipelines/new", user=looker)
    expect(page.get_by_text("You may not create this pipeline")).to_be_visible()
    expect(page.get_by_text(re.compile("do not allow codepipeline:CreatePipeline"))).to_be_visible()
    page.get_by_label("Pipeline name").fill("wizard-denied")
    page.get_by_label("Existing service role").check()
    page.get_by_role("combobox", name="Role ARN").fill("arn:aws:iam::000000000000:role/any")
    onward(page, "Add source stage")
    choose(page, "Action provider", "AWS CodeCommit")
    page.get_by_role("combobox", name="Repository name").click()
    expect(page.get_by_text("You may not list repositories: type it")).to_be_visible()
    page.get_by_role("combobox", name="Repository name").fill("typed")
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Branch name").fill("main")
    onward(page, "Add build stage")
    choose(page, "Action provider", "Commands")
    page.get_by_role("textbox", name="Commands").fill("make\n\nmake test")
    onward(page, "Add test stage")
    page.get_by_role("button", name="Skip test stage").click()
    page.get_by_role("button", name="Skip deploy stage").click()
    create = page.get_by_role("button", name="Create pipeline")
    expect(create).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="The same as code").click()
    told = json.loads(page.get_by_role("region", name="JSON").inner_text())["pipeline"]
    assert [each["name"] for each in told["stages"]] == ["Source", "Build"]
    assert told["stages"][1]["actions"][0]["commands"] == ["make", "make test"]


def test_what_it_says_as_code_is_accepted_elsewhere(visit: Any, cloud: Cloud, warm_aws: str, tmp_path: Path) -> None:
    cloud.bucket("wizard-code", versioned=True)
    page = visit("/pipelines/new")
    page.get_by_label("Pipeline name").fill("wizard-code")
    page.get_by_role("button", name="Add variable").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("WHO")
    page.get_by_label("Default value").fill('it\'s "me": #1')
    onward(page, "Add source stage")
    choose(page, "Action provider", "Amazon S3")
    pick(page, "Bucket", "wizard-code")
    page.get_by_role("combobox", name="S3 object key").fill("source.zip")
    onward(page, "Add build stage")
    choose(page, "Action provider", "AWS CodeBuild")
    page.get_by_role("button", name="Create project").click()
    page.get_by_role("button", name="Add environment variable").click()
    page.get_by_role("textbox", name="Environment variables – optional Name").fill("GREETING")
    page.get_by_role("textbox", name="Environment variables – optional Value").fill("hello #{variables.WHO}")
    onward(page, "Add test stage")
    page.get_by_role("button", name="View as code").click()
    page.get_by_role("tab", name="CloudFormation").click()
    template = yaml.safe_load(page.get_by_role("region", name="CloudFormation").inner_text())
    page.get_by_role("tab", name="JSON").click()
    declared = json.loads(page.get_by_role("region", name="JSON").inner_text())
    page.get_by_role("tab", name="AWS CLI").click()
    commands = page.get_by_role("region", name="AWS CLI").inner_text()
    key = administrator(cloud.server.data)
    environment = {
        "PATH": f"{warm_aws}:{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": cloud.server.endpoint,
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "AWS_DEFAULT_REGION": REGION,
    }
    done = subprocess.run(["bash", "-ec", commands], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    stored = cloud.codepipeline.get_pipeline(name="wizard-code")["pipeline"]
    assert stored["variables"] == [{"name": "WHO", "defaultValue": 'it\'s "me": #1'}]
    assert (
        json.loads(stored["stages"][1]["actions"][0]["configuration"]["EnvironmentVariables"])[0]["value"]
        == "hello #{variables.WHO}"
    )
    made = cloud.codebuild.batch_get_projects(names=["wizard-code-build"])["projects"][0]
    assert made["serviceRole"].endswith("role/service-role/codebuild-wizard-code-build-service-role")
    again = json.dumps({"pipeline": {**declared["pipeline"], "name": "wizard-code-again"}})
    subprocess.run(
        ["aws", "codepipeline", "create-pipeline", "--cli-input-json", again], env=environment, check=True, capture_output=True
    )
    resources = template["Resources"]
    pipeline = resources["Pipeline"]["Properties"]
    assert pipeline["RoleArn"] == {"Fn::GetAtt": ["PipelineRole", "Arn"]}
    assert pipeline["Variables"] == [{"Name": "WHO", "DefaultValue": 'it\'s "me": #1'}]
    spelled = lowered(pipeline) | {
        "roleArn": stored["roleArn"],
        "artifactStore": stored["artifactStore"],
        "name": "wizard-code-template",
    }
    cloud.codepipeline.create_pipeline(pipeline=spelled)
    assert resources["BuildProject"]["Properties"]["Source"] == {"Type": "CODEPIPELINE", "BuildSpec": "buildspec.yml"}
    policy = resources["PipelineRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    assert policy == cloud.iam.get_role_policy(RoleName=stored["roleArn"].split("/")[-1], PolicyName="work")["PolicyDocument"]


def lowered(value: Any) -> Any:
    """Members of a template as the API spells them."""
    if isinstance(value, list):
        return [lowered(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name[0].lower() + name[1:]: each if name == "Configuration" else lowered(each) for name, each in value.items()}


def test_a_clone_has_the_stages_of_the_other_under_its_own_name(visit: Any, cloud: Cloud) -> None:
    role = cloud.pipeline_role("wizard-first-role")
    store = cloud.bucket("wizard-first-store", versioned=True)
    source = action(
        "Take", "Source/S3", {"S3Bucket": store, "S3ObjectKey": "none.zip", "PollForSourceChanges": "false"}, makes="Code"
    )
    ask = action("Ask", "Approval/Manual", {"CustomData": "look"}, timeoutInMinutes=60)
    cloud.pipeline(
        "wizard-first", role, store, source, ask, executionMode="QUEUED", variables=[{"name": "V", "defaultValue": "1"}]
    )
    page = visit("/pipelines/new?clone=wizard-first")
    expect(page.get_by_label("Pipeline name")).to_have_value("wizard-first-copy")
    onward(page, "Stage Take")
    onward(page, "Stage Ask")
    page.get_by_label("Comments").fill("look again")
    onward(page, "Review")
    page.get_by_role("button", name="Create pipeline").click()
    page.wait_for_url("**/console/pipelines/wizard-first-copy")
    first, second = (cloud.codepipeline.get_pipeline(name=each)["pipeline"] for each in ("wizard-first", "wizard-first-copy"))
    first["name"] = "wizard-first-copy"
    first["stages"][1]["actions"][0]["configuration"]["CustomData"] = "look again"
    assert second == first


def test_a_form_is_made_of_what_a_custom_type_says_and_its_secrets_stay_where_they_are(visit: Any, cloud: Cloud) -> None:
    cloud.bucket("wizard-custom", versioned=True)
    cloud.codepipeline.create_custom_action_type(
        category="Deploy",
        provider="WizardShip",
        version="2",
        configurationProperties=[
            {"name": "HarbourName", "required": True, "key": True, "secret": False, "description": "Where it goes."},
            {"name": "Containers", "required": False, "key": False, "secret": False, "type": "Number"},
            {"name": "Passphrase", "required": True, "key": False, "secret": True},
        ],
        inputArtifactDetails={"minimumCount": 1, "maximumCount": 1},
        outputArtifactDetails={"minimumCount": 0, "maximumCount": 0},
    )
    page = visit("/pipelines/new")
    sourced(page, "wizard-custom", "wizard-custom")
    choose(page, "Action provider", "WizardShip")
    expect(page.get_by_text("Where it goes.")).to_be_visible()
    page.get_by_label("Containers").fill("many")
    expect(page.get_by_text("This has to be a number.")).to_be_visible()
    page.get_by_label("Containers").fill("12")
    secret = page.get_by_label("Passphrase")
    expect(secret).to_have_attribute("type", "password")
    secret.fill("open-sesame-9")
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("Harbour name is required.")).to_be_visible()
    page.get_by_label("Harbour name").fill("Rotterdam")
    onward(page, "Review")
    assert "open-sesame-9" not in page.evaluate("JSON.stringify(sessionStorage)") + page.content()
    page.get_by_role("button", name="Create pipeline").click()
    page.wait_for_url("**/console/pipelines/wizard-custom")
    made = cloud.codepipeline.get_pipeline(name="wizard-custom")["pipeline"]["stages"][1]["actions"][0]
    assert made["configuration"] == {"HarbourName": "Rotterdam", "Containers": "12", "Passphrase": "****"}


@pytest.mark.parametrize("dark", THEMES)
def test_the_wizard_is_accessible(visit: Any, cloud: Cloud, dark: bool) -> None:
    page = visit("/pipelines/new", dark=dark)
    look = "dark" if dark else "light"
    page.get_by_label("Pipeline name").fill("not a name")
    assert visit.axe(page) == []
    visit.picture(page, f"newpipeline-wrong-{look}")
    page.get_by_label("Pipeline name").fill("wizard-axe")
    onward(page, "Add source stage")
    choose(page, "Action provider", "AWS CodeCommit")
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_role("combobox", name="Repository name")).to_be_focused()
    visit.picture(page, f"newpipeline-missing-{look}")
    page.keyboard.press("Escape")
    assert dark or visit.axe(page) == []
    page.get_by_role("combobox", name="Repository name").fill("some")
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Branch name").fill("main")
    onward(page, "Add build stage")
    choose(page, "Action provider", "AWS CodeBuild")
    page.get_by_role("button", name="Create project").click()
    assert dark or visit.axe(page) == []
    onward(page, "Add test stage")
    page.get_by_role("button", name="Skip test stage").click()
    page.get_by_role("button", name="Skip deploy stage").click()
    page.get_by_role("button", name="The same as code").click()
    assert visit.axe(page) == []
    visit.picture(page, f"newpipeline-code-{look}")


def test_the_wizard_fits_a_telephone(visit: Any) -> None:
    page = visit("/pipelines/new", width=360)
    page.get_by_label("Pipeline name").fill("wizard-small")
    visit.picture(page, "newpipeline-small-settings")
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_role("heading", name="Add source stage")).to_be_visible()
    choose(page, "Action provider", "Amazon S3")
    visit.picture(page, "newpipeline-small")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
