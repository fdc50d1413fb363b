"""Signed GetPipelineState requests per second against a server process, and the server's start and idle memory."""

import hashlib
import http.client
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from bench.table import Row, percentile

SECONDS = 5.0
CLIENTS = 4
TARGET = "CodePipeline_20150709.GetPipelineState"


def measure() -> list[Row]:
    """Starts a server, makes one pipeline through the demo's calls, and reads its state from several connections."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        began = time.perf_counter()
        server = subprocess.Popen(
            [sys.executable, "-m", "stageline", "up", "--data", str(data), "--port", "0"], stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout
            endpoint = server.stdout.readline().split()[1]
            first = time.perf_counter() - began
            time.sleep(1.0)
            memory = _memory(server.pid)
            key = json.loads((data / "administrator.json").read_text())
            _pipeline(endpoint, key)
            counts, times = _load(endpoint, key)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
    return [
        Row("up → ready, on a new data folder", f"{first:.2f} s", "1.5 s"),
        Row("idle memory", f"{memory / 1024:.0f} MB", "150 MB"),
        Row(
            f"GetPipelineState, signed, {CLIENTS} connections (load on the same machine)",
            f"{counts / SECONDS:.0f} requests/s; p99 {percentile(times, 0.99) * 1e3:.1f} ms",
            "1,000 requests/s",
        ),
    ]


def _memory(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise LookupError("VmRSS")


def _pipeline(endpoint: str, key: dict[str, str]) -> None:
    import boto3

    from stageline.demo import setting

    session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1")
    cloud = setting.Cloud(session, endpoint)
    setting.create_repository(cloud)
    setting.create_buckets(cloud)
    role, build = setting.create_roles(cloud)
    setting.create_projects(cloud, build)
    setting.create_pipeline(cloud, role)


def _load(endpoint: str, key: dict[str, str]) -> tuple[int, list[float]]:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        results = pool.starmap(_client, [(endpoint, key, CLIENTS // 2)] * 2)
    return sum(count for count, _ in results), [each for _, times in results for each in times]


def _client(endpoint: str, key: dict[str, str], connections: int) -> tuple[int, list[float]]:
    """Sends one signed request again and again: the signature is checked each time, but made once."""
    address = urlsplit(endpoint)
    body = json.dumps({"name": "website"}).encode()
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": TARGET,
        "X-Amz-Date": datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"),
        "X-Amz-Content-SHA256": hashlib.sha256(body).hexdigest(),
    }
    request = AWSRequest("POST", endpoint + "/", data=body, headers=headers)
    SigV4Auth(Credentials(key["AccessKeyId"], key["SecretAccessKey"]), "codepipeline", "us-east-1").add_auth(request)
    signed = dict(request.headers.items())
    wires = [http.client.HTTPConnection(str(address.hostname), address.port) for _ in range(connections)]
    times: list[float] = []
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        sent = time.perf_counter()
        for wire in wires:
            wire.request("POST", "/", body, signed)
        for wire in wires:
            answer = wire.getresponse()
            text = answer.read()
            assert answer.status == 200, text
            times.append(time.perf_counter() - sent)
    return len(times), times


if __name__ == "__main__":
    print(os.getpid(), measure())
