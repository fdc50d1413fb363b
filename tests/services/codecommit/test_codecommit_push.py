"""Clone, fetch and push with a real git client."""

import random
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from stageline.services.codecommit.plumbing import git

Server = Any
Client = Any


def allow(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}


@pytest.fixture
def pushed(server: Server, client: Client) -> tuple[Path, str]:
    """A repository ``web`` with one commit on main, and the working folder that it was pushed from."""
    server.call("create_repository", repositoryName="web")
    folder = client.work("web")
    commit = client.commit(folder, {"README.md": "hello\n", "src/app.py": "print(1)\n"}, "first")
    client.git("push", "-q", "origin", "main", cwd=folder)
    return folder, commit


def test_a_first_push_creates_the_branch_makes_it_the_default_and_is_announced(
    server: Server, client: Client, pushed: tuple[Path, str]
) -> None:
    _, commit = pushed
    assert server.call("get_branch", repositoryName="web", branchName="main")["branch"]["commitId"] == commit
    shown = server.call("get_repository", repositoryName="web")["repositoryMetadata"]
    assert shown["defaultBranch"] == "main"
    (event,) = server.events.all()
    assert event["source"] == "aws.codecommit"
    assert event["detail-type"] == "CodeCommit Repository State Change"
    assert event["resources"] == ["arn:aws:codecommit:us-east-1:000000000000:web"]
    assert event["detail"] == {
        "event": "referenceCreated",
        "repositoryName": "web",
        "repositoryId": shown["repositoryId"],
        "referenceType": "branch",
        "referenceName": "main",
        "referenceFullName": "refs/heads/main",
        "commitId": commit,
        "callerUserArn": "arn:aws:iam::000000000000:user/ann",
    }


def test_a_first_push_of_another_branch_makes_that_one_the_default(server: Server, client: Client) -> None:
    server.call("create_repository", repositoryName="web")
    folder = client.work("web", branch="trunk")
    client.commit(folder, {"a": "1"})
    client.git("push", "-q", "origin", "trunk", cwd=folder)
    assert server.call("get_repository", repositoryName="web")["repositoryMetadata"]["defaultBranch"] == "trunk"
    client.git("clone", "-q", client.remote("web"), "copy")
    assert client.git("branch", "--show-current", cwd=client.home / "copy") == "trunk"


def test_what_was_pushed_can_be_cloned_and_fetched(client: Client, pushed: tuple[Path, str]) -> None:
    folder, commit = pushed
    client.git("clone", "-q", client.remote("web"), "copy")
    copy = client.home / "copy"
    assert client.git("rev-parse", "HEAD", cwd=copy) == commit
    assert (copy / "src/app.py").read_text() == "print(1)\n"
    second = client.commit(folder, {"README.md": "more\n"}, "second")
    client.git("push", "-q", "origin", "main", cwd=folder)
    client.git("pull", "-q", "--ff-only", cwd=copy)
    assert client.git("rev-parse", "HEAD", cwd=copy) == second
    client.git("clone", "-q", "--depth=1", client.remote("web"), "shallow")
    client.git("-c", "protocol.version=0", "clone", "-q", client.remote("web"), "old-protocol")


def test_moves_force_pushes_deletions_and_tags_are_told_apart(server: Server, client: Client, pushed: tuple[Path, str]) -> None:
    folder, first = pushed
    second = client.commit(folder, {"README.md": "2\n"})
    client.git("tag", "-a", "v1", "-m", "version 1", cwd=folder)
    client.git("push", "-q", "origin", "main", "main:refs/heads/feature/x", "v1", cwd=folder)
    client.git("reset", "-q", "--hard", first, cwd=folder)
    third = client.commit(folder, {"README.md": "3\n"})
    assert client.try_git("push", "-q", "origin", "main", cwd=folder).returncode != 0
    client.git("push", "-q", "--force", "origin", "main", cwd=folder)
    client.git("push", "-q", "origin", "--delete", "feature/x", cwd=folder)
    told = [
        (each["event"], each["referenceType"], each["referenceName"], each.get("oldCommitId"), each.get("commitId"))
        for each in server.events.details()[1:]
    ]
    assert sorted(told[:3]) == sorted(
        [
            ("referenceUpdated", "branch", "main", first, second),
            ("referenceCreated", "branch", "feature/x", None, second),
            ("referenceCreated", "tag", "v1", None, second),
        ]
    )
    assert told[3:] == [
        ("referenceUpdated", "branch", "main", second, third),
        ("referenceDeleted", "branch", "feature/x", second, None),
    ]


def test_the_default_branch_cannot_be_deleted_by_a_push(server: Server, client: Client, pushed: tuple[Path, str]) -> None:
    folder, commit = pushed
    refused = client.try_git("push", "origin", "--delete", "main", cwd=folder)
    assert refused.returncode != 0
    assert "deletion of the current branch prohibited" in refused.stderr
    assert server.call("get_branch", repositoryName="web", branchName="main")["branch"]["commitId"] == commit
    assert len(server.events.all()) == 1


