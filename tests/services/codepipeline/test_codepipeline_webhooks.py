"""Webhooks defined, listed, tagged and deleted, with every refusal of those operations; their secrets stay secret."""

import hashlib
import sqlite3
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from stageline.core.pipeline.actiontype import ActionType, Property
from stageline.services.codepipeline.webhooks import records as webhooks
from stageline.testing.pipelines import action, refused, source, stage

GITHUB = ActionType(
    "Source",
    "ThirdParty",
    "GitHub",
    properties=(Property("Branch", required=True), Property("OAuthToken", secret=True), Property("Repo"), Property("Say")),
    outputs=(1, 1),
)
SECRET = "s3cr3t-of-the-webhook"
DENIED = "AccessDeniedException"


@pytest.fixture(scope="module")
def world(serve: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with serve(tmp_path_factory.mktemp("hooks") / "data", types=(GITHUB,), quota_webhooks=8) as found:
        yield found


@pytest.fixture
def client(world: Any) -> Iterator[Any]:
    """A client; no webhook is left afterwards."""
    found = world.client()
    yield found
    for each in found.list_webhooks()["webhooks"]:
        found.delete_webhook(name=each["definition"]["name"])


@pytest.fixture
def github(make: Any) -> Any:
    """A pipeline whose source is GitHub, version 1."""
    fetch = action("Fetch", "Source", "GitHub", outputs=["Src"])
    fetch["actionTypeId"]["owner"] = "ThirdParty"
    fetch["configuration"] = {"Branch": "main", "OAuthToken": "token"}
    return make(stage("Source", fetch), stage("Build", action("A")))


def definition(pipe: Any, name: str = "hook", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "targetPipeline": pipe.name,
        "targetAction": "Fetch",
        "filters": [{"jsonPath": "$.ref", "matchEquals": "refs/heads/{Branch}"}],
        "authentication": "GITHUB_HMAC",
        "authenticationConfiguration": {"SecretToken": SECRET},
        **more,
    }


def opened(pipe: Any, name: str = "hook", **more: Any) -> dict[str, Any]:
    return definition(pipe, name, authentication="UNAUTHENTICATED", authenticationConfiguration={}, **more)


def test_a_webhook_is_shown_as_it_was_put_without_its_secret(client: Any, github: Any) -> None:
    wanted = definition(github)
    put = client.put_webhook(webhook=wanted, tags=[{"key": "team", "value": "blue"}])["webhook"]
    assert put["definition"] == {**wanted, "authenticationConfiguration": {"SecretToken": "****"}}
    assert put["arn"] == "arn:aws:codepipeline:us-east-1:000000000000:webhook:hook"
    assert put["tags"] == [{"key": "team", "value": "blue"}]
    assert "lastTriggered" not in put
    assert "errorCode" not in put
    assert client.list_webhooks()["webhooks"] == [put]


def test_the_url_is_this_server_s_and_cannot_be_guessed(client: Any, github: Any, world: Any) -> None:
    urls = [client.put_webhook(webhook=opened(github, f"hook-{number}"))["webhook"]["url"] for number in range(3)]
    tokens = []
    for url in urls:
        parts = urlsplit(url)
        assert f"{parts.scheme}://{parts.netloc}" == world.server.endpoint
        assert len(url) <= 1000
        (token,) = parse_qs(parts.query)["t"]
        assert len(token) >= 43, "256 bits"
        assert "hook" not in token
        tokens.append(token)
    assert len(set(tokens)) == 3
    with world.whole.store.read() as tx:
        found = webhooks.addressed(tx, tokens[1])
        assert found is not None
        assert found["definition"]["name"] == "hook-1"
        assert webhooks.addressed(tx, tokens[1][:-1]) is None
        assert webhooks.addressed(tx, "") is None


def test_putting_again_keeps_the_url_and_deleting_ends_it(client: Any, github: Any, world: Any) -> None:
    first = client.put_webhook(webhook=definition(github), tags=[{"key": "a", "value": "1"}])["webhook"]
    changed = opened(github, filters=[])
    second = client.put_webhook(webhook=changed)["webhook"]
    assert second["url"] == first["url"]
    assert second["definition"] == changed, "the secret of before is gone"
    assert second["tags"] == [{"key": "a", "value": "1"}], "tags stay when none are sent"
    assert client.put_webhook(webhook=changed, tags=[{"key": "b", "value": "2"}])["webhook"]["tags"][0]["key"] == "b"
    client.delete_webhook(name="hook")
    client.delete_webhook(name="hook")
    client.delete_webhook(name="never-was")
    refused("ValidationException", client.delete_webhook, name="no spaces")
    assert client.list_webhooks()["webhooks"] == []
    refused("ResourceNotFoundException", client.list_tags_for_resource, resourceArn=first["arn"])
    third = client.put_webhook(webhook=changed)["webhook"]
    assert third["url"] != first["url"]
    assert third["tags"] == []
    (token,) = parse_qs(urlsplit(first["url"]).query)["t"]
    with world.whole.store.read() as tx:
        assert webhooks.addressed(tx, token) is None


def secret_of(world: Any, name: str = "hook") -> bytes:
    with world.whole.store.read() as tx:
        found = tx.get("codepipeline.webhook", name)
    vault = world.whole.application.gateway.registry.find("codepipeline", "PutWebhook").invoke.keywords["vault"]
    return webhooks.secret(vault, found)


def test_the_secret_is_sealed_and_kept_when_its_mask_is_sent_back(client: Any, github: Any, world: Any) -> None:
    shown = client.put_webhook(webhook=definition(github))["webhook"]["definition"]
    assert secret_of(world) == SECRET.encode()
    client.put_webhook(webhook={**shown, "filters": []})
    assert secret_of(world) == SECRET.encode()
    other = {**shown, "authenticationConfiguration": {"SecretToken": "another"}}
    client.put_webhook(webhook=other)
    assert secret_of(world) == b"another"
    client.put_webhook(webhook=opened(github))
    assert secret_of(world) == b""
    text = refused("InvalidWebhookAuthenticationParametersException", client.put_webhook, webhook=shown)
    assert "asterisks" in text
    refused("InvalidWebhookAuthenticationParametersException", client.put_webhook, webhook={**shown, "name": "new"})


def test_neither_secret_nor_url_is_in_the_database(client: Any, github: Any, world: Any) -> None:
    url = client.put_webhook(webhook=definition(github))["webhook"]["url"]
    (token,) = parse_qs(urlsplit(url).query)["t"]
    with sqlite3.connect(world.whole.folder.path / "stageline.db") as connection:
        stored = "\n".join(str(body) for (body,) in connection.execute("SELECT body FROM documents"))
        keys = [key for (key,) in connection.execute("SELECT key FROM documents WHERE kind = 'codepipeline.webhook-token'")]
    connection.close()
    assert '"hook"' in stored
    assert SECRET not in stored
    assert token not in stored
    assert hashlib.sha256(token.encode()).hexdigest() in keys


@pytest.mark.parametrize(
    ("kind", "configuration"),
    [
        ("GITHUB_HMAC", {}),
        ("GITHUB_HMAC", {"AllowedIPRange": "10.0.0.0/8"}),
        ("GITHUB_HMAC", {"SecretToken": SECRET, "AllowedIPRange": "10.0.0.0/8"}),
        ("IP", {}),
        ("IP", {"SecretToken": SECRET}),
        ("IP", {"AllowedIPRange": "10.0.0.0/8", "SecretToken": SECRET}),
        ("IP", {"AllowedIPRange": "10.0.0.1"}),
        ("IP", {"AllowedIPRange": "10.0.0.0/33"}),
        ("IP", {"AllowedIPRange": "everywhere/0"}),
        ("IP", {"AllowedIPRange": "10.0.0.0/8,192.168.0.0/16"}),
        ("UNAUTHENTICATED", {"SecretToken": SECRET}),
        ("UNAUTHENTICATED", {"AllowedIPRange": "10.0.0.0/8"}),
    ],
)
def test_authentication_that_cannot_be(client: Any, github: Any, kind: str, configuration: dict[str, str]) -> None:
    wrong = definition(github, authentication=kind, authenticationConfiguration=configuration)
    text = refused("InvalidWebhookAuthenticationParametersException", client.put_webhook, webhook=wrong)
    assert SECRET not in text
    assert client.list_webhooks()["webhooks"] == []


@pytest.mark.parametrize("given", ["10.0.0.0/8", "192.0.2.7/32", "0.0.0.0/0", "2001:db8::/32", "10.1.2.3/8"])
def test_ranges_of_addresses(client: Any, github: Any, given: str) -> None:
    wanted = definition(github, authentication="IP", authenticationConfiguration={"AllowedIPRange": given})
    assert client.put_webhook(webhook=wanted)["webhook"]["definition"] == wanted


def test_filters_that_cannot_be_met(client: Any, github: Any) -> None:
    def text(*filters: dict[str, str]) -> str:
        wrong = opened(github, filters=list(filters))
        return refused("InvalidWebhookFilterPatternException", client.put_webhook, webhook=wrong)

    assert "'$.a['" in text({"jsonPath": "$.ref"}, {"jsonPath": "$.a["})
    assert "filter expressions" in text({"jsonPath": "$.commits[?(@.id)]"})
    assert "{Colour}" in text({"jsonPath": "$.ref", "matchEquals": "x{Colour}"})
    assert "{Repo}" in text({"jsonPath": "$.ref", "matchEquals": "{Repo}"}), "the action has no value for it"
    assert "{}" in text({"jsonPath": "$.ref", "matchEquals": "a{}"})
    assert "secret" in text({"jsonPath": "$.ref", "matchEquals": "{OAuthToken}"})
    assert client.list_webhooks()["webhooks"] == []
    fine = [{"jsonPath": "$.ref", "matchEquals": "a{b"}, {"jsonPath": "$.a"}]
    client.put_webhook(webhook=opened(github, filters=fine))


def test_targets_that_are_not_there(client: Any, github: Any) -> None:
    refused("PipelineNotFoundException", client.put_webhook, webhook=opened(github, targetPipeline="nobody"))
    for name in ("Nobody", "A"):
        text = refused("ValidationException", client.put_webhook, webhook=opened(github, targetAction=name))
        assert f"'{name}'" in text


def test_requests_that_the_model_forbids(client: Any, github: Any) -> None:
    for more in (
        {"name": "no spaces"},
        {"name": "x" * 101},
        {"filters": [{"jsonPath": "$.a"}] * 6},
        {"filters": [{"jsonPath": "x" * 151}]},
        {"filters": [{"jsonPath": "$.a", "matchEquals": ""}]},
        {"authentication": "BASIC"},
        {"authentication": "GITHUB_HMAC", "authenticationConfiguration": {"SecretToken": "x" * 101}},
    ):
        refused("ValidationException", client.put_webhook, webhook={**opened(github), **more})
    long = {"authentication": "GITHUB_HMAC", "authenticationConfiguration": {"SecretToken": SECRET * 5}}
    assert SECRET not in refused("ValidationException", client.put_webhook, webhook={**opened(github), **long})
    missing = opened(github)
    del missing["filters"]
    refused("ValidationException", client.put_webhook, webhook=missing)


def test_tags_at_the_definition(client: Any, github: Any) -> None:
    put, wanted = client.put_webhook, opened(github)
    many = [{"key": f"k{number}", "value": ""} for number in range(51)]
    refused("TooManyTagsException", put, webhook=wanted, tags=many)
    refused("InvalidTagsException", put, webhook=wanted, tags=[{"key": "aws:x", "value": ""}])
    refused("InvalidTagsException", put, webhook=wanted, tags=[many[0], many[0]])
    assert client.list_webhooks()["webhooks"] == []
    assert len(put(webhook=wanted, tags=many[:50])["webhook"]["tags"]) == 50


def test_tags_by_arn(client: Any, github: Any) -> None:
    arn = client.put_webhook(webhook=opened(github), tags=[{"key": "a", "value": "1"}])["webhook"]["arn"]
    client.tag_resource(resourceArn=arn, tags=[{"key": "b", "value": "2"}])
    client.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "b", "value": "2"}]
    assert client.list_webhooks()["webhooks"][0]["tags"] == [{"key": "b", "value": "2"}]
    many = [{"key": f"k{number}", "value": ""} for number in range(50)]
    refused("TooManyTagsException", client.tag_resource, resourceArn=arn, tags=many)
    refused("InvalidTagsException", client.tag_resource, resourceArn=arn, tags=[{"key": "AWS:x", "value": ""}])
    refused("InvalidTagsException", client.untag_resource, resourceArn=arn, tagKeys=["aws:x"])
    for call, more in (
        (client.tag_resource, {"tags": many[:1]}),
        (client.untag_resource, {"tagKeys": ["a"]}),
        (client.list_tags_for_resource, {}),
    ):
        refused("ResourceNotFoundException", call, resourceArn=f"{arn}-2", **more)
        refused("ResourceNotFoundException", call, resourceArn=arn.replace("us-east-1", "eu-west-1"), **more)
        for other in (f"{arn}:x", arn.replace("webhook:", "hooks:"), arn.replace("arn:aws:", "arn:aws-cn:")):
            refused("ResourceNotFoundException", call, resourceArn=other, **more)
        refused("InvalidArnException", call, resourceArn=f"{arn}/x", **more)


