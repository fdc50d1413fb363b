"""Hostile archives through every door: the source of a build, the deploy action, and what a build itself gives away."""

import io
import json
import struct
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline.archives import BadArchive, unpack_zip
from stageline.testing.pipelines import action, stage

LINK, FILE, DEVICE, PIPE, SOCKET = 0o120777, 0o100644, 0o020666, 0o010666, 0o140666
Member = tuple[str, bytes, int]


def zipped(*members: Member, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data, mode in members:
            info = zipfile.ZipInfo("x")
            info.filename = info.orig_filename = name
            info.external_attr = mode << 16
            info.create_system = 3
            info.compress_type = method
            archive.writestr(info, data)
    return out.getvalue()


def one(name: str, data: bytes = b"x", mode: int = FILE) -> bytes:
    return zipped(("fine", b"fine", FILE), (name, data, mode))


def patched(data: bytes, at: bytes, offset: int, value: bytes) -> bytes:
    """With bytes changed behind the last place where ``at`` stands."""
    place = data.rfind(at) + offset
    return data[:place] + value + data[place + len(value) :]


CENTRAL, END = b"PK\x01\x02", b"PK\x05\x06"


def many(count: int) -> bytes:
    """A table of contents with this many lines, which all say the same."""
    whole = zipped(("n", b"", FILE))
    begin, end = whole.index(CENTRAL), whole.index(END)
    table = whole[begin:end] * count
    size = struct.pack("<4s4H2LH", END, 0, 0, count % 65536, count % 65536, len(table), begin, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, begin + len(table), 1)
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(table), begin)
    return whole[:begin] + table + large + locator + size


def overlapping(count: int) -> bytes:
    """Many names for the bytes of one member."""
    whole = zipped(("a00", b"\0" * 3_000_000, FILE))
    begin, end = whole.index(CENTRAL), whole.index(END)
    table = b"".join(whole[begin:end].replace(b"a00", b"a%02d" % number) for number in range(count))
    return whole[:begin] + table + struct.pack("<4s4H2LH", END, 0, 0, count, count, len(table), begin, 0)


def lying64() -> bytes:
    """The size of a member is in a zip64 field, and is sixteen exabytes."""
    whole = zipped(("big", b"x" * 10, FILE))
    begin, end = whole.index(CENTRAL), whole.index(END)
    line = bytearray(whole[begin:end])
    line[24:28] = b"\xff" * 4
    extra = struct.pack("<2HQ", 1, 8, 2**64 - 1)
    line[30:32] = struct.pack("<H", len(extra))
    line += extra
    return whole[:begin] + bytes(line) + struct.pack("<4s4H2LH", END, 0, 0, 1, 1, len(line), begin, 0)


GOOD = one("data", b"0123456789" * 50)
REFUSED: dict[str, Callable[[], bytes]] = {
    "absolute": lambda: one("/etc/cron.d/evil"),
    "climbing": lambda: one("../evil"),
    "climbing inside": lambda: one("a/../../evil"),
    "windows": lambda: one("a\\..\\..\\evil"),
    "drive": lambda: one("C:/evil"),
    "nul": lambda: one("evil\0.txt"),
    "empty name": lambda: one(""),
    "link out": lambda: one("link", b"/etc", LINK),
    "link up": lambda: one("link", b"../..", LINK),
    "link in two steps": lambda: zipped(("a/b", b"..", LINK), ("a/b/c", b"x", FILE)),
    "through a link": lambda: zipped(("link", b"folder", LINK), ("link/evil", b"x", FILE)),
    "through a link later": lambda: zipped(("link/evil", b"x", FILE), ("link", b"/tmp", LINK)),
    "device": lambda: one("device", b"", DEVICE),
    "pipe": lambda: one("pipe", b"", PIPE),
    "socket": lambda: one("socket", b"", SOCKET),
    "case": lambda: zipped(("File", b"1", FILE), ("file", b"2", FILE)),
    "case of a folder": lambda: zipped(("Sub/a", b"1", FILE), ("sub/b", b"2", FILE)),
    "form": lambda: zipped(("\u00e9", b"1", FILE), ("e\u0301", b"2", FILE)),
    "twice": lambda: zipped(("file", b"1", FILE), ("fily", b"2", FILE)).replace(b"fily", b"file"),
    "file and folder": lambda: zipped(("a", b"1", FILE), ("a/b", b"2", FILE)),
    "encrypted": lambda: patched(GOOD, CENTRAL, 8, b"\x01"),
    "odd method": lambda: zipped(("a", b"x" * 100, FILE), method=zipfile.ZIP_LZMA),
    "zip64": lying64,
    "overlapping": lambda: overlapping(90),
    "bomb": lambda: one("zeros", bytes(80_000_000)),
    "many": lambda: many(200_000),
    "deep": lambda: one("d/" * 70 + "x"),
    "long": lambda: one("n" * 300),
    "size too small": lambda: patched(GOOD, CENTRAL, 24, struct.pack("<L", 7)),
    "size too large": lambda: patched(GOOD, CENTRAL, 24, struct.pack("<L", 501)),
    "wrong sum": lambda: patched(GOOD, CENTRAL, 16, b"\0\0\0\0"),
    "other name inside": lambda: GOOD.replace(b"data", b"else", 1),
    "cut off": lambda: GOOD[:-30],
    "nothing": lambda: b"",
    "tar": lambda: b"fine" + bytes(252) + b"ustar" + bytes(1500),
}
ODD = [
    "line\nbreak",
    "\x1b[31mred\x1b[0m",
    "<img src=x onerror=alert(1)>",
    "$(touch x)`id`",
    "-rf",
    "'\"; ls",
    "\u202eexe.txt",
    "nested.zip",
]


