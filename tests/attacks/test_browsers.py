"""What is stored on the server, shown by a browser: it must not act in the name of whoever is signed in to the console.

The console's cookie goes to all of its origin, which S3, the API and the sites by path share. A real browser shows pages of every
kind that try to use it; other tests look at the headers that stop them.
"""

import http.client
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from stageline.ports.http import HttpRequest, HttpResponse
from stageline.testing.browser import program
from stageline.testing.harness import serving

BUCKET = "browsed"
SITE = "own-site"
CHROMIUM = program() or ""

STEAL = "fetch('/console/steal?by=' + {by!r})"
HTML = "<!doctype html><title>x</title><script>{}</script>"
XHTML = '<html xmlns="http://www.w3.org/1999/xhtml"><body><script>{}</script></body></html>'
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>{}</script></svg>'
XSLT = (
    '<?xml version="1.0"?><xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/">'
    "<html><body><script>{}</script></body></html></xsl:template></xsl:stylesheet>"
)
STYLED = f'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="/{BUCKET}/style.xsl"?><a/>'
MULTIPART = "--b\r\nContent-Type: text/html\r\nContent-Security-Policy: script-src *\r\n\r\n{}\r\n--b--\r\n"

PAGES = {
    "page.html": ("text/html", HTML),
    "unknown": ("text/html; charset=utf-7", HTML),
    "page.xhtml": ("application/xhtml+xml", XHTML),
    "page.xml": ("text/xml", XHTML),
    "picture.svg": ("image/svg+xml", SVG),
    "styled.xml": ("text/xml", STYLED),
    "parts": ("multipart/x-mixed-replace; boundary=b", MULTIPART.format(HTML)),
    "plain": ("text/plain", HTML),
    "nothing": ("", HTML),
}
CODE = {"code.js": "text/javascript", "style.xsl": "text/xsl", "worker.js": "text/javascript"}


class Console:
    """A console as it could be: a cookie for who is signed in, a page with a policy, an answer for those with the cookie only."""

    def __init__(self, frames: list[str]) -> None:
        self.frames = frames
        self.stolen: set[str] = set()
        self.seen: set[str] = set()
        self.ended = threading.Event()

    def takes(self, request: HttpRequest) -> bool:
        if request.query == "top":
            self.ended.set()
        return request.path.startswith("/console/")

    def handle(self, request: HttpRequest) -> HttpResponse:
        by = parse_qs(request.query).get("by", [""])[0]
        what = request.path.rpartition("/")[2]
        if what == "steal":
            self.seen.add(by)
            if "session=secret" in request.headers.get("cookie", ""):
                self.stolen.add(by)
            return HttpResponse(200, {"Content-Type": "text/plain"}, b"ok")
        if what == "control":
            return self._page(HTML.format(STEAL.format(by="control")), "script-src 'unsafe-inline'")
        if what == "page.js":
            return HttpResponse(200, {"Content-Type": "text/javascript"}, SCRIPT.encode(), confined=False)
        tags = "".join(f'<iframe src="{each}"></iframe>' for each in self.frames)
        injected = f'<script src="/{BUCKET}/code.js"></script><link rel="stylesheet" href="/{BUCKET}/code.js">'
        return self._page(f'<!doctype html>{injected}{tags}<script src="/console/page.js"></script>', "script-src 'self'")

    def _page(self, text: str, policy: str) -> HttpResponse:
        cookie = "session=secret; HttpOnly; SameSite=Strict; Path=/"
        headers = {"Content-Type": "text/html", "Set-Cookie": cookie, "Content-Security-Policy": policy}
        return HttpResponse(200, headers, text.encode(), confined=False)


