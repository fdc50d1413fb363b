"""Who may clone and push, and what hostile clients achieve: nothing."""

import base64
import io
import json
import os
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import pytest

from stageline.ports.http import HttpRequest

Server = Any
Client = Any


def allow(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}


def deny(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": list(actions), "Resource": "*", **more}


@pytest.fixture
def folder(server: Server, client: Client) -> Path:
    """A working folder with a first commit that is on the server's main branch."""
    server.call("create_repository", repositoryName="web")
    folder: Path = client.work("web")
    client.commit(folder, {"README.md": "hello\n"}, "first")
    client.git("push", "-q", "origin", "main", cwd=folder)
    return folder


def act_as(server: Server, client: Client, name: str, *statements: dict[str, Any]) -> None:
    server.user(name, *statements)
    client.user, client.password = server.git_password(name)


def ask(client: Client, method: str, path: str, body: bytes = b"", query: str = "", **headers: str) -> Any:
    token = base64.b64encode(f"{client.user}:{client.password}".encode()).decode()
    given = {"authorization": f"Basic {token}"} | {name.replace("_", "-"): value for name, value in headers.items()}
    request = HttpRequest(method, path, query, given, io.BytesIO(body), client.url, "127.0.0.1")
    return client.door.handle(request)


def test_without_credentials_they_are_asked_for(server: Server, client: Client, folder: Path) -> None:
    client.user = ""
    refused = client.try_git("clone", client.remote("web"), "copy")
    assert "could not read Username" in refused.stderr
    answer = ask(client, "GET", "/v1/repos/web/info/refs", query="service=git-upload-pack", authorization="")
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


def test_a_wrong_password_is_refused(client: Client, folder: Path) -> None:
    client.password = client.password[:-1] + "!"
    refused = client.try_git("ls-remote", client.remote("web"))
    assert refused.returncode != 0
    assert "Authentication failed" in refused.stderr


def test_who_may_only_pull_cannot_push(server: Server, client: Client, folder: Path) -> None:
    act_as(server, client, "reader", allow("codecommit:GitPull"))
    client.git("clone", "-q", client.remote("web"), "copy")
    copy = client.home / "copy"
    client.commit(copy, {"README.md": "mine\n"})
    refused = client.try_git("push", "origin", "main", cwd=copy)
    assert refused.returncode != 0
    assert "403" in refused.stderr
    assert len(server.events.all()) == 1


def test_who_may_nothing_cannot_tell_which_repositories_exist(server: Server, client: Client, folder: Path) -> None:
    act_as(server, client, "nobody")
    answers = [ask(client, "GET", f"/v1/repos/{name}/info/refs", query="service=git-upload-pack") for name in ("web", "none")]
    assert [answer.status for answer in answers] == [403, 403]
    assert client.try_git("clone", client.remote("web"), "copy").returncode != 0


def test_a_repository_that_is_not_there_is_not_found(client: Client, folder: Path) -> None:
    assert "not found" in client.try_git("clone", client.remote("none"), "copy").stderr


def test_a_protected_branch_stays_while_others_are_pushed(server: Server, client: Client, folder: Path) -> None:
    protection = {
        "StringEqualsIfExists": {"codecommit:References": ["refs/heads/main"]},
        "Null": {"codecommit:References": "false"},
    }
    act_as(
        server,
        client,
        "dev",
        allow("codecommit:GitPull", "codecommit:GitPush", "codecommit:PutFile", "codecommit:GetBranch"),
        deny("codecommit:GitPush", "codecommit:PutFile", Condition=protection),
    )
    client.git("remote", "set-url", "origin", client.remote("web"), cwd=folder)
    before = server.call("get_branch", repositoryName="web", branchName="main")
    client.commit(folder, {"README.md": "dev\n"})
    refused = client.try_git("push", "origin", "main", cwd=folder)
    assert refused.returncode != 0
    assert "403" in refused.stderr
    assert client.try_git("push", "origin", "HEAD:refs/heads/dev/1", "HEAD:refs/heads/main", cwd=folder).returncode != 0
    assert server.call("get_branch", repositoryName="web", branchName="main") == before
    client.git("push", "-q", "origin", "HEAD:refs/heads/dev/1", cwd=folder)
    assert server.call("list_branches", repositoryName="web")["branches"] == ["dev/1", "main"]


@pytest.fixture
def helper(server: Server, client: Client) -> dict[str, str]:
    """The environment in which git finds the AWS CLI's credential helper, with the administrator's keys."""
    command = f"!{Path(sys.executable).parent}/aws codecommit credential-helper --ignore-host-check $@"
    client.git("config", "--global", "credential.helper", command)
    client.git("config", "--global", "credential.UseHttpPath", "true")
    client.user = ""
    return {
        "AWS_ACCESS_KEY_ID": server.keys[0],
        "AWS_SECRET_ACCESS_KEY": server.keys[1],
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def with_helper(client: Client, environment: dict[str, str], *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *args], cwd=client.home, env=client.environment() | environment, capture_output=True, text=True, timeout=60
    )


def test_the_credential_helper_of_the_aws_cli_is_understood(client: Client, folder: Path, helper: dict[str, str]) -> None:
    done = with_helper(client, helper, "clone", "-q", client.remote("web"), "copy")
    assert done.returncode == 0, done.stderr
    assert (client.home / "copy/README.md").read_text() == "hello\n"


def test_the_credential_helper_with_the_wrong_secret_is_refused(client: Client, folder: Path, helper: dict[str, str]) -> None:
    done = with_helper(client, helper | {"AWS_SECRET_ACCESS_KEY": "x" * 40}, "clone", "-q", client.remote("web"), "copy")
    assert done.returncode != 0
    assert "403" in done.stderr


def test_a_role_clones_with_temporary_credentials_and_cannot_push(
    server: Server, client: Client, folder: Path, helper: dict[str, str]
) -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "sts:AssumeRole"}
    pull = {"Version": "2012-10-17", "Statement": [allow("codecommit:GitPull")]}
    role = server.call(
        "create_role",
        service="iam",
        RoleName="build",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )["Role"]["Arn"]
    server.call("put_role_policy", service="iam", RoleName="build", PolicyName="p", PolicyDocument=json.dumps(pull))
    builder = server.user("builder", allow("sts:AssumeRole"))
    given = server.call("assume_role", builder, service="sts", RoleArn=role, RoleSessionName="session")["Credentials"]
    session = helper | {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }
    done = with_helper(client, session, "clone", "-q", client.remote("web"), "copy")
    assert done.returncode == 0, done.stderr
    done = with_helper(client, session, "-C", "copy", "push", "origin", "HEAD:refs/heads/x")
    assert "403" in done.stderr
    done = with_helper(
        client, session | {"AWS_SESSION_TOKEN": given["SessionToken"][:-3] + "abc"}, "ls-remote", client.remote("web")
    )
    assert done.returncode != 0


