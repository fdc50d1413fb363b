"""The whole way of a request, with boto3 at one end and small services at the other."""

import http.client
import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

PIPELINE: dict[str, Any] = {
    "name": "shop",
    "roleArn": "arn:aws:iam::000000000000:role/pipeline",
    "stages": [
        {
            "name": name,
            "actions": [
                {
                    "name": "act",
                    "actionTypeId": {"category": category, "owner": "AWS", "provider": "S3", "version": "1"},
                    "configuration": {"S3Bucket": "b"},
                }
            ],
        }
        for name, category in (("Source", "Source"), ("Deploy", "Deploy"))
    ],
}


@pytest.fixture
def bugs_expected(world: Any) -> Iterator[list[BaseException]]:
    yield world.server.app.gateway.bugs
    world.server.app.gateway.bugs.clear()


def raw(world: Any, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None, service: str = "") -> Any:
    """One request as given, signed when a service is named; returns status, headers, body."""
    url = urlsplit(world.server.endpoint)
    given = dict(headers or {})
    if service:
        request = AWSRequest(method, f"{world.server.endpoint}{path}", given, body)
        key = world.server.key
        signer = S3SigV4Auth if service == "s3" else SigV4Auth
        signer(Credentials(key.access_key_id, key.secret), service, "us-east-1").add_auth(request)
        given = dict(request.headers.items())
    connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=10)
    try:
        connection.request(method, path, body, given)
        reply = connection.getresponse()
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
    finally:
        connection.close()


def refused(call: Any, **params: Any) -> tuple[str, int, str]:
    with pytest.raises(ClientError) as caught:
        call(**params)
    found = caught.value.response
    return found["Error"]["Code"], found["ResponseMetadata"]["HTTPStatusCode"], found["Error"]["Message"]


def test_a_json_operation_there_and_back(world: Any) -> None:
    client = world.server.client("codepipeline")
    assert client.create_pipeline(pipeline=PIPELINE)["pipeline"] == PIPELINE
    got = client.get_pipeline(name="shop")
    assert got["pipeline"] == PIPELINE
    assert abs(got["metadata"]["created"].timestamp() * 1000 - world.clock.now()) < 60_000
    assert got["ResponseMetadata"]["HTTPHeaders"]["content-type"] == "application/x-amz-json-1.1"
    assert len(got["ResponseMetadata"]["RequestId"]) == 36


def test_the_same_operation_in_cbor(world: Any) -> None:
    import cbor2

    world.server.client("codepipeline").create_pipeline(pipeline=PIPELINE)
    headers = {"smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor"}
    path = "/service/CodePipeline_20150709/operation/GetPipeline"
    status, answered, body = raw(world, "POST", path, cbor2.dumps({"name": "shop"}), headers, "codepipeline")
    assert (status, answered["smithy-protocol"], answered["content-type"]) == (200, "rpc-v2-cbor", "application/cbor")
    assert cbor2.loads(body)["pipeline"]["name"] == "shop"
    status, answered, body = raw(world, "POST", path, cbor2.dumps({"name": "none"}), headers, "codepipeline")
    assert status == 400
    assert cbor2.loads(body)["__type"] == "PipelineNotFoundException"


def test_modelled_errors_keep_code_and_status(world: Any) -> None:
    client = world.server.client("codepipeline")
    assert refused(client.get_pipeline, name="none") == ("PipelineNotFoundException", 400, "There is no pipeline none.")
    assert refused(client.update_pipeline, pipeline=PIPELINE)[:2] == ("ConflictException", 409)


def test_constraints_come_in_the_words_of_the_service(world: Any) -> None:
    code, status, message = refused(world.server.client("codepipeline").get_pipeline, name="a b")
    assert (code, status) == ("ValidationException", 400)
    assert message == (
        "1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [A-Za-z0-9.@\-_]+"
    )
    assert refused(world.server.client("iam").create_user, UserName="a b")[:2] == ("ValidationError", 400)


def test_permission_is_asked_before_the_operation_runs(world: Any) -> None:
    client = world.server.client("codepipeline", key=world.mallory)
    code, status, message = refused(client.start_pipeline_execution, name="shop")
    assert (code, status) == ("AccessDeniedException", 400)
    assert "codepipeline:StartPipelineExecution" in message