def test_tags_of_custom_action_types(client: Any, world: Any) -> None:
    """By the ARN of the reference page, in both of its spellings."""
    with world.whole.store.write() as tx:
        tx.put("codepipeline.action-type", "Build/Custom/Own/1", {})
        tx.put("codepipeline.action-type", "Build/Custom/Own/0", {"deleted": True})
    start = "arn:aws:codepipeline:us-east-1:000000000000:"
    client.tag_resource(resourceArn=f"{start}actionType:Custom/Build/Own/1", tags=[{"key": "a", "value": "1"}])
    for spelling in ("actiontype", "actionType"):
        found = client.list_tags_for_resource(resourceArn=f"{start}{spelling}:Custom/Build/Own/1")
        assert found["tags"] == [{"key": "a", "value": "1"}]
    for name in ("Custom/Build/Own/0", "Custom/Build/Own/2"):
        refused("ResourceNotFoundException", client.list_tags_for_resource, resourceArn=f"{start}actiontype:{name}")
    refused("InvalidArnException", client.list_tags_for_resource, resourceArn=f"{start}actiontype:Custom/Build/Own")
    with world.whole.store.write() as tx:
        for version in "01":
            tx.delete("codepipeline.action-type", f"Build/Custom/Own/{version}")


def test_a_limit_and_pages(client: Any, github: Any) -> None:
    for number in range(8):
        client.put_webhook(webhook=opened(github, f"hook-{number}"))
    text = refused("LimitExceededException", client.put_webhook, webhook=opened(github, "one-more"))
    assert "8 webhooks" in text
    client.put_webhook(webhook=opened(github, "hook-3", filters=[]))
    pages = list(client.get_paginator("list_webhooks").paginate(PaginationConfig={"PageSize": 3}))
    assert [len(page["webhooks"]) for page in pages] == [3, 3, 2]
    names = [each["definition"]["name"] for page in pages for each in page["webhooks"]]
    assert names == [f"hook-{number}" for number in range(8)]
    token = client.list_webhooks(MaxResults=2)["NextToken"]
    client.delete_webhook(name="hook-1")
    client.put_webhook(webhook=opened(github, "a-first"))
    assert client.list_webhooks(MaxResults=1, NextToken=token)["webhooks"][0]["definition"]["name"] == "hook-2"
    refused("InvalidNextTokenException", client.list_webhooks, NextToken="nonsense")
    refused("InvalidNextTokenException", client.list_webhooks, NextToken=token + "=")
    refused("ValidationException", client.list_webhooks, MaxResults=101)
    refused("ValidationException", client.list_webhooks, MaxResults=0)


