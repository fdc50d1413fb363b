"""Repositories: code, commits, differences and branches, as somebody sees them who reviews a change."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from stageline.testing.cloud import Checkout, Cloud
from stageline.testing.process import ServerProcess

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="session")
def library(cloud: Cloud, server: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A repository with two commits and a branch."""
    cloud.codecommit.create_repository(repositoryName="library", repositoryDescription="Books & more")
    checkout = Checkout(tmp_path_factory.mktemp("library") / "checkout", cloud.developer("librarian"))
    checkout.commit({"README.md": "# Library\n", "shelf/one.txt": "first\nsecond\n", "logo.bin": "\0\1"}, "Put up a shelf")
    checkout.commit({"shelf/one.txt": f"first\n{EVIL}\n"}, f"Change a book {EVIL}\n\nWith a reason.")
    checkout.push(server, "library")
    head = cloud.codecommit.get_branch(repositoryName="library", branchName="main")["branch"]["commitId"]
    cloud.codecommit.create_branch(repositoryName="library", branchName="feature/new", commitId=head)
    cloud.codecommit.put_file(
        repositoryName="library",
        branchName="feature/new",
        fileContent=b"fresh\n",
        filePath="shelf/two.txt",
        parentCommitId=head,
        commitMessage="Add a book",
    )
    return checkout


def test_code_is_browsed_by_folder_branch_and_line(visit: Any, library: Checkout) -> None:
    page = visit("/repositories")
    page.get_by_role("link", name="library").click()
    expect(page.get_by_role("region", name="README.md")).to_contain_text("# Library")
    visit.picture(page, "repository-light")
    page.get_by_role("link", name="shelf").click()
    page.get_by_role("link", name="one.txt").click()
    expect(page.get_by_role("region", name="shelf/one.txt")).to_contain_text(EVIL)
    page.get_by_role("link", name="Link to line 2").click()
    assert page.url.endswith("/repositories/library/blob/main/shelf/one.txt#L2")
    assert visit.axe(page) == []
    page.get_by_role("navigation", name="Path in the repository").get_by_role("link", name="shelf").click()
    page.get_by_role("button", name=re.compile("Branch or commit")).click()
    page.get_by_role("option", name="feature/new").click()
    page.get_by_role("link", name="two.txt").click()
    expect(page.get_by_role("region", name="shelf/two.txt")).to_contain_text("fresh")
    page.goto(f"{visit.server.endpoint}/console/repositories/library/blob/main/logo.bin")
    expect(page.get_by_text("This file is no text")).to_be_visible()


def test_commits_tell_what_they_changed(visit: Any, library: Checkout) -> None:
    page = visit("/repositories/library", dark=True)
    page.get_by_role("tab", name="Commits").click()
    row = page.get_by_role("row").filter(has_text="Change a book")
    expect(row).to_contain_text(EVIL)
    assert visit.axe(page) == []
    row.get_by_role("link").first.click()
    expect(page.get_by_text("With a reason.")).to_be_visible()
    changes = page.get_by_role("region", name="Changes of shelf/one.txt")
    expect(changes.locator("tr.removed")).to_contain_text("second")
    expect(changes.locator("tr.added")).to_contain_text(EVIL)
    visit.picture(page, "commit-dark")
    assert visit.axe(page) == []
    page.get_by_role("link", name=re.compile("^[0-9a-f]{8}$")).click()
    expect(page.get_by_text("None: the first commit")).to_be_visible()
    expect(page.get_by_role("region", name="Changes of shelf/one.txt").locator("tr.added")).to_have_count(2)


def test_branches_are_compared_made_and_deleted(visit: Any, library: Checkout, cloud: Cloud) -> None:
    page = visit("/repositories/library/compare")
    page.get_by_role("button", name=re.compile("^To")).click()
    page.get_by_role("option", name="feature/new").click()
    expect(page.get_by_role("region", name="Changes of shelf/two.txt")).to_contain_text("fresh")
    assert "to=feature" in page.url
    page.get_by_role("tab", name="Branches").click()
    page.get_by_role("button", name="Create branch").click()
    page.get_by_role("dialog").get_by_label("Name").fill("fix")
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    expect(page.get_by_role("link", name="fix")).to_be_visible()
    page.get_by_role("button", name="Delete fix").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("link", name="fix")).to_have_count(0)
    assert sorted(cloud.codecommit.list_branches(repositoryName="library")["branches"]) == ["feature/new", "main"]


def test_an_empty_repository_teaches_to_push_and_is_deleted(visit: Any, cloud: Cloud) -> None:
    page = visit("/repositories")
    page.get_by_role("button", name="Create repository").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("not a name")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("InvalidRepositoryNameException")).to_be_visible()
    dialog.get_by_label("Name").fill("blank")
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_text(f"git push {visit.server.endpoint}/v1/repos/blank HEAD:main")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    dialog.get_by_label(re.compile("type delete")).fill("delete")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Repositories")).to_be_visible()
    assert "blank" not in [each["repositoryName"] for each in cloud.codecommit.list_repositories()["repositories"]]


def test_who_may_not_see_a_repository_is_told_so(visit: Any, person: Any, library: Checkout) -> None:
    page = visit("/repositories/library", user=person("Passerby", {"Action": "codecommit:ListRepositories", "Resource": "*"}))
    expect(page.get_by_text("You may not see this repository")).to_be_visible()
    expect(page.get_by_text("codecommit:GetRepository")).to_be_visible()


@pytest.mark.parametrize("path", ["/repositories", "/repositories/library", "/repositories/library/history/main"])
def test_the_pages_fit_and_are_accessible(visit: Any, library: Checkout, path: str) -> None:
    page = visit(path, width=360)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("library|Browse|shelf")).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert visit.axe(page) == []
