"""A server process with listeners that is told to stop, and the audit trail that it leaves."""

import time
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from stageline.cli import app
from stageline.remembered import administrator
from stageline.testing.cloud import Cloud
from stageline.testing.process import ServerProcess
from stageline.webconsole import links

PASSWORD = "Correct-Horse-7"


def test_a_server_with_listeners_stops_at_once_and_its_trail_is_whole(tmp_path: Path, browser: Any, listen: Any) -> None:
    with ServerProcess(tmp_path / "data") as server:
        cloud = Cloud(server)
        cloud.iam.create_user(UserName="ida")
        rights = {"Action": ["codepipeline:ListPipelines", "iam:ChangePassword"], "Resource": "*"}
        cloud.iam.put_user_policy(UserName="ida", PolicyName="rights", PolicyDocument=cloud.policy(rights))
        cloud.iam.create_login_profile(UserName="ida", Password=PASSWORD)
        trust = cloud.policy({"Principal": {"AWS": "arn:aws:iam::000000000000:user/ida"}, "Action": "sts:AssumeRole"})
        role = cloud.iam.create_role(RoleName="ida-role", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        browser.endpoint = server.endpoint
        assert browser.sign_in("ida", "wrong").status == 401
        assert browser.sign_in("ida").status == 200
        assert browser.ask("POST", "/console/session/role", {"roleArn": role}).status == 200
        assert browser.ask("POST", "/console/session/role", {}).status == 200
        change = {"oldPassword": PASSWORD, "newPassword": "Battery-Staple-8"}
        assert browser.ask("POST", "/console/session/password/change", change).status == 200
        key = administrator(server.data)
        token = links.token(key["AccessKeyId"], key["SecretAccessKey"], time.time_ns() // 1_000_000)
        assert browser.ask("POST", "/console/session/link", {"token": token}).status == 200
        streams = [listen(browser) for _ in range(20)]
        for each in streams:
            assert each.event()[0] == "ready"
        began = time.monotonic()
        assert server.terminate(10) == 0
        assert time.monotonic() - began < 4
        assert [each.event() for each in streams] == [None] * 20
        assert "Traceback" not in server.stderr()
    trail = ["audit", "--data", str(tmp_path / "data")]
    whole = CliRunner().invoke(app, [*trail, "--verify"])
    assert whole.exit_code == 0, whole.output
    told = CliRunner().invoke(app, trail).output
    for name in ("ConsoleLogin", "SwitchRole", "ExitRole", "ChangePassword"):
        assert f"signin:{name}" in told, told
    assert PASSWORD not in told