def test_strange_branch_names_are_only_names(server: Server, client: Client, folder: Path) -> None:
    for branch in ["a$(touch${IFS}pwned)", "b;id", "c`id`", "d'e\"f", "g&h|i", "j>k", "h#x", "x=--upload-pack=y", "ünï/✓"]:
        commit = client.commit(folder, {"name": branch}, "--exec=$(touch pwned)\n\nsecond `line`\n")
        client.git("push", "-q", "origin", f"HEAD:refs/heads/{branch}", cwd=folder)
        assert server.call("get_branch", repositoryName="web", branchName=branch)["branch"]["commitId"] == commit
        assert (
            server.call("get_file", repositoryName="web", commitSpecifier=branch, filePath="name")["fileContent"]
            == branch.encode()
        )
        assert server.call("delete_branch", repositoryName="web", branchName=branch)["deletedBranch"]["commitId"] == commit
        assert server.events.details()[-1]["referenceName"] == branch
        assert not list(client.home.parent.rglob("pwned"))


def test_names_that_git_would_misread_are_refused(server: Server, folder: Path) -> None:
    for branch in [
        "-x",
        "--upload-pack=id",
        "../../x",
        "a..b",
        "a b",
        "a\nb",
        "a\0b",
        "a~1",
        "HEAD",
        "@",
        "a.lock",
        ".a",
        "a/",
        "f" * 40,
        "a\\b",
    ]:
        commit = server.call("get_branch", repositoryName="web", branchName="main")["branch"]["commitId"]
        server.refused("InvalidBranchNameException", "get_branch", repositoryName="web", branchName=branch)
        server.refused("InvalidBranchNameException", "create_branch", repositoryName="web", branchName=branch, commitId=commit)
        server.refused("InvalidBranchNameException", "delete_branch", repositoryName="web", branchName=branch)


def pkt(line: bytes) -> bytes:
    return b"%04x%s" % (len(line) + 4, line)


def receive(client: Client, body: bytes, **headers: str) -> Any:
    kind = "application/x-git-receive-pack-request"
    return ask(client, "POST", "/v1/repos/web/git-receive-pack", body, content_type=kind, **headers)


ZERO = b"0" * 40


def test_a_push_of_an_impossible_reference_is_refused_whole(server: Server, client: Client, folder: Path) -> None:
    for ref in [
        b"refs/heads/-x",
        b"refs/heads/../../../x",
        b"refs/heads/a b",
        b"HEAD/../x",
        b"refs/heads/\xff\xfe",
        b"refs/heads/" + b"x" * 300,
    ]:
        commit = server.call("get_branch", repositoryName="web", branchName="main")["branch"]["commitId"].encode()
        good = pkt(ZERO + b" " + commit + b" refs/heads/good\0 report-status\n")
        answer = receive(client, good + pkt(ZERO + b" " + commit + b" " + ref) + b"0000")
        assert answer.status == 400
        assert server.call("list_branches", repositoryName="web")["branches"] == ["main"]


