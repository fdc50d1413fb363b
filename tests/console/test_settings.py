"""Settings in the console: oneself, one's password and keys, the account's rules."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from stageline.testing.browser import THEMES
from stageline.testing.cloud import Cloud

OWN = "arn:aws:iam::000000000000:user/${aws:username}"
PASSWORD = "Correct-Horse-7"


@pytest.fixture
def default_rules(cloud: Cloud) -> Iterator[None]:
    """The default password policy again afterwards."""
    yield
    cloud.iam.update_account_password_policy()
    cloud.iam.delete_account_password_policy()


def test_people_change_their_own_password(visit: Any, person: Any) -> None:
    name = person("Changer", managed="IAMUserChangePassword")
    page = visit("/settings#password", user=name)
    page.get_by_label("Present password").fill("wrong")
    page.get_by_label("New password", exact=True).fill("Better-Horse-9")
    page.get_by_label("New password again").fill("Better-Horse")
    expect(page.get_by_text("This is not the same.")).to_be_visible()
    page.get_by_label("New password again").fill("Better-Horse-9")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("This is not your password.")).to_be_visible()
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("simple")
    page.get_by_label("New password again").fill("simple")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Password should have 8 characters")).to_be_visible()
    page.get_by_label("New password", exact=True).fill("Better-Horse-9")
    page.get_by_label("New password again").fill("Better-Horse-9")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    visit("/settings", user=name, password="Better-Horse-9")


def test_people_make_their_own_keys(visit: Any, cloud: Cloud, person: Any) -> None:
    name = person("Selfkey", {"Action": ["iam:*AccessKey*", "iam:GetAccessKeyLastUsed"], "Resource": OWN})
    page = visit("/settings#keys", user=name)
    page.get_by_role("button", name="Create access key").click()
    page.get_by_role("dialog").get_by_role("button", name="Create access key").click()
    expect(page.get_by_text(f"export AWS_ENDPOINT_URL={visit.server.endpoint}").first).to_be_visible()
    page.get_by_role("button", name="Done").click()
    (key,) = cloud.iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
    expect(page.get_by_text(key["AccessKeyId"])).to_be_visible()
    expect(page.get_by_text("You may not see the account's summary")).to_be_visible()


@pytest.mark.usefixtures("default_rules")
def test_the_password_policy_is_set_and_taken_back(visit: Any, cloud: Cloud) -> None:
    page = visit("/settings#password-policy")
    expect(page.get_by_text("At least 8 characters, with three of")).to_be_visible()
    page.get_by_role("region", name="Password policy").get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Characters at least").fill("3")
    expect(dialog.get_by_text("A number from 6 to 128.")).to_be_visible()
    dialog.get_by_label("Characters at least").fill("14")
    dialog.get_by_label("Days until a password expires").fill("90")
    dialog.get_by_label("A digit").check()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("At least 14 characters, with a digit.")).to_be_visible()
    expect(page.get_by_text("Passwords expire after 90 days")).to_be_visible()
    assert cloud.iam.get_account_password_policy()["PasswordPolicy"]["RequireNumbers"] is True
    page.get_by_role("button", name="Back to the default").click()
    page.get_by_role("dialog").get_by_role("button", name="Go back").click()
    expect(page.get_by_text("At least 8 characters, with three of")).to_be_visible()


def test_the_theme_is_chosen_and_stays(visit: Any) -> None:
    page = visit("/settings")
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("body.awsui-dark-mode")).to_have_count(1)
    page.reload()
    expect(page.locator("body.awsui-dark-mode")).to_have_count(1)


@pytest.mark.parametrize("dark", THEMES)
def test_the_page_is_accessible(visit: Any, dark: bool) -> None:
    shade = "dark" if dark else "light"
    page = visit("/settings", dark=dark, height=2200)
    expect(page.get_by_text("of 5,000")).to_be_visible()
    assert visit.axe(page) == []
    visit.picture(page, f"settings-{shade}")


def test_the_page_fits_narrow_screens(visit: Any) -> None:
    page = visit("/settings", width=360, height=740)
    expect(page.get_by_text("of 5,000")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    visit.picture(page, "settings-narrow")
