"""Buckets: browsing, uploading, versions, downloads that are never drawn as pages."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from stageline.testing.cloud import Cloud

PAGE = b"<html><script>document.title='run'</script></html>"


@pytest.fixture(scope="session")
def shed(cloud: Cloud) -> str:
    cloud.bucket("tool-shed", versioned=True)
    for body in (b"old", PAGE):
        cloud.s3.put_object(Bucket="tool-shed", Key="rack/page.html", Body=body, ContentType="text/html")
    cloud.s3.put_object(Bucket="tool-shed", Key="notes.txt", Body=b"notes")
    return "tool-shed"


def test_a_bucket_is_made_filled_and_emptied(visit: Any, cloud: Cloud, tmp_path: Path) -> None:
    page = visit("/buckets")
    page.get_by_role("button", name="Create bucket").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Wrong_Name")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("InvalidBucketName")).to_be_visible()
    dialog.get_by_label("Name").fill("crate")
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="crate")).to_be_visible()
    assert cloud.s3.get_bucket_versioning(Bucket="crate")["Status"] == "Enabled"
    file = tmp_path / "räder & co.txt"
    file.write_bytes(b"four wheels")
    page.get_by_role("button", name="Upload").click()
    dialog.get_by_label("Folder").fill("parts/")
    dialog.locator("input[type=file]").set_input_files(file)
    dialog.get_by_role("button", name="Upload").click()
    page.get_by_role("link", name="parts").click()
    expect(page.get_by_role("row").filter(has_text="räder & co.txt")).to_be_visible()
    assert cloud.text("crate", "parts/räder & co.txt") == "four wheels"
    with page.expect_download() as download:
        page.get_by_role("link", name="Download räder & co.txt").click()
    assert download.value.path().read_bytes() == b"four wheels"
    assert download.value.suggested_filename == "räder & co.txt"
    page.get_by_role("checkbox", name="räder & co.txt").check()
    page.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Nothing is here")).to_be_visible()
    page.get_by_label("Show versions").click()
    expect(page.get_by_text("delete marker")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Remove marker")).click()
    expect(page.get_by_text("delete marker")).to_have_count(0)
    assert cloud.text("crate", "parts/räder & co.txt") == "four wheels"


def test_versions_are_told_apart_and_pages_are_not_drawn(visit: Any, shed: str) -> None:
    page = visit(f"/buckets/{shed}?prefix=rack%2F&versions=true", dark=True)
    rows = page.get_by_role("row").filter(has_text="rack/page.html")
    expect(rows).to_have_count(2)
    visit.picture(page, "bucket-dark")
    assert visit.axe(page) == []
    with page.expect_download() as download:
        rows.filter(has_not_text="latest").get_by_role("link", name=re.compile("Download")).click()
    assert download.value.path().read_bytes() == b"old"
    address = f"{visit.server.endpoint}/console/objects?bucket={shed}&key=rack/page.html"
    answer = page.request.get(address)
    assert answer.body() == PAGE
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_properties_are_seen_and_versions_suspended(visit: Any, cloud: Cloud) -> None:
    cloud.bucket("prop", versioned=True)
    page = visit("/buckets/prop?tab=properties")
    expect(page.get_by_text("The bucket has no policy.")).to_be_visible()
    visit.picture(page, "bucket-properties-light")
    assert visit.axe(page) == []
    page.get_by_role("button", name="Suspend versions").click()
    expect(page.get_by_role("button", name="Keep versions")).to_be_visible()
    assert cloud.s3.get_bucket_versioning(Bucket="prop")["Status"] == "Suspended"


def test_who_may_only_read_may_not_change_anything(visit: Any, person: Any, shed: str) -> None:
    page = visit(f"/buckets/{shed}", user=person("Reader", managed="AmazonS3ReadOnlyAccess"))
    expect(page.get_by_text("notes.txt")).to_be_visible()
    button = page.get_by_role("button", name="Upload")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("s3:PutObject")
    page = visit(f"/buckets/{shed}", user=person("Outsider", {"Action": "s3:ListAllMyBuckets", "Resource": "*"}))
    expect(page.get_by_text("You may not see this bucket")).to_be_visible()
    refused = page.request.get(f"{visit.server.endpoint}/console/objects?bucket={shed}&key=notes.txt")
    assert refused.status == 403


@pytest.mark.parametrize("path", ["/buckets", "/buckets/tool-shed"])
def test_the_pages_fit_and_are_accessible(visit: Any, shed: str, path: str) -> None:
    page = visit(path, width=360)
    expect(page.get_by_text(re.compile("tool-shed|notes.txt")).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert visit.axe(page) == []