SCRIPT = f"""
const note = by => fetch('/console/steal?by=' + by)
const register = path => navigator.serviceWorker.register(path, {{scope: '/{BUCKET}/'}}).then(
  () => note('registered'), () => fetch('/console/steal?by=unregistered', {{credentials: 'omit'}}))
const start = () => new Promise(done => {{
  const worker = new Worker('/{BUCKET}/worker.js')
  worker.onerror = done
  worker.onmessage = done
  setTimeout(done, 500)
}})
addEventListener('load', async () => {{
  await register('/{BUCKET}/worker.js')
  await start()
  await new Promise(done => setTimeout(done, 700))
  location = '/{BUCKET}/page.html?top'
}})
"""


@pytest.fixture(scope="module")
def shelves(whole: Any) -> None:
    s3 = whole.client("s3")
    for bucket in (BUCKET, SITE):
        s3.create_bucket(Bucket=bucket)
        s3.delete_public_access_block(Bucket=bucket)
        right = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [right]}))
        settings = {"IndexDocument": {"Suffix": "page.html"}, "ErrorDocument": {"Key": "page.html"}}
        s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration=settings)
        for key, (kind, text) in PAGES.items():
            body = text.replace("{}", STEAL.format(by=f"{bucket}/{key}")).encode()
            s3.put_object(Bucket=bucket, Key=key, Body=body, **({"ContentType": kind} if kind else {}))
        for key, kind in CODE.items():
            text = XSLT if key.endswith("xsl") else "{}"
            s3.put_object(
                Bucket=bucket, Key=key, Body=text.replace("{}", STEAL.format(by=f"{bucket}/{key}")).encode(), ContentType=kind
            )


