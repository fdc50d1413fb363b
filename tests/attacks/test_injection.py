"""Text that means something to somebody: to a shell, to git, to YAML, to a terminal, to a browser, to the log.

Every free text that the models have is filled with it, on a server of its own. Nothing is executed, nothing fails unexpectedly,
nothing begins a line of the server's log, and what is taken comes back as it went in.
"""

import base64
import datetime
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import Shape

from stageline.testing.process import ServerProcess

MARK = "executed"
TEXTS = [
    "$(touch {mark})",
    "`touch {mark}`",
    "x; touch {mark} #",
    "x\ntouch {mark}\n",
    "x' && touch {mark} && '",
    '"; touch {mark}; "',
    "--upload-pack=touch {mark}",
    "-c core.sshCommand=touch {mark}",
    "ext::sh -c touch% {mark}",
    "refs/heads/x:refs/heads/main",
    "../../../../{mark}",
    "..\\..\\{mark}",
    "%2e%2e%2f{mark}",
    "!!python/object/apply:os.system ['touch {mark}']",
    "&a [*a, *a]",
    '{{"__proto__": {{}}, "a": "\\ud800"}}',
    "x\r\nSet-Cookie: session=1\r\n\r\n<html>",
    "\x1b[2J\x1b]0;owned\x07\x1b[31m",
    "timestamp=2020-01-01T00:00:00Z level=error event=forged",
    "x\ntimestamp=2020-01-01T00:00:00Z level=error event=forged",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "#{{variables.x}} ${{env}} {{{{7*7}}}} %(x)s %n%s {{0.__class__}}",
    "'; DROP TABLE documents; --",
    "%' OR 1=1 --",
    "\u202e\u2028\u0085\ufeff\U0001f600",
    "0",
    "",
]


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("marks") / MARK


@pytest.fixture(scope="module")
def texts(marks: Path) -> list[str]:
    return [each.format(mark=marks) for each in TEXTS]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, marks: Path) -> Iterator[ServerProcess]:
    """Its log, and what was executed, is looked at in the end."""
    with ServerProcess(tmp_path_factory.mktemp("injected") / "data") as server:
        yield server
        assert server.running
        assert server.terminate() == 0
    assert not marks.exists()
    said = server.stderr()
    assert "Traceback" not in said, said
    assert "failed unexpectedly" not in said, said
    logged = [line for line in said.split("\n") if line and not line.startswith("stageline: console: http://127.0.0.1:")]
    assert all(line.isprintable() and line.startswith("timestamp=20") for line in logged)
    assert not [line for line in said.splitlines() if line.startswith("timestamp=2020")]


class Filler:
    """Fills every free text of a request with the next hostile one, as far as its length allows."""

    def __init__(self, texts: list[str], turn: int) -> None:
        self._texts, self._turn = texts, turn

    def _text(self) -> str:
        self._turn += 1
        return self._texts[self._turn % len(self._texts)]

    def fill(self, shape: Shape, depth: int = 0) -> Any:
        kind = shape.type_name
        if kind == "structure":
            named = shape.members if depth < 4 else {name: shape.members[name] for name in shape.required_members}
            if getattr(shape, "is_tagged_union", False):
                named = dict(list(named.items())[self._turn % len(named) :][:1])
            return {name: self.fill(member, depth + 1) for name, member in named.items()}
        if kind == "list":
            return [self.fill(shape.member, depth + 1)] if depth < 6 else []
        if kind == "map":
            return {self.fill(shape.key, depth + 1) or "x": self.fill(shape.value, depth + 1)}
        if kind == "string":
            wanted = shape.metadata.get("enum")
            return wanted[self._turn % len(wanted)] if wanted else self._text()[: shape.metadata.get("max", 5000)]
        plain: dict[str, Any] = {"boolean": bool(self._turn % 2), "timestamp": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)}
        if kind == "blob":
            return self._text().encode()
        return plain.get(kind, max(1, shape.metadata.get("min", 1)))


SERVICES = ("codepipeline", "codebuild", "codecommit", "iam", "sts", "logs", "s3", "secretsmanager", "ssm", "cloudtrail")


