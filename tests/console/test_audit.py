"""The audit trail in the console."""

from typing import Any

import pytest
from playwright.sync_api import expect

from stageline.testing.browser import THEMES
from stageline.testing.cloud import Cloud

AUDITOR = {"Action": "cloudtrail:LookupEvents", "Resource": "*"}


def test_what_was_just_done_is_shown_with_its_details(visit: Any, cloud: Cloud) -> None:
    cloud.bucket("audited-bucket")
    page = visit("/audit")
    page.get_by_role("searchbox", name="Resource", exact=True).fill("audited-bucket")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="CreateBucket by root: details").click()
    dialog = page.get_by_role("dialog", name="CreateBucket")
    expect(dialog.get_by_label("The record as JSON")).to_contain_text('"eventName": "CreateBucket"')
    visit.picture(page, "audit-detail")
    event = cloud.cloudtrail.lookup_events(
        LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": "audited-bucket"}]
    )
    dialog.get_by_role("button", name="Close").last.click()
    assert "resource=audited-bucket" in page.url
    page.goto(f"{visit.server.endpoint}/console/audit?id={event['Events'][0]['EventId']}")
    dialog = page.get_by_role("dialog", name="CreateBucket")
    request = dialog.get_by_role("button").filter(has_text="-").first
    number = request.inner_text().strip()
    request.click()
    expect(page.get_by_role("searchbox", name="Request id", exact=True)).to_have_value(number)
    expect(page.get_by_role("button", name="CreateBucket by root: details")).to_be_visible()
    expect(page.get_by_text("(1)", exact=True)).to_be_visible()


def test_refusals_are_marked_and_can_be_looked_for(visit: Any, person: Any) -> None:
    name = person("Refused", AUDITOR)
    page = visit("/pipelines", user=name)
    expect(page.get_by_text("You may not see the pipelines")).to_be_visible()
    page.goto(f"{visit.server.endpoint}/console/audit?user={name}")
    page.get_by_label("Refused only").click()
    row = page.get_by_role("row").filter(has_text="ListPipelines").first
    expect(row).to_contain_text("Refused: AccessDeniedException")
    assert "denied=true" in page.url
    row.get_by_role("button", name="ListPipelines").click()
    expect(page.get_by_role("dialog").get_by_text("because no identity-based policy allows").first).to_be_visible()


def test_sign_ins_are_shown_and_filters_join(visit: Any, cloud: Cloud, person: Any) -> None:
    name = person("Entering", AUDITOR)
    cloud.iam.update_login_profile(UserName=name, PasswordResetRequired=True)
    given = {"userName": name, "password": "Correct-Horse-7"}
    sign_in, mark = f"{visit.server.endpoint}/console/session/password", {"x-stageline-console": "1"}
    assert visit.stranger().request.post(sign_in, data=given, headers=mark).status == 409
    cloud.iam.update_login_profile(UserName=name, PasswordResetRequired=False)
    page = visit("/audit", user=name)
    page.get_by_label("Sign-ins only").click()
    page.get_by_role("searchbox", name="User", exact=True).fill(name)
    page.keyboard.press("Enter")
    rows = page.get_by_role("row").filter(has_text="ConsoleLogin")
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text("Refused")
    expect(rows.first).to_contain_text("Done")
    page.get_by_role("searchbox", name="Event", exact=True).fill("Nothing")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing like that was done.")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(page).to_have_url(f"{visit.server.endpoint}/console/audit")


def test_a_time_is_kept_in_the_address(visit: Any) -> None:
    page = visit("/audit?last=1-hour&read=all")
    expect(page.get_by_role("button", name="Last 1 hour")).to_be_visible()
    page.goto(f"{visit.server.endpoint}/console/audit?since=1000&until=2000&read=all")
    expect(page.get_by_text("Nothing like that was done.")).to_be_visible()


def test_older_records_come_when_asked_for(visit: Any, cloud: Cloud) -> None:
    cloud.iam.create_group(GroupName="audited")
    for number in range(60):
        cloud.iam.update_group(GroupName="audited", NewPath=f"/p{number}/")
    page = visit("/audit?event=UpdateGroup")
    expect(page.get_by_text("(50)", exact=True)).to_be_visible()
    page.get_by_role("button", name="Show older records").click()
    expect(page.get_by_text("(60)", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Show older records")).to_have_count(0)


def test_who_may_not_look_sees_why(visit: Any, person: Any) -> None:
    page = visit("/audit", user=person("Blind"))
    expect(page.get_by_text("You may not see the audit trail")).to_be_visible()


@pytest.mark.parametrize("dark", THEMES)
def test_the_page_is_accessible(visit: Any, dark: bool) -> None:
    shade = "dark" if dark else "light"
    page = visit("/audit?event=ConsoleLogin&last=1-hour", dark=dark)
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    assert visit.axe(page) == []
    visit.picture(page, f"audit-{shade}")


def test_the_page_fits_narrow_screens(visit: Any) -> None:
    page = visit("/audit?event=ConsoleLogin", width=360, height=740)
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    visit.picture(page, "audit-narrow")
