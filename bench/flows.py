"""From a push to the deployed page, against a shell script that runs the same commands; and from a push to the first action."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import boto3

from bench.table import Row, percentile
from stageline.demo import setting
from stageline.demo.setting import Cloud
from stageline.demo.story import _Checkout, _example

ROUNDS = 7
SCRIPT = """set -eu
git clone -q -b main "$1" work && cd work
SITE_NAME=Harbour sh build.sh >/dev/null
sh tests/check.sh dist >/dev/null
mkdir -p ../site && cp -r dist/. ../site/
"""


def measure() -> list[Row]:
    """Pushes several small commits, one after another, and runs the script on the same repository's clone."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "data"
        server = subprocess.Popen(
            [sys.executable, "-m", "stageline", "up", "--data", str(data), "--port", "0"], stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout
            endpoint = server.stdout.readline().split()[1]
            return _measure(folder, data, endpoint)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _measure(folder: Path, data: Path, endpoint: str) -> list[Row]:
    key = json.loads((data / "administrator.json").read_text())
    cloud = Cloud(boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1"), endpoint)
    url = setting.create_repository(cloud)
    setting.create_buckets(cloud)
    role, build = setting.create_roles(cloud)
    setting.create_projects(cloud, build)
    dana, _ = setting.create_people(cloud)
    checkout = _Checkout(folder / "checkout", url, setting.git_credential(cloud, dana))
    checkout.fill(_example())
    checkout.push("First")
    setting.create_pipeline(cloud, role)
    _without_approval(cloud)
    flows, first = [], []
    for number in range(ROUNDS):
        checkout.append("pages/index.txt", f"\nRound {number}\n")
        began = time.time()
        revision = checkout.push(f"Round {number}")
        pushed = time.time()
        ended, started = _ended(cloud, revision)
        flows.append(ended - began)
        first.append(started - pushed)
    script = [_script(folder, checkout, number) for number in range(ROUNDS)]
    flow, alone = percentile(flows, 0.5), percentile(script, 0.5)
    return [
        Row("git push → built, tested, deployed, median", f"{flow * 1e3:.0f} ms", "–"),
        Row("… the same commands in a shell script, with the push", f"{alone * 1e3:.0f} ms", "–"),
        Row("… ratio", f"{flow / alone:.2f} ×", "≤ 1.5 ×"),
        Row("push answered → first action started, worst", f"{max(first) * 1e3:.0f} ms", "250 ms (p99)"),
    ]


def _without_approval(cloud: Cloud) -> None:
    client = cloud.client("codepipeline")
    pipeline = client.get_pipeline(name=setting.PIPELINE)["pipeline"]
    pipeline["stages"] = [stage for stage in pipeline["stages"] if stage["name"] != "Approve"]
    client.update_pipeline(pipeline=pipeline)


def _ended(cloud: Cloud, revision: str) -> tuple[float, float]:
    client = cloud.client("codepipeline")
    time.sleep(0.5)  # asking all the time would slow down what is measured; the server notes the times itself
    end = time.time() + 60
    while time.time() < end:
        for each in client.list_pipeline_executions(pipelineName=setting.PIPELINE)["pipelineExecutionSummaries"]:
            found = any(source.get("revisionId") == revision for source in each.get("sourceRevisions", []))
            if found and each["status"] == "Succeeded":
                return each["lastUpdateTime"].timestamp(), _first_start(client, each["pipelineExecutionId"])
            if found and each["status"] == "Failed":
                raise RuntimeError(f"the measured execution failed: {each.get('statusSummary')}")
        time.sleep(0.2)
    raise TimeoutError("the measured execution did not end")


def _first_start(client: Any, execution_id: str) -> float:
    chosen = {"pipelineExecutionId": execution_id}
    runs = client.list_action_executions(pipelineName=setting.PIPELINE, filter=chosen)["actionExecutionDetails"]
    return float(min(run["startTime"].timestamp() for run in runs))


def _script(folder: Path, checkout: _Checkout, number: int) -> float:
    """A person's own script: the push to a bare repository beside it, then clone, build, test, copy."""
    bare, place = folder / "bare.git", folder / f"script{number}"
    quiet = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    if not bare.exists():
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True, env=quiet)
    place.mkdir()
    with (folder / "checkout" / "pages" / "index.txt").open("a") as file:
        file.write(f"\nScript {number}\n")
    began = time.time()
    commands = (["add", "-A"], ["commit", "-q", "-m", "x"], ["push", "-q", str(bare), "main"])
    for command in commands:
        subprocess.run(["git", *command], cwd=folder / "checkout", check=True, env=quiet)
    subprocess.run(["sh", "-c", SCRIPT, "sh", str(bare)], cwd=place, check=True, env=quiet)
    took = time.time() - began
    shutil.rmtree(place)
    return took
