"""Builds as attackers, in the sandbox that the server chose: what is the server's or another build's is not theirs."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from stageline.sandbox.limits import PROCESSES
from stageline.sandbox.probe import probe
from stageline.testing.process import eventually

FOUND = probe()
pytestmark = pytest.mark.skipif(FOUND.level != "bubblewrap", reason=FOUND.reason)

TRACE = "import ctypes; print(ctypes.CDLL(None).ptrace(16, {pid}, 0, 0))"
PROBES = {
    "another build's file": "find / -xdev -name 'victim-file*' -not -path '/proc/*' 2>/dev/null | head -3",
    "another build's folder": "ls -A {data} {data}/builds {data}/blobs 2>/dev/null",
    "the data folder": "cat {data}/* {data}/vault.key {data}/administrator.json 2>/dev/null | head -c 100",
    "the data folder by way of a process": "cat /proc/[0-9]*/root{data}/vault.key /proc/[0-9]*/cwd/vault.key 2>/dev/null",
    "environments": "cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -E 'in-its-environment|of-a-victim'",
    "command lines": "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -oE 'stageline[ ]up|victim[-]file'",
    "the server's process": "kill -0 {pid} 2>/dev/null && echo there; ls /proc/{pid}/fd 2>/dev/null",
    "descriptors": "ls -l /proc/[0-9]*/fd 2>/dev/null | grep -E 'stageline|vault|\\.db|blobs'",
    "memory of the machine": "head -c 1 /dev/mem /dev/kmem /proc/kcore /dev/kmsg 2>/dev/null",
    "devices": "find /dev -type b; find /dev -name 'sd*' -o -name 'vd*' -o -name 'nvme*' -o -name fuse -o -name kvm -o -name net",
    "sockets in the file system": "find /run /var/run/ /tmp -type s 2>/dev/null; find /run /root /home -type f | grep -v resolv",
    "a mount": "mount -t tmpfs none /opt 2>/dev/null && echo mounted; mount -o remount,rw / 2>/dev/null && echo mounted",
    "a namespace": "unshare -Urm true 2>/dev/null && echo unshared; unshare -n true 2>/dev/null && echo unshared",
    "the kernel's settings": "{ echo 1 >/proc/sys/kernel/core_pattern; } 2>/dev/null && echo set",
    "a device of its own": "mknod here b 8 0 2>/dev/null && echo made",
    "more rights": "su -c id 2>/dev/null | grep uid=0; grep ^Cap /proc/self/status | grep -v 0000000000000000",
    "its life": "echo -1000 2>/dev/null >/proc/self/oom_score_adj && echo immortal; nice -n -5 true 2>/dev/null | grep x",
    "its limits": "ulimit -Hn 9999999 2>/dev/null && echo more; ulimit -Hu 999999 2>/dev/null && echo more",
    "the system": "for d in / /etc /usr/bin /usr/lib /opt /var/lib; do touch $d/evil 2>/dev/null && echo $d; done",
    "the clock and the name": "hostname evil 2>/dev/null && echo named; date -s 2000-01-01 >/dev/null 2>&1 && echo set",
}
"""What is tried, each a command that says nothing where it has failed."""


@pytest.fixture(scope="module")
def said(process: Any, build: Any) -> dict[str, str]:
    """What an attacker's commands said, while another build was running."""
    variables = [{"name": "SECRET", "value": "of-a-victim", "type": "PLAINTEXT"}]
    waits = {"version": 0.2, "phases": {"build": {"commands": ["echo of-a-victim >victim-file; echo ready; sleep 60"]}}}
    name = build.project(json.dumps(waits))
    victim = build.codebuild.start_build(projectName=name, environmentVariablesOverride=variables)["build"]["id"]
    try:
        eventually("the victim runs", lambda: any(Path(process.data, "builds").rglob("victim-file")))
        values = {"data": str(process.data), "pid": str(process.pid)}
        commands = []
        for number, text in enumerate(PROBES.values()):
            for each, value in values.items():
                text = text.replace(f"{{{each}}}", value)
            commands.append(f"echo '<{number}>'; {{ {text}; }} || true; echo '</{number}>'")
        commands.append(
            f"echo '<trace>'; python3 -c '{TRACE.format(pid=process.pid)}'; echo '</trace>'; ulimit -u; ls /proc | grep -c [0-9]"
        )
        status, log = build.run(*commands, spec={"env": {"shell": "bash"}})
    finally:
        build.codebuild.stop_build(id=victim)
    assert status == "SUCCEEDED", log
    found = {name: re.search(rf"<{number}>\n(.*?)</{number}>", log, re.DOTALL) for number, name in enumerate(PROBES)}
    said = {name: match[1] if match else "not tried" for name, match in found.items()}
    return {**said, "trace": re.search(r"<trace>\n(.*?)</trace>\n(.*)", log, re.DOTALL)[0]}  # type: ignore[index]


