"""How far the server's memory grows under large objects and long logs, and how fast a long log is read."""

import io
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.process import server
from bench.table import Row, percentile
from stageline.demo import setting
from stageline.demo.setting import Cloud

OBJECT = 1024**3
LOG = int(os.environ.get("LOG_MEGABYTES", "50")) * 1_000_000
LINE = "x" * 98
PIECE = 1024**2


class Zeros(io.RawIOBase):
    """A body of ``OBJECT`` bytes that needs no disk."""

    def __init__(self) -> None:
        self._at = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes: the client asks for the length so."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        self._at = offset + (0, self._at, OBJECT)[whence]
        return self._at

    def tell(self) -> int:
        """The place."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        left = OBJECT - self._at
        count = left if size < 0 else min(size, left)
        self._at += count
        return bytes(count)


def measure() -> list[Row]:
    """Puts and gets a large object, then runs a build that prints a lot, and looks at the server's largest size meanwhile."""
    with server() as (pid, cloud, _):
        setting.create_repository(cloud)
        setting.create_buckets(cloud)
        s3 = cloud.client("s3")
        s3.list_buckets()
        grown, seconds = watched(pid, lambda: transferred(s3))
        _, build = setting.create_roles(cloud)
        project(cloud, build)
        printed, took = watched(pid, lambda: built(cloud))
        pages = read(cloud)
    return [
        Row(f"{OBJECT // 1024**2:,} MB put and got: memory grows by", f"{grown} MB", "100 MB"),
        Row("… in", f"{seconds:.1f} s", "–"),
        Row(
            f"a build prints {LOG // 1_000_000} MB in lines of {len(LINE) + 1} bytes: memory grows by", f"{printed} MB", "100 MB"
        ),
        Row("… in", f"{took:.1f} s ({LOG / 1e6 / took:.0f} MB/s)", "–"),
        Row("GetLogEvents of that log, anywhere in it, p99", f"{percentile(pages, 0.99) * 1e3:.0f} ms", "200 ms"),
    ]


def watched(pid: int, work: Callable[[], None]) -> tuple[int, float]:
    """By how many megabytes a process was larger than before while ``work`` ran, and the seconds it took."""
    before, most, done = resident(pid), [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            most[0] = max(most[0], resident(pid))

    thread = threading.Thread(target=watch)
    thread.start()
    began = time.perf_counter()
    try:
        work()
    finally:
        took = time.perf_counter() - began
        done.set()
        thread.join()
    return max(0, most[0] - before) // 1024, took


def resident(pid: int) -> int:
    """The kilobytes of a process in memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def transferred(s3: Any) -> None:
    """One object to the server and back."""
    s3.put_object(Bucket=setting.SITE, Key="large", Body=Zeros(), ContentLength=OBJECT)
    left = OBJECT
    body = s3.get_object(Bucket=setting.SITE, Key="large")["Body"]
    while data := body.read(PIECE):
        left -= len(data)
    assert left == 0
    s3.delete_object(Bucket=setting.SITE, Key="large")


def project(cloud: Cloud, role: str) -> None:
    """A project without a source that prints."""
    command = f"yes {LINE} | head -n {LOG // (len(LINE) + 1)}"
    cloud.client("codebuild").create_project(
        name="printing",
        source={"type": "NO_SOURCE", "buildspec": f"version: 0.2\nphases: {{build: {{commands: ['{command}']}}}}\n"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"},
        serviceRole=role,
    )


def built(cloud: Cloud) -> None:
    """A build of it, to its end."""
    codebuild = cloud.client("codebuild")
    build = codebuild.start_build(projectName="printing")["build"]
    while not build["buildComplete"]:
        time.sleep(0.25)
        build = codebuild.batch_get_builds(ids=[build["id"]])["builds"][0]
    assert build["buildStatus"] == "SUCCEEDED", build["phases"]


def read(cloud: Cloud) -> list[float]:
    """Seconds of reads at the head, at the tail and after instants in between."""
    logs, codebuild = cloud.client("logs"), cloud.client("codebuild")
    latest = codebuild.batch_get_builds(ids=codebuild.list_builds(sortOrder="DESCENDING")["ids"][:1])["builds"][0]["logs"]
    place = {"logGroupName": latest["groupName"], "logStreamName": latest["streamName"]}
    first = logs.get_log_events(**place, limit=1, startFromHead=True)["events"][0]["timestamp"]
    last = logs.get_log_events(**place, limit=1)["events"][0]["timestamp"]
    instants = [first + (last - first) * step // 40 for step in range(40)]
    times = []
    for extra in ({"startFromHead": True}, {}, *({"startFromHead": True, "startTime": at} for at in instants)):
        began = time.perf_counter()
        logs.get_log_events(**place, limit=1_000, **extra)
        times.append(time.perf_counter() - began)
    return times