@pytest.fixture(scope="module")
def hostile() -> dict[str, bytes]:
    return {name: make() for name, make in REFUSED.items()}


def harmless() -> bytes:
    return zipped(*((name, name.encode(), FILE) for name in ODD), ("setuid", b"x", 0o106755), ("in", b"-rf", LINK))


@pytest.fixture(scope="module")
def shelf(process: Any, build: Any, hostile: dict[str, bytes]) -> Any:
    s3 = process.client("s3")
    for bucket in ("archives", "deployed", "artifacts-of-archives"):
        s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket="archives", VersioningConfiguration={"Status": "Enabled"})
    for name, data in {**hostile, "harmless": harmless()}.items():
        s3.put_object(Bucket="archives", Key=f"{name}.zip", Body=data)
    return s3


OVERRIDE = {"AllowOverrideForS3ObjectKey": "true"}
SHOW = "find . -mindepth 1 -not -path './in' -print0 | sort -z | tr '\\0' '|'; ls -l setuid; cat ./in"


@pytest.fixture(scope="module")
def built(process: Any, build: Any, shelf: Any) -> dict[str, dict[str, Any]]:
    """What became of a build of each archive."""
    spec = json.dumps({"version": 0.2, "phases": {"build": {"commands": [SHOW]}}})
    name = build.project(spec, source={"type": "S3", "location": "archives/x.zip"})
    start = build.codebuild.start_build
    ids = {
        key: start(projectName=name, sourceLocationOverride=f"archives/{key}.zip")["build"]["id"]
        for key in (*REFUSED, "harmless")
    }
    return {key: build.ended(each) for key, each in ids.items()}


@pytest.fixture(scope="module")
def deployed(process: Any, new_role: Any, shelf: Any) -> dict[str, dict[str, Any]]:
    """What became of a deployment of each archive."""
    client = process.client("codepipeline")
    role = new_role(process, "deployer", "codepipeline", {"Action": "s3:*", "Resource": "*"})
    taken = {"S3Bucket": "archives", "S3ObjectKey": "harmless.zip", "PollForSourceChanges": "false", **OVERRIDE}
    source = {**action("Fetch", "Source", "S3", outputs=["Out"]), "configuration": taken}
    put = {**action("Put", "Deploy", "S3", inputs=["Out"]), "configuration": {"BucketName": "deployed", "Extract": "true"}}
    made = {"name": "archives", "roleArn": role, "artifactStore": {"type": "S3", "location": "artifacts-of-archives"}}
    stages = [stage("Source", source), stage("Deploy", put)]
    client.create_pipeline(pipeline={**made, "stages": stages, "pipelineType": "V2", "executionMode": "PARALLEL"})
    ids = {}
    for name in REFUSED:
        chosen = {"actionName": "Fetch", "revisionType": "S3_OBJECT_KEY", "revisionValue": f"{name}.zip"}
        ids[name] = client.start_pipeline_execution(name="archives", sourceRevisions=[chosen])["pipelineExecutionId"]
    ids["harmless"] = client.list_pipeline_executions(pipelineName="archives")["pipelineExecutionSummaries"][-1][
        "pipelineExecutionId"
    ]
    return {name: _ended(client, each) for name, each in ids.items()}


