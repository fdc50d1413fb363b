"""``stageline rotate-key``: what is sealed opens before, after, and after a kill at any point between; the old key is gone."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from stageline.app import assemble
from stageline.cli import app
from stageline.config import Settings
from stageline.offline.doctor import examine, report
from stageline.offline.keyrotation import rotate
from stageline.services.iam.model import keyring
from stageline.services.iam.secrets import Vault
from stageline.store.sql import SqlStore
from stageline.testing.harness import Key
from stageline.testing.pipelines import action, refused, stage
from stageline.testing.process import ServerProcess
from stageline.testing.workers import Kind

KILLS = Path(__file__).with_name("rotationkills.py")
CANARY = "open-sesame-canary"


def fill(server: ServerProcess) -> dict[str, Any]:
    """Put something sealed of every kind into a server; a session and a user's key that were given out."""
    iam, pipelines, s3 = (server.client(name) for name in ("iam", "codepipeline", "s3"))
    trust = {"Effect": "Allow", "Principal": {"Service": "codepipeline.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="pipeline", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    everything = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    iam.put_role_policy(RoleName="pipeline", PolicyName="p", PolicyDocument=everything)
    iam.create_user(UserName="user")
    iam.put_user_policy(UserName="user", PolicyName="p", PolicyDocument=everything)
    key = iam.create_access_key(UserName="user")["AccessKey"]
    for bucket in ("artifacts", "incoming"):
        s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket="incoming", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="incoming", Key="a.zip", Body=b"PK\x05\x06" + b"\0" * 18)
    kind = Kind(pipelines).create()
    fetch = {"S3Bucket": "incoming", "S3ObjectKey": "a.zip", "PollForSourceChanges": "false"}
    secretive = kind.action(configuration={"Project": "shop", "Token": CANARY})
    fetched = stage("Source", {**action("Fetch", "Source", "S3", outputs=["Src"]), "configuration": fetch})
    pipelines.create_pipeline(
        pipeline={
            "name": "shop",
            "roleArn": role,
            "artifactStore": {"type": "S3", "location": "artifacts"},
            "stages": [fetched, stage("Build", secretive)],
        }
    )
    job = kind.next()
    hook = {"name": "hook", "targetPipeline": "shop", "targetAction": "Fetch", "authentication": "GITHUB_HMAC"}
    hook |= {"filters": [{"jsonPath": "$.ref"}], "authenticationConfiguration": {"SecretToken": CANARY}}
    pipelines.put_webhook(webhook=hook)
    codebuild = server.client("codebuild")
    codebuild.import_source_credentials(token=CANARY, serverType="GITHUB", authType="PERSONAL_ACCESS_TOKEN")
    keeper, ssm = server.client("secretsmanager"), server.client("ssm")
    for number in range(30):
        keeper.create_secret(Name=f"secret-{number}", SecretString=f"{CANARY}-{number}")
        ssm.put_parameter(Name=f"parameter-{number}", Value=f"{CANARY}-{number}", Type="SecureString")
    session = server.client("sts").get_session_token()["Credentials"]
    ssm.put_parameter(Name="planted", Value=session["SessionToken"], Type="String", Description=session["SessionToken"][:1000])
    url = pipelines.list_webhooks()["webhooks"][0]["url"].partition("?")[2]
    return {"job": job["id"], "key": key, "session": session, "url": url}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A data folder that a server has left, and what it had given out."""
    data = tmp_path_factory.mktemp("rotation") / "data"
    with ServerProcess(data) as server:
        told = fill(server)
        server.terminate()
    return data, told


@pytest.fixture
def data(filled: tuple[Path, dict[str, Any]], tmp_path: Path) -> Path:
    """A copy of that folder."""
    return Path(shutil.copytree(filled[0], tmp_path / "data"))


def test_a_kill_at_any_point_leaves_everything_readable(filled: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    command = [sys.executable, str(KILLS), str(filled[0]), str(tmp_path)]
    said = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=100).stdout)
    assert said["wrong"] == []
    killed = [each.partition(":")[0] for each in said["where"]]
    assert killed.count("rotation.portion") >= 5
    assert killed.count("store.before-commit") >= 3
    assert {"rotation.key-added", "rotation.resealed", "rotation.key-removed"} <= set(killed)
    read = said["read"]
    assert (len(read["keys"]), len(read["secrets"]), len(read["parameters"])) == (2, 30, 31)
    assert all(read["keys"].values())
    assert read["webhooks"] == [CANARY]
    assert [each["Token"] for each in read["jobs"]] == [CANARY]
    assert read["login"] == ["x-access-token", CANARY]
    assert read["sealed in states"] > 0
    assert any(configuration.get("Token") == CANARY for pipeline in read["pipelines"] for configuration in pipeline)


def texts(data: Path) -> bytes:
    return b"".join(file.read_bytes() for file in data.glob("stageline.db*"))


def test_a_server_goes_on_with_the_new_key(data: Path, filled: tuple[Path, dict[str, Any]]) -> None:
    told = filled[1]
    (old,) = keyring.read(data / "vault.key")
    (data / ".vault.key.0123456789abcdef").write_text("what a kill left over")
    ran = CliRunner().invoke(app, ["rotate-key", "--data", str(data)])
    assert ran.exit_code == 0, ran.output
    assert "The old key is gone." in ran.output
    (new,) = keyring.read(data / "vault.key")
    assert new != old
    assert stat.S_IMODE((data / "vault.key").stat().st_mode) == 0o600
    assert sorted(each.name for each in data.iterdir() if "vault" in each.name) == ["vault.key"]
    store = SqlStore(f"sqlite:///{data}/stageline.db")
    with store.read() as tx:
        kinds = ("iam.key", "codepipeline.job", "codepipeline.version", "codepipeline.state", "ssm.version")
        stored = json.dumps([tx.scan(kind) for kind in kinds])
    store.close()
    assert stored.count(f"v2.{keyring.key_id(old)}.") == 2, "only the session's token that was planted"
    assert f"v2.{keyring.key_id(new)}." in stored
    findings = examine(Settings(data=data, port=0))
    assert not any(each.bad for each in findings), report(findings)
    with ServerProcess(data) as server:
        assert server.client("secretsmanager").get_secret_value(SecretId="secret-7")["SecretString"] == f"{CANARY}-7"
        user = Key(told["key"]["AccessKeyId"], told["key"]["SecretAccessKey"])
        got = server.client("ssm", key=user).get_parameter(Name="parameter-7", WithDecryption=True)
        assert got["Parameter"]["Value"] == f"{CANARY}-7"
        pipelines = server.client("codepipeline")
        details = pipelines.get_job_details(jobId=told["job"])["jobDetails"]
        assert details["data"]["actionConfiguration"]["configuration"]["Token"] == CANARY
        assert pipelines.list_webhooks()["webhooks"][0]["url"].partition("?")[2] == told["url"]
        session = told["session"]
        ended = Key(session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
        refused("InvalidClientTokenId", server.client("sts", key=ended).get_caller_identity)
        # A token that somebody put into a value comes out as it went in: it is not made good again.
        planted = server.client("ssm").get_parameter(Name="planted")["Parameter"]["Value"]
        assert planted == session["SessionToken"]


def test_an_interrupted_rotation_is_told_served_and_finished(data: Path) -> None:
    (old,) = keyring.read(data / "vault.key")
    keyring.replace(data / "vault.key", (keyring.new_key(), old))
    settings = Settings(data=data, port=0)
    said = report(examine(settings))
    assert "a key rotation was interrupted; run stageline rotate-key" in said
    assert "not compared while a key rotation is unfinished" in said
    server = assemble(settings, 0)
    server.close()
    done = rotate(settings)
    assert (done.resumed, done.rows > 60) == (True, True)
    assert len(keyring.read(data / "vault.key")) == 1
    assert rotate(settings).rows == done.rows


def test_values_of_the_old_form_are_sealed_anew(data: Path) -> None:
    """What earlier versions of the server wrote, each with the context of its place."""
    from base64 import urlsafe_b64encode

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cipher = AESGCM(keyring.read(data / "vault.key")[0])

    def old(context: str) -> str:
        nonce = os.urandom(12)
        return "v1." + urlsafe_b64encode(nonce + cipher.encrypt(nonce, b"old secret", context.encode())).decode().rstrip("=")

    rows = {
        ("iam.key", "AKIAOLD"): ({}, "iam.key/AKIAOLD"),
        ("codebuild.credential", "GITLAB"): ({}, "codebuild.credential/GITLAB"),
        ("codepipeline.webhook", "old"): ({}, "codepipeline.webhook/old/secret"),
        ("codepipeline.webhook", "older"): ({}, "codepipeline.webhook/older/token"),
        ("codepipeline.job", "1"): ({"run": "run-1"}, "codepipeline.job/run-1"),
        ("codepipeline.job", "2"): ({"run": "run-1"}, "codepipeline.job/run-1/token"),
        ("codepipeline.version", "uid/9"): ({"name": "shop"}, "codepipeline.secret/shop"),
        ("test.other", "x"): ({}, "of somebody else"),
    }
    store = SqlStore(f"sqlite:///{data}/stageline.db")
    with store.write() as tx:
        for (kind, key), (doc, context) in rows.items():
            tx.put(kind, key, {**doc, "value": old(context)})
    rotate(Settings(data=data))
    vault = Vault(data / "vault.key")
    with store.read() as tx:
        found = {place: tx.get(*place)["value"] for place in rows}
    store.close()
    assert found.pop(("test.other", "x")).startswith("v1.")
    assert {vault.open(text, context=rows[place][1]) for place, text in found.items()} == {b"old secret"}


def test_text_that_only_looks_sealed_stays_as_it_is(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault.key")
    (key,) = keyring.read(tmp_path / "vault.key")
    keyring.replace(tmp_path / "vault.key", (keyring.new_key(), key))
    both = Vault(tmp_path / "vault.key")
    sealed = vault.seal("secret", context="c")
    forged = sealed[:-4] + ("AAAA" if not sealed.endswith("AAAA") else "BBBB")
    text = f'{{"a": "{sealed}", "b": "{forged}", "c": "v1.{"A" * 60}", "d": "sealed:{sealed}"}}'
    again = json.loads(both.resealed(text))
    assert (again["b"], again["c"]) == (forged, f"v1.{'A' * 60}")
    assert again["d"] == f"sealed:{again['a']}"
    assert again["a"] != sealed
    assert both.open(again["a"], context="c") == b"secret"
    assert both.open(sealed, context="c") == b"secret"
    assert both.resealed(json.dumps(again)) == json.dumps(again)
    with pytest.raises(ValueError, match="does not open"):
        both.open(again["a"], context="other")


def test_a_folder_in_use_without_a_key_or_with_a_loose_key_is_not_touched(data: Path, tmp_path: Path) -> None:
    run = CliRunner()
    server = assemble(Settings(data=data), 0)
    before = (data / "vault.key").read_text()
    busy = run.invoke(app, ["rotate-key", "--data", str(data)])
    server.close()
    assert busy.exit_code == 1
    assert "is in use by" in busy.output
    assert (data / "vault.key").read_text() == before
    none = run.invoke(app, ["rotate-key", "--data", str(tmp_path / "none")])
    assert (none.exit_code, (tmp_path / "none").exists()) == (1, False)
    (data / "vault.key").chmod(0o640)
    loose = run.invoke(app, ["rotate-key", "--data", str(data)])
    assert "can be read by others; run chmod 600" in loose.output
    assert (data / "vault.key").read_text() == before
    with pytest.raises(ValueError, match="chmod 600"):
        assemble(Settings(data=data), 0)
    assert [each.bad for each in examine(Settings(data=data, port=0)) if each.subject == "keys"] == [True]