def test_webhooks_outlive_their_pipeline(client: Any, make: Any) -> None:
    pipe = make(source(), stage("Build", action("A")))
    client.put_webhook(webhook=opened(pipe, filters=[]))
    pipe.client.delete_pipeline(name=pipe.name)
    assert [each["definition"]["targetPipeline"] for each in client.list_webhooks()["webhooks"]] == [pipe.name]
    refused("PipelineNotFoundException", client.put_webhook, webhook=opened(pipe, filters=[]))
    text = refused("ValidationException", client.deregister_webhook_with_third_party, webhookName="hook")
    assert f"'{pipe.name}'" in text


def test_nothing_is_registered_with_anybody(client: Any, github: Any, make: Any) -> None:
    other = make(source(), stage("Build", action("A")))
    client.put_webhook(webhook=opened(github, "theirs"))
    client.put_webhook(webhook=opened(other, "ours", filters=[]))
    for call in (client.register_webhook_with_third_party, client.deregister_webhook_with_third_party):
        refused("WebhookNotFoundException", call, webhookName="nobody")
        refused("ValidationException", call)
        refused("ValidationException", call, webhookName="no spaces")
        assert "Scripted" in refused("ValidationException", call, webhookName="ours")
        assert "GitHub" in refused("NotImplementedException", call, webhookName="theirs")


