"""Signing in and out, as people do it."""

from typing import Any

import pytest
from playwright.sync_api import expect

from stageline.testing.browser import THEMES
from stageline.testing.cloud import Cloud

PASSWORD = "Correct-Horse-7"


def test_the_printed_link_signs_the_administrator_in_once(visit: Any) -> None:
    page = visit.stranger()
    address = f"{visit.server.endpoint}/console/sign-in#{visit.token()}"
    page.goto(address)
    expect(page.get_by_role("heading", name="Pipelines", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="administrator")).to_be_visible()
    assert "#" not in page.url
    again = visit.stranger()
    again.goto(address)
    expect(again.get_by_text("This link has been used already")).to_be_visible()


def test_a_user_signs_in_with_a_password_and_out_again(visit: Any, person: Any) -> None:
    name = person("Ines", managed="AWSCodePipeline_ReadOnlyAccess")
    page = visit.stranger()
    page.goto(f"{visit.server.endpoint}/console/pipelines?x=1")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Your sign-in information is incorrect")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Pipelines", level=1)).to_be_visible()
    assert page.url.endswith("/console/pipelines?x=1")
    page.get_by_role("button", name=name).click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to Stageline")).to_be_visible()
    page.goto(f"{visit.server.endpoint}/console/pipelines")
    expect(page.get_by_role("heading", name="Sign in to Stageline")).to_be_visible()


def test_a_password_that_must_be_changed_is_changed_while_signing_in(visit: Any, cloud: Cloud) -> None:
    cloud.iam.create_user(UserName="Newcomer")
    cloud.iam.attach_user_policy(UserName="Newcomer", PolicyArn="arn:aws:iam::aws:policy/IAMUserChangePassword")
    cloud.iam.create_login_profile(UserName="Newcomer", Password=PASSWORD, PasswordResetRequired=True)
    page = visit.stranger()
    page.goto(f"{visit.server.endpoint}/console/")
    page.get_by_label("User name").fill("Newcomer")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("New password").fill("Another-Horse-8")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Newcomer")).to_be_visible()
    assert cloud.iam.get_login_profile(UserName="Newcomer")["LoginProfile"]["PasswordResetRequired"] is False


@pytest.mark.parametrize("dark", THEMES)
def test_the_sign_in_page_is_accessible(visit: Any, dark: bool) -> None:
    page = visit.stranger(dark=dark)
    page.goto(f"{visit.server.endpoint}/console/")
    expect(page.get_by_role("heading", name="Sign in to Stageline")).to_be_visible()
    assert visit.axe(page) == []
    visit.picture(page, f"sign-in-{'dark' if dark else 'light'}")
