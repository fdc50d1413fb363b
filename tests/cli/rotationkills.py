"""Kill a key rotation at every one of its points, on a copy of a data folder each: ``rotationkills.py DATA SCRATCH``.

After each kill everything must be readable with the key file as it is, and again once the rotation was brought to its end.
Says in JSON where it was killed and what was wrong.
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from stageline import faults
from stageline.config import Settings
from stageline.engine.replay import check
from stageline.offline.keyrotation import rotate
from stageline.ports.api import Caller, Context
from stageline.services.codebuild import credentials
from stageline.services.codepipeline import masking
from stageline.services.codepipeline.custom import jobs
from stageline.services.codepipeline.webhooks import records as webhooks
from stageline.services.iam.identity import StoredIdentity
from stageline.services.iam.secrets import Vault
from stageline.services.secretsmanager.values import get_secret_value
from stageline.services.ssm.reading import get_parameter_history
from stageline.store.sql import SqlStore
from stageline.testing.clock import FakeClock

PORTION = 40
CONTEXT = Context(Caller("root", "root"), "000000000000", "us-east-1", 1, "request", "http://127.0.0.1:1")


def readings(data: Path) -> dict[str, Any]:
    """Everything sealed, in clear; and what the journals do not give."""
    store, vault = SqlStore(f"sqlite:///{data}/stageline.db"), Vault(data / "vault.key")
    identity = StoredIdentity(store, FakeClock(1), "000000000000", vault)
    try:
        with store.read() as tx:
            keys = [key for key, _ in tx.scan("iam.key")]
            names = [name for name, _ in tx.scan("secretsmanager.secret")]
            parameters = [name for name, _ in tx.scan("ssm.parameter")]
            hooks = [doc for _, doc in tx.scan("codepipeline.webhook")]
            open_jobs = [doc for _, doc in tx.scan("codepipeline.job")]
            pipelines = [doc for _, doc in tx.scan("codepipeline.version")]
            login = credentials.login(tx, vault, "GITHUB", "https", "github.com")
            states = json.dumps([doc for _, doc in tx.scan("codepipeline.state")])
        found = {
            "keys": {key: getattr(identity.credential(key), "secret", None) for key in keys},
            "secrets": [get_secret_value(CONTEXT, {"SecretId": name}, store=store, vault=vault) for name in names],
            "parameters": [
                get_parameter_history(CONTEXT, {"Name": name, "WithDecryption": True}, store=store, vault=vault)
                for name in parameters
            ],
            "webhooks": [webhooks.secret(vault, each).decode() for each in hooks],
            "jobs": [jobs.configuration(vault, each) for each in open_jobs],
            "login": login,
            "pipelines": [configuration(vault, each) for each in pipelines],
            "sealed in states": states.count("sealed:"),
        }
        return json.loads(json.dumps(found, default=bytes.decode))
    finally:
        store.close()


def configuration(vault: Vault, version: dict[str, Any]) -> list[dict[str, str]]:
    document = version.get("pipeline", version)
    actions = [action for stage in document["stages"] for action in stage["actions"]]
    return [masking.opened(vault, document["name"], action["configuration"]) for action in actions]


def killed(data: Path, fault: str) -> bool:
    """Whether a rotation met the fault."""
    child = os.fork()
    if not child:
        code = 1
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            faults.arm(fault)
            rotate(Settings(data=data), PORTION)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError(f"the rotation with {fault} failed by itself")
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def main(data: Path, scratch: Path) -> dict[str, Any]:
    before = readings(data)
    wrong: list[str] = []
    where: list[str] = []
    points = ["rotation.key-added", "rotation.portion", "rotation.resealed", "rotation.key-removed"]
    points += ["store.before-commit", "store.after-commit"]
    for point in points:
        for number in range(1, 100):
            fault, copy = f"{point}:{number}", scratch / f"{point}-{number}"
            shutil.copytree(data, copy)
            if not killed(copy, fault):
                shutil.rmtree(copy)
                break
            where.append(fault)
            if readings(copy) != before:
                wrong.append(f"{fault}: not everything is readable after the kill")
            rotate(Settings(data=copy), PORTION)
            wrong += [f"{fault}: {each}" for each in finished(copy, before)]
            shutil.rmtree(copy)
    return {"where": where, "wrong": wrong, "read": before}


def finished(data: Path, before: dict[str, Any]) -> list[str]:
    wrong = [] if readings(data) == before else ["not everything is readable at the end"]
    if len((data / "vault.key").read_text().splitlines()) != 1 or (data / "vault.key").stat().st_mode & 0o777 != 0o600:
        wrong.append("the key file is not as it should be")
    store = SqlStore(f"sqlite:///{data}/stageline.db")
    wrong += check(store)
    store.close()
    return wrong


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