def test_permissions(client: Any, github: Any, world: Any) -> None:
    arn = "arn:aws:codepipeline:us-east-1:000000000000:"
    wanted = opened(github)

    def person(*statements: tuple[str, str]) -> Any:
        return world.person(*({"Action": f"codepipeline:{name}", "Resource": f"{arn}{on}"} for name, on in statements))

    nobody = world.person()
    for call, request in (
        (nobody.put_webhook, {"webhook": wanted}),
        (nobody.list_webhooks, {}),
        (nobody.delete_webhook, {"name": "hook"}),
        (nobody.register_webhook_with_third_party, {"webhookName": "hook"}),
        (nobody.deregister_webhook_with_third_party, {}),
        (nobody.tag_resource, {"resourceArn": f"{arn}webhook:hook", "tags": [{"key": "a", "value": "b"}]}),
    ):
        refused(DENIED, call, **request)
    refused(DENIED, person(("PutWebhook", "webhook:hook")).put_webhook, webhook=wanted)
    refused(DENIED, person(("PutWebhook", github.name)).put_webhook, webhook=wanted)
    both = person(("PutWebhook", github.name), ("PutWebhook", "webhook:hook"))
    both.put_webhook(webhook=wanted)
    refused(DENIED, both.put_webhook, webhook={**wanted, "name": "other"})
    tags = [{"key": "team", "value": "blue"}]
    refused(DENIED, both.put_webhook, webhook=wanted, tags=tags)
    tagging = person(*(("PutWebhook", on) for on in (github.name, "webhook:hook")), ("TagResource", "webhook:hook"))
    assert "UntagResource" in refused(DENIED, tagging.put_webhook, webhook=wanted, tags=tags)
    client.put_webhook(webhook=wanted, tags=tags)
    blue = {"StringEquals": {"aws:ResourceTag/team": "blue"}}
    keeper = world.person({"Action": "codepipeline:DeleteWebhook", "Resource": "*", "Condition": blue})
    client.put_webhook(webhook=opened(github, "plain"))
    refused(DENIED, keeper.delete_webhook, name="plain")
    keeper.delete_webhook(name="hook")
    person(("ListWebhooks", "webhook:*")).list_webhooks()
