"""The behaviour suite, run as anybody runs it: a process of its own against a server of its own."""

import ast
import importlib.util
import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stageline.app import administrator
from stageline.testing.behaviour.check import discover
from stageline.testing.process import ServerProcess, plain_environment

SUITE = Path(importlib.util.find_spec("stageline.testing.behaviour").origin).parent  # type: ignore[union-attr, arg-type]

NOT_YET: set[str] = set()
"""What this server does not show yet."""


def suite(endpoint: str, data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the suite with the administrator's credentials."""
    key = administrator(data)
    environment = {
        **plain_environment(),
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    command = [sys.executable, "-m", "stageline.testing.behaviour", "--endpoint", endpoint, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("behaviour") / "data") as running:
        yield running
    assert "Traceback" not in running.stderr(), running.stderr()


def test_every_check_passes_and_leaves_nothing(server: ServerProcess, tmp_path: Path) -> None:
    done = suite(server.endpoint, server.data, "--json", str(tmp_path / "results.json"))
    checks = json.loads((tmp_path / "results.json").read_text())["checks"]
    failed = {f"{each['theme']}/{each['name']}": each["told"] for each in checks if each["outcome"] == "failed"}
    assert {title: told for title, told in failed.items() if title not in NOT_YET} == {}
    assert sorted(NOT_YET - set(failed)) == [], "these pass now: take them off the list"
    assert done.returncode == (1 if failed else 0), done.stderr
    assert done.stderr == ""
    # Nothing stays behind.
    assert server.client("codepipeline").list_pipelines()["pipelines"] == []
    assert server.client("s3").list_buckets()["Buckets"] == []
    assert server.client("iam").list_roles()["Roles"] == []


def test_bucket_and_role_may_be_given(server: ServerProcess) -> None:
    s3, iam = server.client("s3"), server.client("iam")
    s3.create_bucket(Bucket="given")
    trust = {"Effect": "Allow", "Principal": {"Service": "codepipeline.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = iam.create_role(
        RoleName="given", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )["Role"]["Arn"]
    rights = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="given", PolicyName="s3", PolicyDocument=json.dumps(rights))
    chosen = ("--bucket", "given", "--role-arn", role, "--only", "artifacts/a-zip-is-unpacked")
    refused = suite(server.endpoint, server.data, *chosen)
    assert (refused.returncode, "not versioned" in refused.stderr) == (2, True), refused.stderr
    s3.put_bucket_versioning(Bucket="given", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="given", Key="mine", Body=b"mine")
    done = suite(server.endpoint, server.data, *chosen)
    assert done.returncode == 0, done.stdout
    versions = s3.list_object_versions(Bucket="given")
    assert [each["Key"] for each in versions["Versions"]] == ["mine"]
    assert "DeleteMarkers" not in versions


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_what_is_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    pidfile, data, port = tmp_path / "pid", tmp_path / "data", free_port()
    restart = [sys.executable, str(Path(__file__).with_name("restart.py")), str(pidfile), str(data), str(port)]
    try:
        subprocess.run(restart, env=plain_environment(), check=True, timeout=60)
        chosen = ("--only", "durability", "--only", "queued/fifty-at-most", "--slow")
        done = suite(f"http://127.0.0.1:{port}", data, *chosen, "--restart-command", " ".join(restart))
        assert done.returncode == 0, done.stdout + done.stderr
        assert re.search(r"^total +4 +0 +0$", done.stdout, re.MULTILINE), done.stdout
    finally:
        if pidfile.exists():
            os.kill(int(pidfile.read_text()), 9)


def test_wrong_usage_is_told(server: ServerProcess) -> None:
    assert suite(server.endpoint, server.data, "--only", "nothing").returncode == 2
    nobody = suite(f"http://127.0.0.1:{free_port()}", server.data, "--only", "tags")
    assert nobody.returncode == 2
    assert "Traceback" not in nobody.stderr
    assert nobody.stderr.startswith("behaviour: "), nobody.stderr


def test_every_check_has_a_rule_and_a_name_of_its_own() -> None:
    checks = discover()
    assert [each.title for each in checks if not each.rule.endswith(".")] == []
    assert len({each.title for each in checks}) == len(checks)


def test_the_suite_knows_nothing_of_this_server() -> None:
    outside = set()
    for path in SUITE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            outside |= {name for name in names if name.startswith("stageline.") and "testing.behaviour" not in name}
    assert outside == set()


def test_the_reference_page_has_every_theme() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "conformance.md").read_text()
    themes = [each.theme for each in discover()]
    assert [name for name in dict.fromkeys(themes) if f"\n| {name} | {themes.count(name)} | " not in page] == []
    assert f"| **all** | {len(themes)} | " in page
    told = {each.theme: (sys.modules[each.show.__module__].__doc__ or "").splitlines()[0].strip() for each in discover()}
    assert [name for name, line in told.items() if f"| {name} | {line} |" not in page] == []


def test_results_are_put_side_by_side(tmp_path: Path) -> None:
    tags = [each for each in discover() if each.theme == "tags"]
    checks = [{"theme": each.theme, "name": each.name, "outcome": "passed"} for each in tags]
    checks[0]["outcome"], checks[1]["outcome"] = "failed", "skipped"
    (tmp_path / "mine.json").write_text(json.dumps({"checks": checks}))
    command = [sys.executable, "-m", "stageline.testing.behaviour.compare", str(tmp_path / "mine.json")]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert f"| tags | {len(tags)} | {len(tags) - 2} of {len(tags) - 1} |" in shown
    assert re.search(r"^\| jobs \| \d+ \| not run \|$", shown, re.MULTILINE), shown


# A server that lies: every answer of the real one passes through, changed.

Lie = Callable[[str, int, bytes], tuple[int, bytes]]


@contextmanager
def lying(endpoint: str, lie: Lie) -> Iterator[str]:
    """An endpoint whose answers are those of another, as ``lie(operation, status, body)`` changes them."""
    upstream = endpoint.removeprefix("http://")

    class Between(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            connection = HTTPConnection(upstream, timeout=30)
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            operation = self.headers.get("X-Amz-Target", self.command).rpartition(".")[2]
            status, content = lie(operation, answer.status, answer.read())
            self.send_response_only(status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "x-amz-checksum-crc32", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)
            connection.close()

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = forward

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Between) as between:
        thread = threading.Thread(target=between.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{between.server_port}"
        finally:
            between.shutdown()
            thread.join()


def calls_changed(change: Callable[[dict[str, object]], object]) -> Lie:
    """A lie about the answers of CodePipeline's operations."""

    def lie(operation: str, status: int, body: bytes) -> tuple[int, bytes]:
        if status != 200 or not body.startswith(b"{") or not operation[:1].isalpha() or operation.isupper():
            return status, body
        return status, json.dumps(changed(json.loads(body), change)).encode()

    return lie


def changed(document: object, change: Callable[[dict[str, object]], object]) -> object:
    if isinstance(document, list):
        return [changed(each, change) for each in document]
    if isinstance(document, dict):
        change(document)
        return {name: changed(value, change) for name, value in document.items()}
    return document


def agree_to_all(operation: str, status: int, body: bytes) -> tuple[int, bytes]:
    return (200, b"{}") if status in (400, 403, 409) and not operation.isupper() else (status, body)


def always_well(document: dict[str, object]) -> None:
    if "status" in document:
        document["status"] = "Succeeded"


def backwards(document: dict[str, object]) -> None:
    for name, value in document.items():
        if isinstance(value, list):
            document[name] = value[::-1]


def other_bytes(operation: str, status: int, body: bytes) -> tuple[int, bytes]:
    plain = operation == "GET" and status == 200 and not body.startswith(b"<?xml")
    return status, body + b"!" if plain else body


LIES: dict[str, tuple[Lie, tuple[str, ...]]] = {
    "nothing is refused": (
        agree_to_all,
        (
            *("approvals/a-token-counts-once", "approvals/of-two-answers-at-once-one-counts", "errors/sources-come-first"),
            *("signatures/unsigned-is-refused", "signatures/another-body-is-refused", "stopping/a-second-stop"),
        ),
    ),
    "all goes well": (
        calls_changed(always_well),
        ("executions/a-failed-action-fails-all-of-it", "superseded/who-waits-is-superseded", "stopping/it-abandons-what-runs"),
    ),
    "lists are turned": (
        calls_changed(backwards),
        ("queued/first-come-first-served", "reads/executions-are-newest-first", "transitions/a-queue-waits-in-order"),
    ),
    "objects are changed": (
        other_bytes,
        ("artifacts/what-is-deployed-is-the-source", "retry/it-works-on-the-same-bits", "variables/they-steer-what-is-done"),
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_noticed(name: str, server: ServerProcess, tmp_path: Path) -> None:
    lie, noticed = LIES[name]
    chosen = [word for title in noticed for word in ("--only", title)]
    with lying(server.endpoint, lie) as endpoint:
        suite(endpoint, server.data, "--patience", "0.7", "--json", str(tmp_path / "results.json"), *chosen)
    checks = json.loads((tmp_path / "results.json").read_text())["checks"]
    assert [each["name"] for each in checks if each["outcome"] != "failed"] == []
    assert len(checks) == len(noticed)
