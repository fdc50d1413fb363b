"""What pages of other sites cannot do, the headers that every answer has, and paths that lead nowhere else."""

import gzip
from typing import Any

import pytest

from stageline.webconsole import assets

DOING = [
    ("POST", "/console/session/password"),
    ("POST", "/console/session/link"),
    ("POST", "/console/session/role"),
    ("POST", "/console/session/password/change"),
    ("DELETE", "/console/session"),
    ("POST", "/console/api/iam/CreateUser"),
    ("POST", "/console/may"),
    ("PUT", "/console/objects?bucket=cross&key=k"),
]


@pytest.mark.parametrize(
    "headers",
    [
        {"x-stageline-console": ""},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
    ],
)
def test_only_the_consoles_own_pages_do_anything(house: Any, headers: dict[str, str]) -> None:
    browser = house.root()
    if headers == {"x-stageline-console": ""}:
        browser.mark, headers = {}, {}
    for method, path in DOING:
        answer = browser.ask(method, path, {"UserName": "crossed"}, **headers)
        assert (answer.status, answer.code) == (403, "CrossSiteRequest"), path
        assert "set-cookie" not in answer.headers
    assert browser.signed_in
    assert "crossed" not in str(house.client("iam").list_users()["Users"])


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_forms_of_other_sites_do_nothing(house: Any, kind: str) -> None:
    browser = house.root()
    browser.mark = {}
    for method, path in DOING:
        assert browser.ask(method, path, b'{"UserName": "crossed"}', content_type=kind).code == "CrossSiteRequest"


def test_own_pages_are_known_by_where_they_come_from(house: Any) -> None:
    browser = house.root()
    for more in (
        {"origin": house.endpoint},
        {"sec-fetch-site": "same-origin"},
        {"origin": house.endpoint.replace("http:", "https:")},
    ):
        assert browser.ask("POST", "/console/api/iam/ListUsers", {}, **more).status == 200


def test_reading_methods_do_nothing(house: Any) -> None:
    browser = house.root()
    browser.mark = {}
    for _, path in DOING:
        for method in ("GET", "HEAD"):
            answer = browser.ask(method, path, x_http_method_override="POST")
            assert answer.status in (200, 404), (method, path)
    assert browser.signed_in
    browser.mark = {"x-stageline-console": "1"}
    for method in ("PATCH", "OPTIONS", "TRACE", "PROPFIND", "post"):
        answer = browser.ask(method, "/console/api/iam/ListUsers", {})
        assert answer.status in (400, 404, 405), method
        assert "access-control-allow-origin" not in answer.headers


def test_no_other_site_is_let_read(house: Any) -> None:
    browser = house.root()
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    for path in ("/console/api/iam/ListUsers", "/console/session", "/console/"):
        answer = browser.ask("OPTIONS", path, **asked, access_control_request_headers="x-stageline-console")
        assert not [name for name in answer.headers if name.startswith("access-control")]


def answers(house: Any) -> dict[str, Any]:
    """One answer of each kind."""
    browser, stranger = house.root(), house.browser()
    return {
        "page": browser.ask("GET", "/console/"),
        "deep page": browser.ask("GET", "/console/pipelines/x/y"),
        "no file": browser.ask("GET", "/console/assets/none.js"),
        "method": browser.ask("POST", "/console/pipelines"),
        "redirect": browser.ask("GET", "/console"),
        "picture": browser.ask("GET", "/favicon.ico"),
        "nobody": stranger.ask("GET", "/console/session"),
        "signed out": stranger.call("iam", "ListUsers"),
        "wrong": stranger.sign_in("nobody"),
        "result": browser.call("iam", "ListUsers"),
        "refusal": browser.call("iam", "GetUser", UserName="nobody"),
        "unknown": browser.call("nothing", "Nothing"),
        "may": browser.ask("POST", "/console/may", {"questions": []}),
        "no object": browser.object("none", "none"),
        "crossing": browser.ask("POST", "/console/may", {}, origin="https://evil.example"),
        "nowhere": browser.ask("GET", "/console/session/nowhere"),
        "badge": stranger.ask("GET", "/badges/none.svg"),
        "badge's method": stranger.ask("POST", "/badges/none.svg"),
    }


