"""A gateway over small services, with a people register of its own."""

import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from stageline.gateway.internal import InternalAws
from stageline.ports.api import ApiError, Caller, Context
from stageline.ports.identity import Assumption, Check, Credential, Policies
from stageline.testing.harness import Key, Server, server

ALICE = Caller(kind="user", arn="arn:aws:iam::000000000000:user/alice", user_id="AIDAALICE", account="000000000000")
MALLORY = Caller(kind="user", arn="arn:aws:iam::000000000000:user/mallory", user_id="AIDAMALLORY", account="000000000000")
ALICE_KEY = Key("AKIAALICE00000000000", "alice-secret")
MALLORY_KEY = Key("AKIAMALLORY000000000", "mallory-secret")


class Clock:
    """The real time, shifted at will."""

    def __init__(self) -> None:
        self.shift = 0

    def now(self) -> int:
        import time

        return int(time.time() * 1000) + self.shift


@dataclass
class People:
    """Two users, and any role whose name is not ``forbidden``."""

    clock: Clock
    sessions: dict[str, Credential] = field(default_factory=dict)

    def credential(self, access_key_id: str, session_token: str = "") -> Credential | None:
        for key, caller in ((ALICE_KEY, ALICE), (MALLORY_KEY, MALLORY)):
            if key.access_key_id == access_key_id:
                return Credential(key.access_key_id, key.secret, caller)
        found = self.sessions.get(access_key_id)
        return found if found is not None and found.session_token == session_token else None

    def used(self, *args: Any) -> None:
        pass

    def git_user(self, user_name: str, password: str) -> Caller | None:
        return None

    def policies(self, caller: Caller) -> Policies:
        return Policies()

    def trust_policy(self, role_arn: str) -> Mapping[str, Any] | None:
        return None

    def assume(self, ctx: Context, asked: Assumption) -> tuple[Credential, str]:
        return self._role(asked.role_arn, asked.session_name, asked.duration), "AROAROLE"

    def session(self, caller: Caller, duration: int) -> Credential:
        raise NotImplementedError

    def assume_as_service(self, role_arn: str, session_name: str, *, duration: int, **more: str) -> Credential:
        return self._role(role_arn, session_name, duration)

    def _role(self, role_arn: str, session_name: str, duration: int) -> Credential:
        role = role_arn.rpartition("/")[2]
        if role == "forbidden":
            raise ApiError("AccessDenied", f"Nobody may assume {role_arn}.", 403)
        caller = Caller(kind="role", arn=f"arn:aws:sts::000000000000:assumed-role/{role}/{session_name}", user_id="AROAROLE:x")
        number = len(self.sessions)
        found = Credential(f"ASIA{number:016}", "secret", caller, f"token-{number}", self.clock.now() + duration)
        self.sessions[found.access_key_id] = found
        return found


class Bouncer:
    """Lets everybody in but Mallory and the nameless."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def require(self, ctx: Context, checks: Sequence[Check], *, service: str) -> None:
        for check in checks:
            self.asked.append((ctx.caller.arn, check.action))
            if ctx.caller.arn == MALLORY.arn or ctx.caller.kind in ("anonymous", "service"):
                code = "AccessDenied" if service in ("s3", "iam", "sts") else "AccessDeniedException"
                raise ApiError(code, f"User: {ctx.caller.arn} is not authorized to perform: {check.action}")


@dataclass
class World:
    """The server, and what stands behind it."""

    server: Server
    shelf: dict[str, Any]
    bouncer: Bouncer
    clock: Clock
    aws: InternalAws
    people: People
    mallory: Key = MALLORY_KEY


def _package() -> Any:
    folder = str(Path(__file__).parent / "standins")
    sys.path.insert(0, folder)
    try:
        return importlib.import_module("standin_services")
    finally:
        sys.path.remove(folder)


@pytest.fixture(scope="session")
def standin_services() -> Any:
    folder = str(Path(__file__).parent / "standins")
    package = _package()
    sys.path.append(folder)
    yield package
    sys.path.remove(folder)


@pytest.fixture(scope="module")
def world(standin_services: Any) -> Iterator[World]:
    clock, bouncer, shelf = Clock(), Bouncer(), dict[str, Any]()
    people = People(clock)
    aws = InternalAws(identity=people, clock=clock, endpoint="http://127.0.0.1")
    ports = {"identity": people, "clock": clock, "authorizer": bouncer, "shelf": shelf, "aws": aws}
    with server(ports, package=standin_services, key=ALICE_KEY) as running:
        yield World(running, shelf, bouncer, clock, aws, people)