@pytest.mark.parametrize("name", PROBES)
def test_a_build_does_not_get(said: dict[str, str], name: str) -> None:
    got = "\n".join(line for line in said[name].splitlines() if not line.startswith("[Container]"))
    assert got.strip() == ""


def test_a_build_traces_nobody_and_has_a_bound(said: dict[str, str], process: Any) -> None:
    lines = [line for line in said["trace"].splitlines() if line and not line.startswith("[Container]")]
    assert lines[1] == "-1"
    limit, processes = lines[3:5]
    assert int(processes) < 20
    root = Path(f"/proc/{process.pid}").stat().st_uid == 0
    assert not root or int(limit) <= PROCESSES


def listening(pid: int) -> set[str]:
    """Where a process listens: ``address:port`` in hexadecimal, or the name of a socket of this machine."""
    inodes = set()
    for fd in Path(f"/proc/{pid}/fd").iterdir():
        try:
            inodes.add(str(fd.readlink()))
        except FileNotFoundError:
            continue
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == "0A" and f"socket:[{words[9]}]" in inodes:
                found.add(words[1])
    for line in Path(f"/proc/{pid}/net/unix").read_text().splitlines()[1:]:
        words = line.split()
        if f"socket:[{words[6]}]" in inodes and (words[3] == "00010000" or len(words) > 7):
            found.add(words[-1])
    return found


def test_the_server_listens_on_its_one_address_alone(process: Any, build: Any) -> None:
    """A build shares the network: it reaches what listens on loopback, and sockets that are in no file system."""
    port = urlsplit(process.endpoint).port
    build.run("true")
    assert listening(process.pid) == {f"0100007F:{port:04X}"}


def memory(pid: int) -> int:
    """Megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS:"))


def test_a_flood_of_output_is_held_back(process: Any, build: Any) -> None:
    """One line without end, and very many: the build waits for its log, and the server does not grow by what is said."""
    before = memory(process.pid)
    commands = ["head -c 150000000 /dev/zero | tr '\\0' x; head -c 30000 /dev/zero | tr '\\0' '\\n'; echo"]
    spec = json.dumps({"version": 0.2, "phases": {"build": {"commands": commands}}})
    assert build.ended(build.start(spec))["buildStatus"] == "SUCCEEDED"
    assert memory(process.pid) - before < 100


def test_a_crowd_of_processes_ends_with_its_build(process: Any, build: Any) -> None:
    mark = f"5{process.pid}.25"
    spawn = f"for i in $(seq 300); do (setsid sleep {mark} &) ; done; echo there"
    status, log = build.run(spawn)
    assert (status, "there" in log) == ("SUCCEEDED", True)
    left = [each for each in Path("/proc").glob("[0-9]*/cmdline") if _said(each, mark)]
    assert left == []


def _said(file: Path, mark: str) -> bool:
    try:
        return mark.encode() in file.read_bytes()
    except OSError:
        return False
