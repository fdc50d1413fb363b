"""URLs that somebody signed for one thing and a time, bent by whoever got hold of them: every part of them, one at a time.

Both forms: Signature Version 4, and the older one that boto3 makes by default.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from stageline.testing.generated.signed import Line, Said, Sent
from stageline.testing.harness import Key

VERSIONS = ("s3v4", "s3")
SECRET = b"of the other object"
OWN = ["arn:aws:s3:::presigned", "arn:aws:s3:::presigned/*"]
ASKED: dict[str, dict[str, Any]] = {
    "get_object": {"Key": "a"},
    "put_object": {"Key": "a", "Metadata": {"team": "blue"}, "ContentType": "text/plain"},
    "delete_object": {"Key": "a"},
    "list_objects_v2": {"Prefix": "a"},
    "get_object_tagging": {"Key": "a"},
    "upload_part": {"Key": "a", "UploadId": "u", "PartNumber": 1},
    "copy_object": {"Key": "b", "CopySource": "presigned/a"},
}
METHODS = {"put_object": "PUT", "delete_object": "DELETE", "upload_part": "PUT", "copy_object": "PUT"}
HEADERS = {
    "put_object": {"content-type": "text/plain", "x-amz-meta-team": "blue"},
    "copy_object": {"x-amz-copy-source": "presigned/a"},
}
REFUSED = (400, 403, 405)


@dataclass
class Urls:
    """Makes URLs as somebody with rights on one bucket, and follows what was made of them."""

    whole: Any
    key: Key
    line: Line

    def made(self, operation: str, version: str, **more: Any) -> Sent:
        s3 = self.whole.client("s3", key=self.key, signature_version=version, s3={"addressing_style": "path"})
        parameters = {"Bucket": "presigned", **ASKED[operation]}
        url = urlsplit(s3.generate_presigned_url(operation, parameters, **{"ExpiresIn": 600, **more}))
        # The old form has them in its query.
        headers = HEADERS.get(operation, {}) if version == "s3v4" else {}
        body = b"x" if operation in ("put_object", "upload_part") else b""
        return Sent("s3", METHODS.get(operation, "GET"), f"{url.path}?{url.query}", headers, body)

    def refused(self, *forged: Sent) -> None:
        self.whole.reached.clear()
        for sent in forged:
            said = self.line.say(sent)
            assert said.status in REFUSED, (sent, said)
            assert SECRET not in said.body
        assert self.whole.reached == []


@pytest.fixture(scope="module")
def urls(whole: Any, new_person: Callable[..., Key]) -> Iterator[Urls]:
    s3 = whole.client("s3")
    for bucket in ("presigned", "presigned-other"):
        s3.create_bucket(Bucket=bucket)
        for key in "ab":
            s3.put_object(Bucket=bucket, Key=key, Body=SECRET if key == "b" or bucket.endswith("other") else b"own")
    line = Line(whole.endpoint)
    yield Urls(whole, new_person(whole, "presigner", {"Action": "s3:*", "Resource": OWN}), line)
    line.close()


EACH = pytest.mark.parametrize("operation", ASKED)
BOTH = pytest.mark.parametrize("version", VERSIONS)


@BOTH
@EACH
def test_as_made_it_is_good(urls: Urls, operation: str, version: str) -> None:
    """Otherwise the refusals below would mean nothing. One names an upload that does not exist."""
    said: Said = urls.line.say(urls.made(operation, version))
    assert said.status == (404 if operation == "upload_part" else 204 if operation == "delete_object" else 200), said
    urls.whole.client("s3").put_object(Bucket="presigned", Key="a", Body=b"own")
    urls.whole.client("s3").put_object(Bucket="presigned", Key="b", Body=SECRET)


def parts_of(sent: Sent) -> tuple[str, list[str]]:
    path, _, query = sent.target.partition("?")
    return path, query.split("&")


@BOTH
@EACH
def test_every_part_of_the_query_counts(urls: Urls, operation: str, version: str) -> None:
    """Left out, emptied, changed, said twice, said in other letters: for each part."""
    sent = urls.made(operation, version)
    path, parts = parts_of(sent)
    forged = []
    for at, part in enumerate(parts):
        name, _, value = part.partition("=")
        turned = ("1" if value[:1] != "1" else "2") + value[1:]
        others: list[list[str]] = [[], [f"{name}={turned}"], [f"{name}={value}9"]]
        others += [[part, f"{name}={turned}"], [f"{name}={turned}", part]]
        if value:
            others.append([f"{name}="])
        if name != name.swapcase():
            others.append([f"{name.swapcase()}={value}"])
        if name in ("list-type", "prefix", "encoding-type") and version == "s3":
            continue  # the old form signs no part of these, in AWS either
        forged += [replace(sent, target=f"{path}?{'&'.join([*parts[:at], *other, *parts[at + 1 :]])}") for other in others]
    urls.refused(*forged)


ADDED = (
    *("acl", "acl=", "tagging", "policy", "uploads", "uploadId=u", "versionId=null", "versions", "delete", "torrent", "restore"),
    *("response-content-type=text/html", "response-content-disposition=attachment", "partNumber=2", "attributes", "retention"),
    *("X-Amz-Acl=public-read", "x-amz-acl=public-read", "x-amz-copy-source=presigned-other/b", "x-amz-meta-team=red"),
    *("x-amz-website-redirect-location=http://evil.example", "X-Amz-Expires=604800", "Expires=9999999999", "x-amz-tagging=a"),
    *("%61cl", "versionId%00=x", "x-amz-storage-class=GLACIER", "x-amz-security-token=x", "X-Amz-Security-Token=x", "select"),
)


@BOTH
@EACH
def test_nothing_can_be_added_to_the_query(urls: Urls, operation: str, version: str) -> None:
    sent = urls.made(operation, version)
    path, parts = parts_of(sent)
    forged = [f"{path}?{'&'.join(order)}" for each in ADDED for order in ([*parts, each], [each, *parts])]
    urls.refused(*(replace(sent, target=target) for target in forged))


@BOTH
@EACH
def test_it_is_for_one_method_and_one_place(urls: Urls, operation: str, version: str) -> None:
    sent = urls.made(operation, version)
    path, parts = parts_of(sent)
    query = "&".join(parts)
    methods = {"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"} - {sent.method}
    elsewhere = [path.replace("presigned", "presigned-other"), f"{path}b", f"{path}/b", "/presigned/b/c", "/", "//presigned/a"]
    elsewhere += [path.replace("/presigned", "/presigned/../presigned-other"), path.replace("p", "%50"), path.upper()]
    elsewhere += [path.replace("/presigned/", "/presigned//"), f"{path}%2fb", f"{path}/../b"]
    urls.refused(
        *(replace(sent, method=method) for method in methods),
        *(replace(sent, target=f"{other}?{query}") for other in elsewhere if other != path),
    )


@BOTH
@EACH
def test_headers_that_mean_something_cannot_be_added(urls: Urls, operation: str, version: str) -> None:
    sent = urls.made(operation, version)
    added = {
        "x-amz-acl": "public-read",
        "x-amz-copy-source": "presigned-other/b",
        "x-amz-meta-team": "red",
        "x-amz-website-redirect-location": "http://evil.example",
        "x-amz-security-token": "x",
        "x-amz-date": "20260101T000000Z",
        "authorization": "AWS AKIA:x",
        "x-amz-tagging": "a=b",
    }
    urls.refused(*(sent.with_headers({name: value}) for name, value in added.items()))


@pytest.mark.parametrize("operation", HEADERS)
def test_headers_that_were_signed_are_needed(urls: Urls, operation: str) -> None:
    sent = urls.made(operation, "s3v4")
    for name in sent.headers:
        urls.refused(replace(sent, headers={each: value for each, value in sent.headers.items() if each != name}))
        urls.refused(sent.with_headers({name: "other"}))


@BOTH
def test_another_host_is_another_url(urls: Urls, version: str) -> None:
    """The old form signs the bucket wherever it stands, so only another bucket is another URL."""
    sent = urls.made("get_object", version)
    _, parts = parts_of(sent)
    moved = replace(sent, target=f"/a?{'&'.join(parts)}")
    hosts = ["presigned-other.s3.localhost", "presigned-other.s3.amazonaws.com", "evil.example"]
    hosts += ["presigned.s3.localhost"] if version == "s3v4" else []
    urls.refused(*(moved.with_headers({"host": host}) for host in hosts))
    if version == "s3v4":
        urls.refused(*(sent.with_headers({"host": host}) for host in ("localhost", "evil.example", f"{urls.line.host}.")))


@BOTH
@EACH
def test_its_time_ends(urls: Urls, operation: str, version: str) -> None:
    urls.refused(urls.made(operation, version, ExpiresIn=-1 if version == "s3" else 0))


@BOTH
def test_a_url_ends_with_the_key_the_right_and_the_user(urls: Urls, new_person: Callable[..., Key], version: str) -> None:
    iam, name = urls.whole.client("iam"), f"signer-{version}"
    key = new_person(urls.whole, name, {"Action": "s3:*", "Resource": OWN})
    own = replace(urls, key=key)
    sent = own.made("get_object", version)
    assert own.line.say(sent).body == b"own"
    iam.update_access_key(UserName=name, AccessKeyId=key.access_key_id, Status="Inactive")
    assert own.line.say(sent).code == "InvalidAccessKeyId"
    iam.update_access_key(UserName=name, AccessKeyId=key.access_key_id, Status="Active")
    iam.delete_user_policy(UserName=name, PolicyName="rights")
    assert own.line.say(sent).code == "AccessDenied"
    iam.delete_access_key(UserName=name, AccessKeyId=key.access_key_id)
    assert own.line.say(sent).code == "InvalidAccessKeyId"
    iam.delete_user(UserName=name)
    assert own.line.say(sent).code == "InvalidAccessKeyId"


@BOTH
def test_a_url_of_a_session_ends_with_its_parent(urls: Urls, new_person: Callable[..., Key], version: str) -> None:
    name = f"session-signer-{version}"
    parent = new_person(urls.whole, name, {"Action": "s3:*", "Resource": OWN})
    made = urls.whole.client("sts", key=parent).get_session_token()["Credentials"]
    other = urls.whole.client("sts", key=parent).get_session_token()["Credentials"]
    key = Key(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
    sent = replace(urls, key=key).made("get_object", version)
    assert urls.line.say(sent).body == b"own"
    swapped = replace(urls, key=replace(key, session_token=other["SessionToken"])).made("get_object", version)
    assert urls.line.say(swapped).code == "InvalidToken"
    urls.whole.client("iam").delete_access_key(UserName=name, AccessKeyId=parent.access_key_id)
    assert urls.line.say(sent).code == "InvalidToken"


def test_a_signature_of_one_form_is_none_of_the_other(urls: Urls) -> None:
    new, old = urls.made("get_object", "s3v4"), urls.made("get_object", "s3")
    path, parts = parts_of(new)
    urls.refused(replace(new, target=f"{path}?{'&'.join([*parts, *parts_of(old)[1]])}"))
    for service, target in (("iam", "/?Action=ListUsers&Version=2010-05-08&"), ("codepipeline", "/?")):
        for query in (parts, parts_of(old)[1]):
            urls.refused(Sent(service, "GET", target + "&".join(query)))
