"""Requests made by chance for every operation, valid and damaged, over real HTTP by JSON and by CBOR.

``STAGELINE_REQUESTS=50000`` makes that many; ``STAGELINE_SEED`` chooses others. A failure names the request by seed and number.
"""

import base64
import json
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from botocore.model import OperationModel

from stageline.engine.replay import check
from stageline.gateway import specs
from stageline.testing.generated.requests import Known, Requests
from stageline.testing.generated.wire import Answer, Wire, encoded, wrong
from stageline.testing.harness import Key
from stageline.testing.pipelines import Pipeline, action, approval, eventually, source, stage

REQUESTS = int(os.environ.get("STAGELINE_REQUESTS", "1000"))
SEED = os.environ.get("STAGELINE_SEED", "stageline")
BATCH = 1500
"""A server that has taken as many is given up: its pipelines are no longer what they were, and all rows take longer to read."""
SLOW = 5.0
"""Seconds of work that one request may take."""
MODEL = specs.model("codepipeline")
BESIDE_THE_MODEL = {"UpdatePipeline": frozenset({"PipelineNotFoundException"})}
"""Its model has no error for a pipeline that is not there."""
TABLES = (
    "documents WHERE kind NOT LIKE 'iam.%-used' AND kind NOT LIKE 'audit%'",
    "journal WHERE stream NOT LIKE 'audit/%'",
    "log_events",
    "tasks",
)
"""All but what is written down whatever becomes of the request: when a key was used last, and the audit trail."""


