"""The demo keeps its promises, and what it leaves behind is a data folder like any other."""

import re
import urllib.request
from pathlib import Path
from typing import Any

from stageline.testing.process import ServerProcess


def test_the_demo_is_seen_through_and_the_server_goes_on_from_it(tmp_path: Path, stageline: Any, cloud_of: Any) -> None:
    data = tmp_path / "demo"
    data.mkdir()
    (data / ".stageline-demo").touch()
    (data / "stageline.db").write_text("what an earlier demo left is replaced")
    done = stageline("demo", "--data", str(data), "--port", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    told = done.stdout
    for fact in (
        r"ready at http://127\.0\.0\.1:\d+",
        r"git push: commit [0-9a-f]{7}",
        r"Source/Checkout +Succeeded  Open the bakery's website",
        r"Build/Build +Succeeded",
        r"Test/Check +Succeeded",
        r"Approve/Review +InProgress  Deploy 2 pages of commit [0-9a-f]{40}\?",
        r"dana tries: AccessDeniedException",
        r"Approve/Review +Succeeded  Looks good",
        r"Deploy/Publish +Succeeded  Deployed 3 objects to s3://demo-website/",
        r"Test/Check +Failed  Build terminated with state: FAILED",
        r"FAIL index\.html: the link to cakes\.html leads nowhere",
        r"The page is still the one that alice approved",
        r"All of it was seen",
    ):
        assert re.search(fact, told), f"the demo did not tell {fact}:\n{told}"

    with ServerProcess(data) as server:
        page = urllib.request.urlopen(f"{server.endpoint}/_stageline/website/demo-website/", timeout=10).read().decode()
        assert "Fresh bread since 1923" in page
        cloud = cloud_of(server)
        assert [each["status"] for each in cloud.executions("website")] == ["Succeeded", "Failed"]
        assert cloud.latest("website", "Publish")["status"] == "Succeeded"
        assert cloud.latest("website", "Check")["status"] == "Failed"
        assert server.terminate() == 0
        assert re.fullmatch(r"stageline: console: \S+ \(once, within 15 minutes\)\n", server.stderr())

    doctor = stageline("doctor", "--data", str(data), "--port", "0")
    assert doctor.returncode == 0, doctor.stdout
    lines = doctor.stdout.splitlines()
    assert lines[-1] == "Everything that is needed is there."
    assert not [line for line in lines if line.startswith("BAD")]
    assert any(line.startswith("ok") and "every pipeline's journal gives its stored state" in line for line in lines)
    assert any(line.startswith("ok") and line.rstrip().endswith("sound") for line in lines)


def test_the_demo_leaves_a_folder_alone_that_is_not_its_own(tmp_path: Path, stageline: Any) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    done = stageline("demo", "--data", str(tmp_path))
    assert done.returncode == 1
    assert "is not empty and no demo made it" in done.stdout
    assert precious.read_text() == "mine"