@pytest.mark.parametrize("service", SERVICES)
def test_every_text_of_every_operation(own: ServerProcess, texts: list[str], marks: Path, service: str) -> None:
    client = own.client(service, parameter_validation=False)
    answered = 0
    for number, name in enumerate(client.meta.service_model.operation_names):
        shape = client.meta.service_model.operation_model(name).input_shape
        if shape is not None:
            request = Filler(texts, 7 * number).fill(shape)
            try:
                status = client._make_api_call(name, request)["ResponseMetadata"]["HTTPStatusCode"]
            except ClientError as error:
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            except (BotoCoreError, ValueError, TypeError):
                continue  # no client can say it
            answered += 1
            assert status < 500 or status == 501, (name, request)
    assert answered > 3
    assert not marks.exists()


def refusal(call: Any, **request: Any) -> str:
    """The code of a refusal, which is one of the asker's; empty when it is done."""
    try:
        call(**request)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return str(error.response["Error"]["Code"]) if status < 500 else f"failed with {status}"
    except BotoCoreError:
        return "unsaid"  # no client sends it
    return ""


def test_what_is_taken_comes_back_as_it_went_in(own: ServerProcess, texts: list[str]) -> None:
    iam, s3, logs = (own.client(name) for name in ("iam", "s3", "logs"))
    secrets, ssm = own.client("secretsmanager"), own.client("ssm")
    s3.create_bucket(Bucket="injected")
    logs.create_log_group(logGroupName="injected")
    logs.create_log_stream(logGroupName="injected", logStreamName="s")
    allowed = {"Effect": "Allow", "Principal": {"Service": "x.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    role = iam.create_role(RoleName="injected", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    pipelines = own.client("codepipeline")
    for number, text in enumerate(each for each in texts if each):
        data = text.encode()
        s3.put_object(Bucket="injected", Key=f"k/{text}", Body=data)
        assert s3.get_object(Bucket="injected", Key=f"k/{text}")["Body"].read() == data
        secrets.create_secret(Name=f"s{number}", SecretString=text)
        assert secrets.get_secret_value(SecretId=f"s{number}")["SecretString"] == text
        if "{{" not in text:  # which is refused, as on AWS
            ssm.put_parameter(Name=f"p{number}", Value=text, Type="String")
            assert ssm.get_parameter(Name=f"p{number}")["Parameter"]["Value"] == text
        now = int(datetime.datetime.now(datetime.UTC).timestamp() * 1000)
        logs.put_log_events(logGroupName="injected", logStreamName="s", logEvents=[{"timestamp": now, "message": text}])
        stages = [
            {
                "name": "S",
                "actions": [_action("Fetch", "Source", "S3", {"S3Bucket": text, "S3ObjectKey": text}, outputs=["Out"])],
            },
            {
                "name": "A",
                "actions": [_action("Ask", "Approval", "Manual", {"CustomData": text[:1000], "ExternalEntityLink": text})],
            },
        ]
        made = {"name": f"p{number}", "roleArn": role, "artifactStore": {"type": "S3", "location": "injected"}, "stages": stages}
        variables = [{"name": "v", "defaultValue": text[:1000], "description": text[:200]}]
        code = refusal(pipelines.create_pipeline, pipeline={**made, "pipelineType": "V2", "variables": variables})
        assert not code or code.startswith(("Invalid", "Validation")), (text, code)
        if not code:
            found = pipelines.get_pipeline(name=f"p{number}")["pipeline"]
            assert found["variables"] == variables
            assert [each["actions"][0]["configuration"] for each in found["stages"]] == [
                each["actions"][0]["configuration"] for each in stages
            ]
    events = logs.get_log_events(logGroupName="injected", logStreamName="s", startFromHead=True)["events"]
    assert [each["message"] for each in events] == [each for each in texts if each]


def _action(
    name: str, category: str, provider: str, configuration: dict[str, str], outputs: list[str] | None = None
) -> dict[str, Any]:
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    named = [{"name": each} for each in outputs or ()]
    configuration = {key: value for key, value in configuration.items() if value}
    return {"name": name, "actionTypeId": kind, "configuration": configuration, "outputArtifacts": named}


def test_commits_and_references_are_only_data(own: ServerProcess, texts: list[str], marks: Path) -> None:
    client = own.client("codecommit")
    client.create_repository(repositoryName="injected")
    parent: dict[str, str] = {}
    for text in texts:
        put = [{"filePath": "f", "fileContent": f"{text}{parent}".encode()}]
        said = {"authorName": text.replace("\n", " ") or "x", "email": "x@example.com", "commitMessage": text}
        code = refusal(client.create_commit, repositoryName="injected", branchName="main", putFiles=put, **said, **parent)
        assert not code.startswith("failed"), text
        if not code:
            tip = client.get_branch(repositoryName="injected", branchName="main")["branch"]["commitId"]
            parent = {"parentCommitId": tip}
            found = client.get_commit(repositoryName="injected", commitId=tip)["commit"]
            assert found["message"].rstrip("\n") == text.rstrip("\n")
    for text in (each or "-x" for each in texts):
        for call, request in (
            (client.create_branch, {"branchName": text, "commitId": parent["parentCommitId"]}),
            (client.get_file, {"filePath": text}),
            (client.get_commit, {"commitId": text}),
            (client.get_differences, {"afterCommitSpecifier": text}),
        ):
            assert not refusal(call, repositoryName="injected", **request).startswith("failed"), text
    assert not marks.exists()


def test_values_reach_a_build_as_they_are(build: Any, texts: list[str], marks: Path) -> None:
    usable = [each for each in texts if each]
    variables = [{"name": f"V{number}", "value": text, "type": "PLAINTEXT"} for number, text in enumerate(usable)]
    own = {f"S{number}": text for number, text in enumerate(usable)}
    commands = [f"for i in $(seq 0 {len(usable) - 1}); do printenv V$i | base64 -w0; echo; printenv S$i | base64 -w0; echo; done"]
    spec = json.dumps({"version": 0.2, "env": {"variables": own}, "phases": {"build": {"commands": commands}}})
    name = build.project(spec.replace("\\ud83d\\ude00", "\\U0001f600"))  # which is how YAML says it
    started = build.codebuild.start_build(projectName=name, environmentVariablesOverride=variables)["build"]["id"]
    ended = build.ended(started)
    assert ended["buildStatus"] == "SUCCEEDED", build.log(ended)
    lines = [line for line in build.log(ended).splitlines() if line and not line.startswith("[Container]")]
    got = [base64.b64decode(each).decode().removesuffix("\n") for each in lines]
    assert got[::2] == usable
    assert got[1::2] == usable
    assert not marks.exists()


BOMBS = [
    "version: 0.2\na: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "version: 0.2\nphases: &p\n  build: *p\n",
    "version: 0.2\nphases: !!python/object/apply:os.system ['touch {mark}']\n",
    "version: 0.2\nphases: " + "[" * 5000 + "]" * 5000,
    '{"version": 0.2, "version": 0.2, "phases": {"build": {"commands": ["true"]}}}',
]


@pytest.mark.parametrize("number", range(len(BOMBS)))
def test_a_buildspec_is_no_bomb(build: Any, marks: Path, number: int) -> None:
    ended = build.ended(build.start(BOMBS[number].replace("{mark}", str(marks))), patience=10)
    phase = next(each for each in ended["phases"] if each.get("phaseStatus") == "FAILED")
    assert phase["contexts"][0]["statusCode"] == "YAML_FILE_ERROR", phase
    assert not marks.exists()


def test_no_value_begins_a_line_of_the_log(texts: list[str]) -> None:
    """Neither by our own logger nor by that of a library."""
    program = (
        "import json, logging, sys, structlog; from stageline.logbook import open_logbook; open_logbook()\n"
        "for text in json.loads(sys.stdin.read()):\n"
        "    structlog.get_logger().error('told', value=text); logging.getLogger('other').warning('%s', text)\n"
        "    try: raise ValueError(text)\n"
        "    except ValueError: logging.getLogger('other').exception('failed')\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], input=json.dumps(texts), capture_output=True, text=True, check=True)
    lines = ran.stderr.split("\n")[:-1]
    assert len(lines) == 3 * len(texts)
    assert all(line.startswith("timestamp=20") and line.isprintable() and "event=forged " not in line[:60] for line in lines)
