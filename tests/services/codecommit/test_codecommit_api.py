"""Repositories, branches, commits and files through the API."""

import io
import re
import subprocess
import threading
import time
import zipfile
from typing import Any

import pytest

from stageline.ports.api import ApiError
from stageline.services.codecommit.archive import StoredRepositories, zip_commit
from stageline.services.codecommit.plumbing.git import add_pack
from stageline.services.codecommit.plumbing.objects import oid_of, render_pack
from stageline.services.codecommit.repositories import sweep

Server = Any


def allow(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}


def test_a_repository_is_made_shown_renamed_described_and_deleted(server: Server) -> None:
    made = server.call("create_repository", repositoryName="web", repositoryDescription="the site", tags={"team": "a"})
    made = made["repositoryMetadata"]
    assert made["Arn"] == "arn:aws:codecommit:us-east-1:000000000000:web"
    assert made["cloneUrlHttp"] == "http://127.0.0.1:4566/v1/repos/web"
    assert made["defaultBranch"] is None
    assert re.fullmatch(r"[0-9a-f-]{36}", made["repositoryId"])
    assert [each.name for each in server.git_dir.iterdir()] == [made["repositoryId"]]
    assert server.refused("RepositoryNameExistsException", "create_repository", repositoryName="web") == (
        "Repository named web already exists"
    )
    assert len(list(server.git_dir.iterdir())) == 1
    server.call("create_repository", repositoryName="Web")
    server.call("update_repository_name", oldName="web", newName="site")
    server.refused("RepositoryNameExistsException", "update_repository_name", oldName="site", newName="Web")
    server.call("update_repository_description", repositoryName="site", repositoryDescription="")
    shown = server.call("get_repository", repositoryName="site")["repositoryMetadata"]
    assert shown["repositoryId"] == made["repositoryId"]
    assert shown["repositoryDescription"] is None
    assert shown["lastModifiedDate"] >= shown["creationDate"] == made["creationDate"]
    assert server.refused("RepositoryDoesNotExistException", "get_repository", repositoryName="web") == "web does not exist"
    assert server.call("delete_repository", repositoryName="site") == {"repositoryId": made["repositoryId"]}
    assert server.call("delete_repository", repositoryName="site") == {}
    assert not (server.git_dir / made["repositoryId"]).exists()
    assert len(list(server.git_dir.iterdir())) == 1


def test_names_of_repositories_are_checked(server: Server) -> None:
    for name in ("web.git", "web.GIT", "..", ".", "a/b", "a b", "ü"):
        server.refused("InvalidRepositoryNameException", "create_repository", repositoryName=name)
    assert list(server.git_dir.iterdir()) == []


def test_repositories_are_listed_and_fetched_in_batches(server: Server) -> None:
    for name in ("b", "a", "c"):
        server.call("create_repository", repositoryName=name)
    listed = server.call("list_repositories")["repositories"]
    assert [each["repositoryName"] for each in listed] == ["a", "b", "c"]
    listed = server.call("list_repositories", order="descending")["repositories"]
    assert [each["repositoryName"] for each in listed] == ["c", "b", "a"]
    listed = server.call("list_repositories", sortBy="lastModifiedDate")["repositories"]
    assert [each["repositoryName"] for each in listed] == ["b", "a", "c"]
    server.refused("InvalidContinuationTokenException", "list_repositories", nextToken="bm9uc2Vuc2U=")
    batch = server.call("batch_get_repositories", repositoryNames=["c", "x", "a"])
    assert [each["repositoryName"] for each in batch["repositories"]] == ["c", "a"]
    assert batch["repositoriesNotFound"] == ["x"]
    assert batch["errors"][0]["errorCode"] == "RepositoryDoesNotExistException"


