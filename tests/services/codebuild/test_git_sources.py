"""Builds of repositories: in this server's CodeCommit, and elsewhere by HTTP."""

import base64
import functools
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

SPEC = """
version: 0.2
phases:
  build:
    commands:
      - cat file
      - git rev-parse HEAD
      - echo "version=$CODEBUILD_SOURCE_VERSION resolved=$CODEBUILD_RESOLVED_SOURCE_VERSION"
      - git rev-list --count HEAD
"""


def put(make: Any, world: Any, repository: str, files: dict[str, str], *, branch: str = "main", parent: str = "") -> str:
    client = world.client("codecommit")
    answer = client.create_commit(
        repositoryName=repository,
        branchName=branch,
        putFiles=[{"filePath": name, "fileContent": text.encode()} for name, text in files.items()],
        **({"parentCommitId": parent} if parent else {}),
    )
    return str(answer["commitId"])


@pytest.fixture(scope="module")
def repository(world: Any, session_maker: Any) -> tuple[str, list[str]]:
    """A repository with two commits on main, and a branch from the first."""
    client = world.client("codecommit")
    client.create_repository(repositoryName="app")
    first = put(session_maker, world, "app", {"buildspec.yml": SPEC, "file": "first\n"})
    client.create_branch(repositoryName="app", branchName="feature/x", commitId=first)
    second = put(session_maker, world, "app", {"file": "second\n"}, parent=first)
    return "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/app", [first, second]


@pytest.mark.parametrize(
    ("version", "depth", "text", "number", "count"),
    [
        ("", 0, "second", 1, "2"),
        ("main", 1, "second", 1, "1"),
        ("refs/heads/main", 1, "second", 1, "1"),
        ("feature/x", 0, "first", 0, "1"),
        ("<first>", 0, "first", 0, "1"),
        ("<first>", 1, "first", 0, "1"),
    ],
)
def test_a_version_of_a_codecommit_repository(
    make: Any, repository: tuple[str, list[str]], version: str, depth: int, text: str, number: int, count: str
) -> None:
    location, commits = repository
    version = version.replace("<first>", commits[0])
    name = make.project("", source={"type": "CODECOMMIT", "location": location, "gitCloneDepth": depth})
    ended = make.wait(make.start(name, **({"sourceVersion": version} if version else {})))
    assert ended.status == "SUCCEEDED", (ended.build["phases"], ended.log)
    commit = commits[number]
    assert ended.output() == [text, commit, f"version={version} resolved={commit}", count]
    assert ended.build["resolvedSourceVersion"] == commit
    assert "git-codecommit.us-east-1.amazonaws.com/v1/repos/app" in ended.log


def test_a_reference_that_is_not_there(make: Any, repository: tuple[str, list[str]]) -> None:
    name = make.project("", source={"type": "CODECOMMIT", "location": repository[0]})
    for version in ("absent", "--upload-pack=touch /tmp/x", "0" * 40):
        ended = make.wait(make.start(name, sourceVersion=version))
        code, message = ended.context("DOWNLOAD_SOURCE")
        assert code == "CLIENT_ERROR"
        assert f"for primary source and source version {version}" in message