def test_references_beyond_branches_tags_and_notes_are_refused(server: Server, client: Client, folder: Path) -> None:
    for ref in ["refs/replace/" + "a" * 40, "refs/internal/x", "refs/remotes/origin/x"]:
        assert client.try_git("push", "origin", f"HEAD:{ref}", cwd=folder).returncode != 0
        assert not list((server.git_dir).glob("*/" + ref))


def test_a_signed_push_cannot_smuggle_references_past_their_check(server: Server, client: Client, folder: Path) -> None:
    commit = server.call("get_branch", repositoryName="web", branchName="main")["branch"]["commitId"].encode()
    cert = pkt(b"push-cert\0report-status\n") + pkt(ZERO + b" " + commit + b" refs/heads/x\n") + pkt(b"push-cert-end\n")
    assert receive(client, cert + b"0000").status == 400
    assert server.call("list_branches", repositoryName="web")["branches"] == ["main"]


def test_a_push_that_is_not_in_gits_format_is_refused(client: Client, folder: Path) -> None:
    for body in [b"zzzz", b"00", b"0100short", b"0004", b"0003"]:
        assert receive(client, body).status == 400


def test_a_packed_body_is_unpacked_within_the_limit(client: Client, folder: Path) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packer.compress(b"0" * 5_000_000) + packer.flush()
    object.__setattr__(client.door, "limit", 1_000_000)
    assert receive(client, bomb, content_encoding="gzip").status == 413
    assert receive(client, b"not gzip", content_encoding="gzip").status == 400
    assert receive(client, bomb[:50], content_encoding="gzip").status == 400
    assert receive(client, b"x", content_encoding="br").status == 400


def test_only_the_smart_protocol_is_spoken(client: Client, folder: Path) -> None:
    for method, path, query in [
        ("GET", "/v1/repos/web/HEAD", ""),
        ("GET", "/v1/repos/web/config", ""),
        ("GET", "/v1/repos/web/objects/info/packs", ""),
        ("GET", "/v1/repos/web/info/refs", ""),
        ("GET", "/v1/repos/web/info/refs", "service=git-upload-archive"),
        ("GET", "/v1/repos/web/info/refs", "service=git-upload-pack&x=1"),
        ("GET", "/v1/repos/%2e%2e/info/refs", "service=git-upload-pack"),
        ("GET", "/v1/repos/..%2fweb/info/refs", "service=git-upload-pack"),
        ("POST", "/v1/repos/web/info/refs", "service=git-upload-pack"),
        ("POST", "/v1/repos/web/git-upload-archive", ""),
        ("POST", "/v1/repos/web/git-upload-pack", ""),
    ]:
        assert ask(client, method, path, b"0000", query).status == 404


def hostile_tree(folder: Path, name: bytes, client: Client) -> str:
    """A commit whose tree holds a name that no git client would write."""

    def write(kind: str, data: bytes) -> str:
        done = subprocess.run(
            ["git", "hash-object", "-w", "--literally", "-t", kind, "--stdin"],
            cwd=folder,
            env=client.environment(),
            input=data,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().strip()

    blob = write("blob", b"[core]\n")
    tree = write("tree", b"100644 config\0" + bytes.fromhex(blob))
    outer = write("tree", b"40000 " + name + b"\0" + bytes.fromhex(tree))
    return client.git("commit-tree", outer, "-m", "evil", cwd=folder)


def test_a_pushed_tree_cannot_hold_what_would_be_taken_for_gits_own(server: Server, client: Client, folder: Path) -> None:
    for name in [b".git", b"..", b".GIT", b"git~1"]:
        commit = hostile_tree(folder, name, client)
        assert client.try_git("push", "origin", f"{commit}:refs/heads/evil", cwd=folder).returncode != 0
        assert server.call("list_branches", repositoryName="web")["branches"] == ["main"]


def test_a_hook_in_the_repository_is_never_run(server: Server, client: Client, folder: Path) -> None:
    (bare,) = server.git_dir.iterdir()
    hooks = bare / "hooks"
    hooks.mkdir()
    for name in ("pre-receive", "update", "post-receive", "reference-transaction"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {server.git_dir}/hooked\n")
        (hooks / name).chmod(0o755)
    client.commit(folder, {"README.md": "2\n"})
    client.git("push", "-q", "origin", "main", cwd=folder)
    assert not (server.git_dir / "hooked").exists()


def test_a_client_that_goes_away_leaves_no_process(client: Client, folder: Path) -> None:
    answer = ask(client, "GET", "/v1/repos/web/info/refs", query="service=git-upload-pack")
    process = answer.body._process
    answer.body.close()
    assert process.returncode is not None
    for _ in range(100):  # Its orphans are collected by the system, in its own time.
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.02)
    else:
        raise AssertionError("processes are left")
    assert list(answer.body) == []