def test_pages_of_repositories_join_without_gap(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stageline.services.codecommit.repositories.PAGE", 2)
    for name in ("a", "b", "c", "d", "e"):
        server.call("create_repository", repositoryName=name)
    for request in ({}, {"order": "descending"}, {"sortBy": "lastModifiedDate", "order": "descending"}):
        found, token = [], {}
        while True:
            page = server.call("list_repositories", **request, **token)
            found += [each["repositoryName"] for each in page["repositories"]]
            if "nextToken" not in page:
                break
            token = {"nextToken": page["nextToken"]}
        assert found == (list("edcba") if "order" in request else list("abcde"))


def test_tags_are_kept_and_count_in_policies(server: Server) -> None:
    server.call("create_repository", repositoryName="web", tags={"team": "a"})
    arn = "arn:aws:codecommit:us-east-1:000000000000:web"
    server.call("tag_resource", resourceArn=arn, tags={"team": "b", "env": "x"})
    server.call("untag_resource", resourceArn=arn, tagKeys=["env", "none"])
    assert server.call("list_tags_for_resource", resourceArn=arn)["tags"] == {"team": "b"}
    server.refused("InvalidSystemTagUsageException", "tag_resource", resourceArn=arn, tags={"aws:x": "y"})
    server.refused("TooManyTagsException", "tag_resource", resourceArn=arn, tags={str(n): "" for n in range(50)})
    server.refused("InvalidResourceArnException", "list_tags_for_resource", resourceArn="web")
    server.refused("RepositoryDoesNotExistException", "list_tags_for_resource", resourceArn=arn + "x")
    mate = server.user("mate", allow("codecommit:GetRepository", Condition={"StringEquals": {"aws:ResourceTag/team": "b"}}))
    server.call("get_repository", mate, repositoryName="web")
    server.call("tag_resource", resourceArn=arn, tags={"team": "c"})
    server.refused("AccessDeniedException", "get_repository", mate, repositoryName="web")


@pytest.fixture
def first(server: Server) -> str:
    """The first commit of the repository ``web``, made by PutFile on main."""
    server.call("create_repository", repositoryName="web")
    made = server.call(
        "put_file",
        repositoryName="web",
        branchName="main",
        filePath="src/app.py",
        fileContent=b"print(1)\n",
        commitMessage="first",
        name="Ann",
        email="ann@example.com",
    )
    return str(made["commitId"])


def commit(server: Server, parent: str, **request: Any) -> dict[str, Any]:
    made: dict[str, Any] = server.call("create_commit", repositoryName="web", branchName="main", parentCommitId=parent, **request)
    return made


def names(server: Server, specifier: str) -> set[str]:
    after = {"repositoryName": "web", "afterCommitSpecifier": specifier}
    return {each["afterBlob"]["path"] for each in server.call("get_differences", **after)["differences"]}


def test_put_file_makes_a_commit_that_git_finds_sound(server: Server, first: str) -> None:
    shown = server.call("get_commit", repositoryName="web", commitId=first)["commit"]
    assert shown["message"] == "first"
    assert shown["parents"] == []
    assert (shown["author"]["name"], shown["author"]["email"]) == ("Ann", "ann@example.com")
    assert re.fullmatch(r"\d{10} \+0000", shown["committer"]["date"])
    assert server.call("get_repository", repositoryName="web")["repositoryMetadata"]["defaultBranch"] == "main"
    (event,) = server.events.details()
    assert (event["event"], event["commitId"], event["referenceFullName"]) == ("referenceCreated", first, "refs/heads/main")
    (bare,) = server.git_dir.iterdir()
    done = subprocess.run(["git", "--git-dir", bare, "fsck", "--strict", "--full"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert subprocess.run(["git", "--git-dir", bare, "rev-parse", "main"], capture_output=True, text=True).stdout.strip() == first


def test_the_parent_commit_is_an_optimistic_lock(server: Server, first: str) -> None:
    put = {"repositoryName": "web", "branchName": "main", "filePath": "a", "fileContent": b"1"}
    server.refused("ParentCommitIdRequiredException", "put_file", **put)
    server.refused("InvalidParentCommitIdException", "put_file", **put, parentCommitId=first[:7])
    server.refused("ParentCommitDoesNotExistException", "put_file", **put, parentCommitId="0" * 40)
    second = server.call("put_file", **put, parentCommitId=first)["commitId"]
    server.refused("ParentCommitIdOutdatedException", "put_file", **put | {"fileContent": b"2"}, parentCommitId=first)
    server.refused("SameFileContentException", "put_file", **put, parentCommitId=second)
    server.refused("BranchDoesNotExistException", "put_file", **put | {"branchName": "other"}, parentCommitId=second)
    assert [each["event"] for each in server.events.details()] == ["referenceCreated", "referenceUpdated"]


def test_of_many_commits_on_one_parent_exactly_one_lands(server: Server, first: str) -> None:
    outcomes: list[str] = []

    def put(number: int) -> None:
        try:
            commit(server, first, putFiles=[{"filePath": f"f{number}", "fileContent": b"x"}])
            outcomes.append("landed")
        except ApiError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=put, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["ParentCommitIdOutdatedException"] * 5 + ["landed"]
    assert len(server.events.all()) == 2


def test_create_commit_puts_copies_moves_deletes_and_sets_modes(server: Server, first: str) -> None:
    second = commit(
        server,
        first,
        putFiles=[
            {"filePath": "run.sh", "fileContent": b"#!/bin/sh\n", "fileMode": "EXECUTABLE"},
            {"filePath": "link", "fileContent": b"run.sh", "fileMode": "SYMLINK"},
            {"filePath": "docs/a/b.md", "fileContent": b"b"},
            {"filePath": "docs/gone.md", "fileContent": b"g"},
        ],
    )
    assert {each["absolutePath"]: each["fileMode"] for each in second["filesAdded"]} == {
        "run.sh": "EXECUTABLE",
        "link": "SYMLINK",
        "docs/a/b.md": "NORMAL",
        "docs/gone.md": "NORMAL",
    }
    third = commit(
        server,
        second["commitId"],
        putFiles=[
            {"filePath": "copy.sh", "sourceFile": {"filePath": "run.sh"}},
            {"filePath": "moved.md", "sourceFile": {"filePath": "docs/a/b.md", "isMove": True}},
        ],
        deleteFiles=[{"filePath": "docs/gone.md"}],
        setFileModes=[{"filePath": "src/app.py", "fileMode": "EXECUTABLE"}],
    )
    assert {each["absolutePath"] for each in third["filesAdded"]} == {"copy.sh", "moved.md"}
    assert [each["absolutePath"] for each in third["filesUpdated"]] == ["src/app.py"]
    assert {each["absolutePath"] for each in third["filesDeleted"]} == {"docs/a/b.md", "docs/gone.md"}
    assert names(server, third["commitId"]) == {"run.sh", "link", "copy.sh", "moved.md", "src/app.py"}
    assert server.call("get_file", repositoryName="web", filePath="copy.sh")["fileMode"] == "EXECUTABLE"
    root = server.call("get_folder", repositoryName="web", folderPath="/")
    assert [each["absolutePath"] for each in root["subFolders"]] == ["src"]
    assert [each["relativePath"] for each in root["symbolicLinks"]] == ["link"]
    assert server.call("get_blob", repositoryName="web", blobId=root["symbolicLinks"][0]["blobId"])["content"] == b"run.sh"
    emptied = commit(server, third["commitId"], deleteFiles=[{"filePath": "src/app.py"}], keepEmptyFolders=True)
    assert "src/.gitkeep" in names(server, emptied["commitId"])
    folder = commit(
        server,
        emptied["commitId"],
        deleteFiles=[{"filePath": "src/.gitkeep"}],
        putFiles=[{"filePath": "src", "fileContent": b"now a file"}],
    )
    assert "src" in names(server, folder["commitId"])


def test_a_commit_of_a_hundred_files_lands_at_once(server: Server, first: str) -> None:
    files = [{"filePath": f"d{n % 9}/f{n}", "fileContent": b"%d" % n} for n in range(100)]
    made = commit(server, first, putFiles=files)
    assert len(made["filesAdded"]) == 100
    assert len(names(server, made["commitId"])) == 100  # the first page
    (bare,) = server.git_dir.iterdir()
    assert subprocess.run(["git", "--git-dir", bare, "fsck", "--strict"], capture_output=True).returncode == 0


def test_commits_that_make_no_sense_are_refused(server: Server, first: str) -> None:
    def refused(code: str, **request: Any) -> None:
        server.refused(code, "create_commit", repositoryName="web", branchName="main", parentCommitId=first, **request)

    content = {"fileContent": b"x"}
    refused("FileEntryRequiredException")
    refused("NoChangeException", putFiles=[{"filePath": "src/app.py", "fileContent": b"print(1)\n"}])
    refused("MaximumFileEntriesExceededException", putFiles=[{"filePath": f"f{n}", **content} for n in range(101)])
    refused("SamePathRequestException", putFiles=[{"filePath": "a", **content}, {"filePath": "a", **content}])
    refused(
        "SamePathRequestException", putFiles=[{"filePath": "src/app.py", **content}], deleteFiles=[{"filePath": "src/app.py"}]
    )
    refused("PutFileEntryConflictException", putFiles=[{"filePath": "a", **content}, {"filePath": "a/b", **content}])
    refused("SourceFileOrContentRequiredException", putFiles=[{"filePath": "a"}])
    refused(
        "FileContentAndSourceFileSpecifiedException", putFiles=[{"filePath": "a", **content, "sourceFile": {"filePath": "b"}}]
    )
    refused("FileDoesNotExistException", putFiles=[{"filePath": "a", "sourceFile": {"filePath": "none"}}])
    refused("FileDoesNotExistException", deleteFiles=[{"filePath": "none"}])
    refused("FileDoesNotExistException", deleteFiles=[{"filePath": "src"}])
    refused("FileDoesNotExistException", setFileModes=[{"filePath": "none", "fileMode": "NORMAL"}])
    refused("RestrictedSourceFileException", putFiles=[{"filePath": "a", "sourceFile": {"filePath": ".gitkeep", "isMove": True}}])
    refused("FileNameConflictsWithDirectoryNameException", putFiles=[{"filePath": "src", **content}])
    refused("DirectoryNameConflictsWithFileNameException", putFiles=[{"filePath": "src/app.py/x", **content}])
    big = {"fileContent": b"x" * (4 * 1024 * 1024)}
    refused("FolderContentSizeLimitExceededException", putFiles=[{"filePath": "a", **big}, {"filePath": "b", **big}])
    refused("InvalidEmailException", email="a>b\n", putFiles=[{"filePath": "a", **content}])
    refused("NameLengthExceededException", authorName="x\ncommitter evil", putFiles=[{"filePath": "a", **content}])
    assert len(server.events.all()) == 1


def test_paths_that_could_leave_the_repository_are_refused(server: Server, first: str) -> None:
    hostile = [
        "../x",
        "a/../b",
        "a//b",
        "./a",
        "//a",
        ".git/config",
        "a/.GIT/b",
        ".git./x",
        ".git::$INDEX/x",
        "git~1/x",
        ".g\u200cit/config",
        "a\\.git\\config",
        "a\0b",
        "/".join("a" * 22),
        "x" * 300,
    ]
    for path in hostile:
        put = {"repositoryName": "web", "branchName": "main", "parentCommitId": first, "fileContent": b"x"}
        server.refused("InvalidPathException", "put_file", **put, filePath=path)
        server.refused("InvalidPathException", "get_file", repositoryName="web", filePath=path)
        server.refused("InvalidPathException", "get_folder", repositoryName="web", folderPath=path)
    assert server.call("get_file", repositoryName="web", filePath="/src/app.py")["filePath"] == "src/app.py"


def test_a_hostile_gitmodules_file_is_refused(server: Server, first: str) -> None:
    text = b'[submodule "x"]\n\tpath = x\n\turl = --upload-pack=evil\n'
    put = {"repositoryName": "web", "branchName": "main", "parentCommitId": first, "fileContent": text}
    server.refused("InvalidPathException", "put_file", **put, filePath=".gitmodules")


def test_commits_are_found_by_branch_tag_reference_and_id_only(server: Server, first: str) -> None:
    (bare,) = server.git_dir.iterdir()
    subprocess.run(
        ["git", "--git-dir", bare, "-c", "user.name=a", "-c", "user.email=a", "tag", "-a", "-m", "t", "v1", first], check=True
    )
    for specifier in ("main", "refs/heads/main", "v1", "refs/tags/v1", first, first.upper(), "HEAD"):
        found = server.call("get_file", repositoryName="web", commitSpecifier=specifier, filePath="src/app.py")
        assert found["commitId"] == first
        assert found["fileContent"] == b"print(1)\n"
    get = {"repositoryName": "web", "filePath": "src/app.py"}
    for specifier in ("main~1", "main^{tree}", "--all", ":/first", "@{0}", "a b"):
        server.refused("InvalidCommitException", "get_file", **get, commitSpecifier=specifier)
    for specifier in ("none", first[:10], "0" * 40):
        server.refused("CommitDoesNotExistException", "get_file", **get, commitSpecifier=specifier)
    server.refused("InvalidCommitIdException", "get_commit", repositoryName="web", commitId="main")
    server.refused("CommitIdDoesNotExistException", "get_commit", repositoryName="web", commitId="0" * 40)
    batch = server.call("batch_get_commits", repositoryName="web", commitIds=[first, "0" * 40, "short"])
    assert [each["commitId"] for each in batch["commits"]] == [first]
    assert [each["errorCode"] for each in batch["errors"]] == ["CommitIdDoesNotExistException", "InvalidCommitIdException"]
    server.refused("FileDoesNotExistException", "get_file", repositoryName="web", filePath="src")
    server.refused("FolderDoesNotExistException", "get_folder", repositoryName="web", folderPath="src/app.py")
    server.refused("BlobIdDoesNotExistException", "get_blob", repositoryName="web", blobId=first)


def test_an_empty_repository_has_no_commit(server: Server) -> None:
    server.call("create_repository", repositoryName="web")
    server.refused("CommitDoesNotExistException", "get_file", repositoryName="web", filePath="a")
    server.refused("BranchDoesNotExistException", "get_branch", repositoryName="web", branchName="main")
    assert server.call("list_branches", repositoryName="web") == {"branches": []}


def test_branches_are_made_listed_and_deleted(server: Server, first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("dev", "release/1"):
        server.call("create_branch", repositoryName="web", branchName=name, commitId=first)
    server.refused("BranchNameExistsException", "create_branch", repositoryName="web", branchName="dev", commitId=first)
    server.refused("CommitDoesNotExistException", "create_branch", repositoryName="web", branchName="x", commitId="0" * 40)
    server.refused("InvalidBranchNameException", "create_branch", repositoryName="web", branchName="release", commitId=first)
    monkeypatch.setattr("stageline.services.codecommit.branches.PAGE", 2)
    page = server.call("list_branches", repositoryName="web")
    assert page["branches"] == ["dev", "main"]
    assert server.call("list_branches", repositoryName="web", nextToken=page["nextToken"]) == {"branches": ["release/1"]}
    server.refused("DefaultBranchCannotBeDeletedException", "delete_branch", repositoryName="web", branchName="main")
    server.call("update_default_branch", repositoryName="web", defaultBranchName="dev")
    server.refused("BranchDoesNotExistException", "update_default_branch", repositoryName="web", defaultBranchName="none")
    assert server.call("delete_branch", repositoryName="web", branchName="main")["deletedBranch"]["commitId"] == first
    assert server.call("delete_branch", repositoryName="web", branchName="main") == {}
    assert server.call("get_repository", repositoryName="web")["repositoryMetadata"]["defaultBranch"] == "dev"
    told = [(each["event"], each["referenceName"]) for each in server.events.details()]
    assert told[1:] == [("referenceCreated", "dev"), ("referenceCreated", "release/1"), ("referenceDeleted", "main")]


def test_packed_references_are_read_like_loose_ones(server: Server, first: str) -> None:
    (bare,) = server.git_dir.iterdir()
    server.call("create_branch", repositoryName="web", branchName="dev", commitId=first)
    subprocess.run(["git", "--git-dir", bare, "pack-refs", "--all"], check=True)
    assert not (bare / "refs/heads/dev").exists()
    assert server.call("get_branch", repositoryName="web", branchName="dev")["branch"]["commitId"] == first
    assert server.call("list_branches", repositoryName="web")["branches"] == ["dev", "main"]
    second = commit(server, first, putFiles=[{"filePath": "a", "fileContent": b"1"}])["commitId"]
    assert server.call("get_branch", repositoryName="web", branchName="main")["branch"]["commitId"] == second


def test_many_loose_objects_are_packed_in_the_background(server: Server, first: str) -> None:
    (bare,) = server.git_dir.iterdir()
    crowd = (b"%d" % n for n in range(1_000_000) if oid_of("blob", b"%d" % n).startswith("17"))
    add_pack(bare, render_pack([("blob", next(crowd)) for _ in range(15)]), 15)
    add_pack(bare, render_pack([("blob", next(crowd)) for _ in range(15)]), 15)
    assert len(list((bare / "objects/17").iterdir())) == 30
    second = commit(server, first, putFiles=[{"filePath": "a", "fileContent": b"1"}])["commitId"]
    deadline = time.monotonic() + 20
    while (not list(bare.glob("objects/pack/*.idx")) or (bare / "gc.pid").exists()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert list(bare.glob("objects/pack/*.idx"))
    assert server.call("get_file", repositoryName="web", commitSpecifier=second, filePath="a")["fileContent"] == b"1"


def test_differences_are_paged_and_bounded_by_paths(server: Server, first: str) -> None:
    second = commit(
        server,
        first,
        putFiles=[{"filePath": f"lib/f{n}", "fileContent": b"%d" % n} for n in range(5)],
        deleteFiles=[{"filePath": "src/app.py"}],
    )["commitId"]
    ask: dict[str, Any] = {"repositoryName": "web", "beforeCommitSpecifier": first, "afterCommitSpecifier": "main"}
    found, token = [], {}
    while True:
        page = server.call("get_differences", **ask, **token, MaxResults=2)
        found += [(each["changeType"], each.get("afterBlob", each.get("beforeBlob"))["path"]) for each in page["differences"]]
        commit_after = server.call("get_branch", repositoryName="web", branchName="main")["branch"]["commitId"]
        # The pages keep to the commits of the first one while the branch goes on.
        commit(server, commit_after, putFiles=[{"filePath": "aaa", "fileContent": b"%d" % len(found)}])
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert found == [*(("A", f"lib/f{n}") for n in range(5)), ("D", "src/app.py")]
    ask["afterCommitSpecifier"] = second
    (deleted,) = server.call("get_differences", **ask, beforePath="src")["differences"]
    assert deleted["beforeBlob"] == {"blobId": deleted["beforeBlob"]["blobId"], "path": "src/app.py", "mode": "100644"}
    (one,) = server.call("get_differences", **ask, afterPath="lib/f3")["differences"]
    assert (one["changeType"], one["afterBlob"]["path"]) == ("A", "lib/f3")
    server.refused("PathDoesNotExistException", "get_differences", **ask, afterPath="none")
    server.refused("InvalidMaxResultsException", "get_differences", **ask, MaxResults=0)
    server.refused("InvalidContinuationTokenException", "get_differences", **ask, NextToken="x")
    assert server.call("get_differences", **ask | {"beforeCommitSpecifier": second})["differences"] == []


def test_the_history_of_a_file_names_the_commits_that_changed_it(server: Server, first: str) -> None:
    second = commit(server, first, putFiles=[{"filePath": "other", "fileContent": b"1"}])["commitId"]
    third = commit(server, second, putFiles=[{"filePath": "src/app.py", "fileContent": b"3"}])["commitId"]
    fourth = commit(server, third, deleteFiles=[{"filePath": "src/app.py"}])["commitId"]
    ask = {"repositoryName": "web", "filePath": "src/app.py", "maxResults": 2}
    page = server.call("list_file_commit_history", **ask)
    dag = page["revisionDag"]
    dag += server.call("list_file_commit_history", **ask, nextToken=page["nextToken"])["revisionDag"]
    found = [(each["commit"]["commitId"], each["blobId"] is None, each["revisionChildren"]) for each in dag]
    assert found == [(fourth, True, []), (third, False, [fourth]), (first, False, [third])]
    assert server.call("list_file_commit_history", repositoryName="web", filePath="--all")["revisionDag"] == []


def test_an_archive_holds_exactly_what_was_committed(server: Server, first: str) -> None:
    made = commit(
        server,
        first,
        putFiles=[
            {"filePath": ".gitattributes", "fileContent": b"* text eol=crlf\n/hidden export-ignore\n/v export-subst\n"},
            {"filePath": "hidden", "fileContent": b"h\n"},
            {"filePath": "v", "fileContent": b"$Format:%H$\n"},
            {"filePath": "run", "fileContent": b"#!\n", "fileMode": "EXECUTABLE"},
            {"filePath": "link", "fileContent": b"run", "fileMode": "SYMLINK"},
        ],
    )["commitId"]
    repositories = StoredRepositories(server.store, server.git_dir, server.authorizer)
    data = b"".join(repositories.archive(server.context(), "web", made))
    assert data == b"".join(repositories.archive(server.context(), "web", made))
    archive = zipfile.ZipFile(io.BytesIO(data))
    files = {each.filename: archive.read(each) for each in archive.infolist() if not each.is_dir()}
    assert files == {
        ".gitattributes": b"* text eol=crlf\n/hidden export-ignore\n/v export-subst\n",
        "hidden": b"h\n",
        "v": b"$Format:%H$\n",
        "run": b"#!\n",
        "link": b"run",
        "src/app.py": b"print(1)\n",
    }
    modes = {each.filename: each.external_attr >> 16 for each in archive.infolist()}
    assert modes["link"] == 0o120777
    assert modes["run"] & 0o111
    (bare,) = server.git_dir.iterdir()
    parts: list[bytes] = []
    zip_commit(server.git_dir, bare.name, made, parts.append)
    assert b"".join(parts) == data
    with pytest.raises(ApiError, match="FileTooLargeException"):
        zip_commit(server.git_dir, bare.name, made, parts.append, limit_bytes=100)


def test_an_archive_needs_its_own_permission(server: Server, first: str) -> None:
    repositories = StoredRepositories(server.store, server.git_dir, server.authorizer)
    reader = server.user("reader", allow("codecommit:Get*"))
    with pytest.raises(ApiError, match="UploadArchive"):
        repositories.archive(server.context(reader), "web", first)
    uploader = server.user("uploader", allow("codecommit:UploadArchive"))
    assert b"".join(repositories.archive(server.context(uploader), "web", first))[:2] == b"PK"
    tree = server.call("get_commit", repositoryName="web", commitId=first)["commit"]["treeId"]
    for name, commit_id, code in (
        ("none", first, "RepositoryDoesNotExistException"),
        ("web", tree, "CommitDoesNotExistException"),
        ("web", "0" * 40, "CommitDoesNotExistException"),
        ("web", "--output=/tmp/x", "InvalidCommitIdException"),
    ):
        with pytest.raises(ApiError, match=code):
            repositories.archive(server.context(), name, commit_id)


def test_what_a_crash_left_behind_is_swept_and_nothing_else(server: Server, first: str) -> None:
    (bare,) = server.git_dir.iterdir()
    (server.git_dir / "stray").mkdir()
    (server.git_dir / "half.deleted").mkdir()
    now = server.clock.now()
    assert sweep(server.store, server.git_dir, now) == 0
    assert sweep(server.store, server.git_dir, now + 3_700_000) == 2
    assert list(server.git_dir.iterdir()) == [bare]


def test_nobody_may_anything_by_default(server: Server, first: str) -> None:
    stranger = server.user("stranger")
    web = {"repositoryName": "web"}
    for operation, request in {
        "get_repository": web,
        "list_repositories": {},
        "batch_get_repositories": {"repositoryNames": ["web"]},
        "create_repository": {"repositoryName": "x"},
        "delete_repository": web,
        "update_repository_name": {"oldName": "web", "newName": "x"},
        "get_branch": {**web, "branchName": "main"},
        "delete_branch": {**web, "branchName": "main"},
        "get_file": {**web, "filePath": "src/app.py"},
        "put_file": {**web, "branchName": "main", "filePath": "a", "fileContent": b""},
        "list_file_commit_history": {**web, "filePath": "src/app.py"},
        "list_tags_for_resource": {"resourceArn": "arn:aws:codecommit:us-east-1:000000000000:web"},
    }.items():
        message = server.refused("AccessDeniedException", operation, stranger, **request)
        assert "codecommit:" in message
