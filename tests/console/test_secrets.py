"""Secrets and parameters in the console: values are fetched on demand only."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stageline.testing.browser import THEMES
from stageline.testing.cloud import Cloud

HIDDEN = "tr0ub4dor-and-three"


def _asked(page: Page) -> list[str]:
    """The operations that a page asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]) if "/api/" in request.url else None)
    return asked


def test_a_secret_is_revealed_on_demand_and_hidden_again(visit: Any, cloud: Cloud) -> None:
    cloud.secretsmanager.create_secret(Name="console/reveal", SecretString=HIDDEN)
    page = visit("/secrets")
    asked = _asked(page)
    page.get_by_role("link", name="console/reveal").click()
    show = page.get_by_role("button", name="Show the value", exact=True)
    expect(show).to_be_enabled()
    assert HIDDEN not in page.content()
    assert "GetSecretValue" not in asked
    show.click()
    expect(page.get_by_role("region", name="The value")).to_have_text(HIDDEN)
    assert "GetSecretValue" in asked
    page.get_by_role("button", name="Hide").click()
    expect(show).to_be_visible()
    assert HIDDEN not in page.content()


def test_a_secret_is_made_and_gets_a_new_value(visit: Any, cloud: Cloud) -> None:
    page = visit("/secrets")
    page.get_by_role("button", name="Create secret").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("console/two words")
    expect(dialog.get_by_text("Letters, digits and / _ + = . @ - only.")).to_be_visible()
    dialog.get_by_label("Name").fill("console/made")
    dialog.get_by_label("Value").fill("first")
    dialog.get_by_role("button", name="Create secret").click()
    expect(page.get_by_role("heading", name="console/made")).to_be_visible()
    page.get_by_role("button", name="New value").click()
    page.get_by_role("dialog").get_by_label("Value").fill("second")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_text("AWSPREVIOUS", exact=True)).to_be_visible()
    assert cloud.secretsmanager.get_secret_value(SecretId="console/made")["SecretString"] == "second"
    row = page.get_by_role("row").filter(has_text="AWSPREVIOUS")
    row.get_by_role("button", name="Show the value of version").click()
    expect(row.get_by_text("first", exact=True)).to_be_visible()


def test_a_deleted_secret_is_restored(visit: Any, cloud: Cloud) -> None:
    cloud.secretsmanager.create_secret(Name="console/gone", SecretString=HIDDEN)
    page = visit("/secrets?secret=console%2Fgone")
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Days in which it can be restored").fill("3")
    expect(dialog.get_by_text("A number from 7 to 30.")).to_be_visible()
    dialog.get_by_label("Days in which it can be restored").fill("7")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("To be deleted in 7 days")).to_be_visible()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("In use")).to_be_visible()
    assert "DeletedDate" not in cloud.secretsmanager.describe_secret(SecretId="console/gone")
    page.get_by_role("button", name="Delete").click()
    page.get_by_label("At once and for good").check()
    page.get_by_label("To confirm, type").fill("console/gone")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Secrets and parameters")).to_be_visible()
    expect(page.get_by_text("console/gone is deleted.")).to_be_visible()


def test_a_parameter_is_made_revealed_versioned_and_deleted(visit: Any, cloud: Cloud) -> None:
    page = visit("/secrets?tab=parameters")
    asked = _asked(page)
    page.get_by_role("button", name="Create parameter").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("/console/host")
    dialog.get_by_label("Value").fill(HIDDEN)
    dialog.get_by_role("button", name="Create parameter").click()
    expect(page.get_by_role("heading", name="/console/host")).to_be_visible()
    expect(page.get_by_text("SecureString")).to_be_visible()
    assert HIDDEN not in page.content()
    assert "GetParameter" not in asked
    page.get_by_role("button", name="Show the value", exact=True).click()
    expect(page.get_by_role("region", name="The value", exact=True)).to_have_text(HIDDEN)
    page.get_by_role("button", name="New value").click()
    page.get_by_role("dialog").get_by_label("Value").fill("other")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Show the value of version 2").click()
    expect(page.get_by_role("region", name="The value of version 2")).to_have_text("other")
    assert cloud.ssm.get_parameter(Name="/console/host", WithDecryption=True)["Parameter"]["Version"] == 2
    page.get_by_role("button", name="Delete").click()
    page.get_by_label("To confirm, type").fill("/console/host")
    page.keyboard.press("Enter")
    expect(page.get_by_text("/console/host is deleted.")).to_be_visible()


def test_who_may_list_but_not_read_sees_why(visit: Any, cloud: Cloud, person: Any) -> None:
    cloud.secretsmanager.create_secret(Name="console/closed", SecretString=HIDDEN)
    actions = ["secretsmanager:ListSecrets", "secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"]
    name = person("Lister", {"Action": actions, "Resource": "*"})
    page = visit("/secrets?secret=console%2Fclosed", user=name)
    show = page.get_by_role("button", name="Show the value", exact=True)
    expect(show).to_have_attribute("aria-disabled", "true")
    show.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Your policies do not allow secretsmanager:GetSecretValue")
    page.goto(f"{visit.server.endpoint}/console/secrets?tab=parameters")
    expect(page.get_by_text("You may not see the parameters")).to_be_visible()


@pytest.mark.parametrize("dark", THEMES)
def test_the_pages_are_accessible(visit: Any, cloud: Cloud, dark: bool) -> None:
    shade = "dark" if dark else "light"
    cloud.secretsmanager.create_secret(
        Name=f"console/{shade}", SecretString='{"user": "shop"}', Description="The shop's <b>database</b>"
    )
    page = visit("/secrets", dark=dark)
    expect(page.get_by_role("link", name=f"console/{shade}")).to_be_visible()
    assert visit.axe(page) == []
    visit.picture(page, f"secrets-{shade}")
    page.get_by_role("link", name=f"console/{shade}").click()
    expect(page.get_by_text("The shop's <b>database</b>").first).to_be_visible()
    page.get_by_role("button", name="Show the value", exact=True).click()
    expect(page.get_by_role("region", name="The value")).to_be_visible()
    assert visit.axe(page) == []
    visit.picture(page, f"secret-{shade}")


def test_the_page_fits_narrow_screens(visit: Any, cloud: Cloud) -> None:
    cloud.secretsmanager.create_secret(Name="console/narrow", SecretString=HIDDEN, Description="d" * 200)
    page = visit("/secrets?secret=console%2Fnarrow", width=360, height=740)
    expect(page.get_by_role("heading", name="console/narrow")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    visit.picture(page, "secret-narrow")