class Rows:
    """All rows of a server's store, seen from beside: a number that grows with each commit, and a digest of everything."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._known: tuple[int, int] = (-1, 0)

    def commits(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def digest(self) -> int:
        commits = self.commits()
        if commits != self._known[0]:
            rows = [tuple(self._connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")) for table in TABLES]
            self._known = (commits, hash(tuple(rows)))
        return self._known[1]

    def close(self) -> None:
        self._connection.close()


@dataclass
class Site:
    """A server with pipelines in every state, on which nothing moves any more by itself."""

    world: Any
    rows: Rows
    known: list[Known]
    pool: dict[str, list[Any]]
    wires: dict[str, Wire]
    met: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")


def _fetch() -> dict[str, Any]:
    fetch = action("Fetch", "Source", "S3", outputs=["Src"])
    fetch["configuration"] = {"S3Bucket": "artifacts", "S3ObjectKey": "app.zip", "AllowOverrideForS3ObjectKey": "true"}
    return stage("Source", fetch)


def _declared() -> dict[str, dict[str, Any]]:
    variables = [{"name": "V", "defaultValue": "1"}]
    built = stage("Build", action("A", inputs=["Src"], outputs=["Out"], say="#{variables.V}", namespace="built"))
    return {
        "gate": {"stages": [source(), stage("Gate", approval()), stage("Deploy", action("Copy", "Deploy"))]},
        "failed": {"stages": [source(), stage("Build", action("A", script="fail,done"), action("B"))]},
        "held": {"stages": [source(), stage("Build", action("A", script="hold"), action("B", runOrder=2))]},
        "done": {"stages": [source(namespace="src"), built], "variables": variables, "pipelineType": "V2"},
        "queued": {"stages": [source(), stage("Gate", approval())], "executionMode": "QUEUED", "pipelineType": "V2"},
        "fetch": {"stages": [_fetch(), stage("Gate", approval())], "variables": variables, "pipelineType": "V2"},
    }


def _made(world: Any, kind: str, more: dict[str, Any], number: int) -> Pipeline:
    given = {**more, "name": f"{kind}-{number}"}
    pipe = Pipeline(world.client(), given.pop("stages"), role=world.role, providers=world.providers, **given).create()
    if kind == "done":
        for _ in range(3):
            pipe.ended(pipe.executions()[0]["pipelineExecutionId"])
            pipe.start()
    return pipe


def _known(pipe: Pipeline, arn: str) -> Iterator[Known]:
    """What there is of a pipeline, stage by stage."""

    def named_anew(rng: Random) -> dict[str, Any]:
        return {**pipe.document, "name": f"new-{rng.randrange(10**6)}"} if rng.random() < 0.4 else pipe.document

    executions = [each["pipelineExecutionId"] for each in pipe.executions()]
    for each in pipe.client.get_pipeline_state(name=pipe.name)["stageStates"]:
        for shown in each["actionStates"]:
            yield {
                "PipelineName": pipe.name,
                "StageName": each["stageName"],
                "ActionName": shown["actionName"],
                "PipelineExecutionId": each.get("latestExecution", {}).get("pipelineExecutionId", executions[0]),
                "ApprovalToken": shown.get("latestExecution", {}).get("token", executions[0]),
                "ResourceArn": arn,
                "PipelineArn": arn,
                "PipelineDeclaration": named_anew,
                "RoleArn": pipe.document["roleArn"],
            }


def _forged(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


def _tokens(client: Any, pipe: Pipeline) -> list[str]:
    """Tokens of listings, right ones and forged ones."""
    pages = (
        client.list_pipelines(maxResults=1),
        client.list_pipeline_executions(pipelineName=pipe.name, maxResults=1),
        client.list_action_executions(pipelineName=pipe.name, maxResults=1),
        client.list_action_executions(pipelineName=pipe.name, maxResults=1, filter={"pipelineExecutionId": pipe.first()}),
    )
    right = [str(each["nextToken"]) for each in pages]
    names = [base64.urlsafe_b64decode(each).decode().partition("\n")[0] for each in right]
    ends = ("", "\x00", "a\x00", "\U0010ffff", "\n", "zzz", "/" * 300)
    return [*right, *(each[:-2] for each in right), *(_forged(f"{name}\n{end}") for name in names for end in ends)]


@contextmanager
def _site(serve: Callable[[Path], Any], folder: Path, size: int) -> Iterator[Site]:
    with serve(folder) as world:
        world.client("s3").put_object(Bucket="artifacts", Key="app.zip", Body=b"")
        world.client("s3").put_bucket_versioning(Bucket="artifacts", VersioningConfiguration={"Status": "Enabled"})
        pipes = [_made(world, kind, more, number) for number in range(size) for kind, more in _declared().items()]
        eventually(lambda: all(_settled(pipe) for pipe in pipes))
        world.whole.runner.stop(5)
        known = [each for pipe in pipes for each in _known(pipe, pipe.arn)]
        done = next(pipe for pipe in pipes if pipe.name.startswith("done"))
        pool = {
            "nextToken": _tokens(world.client(), done),
            "ClientRequestToken": ["once-1", "once-2"],
            "PipelineVariableName": ["V"],
            "ActionOwner": ["AWS"],
            "ActionProvider": ["Scripted", "Manual", "S3"],
        }
        wires = {"all": _wire(world, world.server.key), "little": _wire(world, _little(world))}
        rows = Rows(folder / "stageline.db")
        try:
            yield Site(world, rows, known, pool, wires)
        finally:
            rows.close()
            for wire in wires.values():
                wire.close()
        assert check(world.whole.store) == []
        assert world.whole.store.check() == []


def _settled(pipe: Pipeline) -> bool:
    kind, state = pipe.name.split("-")[0], pipe.state()
    if kind in ("failed", "done"):
        wanted = "Failed" if kind == "failed" else "Succeeded"
        return all(each["status"] == wanted for each in pipe.executions())
    if kind == "fetch" and pipe.executions()[0]["status"] == "Failed":
        return True
    shown = state["Build" if kind == "held" else "Gate"]["actionStates"][0].get("latestExecution", {})
    return bool(shown.get("status") == "InProgress" and (kind != "held" or shown.get("externalExecutionId")))


def _wire(world: Any, key: Key) -> Wire:
    return Wire(world.server.endpoint, world.server.region, key)


def _little(world: Any) -> Key:
    """The key of somebody who may look at the pipelines that are done and nothing else."""
    iam = world.client("iam")
    iam.create_user(UserName="little")
    statement = '{"Effect":"Allow","Action":"codepipeline:*","Resource":"arn:aws:codepipeline:*:*:done-*"}'
    allowed = f'{{"Version":"2012-10-17","Statement":[{statement}]}}'
    iam.put_user_policy(UserName="little", PolicyName="p", PolicyDocument=allowed)
    key = iam.create_access_key(UserName="little")["AccessKey"]
    return Key(key["AccessKeyId"], key["SecretAccessKey"])


def _operation(rng: Random, names: list[str], built: set[str]) -> OperationModel:
    name = rng.choice(names)
    if (name not in built or name == "DeletePipeline") and rng.random() < 0.8:
        name = rng.choice(sorted(built))
    return MODEL.operation_model(name)


CONSUMING = ("DeletePipeline", "UpdatePipeline", "StopPipelineExecution", "PutApprovalResult", "CreatePipeline")
"""What these change is gone for the requests after them."""


def _ask(site: Site, rng: Random, operation: OperationModel) -> tuple[str, Answer]:
    """One request; what it was, and its answer."""
    requests = Requests(rng, site.known, site.pool)
    request = requests.valid(operation)
    spoil = rng.random() < (0.93 if operation.name in CONSUMING else 0.6)
    if spoil:
        request = requests.damaged(operation, request)
    protocol, who = rng.choice(("json", "json", "cbor")), rng.choice(("all",) * 9 + ("little",))
    body = encoded(rng, protocol, request, spoil=spoil)
    what = f"{operation.name} by {protocol} as {who}: {body[:1500]!r}"
    begun = time.process_time()  # the server is in this process
    try:
        answer = site.wires[who].ask(protocol, operation, body)
    except TimeoutError as error:
        raise AssertionError(f"no answer to {what}") from error
    site.slowest = max(site.slowest, (time.process_time() - begun, what[:300]))
    site.met[f"{operation.name} {answer.code or 'ok'}"] += 1
    if who == "little" and not answer.code and operation.name not in ("DeletePipeline", "UpdatePipeline"):
        site.met["as little"] += 1
    return what, answer


def _batch(site: Site, numbers: range) -> None:
    names = list(MODEL.operation_names)
    built = {each.model.name for each in site.world.server.app.gateway.registry if each.service == "codepipeline"}
    for number in numbers:
        rng = Random(f"{SEED} {number}")
        operation = _operation(rng, names, built)
        before, commits = site.rows.digest(), site.rows.commits()
        what, answer = _ask(site, rng, operation)
        where = f"seed {SEED!r}, request {number}, {what}\n{answer}"
        assert not wrong(operation, answer, BESIDE_THE_MODEL.get(operation.name, frozenset())), where
        assert not site.world.server.app.gateway.bugs, where
        if answer.code and site.rows.commits() != commits:
            assert site.rows.digest() == before, f"a refused request changed the store: {where}"
        if not answer.code and operation.name.startswith(("Get", "List")):
            assert site.rows.commits() == commits or site.rows.digest() == before, f"a read changed the store: {where}"


@pytest.fixture(scope="module")
def site(serve: Callable[[Path], Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with _site(serve, tmp_path_factory.mktemp("generated") / "data", 2) as found:
        yield found


def test_any_text_may_have_any_character(site: Site) -> None:
    """U+0000, which no database keeps in a key, in each text of each operation that is built."""
    for each in site.world.server.app.gateway.registry:
        if each.service != "codepipeline":
            continue
        kinds = {known["PipelineName"].partition("-")[0]: known for known in site.known}
        for known in kinds.values() if "pipeline" in each.model.input_shape.members else site.known[:1]:
            requests = Requests(Random(each.name), [known], site.pool, fit=1.0, optional=1.0)
            for request in requests.with_text(each.model, requests.valid(each.model), lambda text: f"{text}\x00"):
                answer = site.wires["all"].ask("json", each.model, json.dumps(request).encode())
                where = f"{each.model.name} {request!r} {answer}"
                assert not wrong(each.model, answer, BESIDE_THE_MODEL.get(each.model.name, frozenset())), where


@pytest.mark.timeout(60 + REQUESTS // 20)
def test_generated_requests(site: Site, serve: Callable[[Path], Any], tmp_path: Path) -> None:
    _batch(site, range(min(BATCH, REQUESTS)))
    met, slowest = Counter(site.met), site.slowest
    for start in range(BATCH, REQUESTS, BATCH):
        with _site(serve, tmp_path / f"data-{start}", 4) as further:
            _batch(further, range(start, min(start + BATCH, REQUESTS)))
        met, slowest = met + further.met, max(slowest, further.slowest)
    for line, count in sorted(met.items()):
        print(f"{count:7} {line}")
    print(f"the slowest took {slowest[0]:.2f} s: {slowest[1]}")
    assert slowest[0] < SLOW
    answered = {line.split()[0] for line in met if line.endswith(" ok")}
    assert len(answered) >= 15, f"requests that keep the rules are answered: {sorted(answered)}"
    codes = {line.split()[1] for line in met}
    assert codes >= {"ok", "ValidationException", "SerializationException", "AccessDeniedException", "PipelineNotFoundException"}
