"""CodeCommit as boto3 and git see it, over the real HTTP server."""

import hashlib
import random
from typing import Any

import pytest
from botocore.exceptions import ClientError

Server = Any
Client = Any


def test_boto3_and_git_work_on_the_same_repository(server: Server, wire: Any, client: Client) -> None:
    api = wire.client("codecommit")
    made = api.create_repository(repositoryName="web", tags={"team": "a"})["repositoryMetadata"]
    assert made["cloneUrlHttp"] == f"{wire.endpoint}/v1/repos/web"
    assert "defaultBranch" not in made
    first = api.put_file(repositoryName="web", branchName="main", filePath="a.bin", fileContent=b"\x00\xff", name="Ünï")[
        "commitId"
    ]
    client.url = wire.endpoint
    client.git("clone", "-q", client.remote("web"), "copy")
    copy = client.home / "copy"
    assert (copy / "a.bin").read_bytes() == b"\x00\xff"
    assert client.git("log", "-1", "--format=%an", cwd=copy) == "Ünï"
    noise = random.Random(2).randbytes(5_000_000)
    (copy / "noise").write_bytes(noise)
    second = client.commit(copy, {"b.txt": "b\n"}, "from git\n\nbody")
    client.git("push", "-q", "origin", "main", cwd=copy)
    shown = api.get_commit(repositoryName="web", commitId=second)["commit"]
    assert (shown["parents"], shown["message"]) == ([first], "from git\n\nbody\n")
    found = api.get_file(repositoryName="web", filePath="noise")["fileContent"]
    assert hashlib.sha256(found).digest() == hashlib.sha256(noise).digest()
    pages = api.get_paginator("get_differences").paginate(
        repositoryName="web", beforeCommitSpecifier=first, afterCommitSpecifier="main", PaginationConfig={"PageSize": 1}
    )
    assert [each["afterBlob"]["path"] for page in pages for each in page["differences"]] == ["b.txt", "noise"]
    with pytest.raises(ClientError) as caught:
        api.put_file(repositoryName="web", branchName="main", filePath="x", fileContent=b"", parentCommitId=first)
    assert caught.value.response["Error"]["Code"] == "ParentCommitIdOutdatedException"
    with pytest.raises(ClientError) as caught:
        api.get_repository(repositoryName="none")
    assert caught.value.response["Error"] == {"Code": "RepositoryDoesNotExistException", "Message": "none does not exist"}
    with pytest.raises(ClientError) as caught:
        api.put_repository_triggers(repositoryName="web", triggers=[])
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_a_large_clone_is_streamed(server: Server, wire: Any, client: Client) -> None:
    client.url = wire.endpoint
    server.call("create_repository", repositoryName="big")
    folder = client.work("big")
    noise = random.Random(3).randbytes(12_000_000)
    (folder / "noise").write_bytes(noise)
    client.commit(folder, {"a": "1"})
    client.git("push", "-q", "origin", "main", cwd=folder)
    client.git("clone", "-q", client.remote("big"), "copy")
    assert (client.home / "copy/noise").read_bytes() == noise


def test_a_branch_needs_a_repository_and_a_name(wire: Any) -> None:
    """The model requires neither member; the service does."""
    client = wire.client("codecommit")
    for asked, code in (({}, "RepositoryNameRequiredException"), ({"repositoryName": "x"}, "BranchNameRequiredException")):
        with pytest.raises(ClientError) as refused:
            client.get_branch(**asked)
        assert refused.value.response["Error"]["Code"] == code