def test_a_thousand_files_are_pushed_at_once(server: Server, client: Client) -> None:
    server.call("create_repository", repositoryName="big")
    folder = client.work("big")
    client.commit(folder, {f"d{n % 17}/f{n}.txt": f"{n}\n" * 20 for n in range(1_000)})
    client.git("push", "-q", "origin", "main", cwd=folder)
    client.git("clone", "-q", client.remote("big"), "copy")
    assert len(list((client.home / "copy").rglob("*.txt"))) == 1_000


def test_a_large_push_comes_in_chunks(server: Server, client: Client) -> None:
    server.call("create_repository", repositoryName="big")
    folder = client.work("big")
    (folder / "noise").write_bytes(random.Random(1).randbytes(6_000_000))
    commit = client.commit(folder, {"a": "1"})
    client.git("push", "-q", "origin", "main", cwd=folder)
    assert any(line.endswith("chunked") and "POST" in line for line in client.seen)
    assert server.call("get_branch", repositoryName="big", branchName="main")["branch"]["commitId"] == commit


def test_a_push_larger_than_the_limit_is_refused(server: Server, client: Client) -> None:
    server.call("create_repository", repositoryName="big")
    object.__setattr__(client.door, "limit", 100_000)
    folder = client.work("big")
    (folder / "noise").write_bytes(random.Random(1).randbytes(300_000))
    client.commit(folder, {"a": "1"})
    refused = client.try_git("push", "-q", "origin", "main", cwd=folder)
    assert refused.returncode != 0
    assert "413" in refused.stderr
    assert server.call("list_branches", repositoryName="big")["branches"] == []
    assert list(server.git_dir.iterdir()) == [server.git_dir / _id(server, "big")]


def test_pushes_at_the_same_time_are_each_announced_once(server: Server, client: Client, pushed: tuple[Path, str]) -> None:
    def push(number: int) -> None:
        folder = client.work(f"web-{number}")
        client.git("remote", "set-url", "origin", client.remote("web"), cwd=folder)
        client.commit(folder, {f"f{number}": "x"})
        client.git("push", "-q", "origin", f"HEAD:refs/heads/b{number}", cwd=folder)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(push, range(4)))
    assert sorted(each["referenceName"] for each in server.events.details()) == ["b0", "b1", "b2", "b3", "main"]


def test_a_push_that_loses_a_race_changes_and_tells_nothing(server: Server, client: Client, pushed: tuple[Path, str]) -> None:
    folder, first = pushed
    won = server.call(
        "put_file", repositoryName="web", branchName="main", filePath="won", fileContent=b"1", parentCommitId=first
    )["commitId"]
    client.commit(folder, {"lost": "1"})
    lost = client.try_git("push", "--force-with-lease", "origin", "main", cwd=folder)
    assert lost.returncode != 0
    assert server.call("get_branch", repositoryName="web", branchName="main")["branch"]["commitId"] == won
    assert [each["event"] for each in server.events.details()] == ["referenceCreated", "referenceUpdated"]


def test_a_push_to_a_repository_that_is_gone_is_refused(server: Server, client: Client, pushed: tuple[Path, str]) -> None:
    folder, _ = pushed
    server.call("delete_repository", repositoryName="web")
    client.commit(folder, {"a": "1"})
    assert "not found" in client.try_git("push", "origin", "main", cwd=folder).stderr
    assert list(server.git_dir.iterdir()) == []


def test_a_renamed_repository_is_served_under_its_new_name_alone(
    server: Server, client: Client, pushed: tuple[Path, str]
) -> None:
    server.call("update_repository_name", oldName="web", newName="site")
    client.git("clone", "-q", client.remote("site"), "copy")
    assert "not found" in client.try_git("clone", client.remote("web"), "other").stderr


def test_many_packs_become_one_after_a_push(server: Server, client: Client, pushed: tuple[Path, str]) -> None:
    work, _ = pushed
    packs = server.git_dir / _id(server, "web") / "objects" / "pack"
    (pack,) = packs.glob("*.pack")
    for number in range(git.AUTO_PACKS):
        for path in (pack, pack.with_suffix(".idx")):
            shutil.copy(path, packs / f"pack-{number:040x}{path.suffix}")
    client.commit(work, {"another.txt": "more\n"})
    client.git("push", "-q", "origin", "main", cwd=work)
    end = time.monotonic() + 20
    while len(list(packs.glob("*.pack"))) > 2:
        assert time.monotonic() < end, "the packs are as many as before"
        time.sleep(0.05)


def _id(server: Server, name: str) -> str:
    return str(server.call("get_repository", repositoryName=name)["repositoryMetadata"]["repositoryId"])
