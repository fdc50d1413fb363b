import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest


def fetch(running: Any, path: str, host: str = "", method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    address = urlsplit(running.endpoint)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    try:
        connection.request(method, path, headers={"Host": host or address.netloc, **headers})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.fixture
def site(s3: Any, bucket: str) -> str:
    """A public website."""
    s3.delete_public_access_block(Bucket=bucket)
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    settings = {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "oops.html"}}
    s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration=settings)
    for key in ("index.html", "docs/index.html", "page.html"):
        s3.put_object(Bucket=bucket, Key=key, Body=f"<p>{key}</p>".encode(), ContentType="text/html")
    return bucket


def test_pages_by_host_and_by_path(running: Any, site: str) -> None:
    hosts = [f"{site}.s3-website.localhost:4566", f"{site}.s3-website-us-east-1.amazonaws.com"]
    for host in hosts:
        status, headers, body = fetch(running, "/", host)
        assert (status, headers["content-type"], body) == (200, "text/html", b"<p>index.html</p>")
    assert fetch(running, f"/_stageline/website/{site}/page.html")[2] == b"<p>page.html</p>"
    assert fetch(running, "/docs/", hosts[0])[2] == b"<p>docs/index.html</p>"
    status, headers, body = fetch(running, "/page.html", hosts[0], "HEAD")
    assert (status, headers["content-length"], body) == (200, "16", b"")
    status, headers, body = fetch(running, "/page.html", hosts[0], Range="bytes=0-2")
    assert (status, body) == (206, b"<p>")


def test_folders_redirect(running: Any, site: str) -> None:
    status, headers, _ = fetch(running, "/docs", f"{site}.s3-website.localhost")
    assert (status, headers["location"]) == (302, "/docs/")
    status, headers, _ = fetch(running, f"/_stageline/website/{site}/docs")
    assert (status, headers["location"]) == (302, f"/_stageline/website/{site}/docs/")


def test_errors_are_pages(s3: Any, running: Any, site: str) -> None:
    host = f"{site}.s3-website.localhost"
    status, headers, body = fetch(running, "/<script>alert(1)</script>", host)
    assert (status, headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert b"NoSuchKey" in body
    assert b"<script>" not in body
    s3.put_object(Bucket=site, Key="oops.html", Body=b"own page", ContentType="text/html")
    status, _, body = fetch(running, "/missing", host)
    assert (status, body) == (404, b"own page")
    assert fetch(running, "/page.html", host, "POST")[0] == 405
    assert fetch(running, "/", "none.s3-website.localhost")[0] == 404


def test_what_is_not_public_is_not_served(s3: Any, running: Any, site: str) -> None:
    host = f"{site}.s3-website.localhost"
    etag = fetch(running, "/page.html", host)[1]["etag"]
    assert fetch(running, "/page.html", host, **{"If-None-Match": etag})[0] == 304
    everything = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket=site, PublicAccessBlockConfiguration=everything)
    assert fetch(running, "/page.html", host)[0] == 403
    assert fetch(running, "/docs", host)[0] == 403
    s3.delete_bucket_policy(Bucket=site)
    s3.delete_public_access_block(Bucket=site)
    assert fetch(running, "/page.html", host)[0] == 403
    rule = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    s3.put_bucket_ownership_controls(Bucket=site, OwnershipControls=rule)
    s3.put_object_acl(Bucket=site, Key="page.html", ACL="public-read")
    assert fetch(running, "/page.html", host)[0] == 200
    assert fetch(running, "/index.html", host)[0] == 403


def test_redirects(s3: Any, running: Any, site: str, refused: Any) -> None:
    host = f"{site}.s3-website.localhost"
    s3.put_object(Bucket=site, Key="old", Body=b"", WebsiteRedirectLocation="/new")
    status, headers, _ = fetch(running, "/old", host)
    assert (status, headers["location"]) == (301, "/new")
    target = {"RedirectAllRequestsTo": {"HostName": "example.com", "Protocol": "https"}}
    s3.put_bucket_website(Bucket=site, WebsiteConfiguration=target)
    status, headers, _ = fetch(running, "/a%20b?c=d", host)
    assert (status, headers["location"]) == (301, "https://example.com/a%20b?c=d")
    with refused("InvalidArgument", 400):
        bad = {"RedirectAllRequestsTo": {"HostName": "a\r\nSet-Cookie: b"}}
        s3.put_bucket_website(Bucket=site, WebsiteConfiguration=bad)
