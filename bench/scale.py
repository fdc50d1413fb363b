"""Many pipelines and a long history: listings and state calls, and whether a transition costs more than on an empty server.

``SCALE=10000,1000000`` measures with other numbers of pipelines and of finished executions.
"""

import os
import random
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.inprocess import HELD, SOURCE, WORK, Held, Scripted, assembled, chain, declare_in, role, start, wait
from bench.table import Row, percentile
from stageline.app import Server
from stageline.engine import history
from stageline.engine.apply import stream
from stageline.ports.api import Caller
from stageline.ports.aws import Aws
from stageline.ports.store import Doc, WriteTx
from stageline.services.codepipeline import records

PIPELINES, EXECUTIONS = 2_000, 100_000
IN_FLIGHT = 1_000
PORTION = 1_000
CALLS = 200
LENGTH, ROUNDS = 20, 10
LONG = "long"


def measure() -> list[Row]:
    """Measures transitions on an empty server and then, on a full one, transitions again and the calls that read."""
    pipelines, executions = sizes()
    with tempfile.TemporaryDirectory() as folder:
        with filled(Path(folder) / "empty", 0, 0) as (server, work, _):
            before = transitions(server, work)
        began = time.perf_counter()
        with filled(Path(folder) / "full", pipelines, executions) as (server, work, aws):
            print(f"  filled in {time.perf_counter() - began:.0f} s", flush=True)
            after = transitions(server, work)
            calls = [reading(name, call) for name, call in readers(aws, pipelines)]
    what = f"{pipelines:,} pipelines, {min(pipelines, IN_FLIGHT):,} executions in flight, {executions:,} finished in one pipeline"
    return [
        Row(f"with {what}: action → next action, p50", f"{after * 1e3:.1f} ms", "10 ms"),
        Row("… compared with an empty server", f"{after / before:.2f} ×", "does not grow"),
        *calls,
    ]


def sizes() -> tuple[int, int]:
    """How many pipelines and finished executions."""
    given = os.environ.get("SCALE")
    if not given:
        return PIPELINES, EXECUTIONS
    pipelines, executions = given.split(",")
    return int(pipelines), int(executions)


@contextmanager
def filled(data: Path, pipelines: int, executions: int) -> Iterator[tuple[Server, Scripted, Aws]]:
    """A server that works, with pipelines and history written below the API."""
    work = Scripted(WORK)
    with assembled(data, providers={SOURCE: Scripted(SOURCE), WORK: work, HELD: Held(HELD)}) as server:
        arn = role(server)
        with server.store.write() as tx:
            add_pipeline(server, tx, LONG, LENGTH, WORK, arn)
        for numbers in portions(pipelines):
            with server.store.write() as tx:
                for number in numbers:
                    add_pipeline(server, tx, f"p{number:06d}", 2, HELD, arn)
        server.start()
        for number in range(min(pipelines, IN_FLIGHT)):
            start(server, f"p{number:06d}")
        start(server, LONG)
        wait(lambda: finished(server))
        _lengthen(server, executions)
        account = server.settings.account
        yield server, work, server.aws.as_caller(Caller("root", f"arn:aws:iam::{account}:root", account, account))


def portions(count: int) -> Iterator[range]:
    """Ranges of numbers: as many as are written in one transaction."""
    return (range(low, min(low + PORTION, count)) for low in range(0, count, PORTION))


def add_pipeline(server: Server, tx: WriteTx, name: str, length: int, kind: tuple[str, str, str, str], arn: str) -> None:
    """A pipeline as CreatePipeline leaves it, as far as the calls that are measured read it."""
    uid = f"uid-{name}"
    declare_in(server, tx, chain(name, length, arn, kind))
    now = server.engine.clock.now()
    common = {"name": name, "version": 1, "pipelineType": "V2", "executionMode": "SUPERSEDED"}
    tx.put(records.PIPELINE, name, {"uid": uid, **common, "created": now, "updated": now})
    tx.put(records.VERSION, records.version_key(uid, 1), {**common, "roleArn": arn, "stages": []})


def finished(server: Server) -> bool:
    """Whether the execution that is copied has ended."""
    with server.store.read() as tx:
        rows = tx.scan(history.EXECUTION, f"uid-{LONG}/", limit=1)
    return bool(rows) and rows[0][1]["status"] == "Succeeded"