def test_an_operation_that_is_missing_says_so(world: Any) -> None:
    code, status, message = refused(world.server.client("codepipeline").list_webhooks)
    assert (code, status) == ("NotImplementedException", 501)
    assert "ListWebhooks" in message
    assert refused(world.server.client("s3").get_bucket_acl, Bucket="b")[:2] == ("NotImplemented", 501)


def test_unknown_operations_are_refused(world: Any) -> None:
    for target in ("CodePipeline_20150709.Nothing", "Nothing_20150709.GetPipeline", "x", ""):
        headers = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}
        status, _, body = raw(world, "POST", "/", b"{}", headers, "codepipeline")
        assert (status, json.loads(body)["__type"]) == (400, "UnknownOperationException")
    status, _, body = raw(
        world, "POST", "/", b"Action=Nothing&Version=2010-05-08", {"Content-Type": "application/x-www-form-urlencoded"}, "iam"
    )
    assert (status, b"<Code>InvalidAction</Code>" in body) == (400, True)


def test_a_defect_tells_nothing_and_is_remembered(world: Any, bugs_expected: list[BaseException]) -> None:
    code, status, message = refused(world.server.client("codepipeline").start_pipeline_execution, name="shop")
    assert (code, status) == ("InternalFailure", 500)
    assert "swordfish" not in message
    assert [str(bug) for bug in bugs_expected] == ["the secret is swordfish"]


def test_a_result_beside_the_model_is_a_defect(world: Any, bugs_expected: list[BaseException]) -> None:
    assert refused(world.server.client("codepipeline").list_pipelines)[1] == 500
    assert "colour" in str(bugs_expected[0])


def test_a_full_disk_is_told(world: Any) -> None:
    code, status, message = refused(world.server.client("codepipeline").delete_pipeline, name="shop")
    assert (code, status) == ("InsufficientStorageException", 507)
    assert "full" in message
    world.server.assert_no_bugs()


def test_query_operations(world: Any) -> None:
    client = world.server.client("iam")
    tags = [{"Key": "team", "Value": "a=b + c"}, {"Key": "é", "Value": ""}]
    got = client.create_user(UserName="bob", Tags=tags)["User"]
    assert (got["UserName"], got["Tags"]) == ("bob", tags)
    assert client.list_users()["Users"] == []
    assert refused(client.create_user, UserName="taken")[:2] == ("EntityAlreadyExists", 409)
    assert refused(client.delete_user, UserName="x")[:2] == ("NoSuchEntity", 404)
    who = world.server.client("sts").get_caller_identity()
    assert who["Arn"].endswith("user/alice")


def test_query_by_get(world: Any) -> None:
    path = "/?Action=GetCallerIdentity&Version=2011-06-15"
    status, _, body = raw(world, "GET", path, service="sts")
    assert status == 200
    assert b"<GetCallerIdentityResult>" in body
    assert body.startswith(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/'
    )


@pytest.mark.parametrize("style", ["path", "virtual"])
def test_objects(world: Any, style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = socket.getaddrinfo  # not every machine resolves names under localhost
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **named: resolve("127.0.0.1", *rest, **named))
    endpoint = world.server.endpoint.replace("127.0.0.1", "s3.localhost" if style == "virtual" else "127.0.0.1")
    client = world.server.client("s3", endpoint=endpoint, s3={"addressing_style": style})
    for key in ("plain", "a//b", "sp ace/é+&%?#", "folder/", "../up", "~tilde*'()!"):
        put = client.put_object(Bucket="bucket", Key=key, Body=b"hello", Metadata={"colour": "red", "two": "b"})
        assert put["ETag"] == '"5d41402abc4b2a76b9719d911017c592"'
        got = client.get_object(Bucket="bucket", Key=key)
        assert (got["Body"].read(), got["Metadata"], got["ContentLength"]) == (b"hello", {"colour": "red", "two": "b"}, 5)
        assert key in [item["Key"] for item in client.list_objects_v2(Bucket="bucket")["Contents"]]
        deleted = client.delete_object(Bucket="bucket", Key=key)
        assert (deleted["ResponseMetadata"]["HTTPStatusCode"], deleted["DeleteMarker"]) == (204, True)