def _ended(client: Any, execution: str) -> dict[str, Any]:
    deadline = time.monotonic() + 30
    while True:
        found = client.get_pipeline_execution(pipelineName="archives", pipelineExecutionId=execution)["pipelineExecution"]
        if found["status"] != "InProgress":
            break
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    chosen = {"filter": {"pipelineExecutionId": execution}}
    runs = client.list_action_executions(pipelineName="archives", **chosen)["actionExecutionDetails"]
    return {"status": found["status"], "run": runs[0]}


def test_a_build_takes_no_hostile_archive(built: dict[str, dict[str, Any]]) -> None:
    for name in REFUSED:
        phase = next(each for each in built[name]["phases"] if each["phaseType"] == "DOWNLOAD_SOURCE")
        assert (name, phase["phaseStatus"]) == (name, "FAILED"), built[name]
        context = phase["contexts"][0]
        assert (name, context["statusCode"]) == (name, "CLIENT_ERROR"), context
        assert "cannot be unpacked" in context["message"], (name, context)


def test_a_deployment_takes_no_hostile_archive(deployed: dict[str, dict[str, Any]], shelf: Any) -> None:
    for name in REFUSED:
        assert (name, deployed[name]["status"]) == (name, "Failed")
        told = deployed[name]["run"]["output"]["executionResult"]
        assert "cannot be unpacked" in str(told), (name, told)
    assert deployed["harmless"]["status"] == "Succeeded"
    keys = {each["Key"] for each in shelf.list_objects_v2(Bucket="deployed")["Contents"]}
    assert keys - {"fine", "data"} == {*ODD, "setuid"}
    for name in ODD:
        assert shelf.get_object(Bucket="deployed", Key=name)["Body"].read() == name.encode()
    with pytest.raises(ClientError):
        shelf.get_object(Bucket="deployed", Key="etc/cron.d/evil")


def test_odd_names_are_only_names(built: dict[str, dict[str, Any]], build: Any, process: Any) -> None:
    assert built["harmless"]["buildStatus"] == "SUCCEEDED", built["harmless"]
    said = build.log(built["harmless"])
    for name in ODD:
        assert f"./{name}|" in said
    assert "-rwxr-xr-x" in said
    assert all(line.isprintable() for line in process.stderr().splitlines())


def test_a_build_gives_away_nothing_but_its_files(build: Any) -> None:
    commands = [
        "ln -s /etc/passwd stolen; ln -s /etc folder; ln -s ../../.. up; mkfifo pipe; ln -s self self; mkdir -p sub",
        "ln /etc/hostname hard 2>/dev/null; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"sock\")' || true",
        "echo own >own; ln -s own inner; printf x >$'line\\nbreak'; printf y >$'\\033[31mred'",
    ]
    spec = {"artifacts": {"files": ["**/*"]}, "env": {"shell": "bash"}}
    artifacts = {"type": "S3", "location": "attack-output", "packaging": "ZIP", "name": "given.zip"}
    status, said = build.run(*commands, spec=spec, artifacts=artifacts)
    data = build.s3.get_object(Bucket="attack-output", Key="given.zip")["Body"].read() if status == "SUCCEEDED" else zipped()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names, texts = archive.namelist(), [archive.read(each) for each in archive.namelist()]
    assert status == "SUCCEEDED", said
    assert {"own", "inner", "line\nbreak", "\x1b[31mred"} <= set(names)
    assert not {"stolen", "hard", "pipe", "sock", "self"} & set(names)
    assert not [each for each in names if each.startswith(("folder/", "up/"))]
    assert not [each for each in texts if b"root:" in each]


def test_the_corpus_is_refused_by_the_judge_itself(hostile: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same without a server, where what was written can be seen: nothing beside the folder, no link."""
    for name, data in hostile.items():
        outside = tmp_path_factory.mktemp("unpacked")
        (outside / "into").mkdir()
        with pytest.raises(BadArchive):
            unpack_zip(io.BytesIO(data), outside / "into")
        assert [each.name for each in outside.iterdir()] == ["into"], name
        assert all(each.is_file() and not each.is_symlink() for each in (outside / "into").iterdir()), name