def _lengthen(server: Server, count: int) -> None:
    """Copies of the finished execution's rows and journal entries, each under new ids and numbers that come before it."""
    uid = f"uid-{LONG}"
    with server.store.read() as tx:
        execution = tx.scan(history.EXECUTION, f"{uid}/", limit=1)[0][1]
        actions = [doc for _, doc in tx.scan(history.ACTION, f"{uid}/", limit=3)]
        entries = [entry for _, entry in tx.journal(stream(uid), limit=10)]
    numbers = iter(range(count))
    for portion in portions(count):
        with server.store.write() as tx:
            for _ in portion:
                copy(tx, LONG, execution, actions, 1_000_000 + next(numbers))
                for entry in entries:
                    tx.append(stream(uid), entry)


def copy(tx: WriteTx, pipeline: str, execution: Doc, actions: list[Doc], number: int) -> None:
    """The rows of one more execution like this one in a pipeline; larger numbers came later."""
    uid, identity = f"uid-{pipeline}", str(uuid.uuid4())
    started = execution["started"] - 20_000_000 + number
    tx.put(history.NUMBER, f"{uid}/{identity}", {"number": number})
    times = {"started": started, "updated": started + execution["updated"] - execution["started"]}
    tx.put(history.EXECUTION, history.execution_key(uid, number), {**execution, **times, "id": identity, "number": number})
    for action in actions:
        run = {**action["run"], "id": str(uuid.uuid4()), "execution_id": identity, "started": started}
        tx.put(history.BY_EXECUTION, f"{uid}/{identity}/{started:015d}/{run['id']}", {})
        tx.put(history.STARTED, run["id"], {"uid": uid, "started": started, "pipeline": pipeline})
        tx.put(history.ACTION, history.action_key(uid, started, run["id"]), {**action, "run": run})


def transitions(server: Server, work: Scripted) -> float:
    """Seconds from an action's end to the next one's start, median, in the pipeline with the long history."""
    gaps: list[float] = []
    for _ in range(ROUNDS):
        done = len(work.started)
        start(server, LONG)
        wait(lambda: len(work.started) == done + LENGTH)  # noqa: B023
        gaps += [after - before for before, after in pairwise(at for _, at in work.started[done:])]
    return percentile(gaps, 0.5)


def readers(aws: Aws, pipelines: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """The calls whose time is measured; listings are read page by page, from the first to the last and again."""
    chosen = random.Random(7)
    page: dict[str, Any] = {}

    def listed(operation: str, **parameters: Any) -> Callable[[], object]:
        def call() -> object:
            answer = aws.call("codepipeline", operation, **parameters, **page.get(operation, {}))
            token = answer.get("nextToken")
            page[operation] = {"nextToken": token} if token else {}
            return answer

        return call

    def some() -> str:
        return f"p{chosen.randrange(pipelines):06d}" if pipelines else LONG

    def executions() -> list[str]:
        rows = aws.call("codepipeline", "ListPipelineExecutions", pipelineName=LONG)["pipelineExecutionSummaries"]
        return [row["pipelineExecutionId"] for row in rows]

    ids = executions()
    yield "GetPipelineState, any pipeline", lambda: aws.call("codepipeline", "GetPipelineState", name=some())
    yield "ListPipelines, pages of 1,000", listed("ListPipelines")
    yield "ListPipelineExecutions, pages of 100", listed("ListPipelineExecutions", pipelineName=LONG)
    yield "ListActionExecutions, pages of 100", listed("ListActionExecutions", pipelineName=LONG)
    yield (
        "ListActionExecutions of one execution",
        lambda: aws.call(
            "codepipeline", "ListActionExecutions", pipelineName=LONG, filter={"pipelineExecutionId": chosen.choice(ids)}
        ),
    )


def reading(name: str, call: Callable[[], object]) -> Row:
    """The 99th percentile of many calls, with permission checks but without HTTP."""
    times = []
    for _ in range(CALLS):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return Row(f"{name}, p99", f"{percentile(times, 0.99) * 1e3:.1f} ms", "200 ms")