def fetched(endpoint: str, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(endpoint)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def seen(whole: Any, shelves: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """What a browser did that opened the console, and in frames and after it everything that is stored."""
    if not CHROMIUM:
        pytest.skip("there is no Chromium")
    stored = [f"/{BUCKET}/{key}" for key in PAGES] + [f"/_stageline/website/{BUCKET}/{key}" for key in (*PAGES, "", "missing")]
    console = Console([*stored, "/console/control"])
    made = whole.assembled.application
    with serving(replace(made, doors=(console, *made.doors), limiters=[])) as endpoint:
        port = urlsplit(endpoint).port
        console.frames.append(f"http://{SITE}.s3-website.localhost:{port}/page.html")
        profile = tmp_path_factory.mktemp("browser")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions"]
        command = [CHROMIUM, *options, f"--user-data-dir={profile}", "--remote-debugging-port=0", f"{endpoint}/console/"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, start_new_session=True, **quiet) as browser:
            try:
                assert console.ended.wait(8), f"the browser did not come to the end: {console.seen}"
                time.sleep(0.5)
            finally:
                os.killpg(browser.pid, signal.SIGKILL)
        yield console


def test_a_browser_runs_nothing_that_is_stored(seen: Console) -> None:
    assert "control" in seen.stolen, "this browser does not do what would be seen"
    assert "unregistered" in seen.seen
    assert seen.stolen == {"control"}


def test_a_site_with_a_host_name_of_its_own_runs_scripts(seen: Console) -> None:
    """They reach the server by their own name, where they find their own bucket and no cookie."""
    assert seen.seen == {"control", "unregistered", f"{SITE}/page.html"}


SHARED: list[tuple[str, int | None]] = [
    (f"/{BUCKET}/page.html", 200),
    (f"/{BUCKET}/picture.svg", 200),
    (f"/{BUCKET}/missing", 403),
    (f"/{BUCKET}?list-type=2", 403),
    ("/", 403),
    ("/no-such-bucket/x", 404),
    (f"/_stageline/website/{BUCKET}/", 200),
    (f"/_stageline/website/{BUCKET}/missing", 404),
    ("/_stageline/website/no-such-bucket/", 404),
    ("/_stageline/health", 200),
    ("/v1/repos/x/info/refs?service=git-upload-pack", 401),
    ("/v1/repos/x", None),
    ("/?Action=ListUsers&Version=2010-05-08", None),
    ("/webhooks/trigger?t=x", None),
]


@pytest.mark.parametrize(("path", "status"), SHARED)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_answer_of_the_shared_origin_is_confined(
    whole: Any, shelves: None, path: str, status: int | None, method: str
) -> None:
    found, headers, _ = fetched(whole.endpoint, path, method)
    assert status is None or method == "HEAD" or found == status
    assert headers["content-security-policy"] == "sandbox"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", [f"{BUCKET}.localhost", f"{BUCKET}.s3.localhost", f"{BUCKET}.s3.amazonaws.com", "127.0.0.1"])
def test_no_other_host_name_loosens_an_object(whole: Any, shelves: None, host: str) -> None:
    path = f"/{BUCKET}/page.html" if host == "127.0.0.1" else "/page.html"
    for method in ("GET", "HEAD"):
        status, headers, _ = fetched(whole.endpoint, path, method, Host=host)
        assert (status, headers["content-security-policy"]) == (200, "sandbox")
    host = f"{SITE}.s3-website.localhost"
    _, headers, _ = fetched(whole.endpoint, f"/_stageline/website/{BUCKET}/page.html", Host=host)
    assert headers["content-security-policy"] == "sandbox"


def test_nothing_stored_or_asked_for_loosens_an_answer(whole: Any, shelves: None) -> None:
    s3 = whole.client("s3")
    evil = {"content-security-policy": "script-src *", "x-content-type-options": "none", "set-cookie": "session=mine"}
    s3.put_object(Bucket=BUCKET, Key="evil", Body=b"x", Metadata=evil, ContentType="multipart/mixed", ContentDisposition="inline")
    query = "&".join(f"response-{name}=x" for name in evil)
    for path in (f"/{BUCKET}/evil", f"/{BUCKET}/evil?{query}", f"/_stageline/website/{BUCKET}/evil"):
        status, headers, _ = fetched(whole.endpoint, path)
        assert (status, headers["content-security-policy"], headers["x-content-type-options"]) == (200, "sandbox", "nosniff")
        assert headers["content-disposition"] == "attachment"
        assert "set-cookie" not in headers
    assert s3.get_object(Bucket=BUCKET, Key="evil")["Metadata"] == evil


RUN = ("script", "style", "worker", "sharedworker", "serviceworker", "audioworklet", "manifest", "xslt")


@pytest.mark.parametrize("kind", RUN)
def test_a_page_of_the_origin_gets_nothing_to_run(whole: Any, shelves: None, kind: str) -> None:
    for path in (f"/{BUCKET}/code.js", f"/_stageline/website/{BUCKET}/code.js"):
        status, _, body = fetched(whole.endpoint, path, Sec_Fetch_Site="same-origin", Sec_Fetch_Dest=kind)
        assert (status, b"steal" in body) == (403, False)
        for site, dest in (("cross-site", "script"), ("same-origin", "empty"), ("same-origin", "image"), ("none", "document")):
            assert fetched(whole.endpoint, path, Sec_Fetch_Site=site, Sec_Fetch_Dest=dest)[0] == 200


def test_a_service_worker_is_not_taken_from_storage(whole: Any, shelves: None) -> None:
    for path in (f"/{BUCKET}/worker.js", f"/_stageline/website/{BUCKET}/worker.js"):
        assert fetched(whole.endpoint, path, Service_Worker="script")[0] == 403
    own = fetched(whole.endpoint, "/worker.js", Host=f"{SITE}.s3-website.localhost", Service_Worker="script")
    assert own[0] == 200


def test_clients_get_objects_as_they_are(whole: Any, shelves: None) -> None:
    s3 = whole.client("s3")
    found = s3.get_object(Bucket=BUCKET, Key="page.html")
    assert found["Body"].read() == PAGES["page.html"][1].replace("{}", STEAL.format(by=f"{BUCKET}/page.html")).encode()
    assert (found["ContentType"], found.get("ContentDisposition"), found["Metadata"]) == ("text/html", None, {})
