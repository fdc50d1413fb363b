"""The demo from beginning to end. It succeeds only when everything that it promises was seen."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from stageline.demo import setting
from stageline.demo.setting import Cloud, Person
from stageline.demo.telling import Telling
from stageline.demo.watching import DemoFailed, Watcher
from stageline.remembered import administrator
from stageline.webconsole import links

MARK = ".stageline-demo"
PATIENCE = 120.0
PERSON_PATIENCE = 7 * 24 * 3600.0


def run(data: Path, *, port: int, wait: bool, keep: bool) -> int:
    """Run the demo on a scratch data folder; the exit code."""
    telling = Telling()
    try:
        folder = _scratch(data)
        with _server(folder, port, telling) as endpoint:
            _play(telling, folder, endpoint, wait=wait)
    except DemoFailed as error:
        telling.line(f"The demo failed: {error}", "bold red")
        return 1
    except (ClientError, BotoCoreError, OSError, subprocess.SubprocessError) as error:
        telling.line(f"The demo failed: {error}", "bold red")
        return 1
    telling.chapter("All of it was seen.")
    if keep:
        telling.line(f"Go on from here: stageline up --data {data}")
    else:
        shutil.rmtree(folder)
    return 0


def _scratch(data: Path) -> Path:
    """An empty folder; one that an earlier demo left behind is replaced, anything else is left alone."""
    if data.exists() and any(data.iterdir()):
        if not (data / MARK).exists():
            raise DemoFailed(f"{data} is not empty and no demo made it; name another folder with --data")
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    (data / MARK).touch()
    return data.absolute()


@contextmanager
def _server(folder: Path, port: int, telling: Telling) -> Iterator[str]:
    """A server process of its own, ended in an orderly way."""
    telling.chapter("A server")
    command = [sys.executable, "-m", "stageline", "up", "--data", str(folder), "--port", str(port)]
    environment = {**os.environ, "STAGELINE_CONSOLE_LINK": "false"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith("ready "):
            raise DemoFailed("the server did not start; its own message is above")
        endpoint = line.split()[1]
        telling.line(f"stageline up --data {folder.name}: ready at {endpoint}")
        yield endpoint
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _play(telling: Telling, folder: Path, endpoint: str, *, wait: bool) -> None:
    key = administrator(folder)
    session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1")
    cloud = Cloud(session, endpoint)
    telling.chapter("What a team sets up once, through the AWS API")
    url = setting.create_repository(cloud)
    telling.line(f"CodeCommit repository {url}")
    setting.create_buckets(cloud)
    telling.line(f"S3 buckets {setting.ARTIFACTS} (artifacts) and {setting.SITE} (a public website)")
    pipeline_role, build_role = setting.create_roles(cloud)
    setting.create_projects(cloud, build_role)
    telling.line(f"roles, and the CodeBuild projects {setting.BUILD} and {setting.TEST}")
    dana, alice = setting.create_people(cloud)
    telling.line("IAM users: dana may push, alice may approve")
    checkout = _Checkout(folder / "checkout", url, setting.git_credential(cloud, dana))
    checkout.fill(_example())
    first = checkout.push("Open the bakery's website")
    setting.create_pipeline(cloud, pipeline_role)
    telling.line(f"CodePipeline pipeline {setting.PIPELINE}: Source → Build → Test → Approve → Deploy")

    telling.chapter("A push of dana's is built and tested, and then waits for alice")
    telling.line(f"git push: commit {first[:7]}")
    watcher = Watcher(cloud, telling)
    approval = watcher.until("an approval that waits", lambda: _approval(watcher, first), PATIENCE)
    _approve(telling, cloud, dana, alice, approval["token"], folder, wait=wait)
    patience = PERSON_PATIENCE if wait else PATIENCE
    ended = watcher.until("the end of the execution", lambda: watcher.ended(first), patience)
    if ended["status"] != "Succeeded":
        raise DemoFailed(f"the execution of the first push ended {ended['status']}: {ended.get('statusSummary', '')}")
    page = _page(endpoint)
    if "Fresh bread since 1923" not in page:
        raise DemoFailed("the deployed page does not say what was pushed")
    telling.chapter("The page is there, served from the bucket")
    telling.line(_address(endpoint))
    telling.quote(page.strip())
    _broken(telling, cloud, checkout, watcher, page)


def _approval(watcher: Watcher, revision: str) -> dict[str, Any] | None:
    """The approval that waits; DemoFailed when the execution has ended already, so that there is nothing to wait for."""
    ended = watcher.ended(revision)
    if ended:
        raise DemoFailed(f"the execution of the first push ended {ended['status']}: {ended.get('statusSummary', '')}")
    return watcher.approval()


def _broken(telling: Telling, cloud: Cloud, checkout: "_Checkout", watcher: Watcher, page: str) -> None:
    telling.chapter("A second push breaks a link: its tests fail, and it is not deployed")
    checkout.append("pages/index.txt", "\n-> cakes\n")
    second = checkout.push("Announce our cakes")
    telling.line(f"git push: commit {second[:7]}")
    ended = watcher.until("the end of the second execution", lambda: watcher.ended(second), PATIENCE)
    if ended["status"] != "Failed":
        raise DemoFailed(f"the execution of the broken push ended {ended['status']}")
    telling.status("pipeline execution", ended["status"], ended.get("statusSummary", ""))
    lines = [line for line in _log(cloud) if "FAIL" in line]
    if not lines:
        raise DemoFailed("the log of the failed tests does not say what failed")
    telling.line("from the build's log:")
    telling.quote("\n".join(line.rstrip() for line in lines))
    if _page(cloud.endpoint) != page:
        raise DemoFailed("the broken push changed the deployed page")
    telling.line("The page is still the one that alice approved.", "green")


def _approve(telling: Telling, cloud: Cloud, dana: Person, alice: Person, token: str, folder: Path, *, wait: bool) -> None:
    answer = {
        "pipelineName": setting.PIPELINE,
        "stageName": "Approve",
        "actionName": "Review",
        "token": token,
        "result": {"status": "Approved", "summary": "Looks good"},
    }
    telling.line("waiting for a person. Anyone whom IAM allows may answer:")
    if wait:
        telling.quote(f'eval "$(stageline env --data {shlex.quote(str(folder))})"')
    telling.quote(
        f"aws codepipeline put-approval-result --pipeline-name {setting.PIPELINE} --stage-name Approve --action-name Review "
        f"--result 'summary=Looks good,status=Approved' --token {token}"
    )
    if wait:
        telling.line("or in a browser, as the administrator:")
        telling.quote(links.url(cloud.endpoint, links.token(*_administrator(folder), time.time_ns() // 1_000_000)))
    try:
        cloud.as_person(dana).client("codepipeline").put_approval_result(**answer)
    except ClientError as error:
        telling.line(f"dana tries: {error.response['Error']['Code']}", "yellow")
    else:
        raise DemoFailed("dana could approve without the permission to")
    if wait:
        return
    telling.pause()
    cloud.as_person(alice).client("codepipeline").put_approval_result(**answer)
    telling.line("alice approves", "green")


def _administrator(folder: Path) -> tuple[str, str]:
    key = administrator(folder)
    return key["AccessKeyId"], key["SecretAccessKey"]


class _Checkout:
    """A working copy, pushed with git over HTTP."""

    def __init__(self, folder: Path, url: str, credential: tuple[str, str]) -> None:
        self._folder = folder
        user, password = credential
        # The password reaches git by the environment: not in a URL, not on a command line, not in a file.
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
            "DEMO_GIT_USER": user,
            "DEMO_GIT_PASSWORD": password,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        helper = '!f() { echo "username=$DEMO_GIT_USER"; echo "password=$DEMO_GIT_PASSWORD"; }; f'
        folder.mkdir()
        self._git("init", "-q", "-b", "main")
        for name, value in (("credential.helper", helper), ("user.name", "Dana"), ("user.email", "dana@example.com")):
            self._git("config", name, value)
        self._git("remote", "add", "origin", url)

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self._folder, env=self._environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise DemoFailed(f"git {arguments[0]} failed: {done.stderr.strip()}")
        return done.stdout.strip()

    def fill(self, source: Path) -> None:
        """Copy a folder in."""
        shutil.copytree(source, self._folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("dist"))

    def append(self, name: str, text: str) -> None:
        """Add to a file."""
        with (self._folder / name).open("a") as file:
            file.write(text)

    def push(self, message: str) -> str:
        """Commit everything and push it; the commit's id."""
        self._git("add", "-A")
        self._git("commit", "-q", "-m", message)
        self._git("push", "-q", "origin", "main")
        return self._git("rev-parse", "HEAD")


def _example() -> Path:
    """The sample application: beside the package when installed, in the repository otherwise."""
    package = Path(__file__).resolve().parent.parent
    for candidate in (package / "examples" / "website", package.parent.parent / "examples" / "website"):
        if candidate.is_dir():
            return candidate
    raise DemoFailed("the sample application examples/website is missing from this installation")


def _address(endpoint: str) -> str:
    return f"{endpoint}/_stageline/website/{setting.SITE}/"


def _page(endpoint: str) -> str:
    try:
        with urllib.request.urlopen(_address(endpoint), timeout=10) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        raise DemoFailed(f"the website answered {error.code}") from error


def _log(cloud: Cloud) -> list[str]:
    """The log lines of the latest test build."""
    codebuild = cloud.client("codebuild")
    latest = codebuild.list_builds_for_project(projectName=setting.TEST)["ids"][0]
    logs = codebuild.batch_get_builds(ids=[latest])["builds"][0]["logs"]
    events = cloud.client("logs").get_log_events(
        logGroupName=logs["groupName"], logStreamName=logs["streamName"], startFromHead=True
    )
    return [each["message"] for each in events["events"]]