def test_s3_errors(world: Any) -> None:
    client = world.server.client("s3")
    assert refused(client.get_object, Bucket="b", Key="none")[:2] == ("NoSuchKey", 404)
    assert refused(client.head_object, Bucket="b", Key="none")[:2] == ("404", 404)
    status, headers, body = raw(world, "GET", "/b/none", headers={"x-amz-content-sha256": "UNSIGNED-PAYLOAD"})
    assert (status, headers["content-type"]) == (403, "application/xml")
    assert body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code>')
    assert headers["x-amz-request-id"].encode() in body
    assert headers["x-amz-id-2"].encode() in body
    assert raw(world, "PATCH", "/b/none")[0] == 405


def test_not_modified_has_headers_and_no_body(world: Any) -> None:
    client = world.server.client("s3")
    client.put_object(Bucket="b", Key="old", Body=b"x")
    assert refused(client.get_object, Bucket="b", Key="old", IfModifiedSince="2999-01-01T00:00:00Z")[1] == 304


def test_bucket_location(world: Any) -> None:
    client = world.server.client("s3")
    assert client.get_bucket_location(Bucket="near")["LocationConstraint"] is None
    assert client.get_bucket_location(Bucket="far")["LocationConstraint"] == "eu-west-1"


def test_documents_are_checked_as_schemas_do(world: Any) -> None:
    client = world.server.client("s3")
    assert client.delete_objects(Bucket="b", Delete={"Objects": [{"Key": "é&<"}]})["Deleted"] == [{"Key": "é&<"}]
    bomb = b'<!DOCTYPE d [<!ENTITY a "aaaa">]><Delete><Object><Key>&a;</Key></Object></Delete>'
    for body in (b"<Delete/>", b"<Other/>", b"<Delete", bomb, b"<Delete><Object/></Delete>", "<Delete/>".encode("utf-16")):
        status, _, answer = raw(world, "POST", "/b?delete", body, None, "s3")
        assert (status, b"MalformedXML" in answer) == (400, True), (body, answer)


def test_large_objects_pass_through_in_chunks(world: Any) -> None:
    from standin_services.s3 import objects  # type: ignore[import-not-found]

    class Zs:
        """64 MiB of z, made as it is read."""

        left = 64 * 1024 * 1024

        def __len__(self) -> int:
            return 64 * 1024 * 1024

        def read(self, size: int = -1) -> bytes:
            part = min(self.left, size if size >= 0 else self.left)
            self.left -= part
            return b"z" * part

        def seek(self, at: int, whence: int = 0) -> int:
            self.left = 0 if whence == 2 else len(self) - at
            return len(self) - self.left

        def tell(self) -> int:
            return len(self) - self.left

    client = world.server.client("s3", request_checksum_calculation="when_required")
    objects.LARGEST_READ[0] = 0
    client.put_object(Bucket="b", Key="large", Body=Zs())
    assert 0 < objects.LARGEST_READ[0] <= 256 * 1024
    body = client.get_object(Bucket="b", Key="large")["Body"]
    assert sum(len(chunk) for chunk in body.iter_chunks(1 << 20)) == 64 * 1024 * 1024


def test_a_reader_that_leaves_ends_the_stream(world: Any) -> None:
    client = world.server.client("s3")
    closed = world.shelf.get("closed", 0)
    body = client.get_object(Bucket="b", Key="large")["Body"]
    body.read(10)
    body.close()
    for _ in range(200):
        if world.shelf.get("closed", 0) > closed:
            break
        import time

        time.sleep(0.02)
    assert world.shelf["closed"] > closed


def test_a_denied_upload_is_answered_before_its_body_is_sent(world: Any) -> None:
    client = world.server.client("s3", key=world.mallory)
    assert refused(client.put_object, Bucket="b", Key="k", Body=b"x" * 3_000_000)[:2] == ("AccessDenied", 403)
    assert "b/k" not in world.shelf


def test_bodies_of_plain_operations_have_a_limit(world: Any) -> None:
    body = b'{"name": "' + b"x" * 11_000_000 + b'"}'
    headers = {"X-Amz-Target": "CodePipeline_20150709.GetPipeline", "Content-Type": "application/x-amz-json-1.1"}
    status, _, answer = raw(world, "POST", "/", body, headers, "codepipeline")
    assert (status, json.loads(answer)["__type"]) == (413, "RequestEntityTooLargeException")


def test_health(world: Any) -> None:
    assert raw(world, "GET", "/_stageline/health")[::2] == (200, b'{"status":"ok"}')