def test_every_answer_says_what_browsers_may_do_with_it(house: Any) -> None:
    for kind, answer in answers(house).items():
        policy = answer.headers["content-security-policy"]
        assert policy == "sandbox" or policy.startswith("default-src 'none'"), kind
        assert "unsafe" not in policy, kind
        assert "http" not in policy, kind
        assert answer.headers["x-content-type-options"] == "nosniff", kind
        assert answer.headers["x-frame-options"] == "DENY", kind
        assert answer.headers["referrer-policy"] == "same-origin", kind
        assert "server" not in answer.headers, kind
        if answer.headers.get("content-type") == "application/json":
            assert answer.headers["cache-control"] == "no-store", kind
    page = set(answers(house)["page"].headers["content-security-policy"].split("; "))
    files = f"{house.endpoint.removeprefix('http://')}/console/assets/"
    assert {f"script-src {files}", f"style-src {files}", "connect-src 'self'"} <= page
    assert {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"} <= page


def test_files_are_kept_for_ever_and_pages_asked_anew(house: Any, browser: Any) -> None:
    assert browser.ask("GET", "/console/").headers["cache-control"] == "no-cache"
    assert browser.ask("GET", "/favicon.ico").headers["location"] == "/console/favicon.svg"
    for file in assets.BUILT.rglob("assets/*"):
        answer = browser.ask("GET", f"/console/assets/{file.name}")
        assert answer.status == 200
        assert answer.body == file.read_bytes()
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        kinds = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".woff2": "font/woff2"}
        assert answer.headers["content-type"] == kinds[file.suffix]
    script = max(assets.BUILT.rglob("*.js"), key=lambda file: file.stat().st_size)
    packed = browser.ask("GET", f"/console/assets/{script.name}", accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.body) == script.read_bytes()
    head = browser.ask("HEAD", "/console/")
    assert (head.status, head.body) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/console/../administrator.json",
        "/console/assets/../../answers.py",
        "/console/assets/..%2f..%2fanswers.py",
        "/console/assets/%2e%2e/%2e%2e/answers.py",
        "/console/assets/..\\..\\answers.py",
        "/console/assets//etc/passwd",
        "/console/assets/%00",
        "/console/assets/.",
        "/console/assets/",
        "/console/.sources",
        "/console/index.html/../.sources",
        "/console/%2e%2e/%2e%2e/etc/passwd",
        "/console//etc/passwd",
        "/console/answers.py",
        "/console/assets",
    ],
)
def test_nothing_but_the_built_files_is_served(browser: Any, path: str) -> None:
    answer = browser.ask("GET", path)
    assert answer.status in (200, 404)
    if answer.status == 200:
        assert answer.body == browser.ask("GET", "/console/").body
    for secret in (b"AKIA", b"root:", b"import ", b"SecretAccessKey"):
        assert secret not in answer.body


@pytest.mark.parametrize(
    "path",
    [
        "/console//api/iam/ListUsers",
        "/console/./api/iam/ListUsers",
        "/console/%61pi/iam/ListUsers",
        "/console/x/../api/iam/ListUsers",
        "/console/api/iam/ListUsers/",
        "/console/api//iam/ListUsers",
        "/console/api/iam%2FListUsers",
        "/console/api/iam",
        "/CONSOLE/api/iam/ListUsers",
        "/console%2fapi/iam/ListUsers",
        "//console/api/iam/ListUsers",
        "/consoles/api/iam/ListUsers",
    ],
)
def test_operations_have_one_path_each(house: Any, path: str) -> None:
    browser = house.root()
    answer = browser.ask("POST", path, {})
    assert answer.status in (400, 403, 404, 405, 501), answer.body
    assert b'"Users"' not in answer.body
    browser.mark = {}
    assert b'"Users"' not in browser.ask("POST", path, {}).body
