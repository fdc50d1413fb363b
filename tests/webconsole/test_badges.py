"""Badges: whose pipelines they show to whom."""

from typing import Any
from xml.etree import ElementTree

import pytest

from stageline.engine import history
from stageline.engine.apply import HEAD
from stageline.webconsole.badges import picture

ARN = "arn:aws:codepipeline:us-east-1:000000000000:"


@pytest.fixture(scope="module")
def badged(house: Any) -> list[str]:
    """A public one, a private one, one that is tagged as private."""
    iam, document = house.client("iam"), '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":'
    document += '{"Service":"codepipeline.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
    role = iam.create_role(RoleName="badge-role", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    house.client("s3").create_bucket(Bucket="badge-store")
    names = ["badge-public", "badge-private", "badge-other"]
    for name, tag in zip(names, ("public", "", "private"), strict=True):
        source = {
            "name": "Source",
            "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"},
            "configuration": {"S3Bucket": "badge-store", "S3ObjectKey": "k.zip", "PollForSourceChanges": "false"},
            "outputArtifacts": [{"name": "S"}],
        }
        approval = {"name": "Ask", "actionTypeId": {"category": "Approval", "owner": "AWS", "provider": "Manual", "version": "1"}}
        house.client("codepipeline").create_pipeline(
            pipeline={
                "name": name,
                "roleArn": role,
                "artifactStore": {"type": "S3", "location": "badge-store"},
                "stages": [{"name": "Source", "actions": [source]}, {"name": "Ask", "actions": [approval]}],
            },
            tags=[{"key": "stageline:badge", "value": tag}] if tag else [],
        )
    return names


def words(svg: bytes) -> list[str]:
    return [str(each.text) for each in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def stored(house: Any, name: str, status: str) -> None:
    """Let the latest execution have a status."""
    with house.whole.store.write() as tx:
        uid = tx.get(HEAD, name)["uid"]
        rows = tx.scan(history.EXECUTION, f"{uid}/", limit=1, reverse=True)
        tx.put(history.EXECUTION, rows[0][0], {**rows[0][1], "status": status})


@pytest.mark.parametrize(
    ("status", "word"), [("Succeeded", "succeeded"), ("Failed", "failed"), ("InProgress", "in progress"), ("Stopped", "stopped")]
)
def test_anybody_sees_the_status_of_a_public_pipeline(
    house: Any, browser: Any, badged: list[str], status: str, word: str
) -> None:
    stored(house, "badge-public", status)
    answer = browser.ask("GET", "/badges/badge-public.svg")
    assert (answer.status, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert words(answer.body) == ["badge-public", word]
    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == "no-cache"
    assert browser.ask("HEAD", "/badges/badge-public.svg").status == 200


@pytest.mark.parametrize(
    "name",
    [
        "badge-private.svg",
        "badge-other.svg",
        "badge-none.svg",
        "badge-public",
        "badge-public.svg/",
        "",
        "a/b.svg",
        "%00.svg",
        "%ff.svg",
        "%3Cscript%3E.svg",
        "..%2fbadge-public.svg",
        "badge-public.svg.svg",
        "x" * 2_000 + ".svg",
    ],
)
def test_what_is_not_public_looks_like_what_is_not_there(browser: Any, badged: list[str], name: str) -> None:
    answer = browser.ask("GET", f"/badges/{name}")
    absent = browser.ask("GET", "/badges/absent.svg")
    assert (answer.status, answer.body) == (404, absent.body)
    assert words(answer.body) == ["pipeline", "unknown"]


def test_a_pipeline_is_public_as_long_as_it_is_tagged(house: Any, browser: Any, badged: list[str]) -> None:
    pipelines = house.client("codepipeline")
    pipelines.tag_resource(resourceArn=f"{ARN}badge-private", tags=[{"key": "stageline:badge", "value": "public"}])
    assert browser.ask("GET", "/badges/badge-private.svg").status == 200
    pipelines.untag_resource(resourceArn=f"{ARN}badge-private", tagKeys=["stageline:badge"])
    assert browser.ask("GET", "/badges/badge-private.svg").status == 404


def test_who_signed_in_sees_what_they_may_list(house: Any, browser: Any, badged: list[str]) -> None:
    one, _ = house.inside({"Action": "codepipeline:ListPipelineExecutions", "Resource": f"{ARN}badge-private"})
    stored(house, "badge-private", "Succeeded")
    assert words(one.ask("GET", "/console/badges/badge-private.svg").body) == ["badge-private", "succeeded"]
    assert one.ask("GET", "/console/badges/badge-other.svg").code == "AccessDeniedException"
    assert one.ask("GET", "/console/badges/%3Cscript%3E.svg").status == 400
    assert browser.ask("GET", "/console/badges/badge-private.svg").code == "SignedOut"


def test_nothing_is_done_to_badges(browser: Any, badged: list[str]) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert browser.ask(method, "/badges/badge-public.svg").status == 405


def test_names_are_text_in_the_picture() -> None:
    odd = "<script>&\"'</script>\x26#60;"
    svg = bytes(picture(odd, odd, "#000", 200).body)
    assert b"<script" not in svg
    assert words(svg) == [odd, odd]
    assert ElementTree.fromstring(svg).get("aria-label") == f"{odd}: {odd}"
