"""What the tests of the console's server side share: a whole server in this process, and browsers that are plain HTTP clients."""

import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from stageline import app
from stageline.config import Settings
from stageline.remembered import administrator
from stageline.services.iam.model.entities import LOGINS, changing
from stageline.testing.harness import Key, Server, serving
from stageline.webconsole import links
from stageline.webconsole.door import ConsoleDoor
from stageline.webconsole.turnstile import Turnstile

PASSWORD = "Correct-Horse-7"
MARK = {"x-stageline-console": "1"}
_numbers = count(1)


@dataclass(frozen=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["code"])


@dataclass
class Browser:
    """Sends what a browser would, and keeps the session's cookie. ``mark``: the header that only the console's own pages send."""

    endpoint: str
    cookie: str = ""
    mark: Mapping[str, str] = field(default_factory=lambda: MARK)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Any request; ``path`` goes over the wire as it is, a body that is no bytes as JSON. Underscores are hyphens."""
        place = urlsplit(self.endpoint)
        wire = http.client.HTTPConnection(str(place.hostname), place.port, timeout=10)
        given = dict(self.mark) | {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            given["cookie"] = f"stageline-session={self.cookie}"
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        try:
            wire.request(method, path, data, given)
            reply = wire.getresponse()
            answer = Answer(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
        finally:
            wire.close()
        if kept := answer.headers.get("set-cookie", ""):
            self.cookie = kept.partition("=")[2].partition(";")[0]
        return answer

    def sign_in(self, name: str, password: str = PASSWORD, **more: str) -> Answer:
        return self.ask("POST", "/console/session/password", {"userName": name, "password": password, **more})

    def who(self) -> Any:
        return self.ask("GET", "/console/session").json

    @property
    def signed_in(self) -> bool:
        return bool(self.who()["signedIn"])

    def call(self, service: str, operation: str, **params: Any) -> Answer:
        return self.ask("POST", f"/console/api/{service}/{operation}", params)

    def may(self, *questions: tuple[str, str, dict[str, Any]]) -> list[str]:
        asked = [{"service": service, "operation": name, "params": params} for service, name, params in questions]
        answer = self.ask("POST", "/console/may", {"questions": asked})
        assert answer.status == 200, answer.body
        return list(answer.json["reasons"])

    def object(self, bucket: str, key: str, **headers: str) -> Answer:
        return self.ask("GET", f"/console/objects?{urlencode({'bucket': bucket, 'key': key})}", **headers)


@dataclass(frozen=True)
class House:
    """The server, and what lies behind it."""

    running: Server
    whole: app.Server
    data: Path

    @property
    def endpoint(self) -> str:
        return self.running.endpoint

    @property
    def turnstile(self) -> Turnstile:
        """Where those wait who sign in."""
        door = next(each for each in self.whole.application.doors if isinstance(each, ConsoleDoor))
        return door._signing_in.turnstile

    def browser(self) -> Browser:
        return Browser(self.endpoint)

    def client(self, service: str, key: Key | None = None) -> Any:
        return self.running.client(service, key=key, parameter_validation=False)

    def token(self, *, ago: int = 0) -> str:
        """A one-time token of the administrator, made some milliseconds ago."""
        key = administrator(self.data)
        return links.token(key["AccessKeyId"], key["SecretAccessKey"], time.time_ns() // 1_000_000 - ago)

    def root(self) -> Browser:
        """A browser in which the administrator has signed in."""
        browser = self.browser()
        assert browser.ask("POST", "/console/session/link", {"token": self.token()}).status == 200
        return browser

    def person(self, *statements: dict[str, Any], **profile: Any) -> str:
        """A new user with a password who may do what the statements allow; the name."""
        iam, name = self.client("iam"), f"person-{next(_numbers)}"
        iam.create_user(UserName=name)
        if statements:
            iam.put_user_policy(UserName=name, PolicyName="rights", PolicyDocument=everywhere(*statements))
        iam.create_login_profile(UserName=name, Password=PASSWORD, **profile)
        return name

    def inside(self, *statements: dict[str, Any]) -> tuple[Browser, str]:
        """A browser in which such a user has signed in, and the user's name."""
        name, browser = self.person(*statements), self.browser()
        assert browser.sign_in(name).status == 200
        return browser, name

    def key(self, name: str) -> Key:
        """A new access key of a user."""
        made = self.client("iam").create_access_key(UserName=name)["AccessKey"]
        return Key(made["AccessKeyId"], made["SecretAccessKey"])

    def role(self, name: str, trusted: str, *statements: dict[str, Any]) -> str:
        """A role that a user may assume; its ARN."""
        iam = self.client("iam")
        trust = policy({"Principal": {"AWS": f"arn:aws:iam::000000000000:user/{trusted}"}, "Action": "sts:AssumeRole"})
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="rights", PolicyDocument=everywhere(*statements))
        return str(arn)

    def edit(self, kind: str, change: Callable[[dict[str, Any]], dict[str, Any]], *, key: str = "") -> None:
        """Change a stored document, or all of a kind: for what takes hours or weeks to become so."""
        with changing(self.whole.store) as tx:
            for each, doc in tx.scan(kind):
                if key in ("", each):
                    tx.put(kind, each, change(doc))

    def login(self, name: str, **changes: Any) -> None:
        """Change what is stored about a user's password."""
        unique = self.client("iam").get_user(UserName=name)["User"]["UserId"]
        self.edit(LOGINS, lambda doc: {**doc, **changes}, key=unique)


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]})


def everywhere(*statements: dict[str, Any]) -> str:
    return policy(*({"Resource": "*", **each} for each in statements))


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One for all these tests; passwords are hashed with less work, so that the tests are about what is done with them."""
    data = tmp_path_factory.mktemp("webconsole") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stageline.services.iam.passwords.hashing._COST", 2)
        whole = app.assemble(Settings(data=data, sandbox="process", grace=0.5), 0, strict=True)
        try:
            with serving(whole.application) as endpoint:
                whole.start()
                saved = administrator(data)
                running = Server(endpoint, "us-east-1", whole.application, Key(saved["AccessKeyId"], saved["SecretAccessKey"]))
                yield House(running, whole, data)
                whole.live.close()
        finally:
            whole.close()
    running.assert_no_bugs()


@pytest.fixture
def browser(house: House) -> Browser:
    """Of nobody in particular."""
    return house.browser()


class Stream:
    """An open stream of news."""

    def __init__(self, browser: Any, query: str = "") -> None:
        place = urlsplit(browser.endpoint)
        self.wire = http.client.HTTPConnection(str(place.hostname), place.port, timeout=5)
        self.wire.request("GET", f"/console/events{query}", headers={"cookie": f"stageline-session={browser.cookie}"})
        self.reply = self.wire.getresponse()

    def event(self) -> tuple[str, Any] | None:
        """The next event's kind and data; None when the stream has ended. TimeoutError when nothing comes."""
        kind = ""
        while line := self.reply.readline():
            text = line.decode().rstrip("\n")
            if text.startswith("event: "):
                kind = text.removeprefix("event: ")
            if text.startswith("data: "):
                return kind, json.loads(text.removeprefix("data: "))
        return None

    def close(self) -> None:
        self.reply.close()
        self.wire.close()


@pytest.fixture
def listen() -> Iterator[Any]:
    opened: list[Stream] = []

    def begin(browser: Any, query: str = "") -> Stream:
        opened.append(Stream(browser, query))
        return opened[-1]

    yield begin
    for each in opened:
        each.close()
