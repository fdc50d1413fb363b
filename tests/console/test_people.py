"""People and policies in the console: making an approver, writing policies, simulating, deleting."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stageline.testing.browser import THEMES
from stageline.testing.cloud import Cloud, action

APPROVER = "AWSCodePipelineApproverAccess"
LOOK = {"Action": ["iam:List*", "iam:Get*"], "Resource": "*"}


@pytest.fixture(scope="session")
def pipeline(cloud: Cloud) -> str:
    """A pipeline with an approval."""
    role = cloud.pipeline_role("people-pipeline")
    store = cloud.bucket("people-artifacts")
    cloud.bucket("people-source", versioned=True)
    source = action("Source", "Source/S3", {"S3Bucket": "people-source", "S3ObjectKey": "source.zip"}, makes="App")
    return cloud.pipeline("people-shop", role, store, source, action("Review", "Approval/Manual", {}))


def test_an_approver_is_made_and_signs_in_with_the_password_that_was_shown_once(visit: Any, cloud: Cloud) -> None:
    page = visit("/people")
    page.get_by_role("button", name="Create user").click()
    dialog = page.get_by_role("dialog", name="Create a user")
    dialog.get_by_label("User name").fill("bad name")
    expect(dialog.get_by_text("no spaces")).to_be_visible()
    dialog.get_by_label("User name").fill("Nadia")
    dialog.get_by_label("Policies – optional").click()
    page.get_by_role("option", name=APPROVER).click()
    expect(dialog.get_by_role("button", name=f"Take away {APPROVER}")).to_be_visible()
    page.keyboard.press("Escape")
    dialog.get_by_role("button", name="Create user").click()
    expect(dialog.get_by_text("never again")).to_be_visible()
    password = _beside(page, "Password")
    visit.picture(page, "people-password-once")
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_role("heading", name="Nadia", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name=APPROVER)).to_be_visible()
    expect(page.get_by_text("See all pipelines and answer all approvals.")).to_be_visible()
    assert password not in page.content()
    stranger = visit.stranger()
    stranger.goto(f"{visit.server.endpoint}/console/pipelines")
    stranger.get_by_label("User name").fill("Nadia")
    stranger.get_by_label("Password", exact=True).fill(password)
    stranger.keyboard.press("Enter")
    stranger.get_by_label("New password").fill("Nadia-Horse-88")
    stranger.keyboard.press("Enter")
    expect(stranger.get_by_role("heading", name="Pipelines", level=1)).to_be_visible()
    assert cloud.iam.get_login_profile(UserName="Nadia")["LoginProfile"]["PasswordResetRequired"] is False


def test_creating_says_what_was_done_when_it_fails_half_way_and_goes_on(visit: Any, cloud: Cloud) -> None:
    page = visit("/people")
    page.get_by_role("button", name="Create user").click()
    dialog = page.get_by_role("dialog", name="Create a user")
    dialog.get_by_label("User name").fill("Halfway")
    dialog.get_by_label("A password of my choice").check()
    dialog.get_by_label("Chosen password").fill("short")
    dialog.get_by_role("button", name="Create user").click()
    expect(dialog.get_by_text("Failed: Set the password")).to_be_visible()
    expect(dialog.get_by_text("1 of 3 steps were done and stay done")).to_be_visible()
    assert cloud.iam.get_user(UserName="Halfway")["User"]["UserName"] == "Halfway"
    dialog.get_by_label("Chosen password").fill("Longer-Horse-9")
    dialog.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Halfway", exact=True)).to_be_visible()
    assert cloud.iam.get_login_profile(UserName="Halfway")["LoginProfile"]["PasswordResetRequired"] is True


def test_one_approval_is_granted_by_its_place_in_the_pipeline(visit: Any, cloud: Cloud, person: Any, pipeline: str) -> None:
    name = person("Onegate")
    page = visit(f"/people/user/{name}")
    page.get_by_role("button", name="Let approve…").click()
    dialog = page.get_by_role("dialog", name=f"Let {name} approve")
    dialog.get_by_role("button", name="Pipeline").click()
    page.get_by_role("option", name=pipeline).click()
    dialog.get_by_role("button", name="Approval").click()
    page.get_by_role("option", name="Review / Review").click()
    expect(
        dialog.get_by_text("Allows PutApprovalResult (CodePipeline) on action Review of stage Review in pipeline")
    ).to_be_visible()
    dialog.get_by_role("button", name="Let approve").click()
    expect(page.get_by_role("button", name="Open approve-people-shop-Review-Review")).to_be_visible()
    arn = f"arn:aws:codepipeline:us-east-1:000000000000:{pipeline}/Review/Review"
    assert _decision(cloud, name, "codepipeline:PutApprovalResult", arn) == "allowed"
    assert _decision(cloud, name, "codepipeline:PutApprovalResult", arn.replace("Review/", "Other/")) == "implicitDeny"


def test_a_key_is_shown_once_and_switched_off_and_deleted(visit: Any, cloud: Cloud, person: Any) -> None:
    name = person("Keyholder")
    page = visit(f"/people/user/{name}?tab=credentials")
    page.get_by_role("button", name="Create access key").click()
    page.get_by_role("dialog").get_by_role("button", name="Create access key").click()
    secret = _beside(page, "Secret access key")
    assert len(secret) == 40
    page.get_by_role("button", name="Done").click()
    (key,) = cloud.iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
    expect(page.get_by_role("cell", name="Never", exact=True)).to_be_visible()
    assert secret not in page.content()
    page.get_by_role("button", name=f"Deactivate {key['AccessKeyId']}").click()
    expect(page.get_by_text("Inactive", exact=True)).to_be_visible()
    page.get_by_role("button", name=f"Delete {key['AccessKeyId']}").click()
    page.get_by_label("To confirm, type").fill(key["AccessKeyId"])
    page.keyboard.press("Enter")
    expect(page.get_by_text("No access keys.")).to_be_visible()
    page.get_by_role("button", name="Create password").click()
    page.get_by_role("dialog").get_by_role("button", name="Create password").click()
    assert len(_beside(page, "Password")) == 44
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text(f"{name}-at-000000000000")).to_be_visible()


def test_a_policy_is_written_wrongly_and_rightly_and_put_back(visit: Any, cloud: Cloud) -> None:
    page = visit("/people?tab=policies")
    page.get_by_role("button", name="Create policy").click()
    dialog = page.get_by_role("dialog", name="Create a policy")
    dialog.get_by_label("Policy name").fill("people-look")
    text = dialog.get_by_role("textbox", name="Policy", exact=True)
    text.fill('{\n  "Version": "2012-10-17",\n  "Statement": {"Effect": "Alow"}\n}')
    expect(dialog.get_by_text('Line 3, column 27: The effect is "Allow" or "Deny".')).to_be_visible()
    expect(dialog.get_by_role("button", name="Create policy")).to_be_disabled()
    text.fill('{"Version": "2012-10-17",}')
    expect(dialog.get_by_text("Line 1, column 25: There is a comma too many.")).to_be_visible()
    visit.picture(page, "people-policy-wrong")
    text.fill(Cloud.policy({"Action": "codepipeline:ListPipelines", "Resource": "*"}))
    expect(dialog.get_by_text("Allows ListPipelines (CodePipeline) on everything.")).to_be_visible()
    dialog.get_by_role("button", name="Format the policy").click()
    assert text.input_value().startswith('{\n  "Version"')
    dialog.get_by_role("button", name="Create policy").click()
    expect(page.get_by_role("heading", name="people-look", exact=True)).to_be_visible()
    page.get_by_role("button", name="Edit", exact=True).click()
    edit = page.get_by_role("dialog", name="Edit the policy")
    shown = edit.get_by_role("textbox", name="Policy", exact=True)
    shown.fill(shown.input_value().replace("ListPipelines", "GetPipeline"))
    edit.get_by_role("button", name="Save as a new version").click()
    expect(page.get_by_role("heading", name="Version v2, in force")).to_be_visible()
    page.get_by_role("tab", name="Versions").click()
    page.get_by_role("button", name="What v2 changed from v1").click()
    difference = page.get_by_role("figure", name="Differences")
    expect(difference.get_by_text('+ "Action": "codepipeline:GetPipeline"')).to_be_visible()
    expect(difference.get_by_text('− "Action": "codepipeline:ListPipelines"')).to_be_visible()
    visit.picture(page, "people-policy-diff")
    page.get_by_role("button", name="Put v1 in force").click()
    page.get_by_role("dialog").get_by_role("button", name="Put in force").click()
    expect(page.get_by_role("button", name="Put v2 in force")).to_be_visible()
    arn = "arn:aws:iam::000000000000:policy/people-look"
    assert cloud.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v1"


def test_what_the_server_finds_wrong_is_told_in_the_dialog(visit: Any, person: Any) -> None:
    name = person("Writer")
    page = visit(f"/people/user/{name}")
    page.get_by_role("button", name="Write a policy").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Policy name").fill("odd")
    condition = {"Action": "s3:GetObject", "Resource": "*", "Condition": {"StringIsh": {"aws:username": "x"}}}
    dialog.get_by_role("textbox", name="Policy", exact=True).fill(Cloud.policy(condition))
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("MalformedPolicyDocument")).to_be_visible()


def test_the_policies_of_aws_are_read_only(visit: Any) -> None:
    page = visit(f"/people/policy/arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2F{APPROVER}")
    expect(page.get_by_role("heading", name=APPROVER)).to_be_visible()
    expect(page.get_by_role("button", name="Edit")).to_be_disabled()
    expect(page.get_by_role("list", name="The policy in words")).to_contain_text("PutApprovalResult")


def test_the_simulator_tells_the_decision_and_the_statement_behind_it(visit: Any, person: Any) -> None:
    name = person("Asked", {"Action": "codepipeline:GetPipeline", "Resource": "arn:aws:codepipeline:*:*:seen"})
    arn = f"arn:aws:iam::000000000000:user/{name}"
    page = visit(f"/people/user/{name}")
    page.get_by_role("link", name="Simulate").click()
    expect(page.get_by_role("button", name="Who")).to_contain_text(name)
    page.get_by_role("combobox", name="Actions").fill("codepipeline:GetPipeline")
    page.keyboard.press("Enter")
    page.get_by_label("Resources – optional").fill(
        "arn:aws:codepipeline:us-east-1:000000000000:seen\narn:aws:codepipeline:us-east-1:000000000000:unseen"
    )
    page.get_by_role("button", name="Simulate", exact=True).click()
    expect(page.get_by_text("(1 of 2 allowed)")).to_be_visible()
    expect(page.get_by_text("No statement allows it.")).to_be_visible()
    page.get_by_role("button", name=f"Show the statement of user_{name}_rights").click()
    expect(page.get_by_text('"Resource": "arn:aws:codepipeline:*:*:seen"')).to_be_visible()
    assert f"who={arn.replace(':', '%3A').replace('/', '%2F')}" in page.url
    visit.picture(page, "people-simulator")


def test_a_written_policy_is_simulated_with_context(visit: Any) -> None:
    page = visit("/people?tab=simulator&action=s3%3AGetObject&context=aws%3Ausername%3Dann")
    page.get_by_role("textbox", name="Policy", exact=True).fill(
        Cloud.policy({"Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:username": "ann"}}})
    )
    expect(page.get_by_text("The policies ask for aws:username.")).to_be_visible()
    page.get_by_role("button", name="Simulate", exact=True).click()
    expect(page.get_by_text("(1 of 1 allowed)")).to_be_visible()
    page.get_by_label("Value").fill("ben")
    page.get_by_role("button", name="Simulate", exact=True).click()
    expect(page.get_by_text("(0 of 1 allowed)")).to_be_visible()


def test_a_role_for_builds_is_made_and_its_trust_changed(visit: Any, cloud: Cloud) -> None:
    page = visit("/people?tab=roles")
    page.get_by_role("button", name="Create role").click()
    dialog = page.get_by_role("dialog", name="Create a role")
    dialog.get_by_role("button", name="Who takes the role").click()
    page.get_by_role("option", name="CodeBuild").click()
    dialog.get_by_label("Role name").fill("people-builder")
    dialog.get_by_role("button", name="Create role").click()
    expect(page.get_by_role("heading", name="people-builder", exact=True)).to_be_visible()
    page.get_by_role("tab", name="Who may take it").click()
    expect(page.get_by_text("Allows the service codebuild AssumeRole (STS).")).to_be_visible()
    page.get_by_role("button", name="Edit the trust policy").click()
    text = page.get_by_role("textbox", name="Trust policy")
    text.fill(text.input_value().replace("codebuild", "codepipeline"))
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Who may take people-builder is changed.")).to_be_visible()
    expect(page.get_by_text("Allows the service codepipeline AssumeRole (STS).")).to_be_visible()
    trust = cloud.iam.get_role(RoleName="people-builder")["Role"]["AssumeRolePolicyDocument"]
    assert trust["Statement"][0]["Principal"] == {"Service": "codepipeline.amazonaws.com"}


def test_a_user_is_deleted_with_everything_that_hangs_on_it(visit: Any, cloud: Cloud, person: Any) -> None:
    name = person("Leaver", LOOK, managed=APPROVER)
    cloud.iam.create_access_key(UserName=name)
    cloud.iam.create_group(GroupName="leavers")
    cloud.iam.add_user_to_group(GroupName="leavers", UserName=name)
    page = visit(f"/people/user/{name}")
    page.get_by_role("button", name="Delete", exact=True).click()
    steps = page.get_by_role("list", name="Steps")
    for what in (
        "Delete the password",
        "Delete the access key",
        "Remove from the group leavers",
        f"Detach the policy {APPROVER}",
    ):
        expect(steps.get_by_text(what)).to_be_visible()
    visit.picture(page, "people-deletion")
    page.get_by_label("To confirm, type").fill(name)
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text(f"The user {name} is deleted.")).to_be_visible()
    assert name not in [each["UserName"] for each in cloud.iam.list_users()["Users"]]


def test_a_boundary_narrows_what_policies_allow(visit: Any, person: Any) -> None:
    name = person("Bounded", {"Action": "s3:GetObject", "Resource": "*"})
    page = visit(f"/people/user/{name}")
    page.get_by_role("button", name="Set a boundary").click()
    page.get_by_role("dialog").get_by_text("Choose a policy").click()
    page.get_by_role("option", name="AWSCodePipeline_ReadOnlyAccess").click()
    page.get_by_role("dialog").get_by_role("button", name="Set boundary").click()
    expect(page.get_by_role("link", name="AWSCodePipeline_ReadOnlyAccess")).to_be_visible()
    page.goto(
        f"{visit.server.endpoint}/console/people?tab=simulator&who=arn:aws:iam::000000000000:user/{name}&action=s3:GetObject"
    )
    page.get_by_role("button", name="Simulate", exact=True).click()
    expect(page.get_by_text("The permissions boundary does not allow it.")).to_be_visible()


def test_a_policy_is_deleted_once_it_is_taken_from_its_holders(visit: Any, cloud: Cloud, person: Any) -> None:
    name = person("Holder")
    document = Cloud.policy({"Action": "s3:*", "Resource": "*"})
    arn = cloud.iam.create_policy(PolicyName="people-held", PolicyDocument=document)["Policy"]["Arn"]
    cloud.iam.attach_user_policy(UserName=name, PolicyArn=arn)
    page = visit("/people?tab=policies&find=people-held")
    page.get_by_role("link", name="people-held").click()
    page.get_by_role("tab", name="Who holds it").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("list", name="Steps").get_by_text(f"Detach it from the user {name}")).to_be_visible()
    page.get_by_label("To confirm, type").fill("people-held")
    expect(page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True)).to_be_enabled()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The policy people-held is deleted.")).to_be_visible()
    assert cloud.iam.list_attached_user_policies(UserName=name)["AttachedPolicies"] == []


def test_a_group_gets_users_and_lets_them_do_what_it_may(visit: Any, cloud: Cloud, person: Any) -> None:
    name = person("Joiner")
    page = visit("/people?tab=groups")
    page.get_by_role("button", name="Create group").click()
    page.get_by_label("Group name").fill("people-readers")
    page.get_by_role("dialog").get_by_role("button", name="Create group").click()
    page.get_by_role("button", name="Add users").click()
    page.get_by_role("dialog").get_by_role("button", name="Users").click()
    page.get_by_role("option", name=name).click()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    assert [each["UserName"] for each in cloud.iam.get_group(GroupName="people-readers")["Users"]] == [name]
    page.get_by_role("button", name=f"Remove {name}").click()
    expect(page.get_by_text("Nobody is in this group yet")).to_be_visible()


def test_who_may_not_sees_why(visit: Any, person: Any) -> None:
    looker = person("Looker", LOOK)
    page = visit("/people", user=looker)
    button = page.get_by_role("button", name="Create user")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Your policies do not allow iam:CreateUser")
    nobody = person("Nobody")
    page = visit("/people", user=nobody)
    expect(page.get_by_text("You may not see the users")).to_be_visible()


@pytest.mark.parametrize("dark", THEMES)
def test_the_pages_are_accessible(visit: Any, cloud: Cloud, person: Any, dark: bool) -> None:
    name = person(f"Shown{dark}", LOOK, managed=APPROVER)
    cloud.iam.create_access_key(UserName=name)
    shade = "dark" if dark else "light"
    page = visit("/people", dark=dark)
    places = (
        ("/people", name),
        (f"/people/user/{name}", "rights"),
        (f"/people/user/{name}?tab=credentials", "Passwords for git"),
        ("/people?tab=policies&scope=aws&find=Approver", APPROVER),
        (f"/people/policy/arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2F{APPROVER}", "In words"),
        ("/people?tab=simulator&action=iam%3AGetUser", "iam:GetUser"),
    )
    for place, seen in places[::2] if dark else places:
        page.goto(f"{visit.server.endpoint}/console{place}")
        expect(page.get_by_text(seen).first).to_be_visible()
        assert visit.axe(page) == [], place
        visit.picture(page, f"people-{place.strip('/').split('/')[-1].split('%')[0].replace('?', '-')}-{shade}")


def test_the_pages_fit_narrow_screens(visit: Any, cloud: Cloud, person: Any) -> None:
    name = person("Narrow", LOOK, managed=APPROVER)
    cloud.iam.create_access_key(UserName=name)
    page = visit("/people", width=360, height=740)
    for place in ("/people", f"/people/user/{name}?tab=credentials", "/people?tab=simulator"):
        page.goto(f"{visit.server.endpoint}/console{place}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, place
        visit.picture(page, f"people-narrow-{place.split('=')[-1].strip('/')}")


def _beside(page: Page, label: str) -> str:
    """The value of a pair of label and value in a dialog."""
    term = page.get_by_role("dialog").locator("dt", has_text=label).filter(has=page.get_by_text(label, exact=True))
    return str(term.locator("xpath=following-sibling::dd[1]").inner_text()).strip().splitlines()[0]


def _decision(cloud: Cloud, user: str, what: str, resource: str) -> str:
    arn = f"arn:aws:iam::000000000000:user/{user}"
    found = cloud.iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=[what], ResourceArns=[resource])
    return str(found["EvaluationResults"][0]["EvalDecision"])