def test_a_role_without_git_pull_gets_nothing(make: Any, world: Any, repository: tuple[str, list[str]]) -> None:
    iam = world.client("iam")
    role = iam.create_role(RoleName="blind", AssumeRolePolicyDocument=json.dumps(world.trust))["Role"]["Arn"]
    statement = {"Effect": "Allow", "Action": ["s3:*", "logs:*"], "Resource": "*"}
    iam.put_role_policy(
        RoleName="blind", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    ended = make.run("", source={"type": "CODECOMMIT", "location": repository[0]}, serviceRole=role)
    assert ended.context("DOWNLOAD_SOURCE")[0] == "CLIENT_ERROR"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files; those below ``/private`` to one user only."""

    def do_GET(self) -> None:
        wanted = "Basic " + base64.b64encode(b"x-access-token:t0ken-t0ken").decode()
        if self.path.startswith("/private") and self.headers.get("Authorization") != wanted:
            self.send_error(401)
        elif not self.path.startswith("/private") and "Authorization" in self.headers:
            self.send_error(418)
        else:
            super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A bare repository served as plain files, by a server that is not ours."""
    work, bare = tmp_path / "work", tmp_path / "www" / "owner" / "site.git"
    run = functools.partial(subprocess.run, check=True, capture_output=True, env={**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"})
    run(["git", "init", "-q", "-b", "main", str(work)])
    (work / "buildspec.yml").write_text(SPEC)
    (work / "file").write_text("from afar\n")
    run(["git", "-C", str(work), "add", "."])
    run(["git", "-C", str(work), "-c", "user.name=n", "-c", "user.email=e", "commit", "-q", "-m", "one"])
    run(["git", "clone", "-q", "--bare", str(work), str(bare)])
    run(["git", "-C", str(bare), "update-server-info"])
    handler = functools.partial(Quiet, directory=str(tmp_path / "www"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/owner/site.git", work
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_repository_of_another_server(make: Any, elsewhere: tuple[str, Path]) -> None:
    ended = make.run("", source={"type": "GITHUB", "location": elsewhere[0]}, sourceVersion="main")
    assert ended.status == "SUCCEEDED", (ended.build["phases"], ended.log)
    assert ended.output()[0] == "from afar"
    assert "/src/127.0.0.1/owner/site\n" in ended.log


def test_a_server_that_is_not_there(make: Any) -> None:
    ended = make.run("", source={"type": "GITHUB", "location": "http://127.0.0.1:9/owner/x.git"})
    assert ended.context("DOWNLOAD_SOURCE")[0] == "CLIENT_ERROR"


def test_a_private_repository_needs_the_imported_token(make: Any, world: Any, elsewhere: tuple[str, Path]) -> None:
    location = elsewhere[0].replace("/owner/", "/private/")
    bare = elsewhere[1].parent / "www"
    (bare / "private").symlink_to(bare / "owner")
    source = {"type": "GITHUB_ENTERPRISE", "location": location}
    refused = make.run("", source=source)
    assert refused.context("DOWNLOAD_SOURCE")[0] == "CLIENT_ERROR"
    client = make.codebuild
    token = {"token": "t0ken-t0ken", "serverType": "GITHUB_ENTERPRISE", "authType": "PERSONAL_ACCESS_TOKEN"}
    arn = client.import_source_credentials(**token)["arn"]
    assert arn == "arn:aws:codebuild:us-east-1:000000000000:token/github_enterprise"
    with pytest.raises(ClientError, match="exist already"):
        client.import_source_credentials(**token, shouldOverwrite=False)
    listed = client.list_source_credentials()["sourceCredentialsInfos"]
    assert listed == [{"arn": arn, "serverType": "GITHUB_ENTERPRISE", "authType": "PERSONAL_ACCESS_TOKEN"}]
    with world.store.read() as tx:
        assert "t0ken" not in json.dumps(tx.scan("codebuild.credential"))
    ended = make.run("", source=source)
    assert ended.status == "SUCCEEDED", (ended.build["phases"], ended.log)
    other = make.run("", source={"type": "GITHUB", "location": elsewhere[0]})
    assert other.status == "SUCCEEDED", "another server type must not be told the token"
    assert "t0ken" not in ended.log + json.dumps(ended.build, default=str)
    client.delete_source_credentials(arn=arn)
    with pytest.raises(ClientError, match="There are no source credentials"):
        client.delete_source_credentials(arn=arn)
    with pytest.raises(ClientError, match="this server takes"):
        client.import_source_credentials(**{**token, "authType": "OAUTH"})


def test_a_hosted_services_token_goes_nowhere_else(world: Any) -> None:
    client = world.client("codebuild")
    arn = client.import_source_credentials(token="secret-token", serverType="GITHUB", authType="PERSONAL_ACCESS_TOKEN")["arn"]
    assert world.host.login("GITHUB", "https", "github.com") == ("x-access-token", "secret-token")
    for scheme, host in (("https", "evil.example"), ("http", "github.com"), ("https", "127.0.0.1")):
        assert world.host.login("GITHUB", scheme, host) is None
    client.delete_source_credentials(arn=arn)
    assert world.host.login("GITHUB", "https", "github.com") is None
