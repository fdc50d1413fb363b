"""Presigned URLs over a real connection: what their query says about an object is kept, checked and signed."""

import http.client
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from stageline.testing.harness import Server


def send(url: str, body: bytes = b"data", **headers: str) -> tuple[int, str]:
    """PUT with these headers alone."""
    split = urlsplit(url)
    connection = http.client.HTTPConnection(split.netloc, timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("PUT", f"{split.path}?{split.query}", body, named)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def in_the_query(running: Server, bucket: str, **parameters: str) -> str:
    """A URL of Signature Version 4 whose signer moved headers into the query."""
    query = "&".join(f"{quote(name.replace('_', '-'))}={quote(value, safe='')}" for name, value in parameters.items())
    assert running.key
    request = AWSRequest("PUT", f"{running.endpoint}/{bucket}/k?{query}")
    S3SigV4QueryAuth(Credentials(running.key.access_key_id, running.key.secret), "s3", "us-east-1", 60).add_auth(request)
    return str(request.url)


def test_the_old_form_keeps_metadata_type_and_headers_it_has_in_its_query(s3: Any, bucket: str) -> None:
    said = {"Metadata": {"team": "blue"}, "ContentType": "text/x", "Tagging": "a=b", "StorageClass": "STANDARD_IA"}
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "k", **said})
    assert "x-amz-meta-team" in url
    assert send(url)[0] == 200
    got = s3.head_object(Bucket=bucket, Key="k")
    assert (got["Metadata"], got["ContentType"], got["StorageClass"]) == ({"team": "blue"}, "text/x", "STANDARD_IA")
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [{"Key": "a", "Value": "b"}]


def test_the_old_form_may_say_a_header_twice_but_not_otherwise(s3: Any, bucket: str) -> None:
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "k", "Metadata": {"team": "blue"}})
    assert send(url, x_amz_meta_team="blue")[0] == 200
    assert s3.head_object(Bucket=bucket, Key="k")["Metadata"] == {"team": "blue"}
    assert send(url, x_amz_meta_team="red")[0] == 403
    assert send(url, x_amz_meta_other="red")[0] == 403


def test_a_copy_can_be_presigned(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="from", Body=b"source")
    url = s3.generate_presigned_url("copy_object", Params={"Bucket": bucket, "Key": "to", "CopySource": f"{bucket}/from"})
    assert send(url, b"")[0] == 200
    assert s3.get_object(Bucket=bucket, Key="to")["Body"].read() == b"source"


def test_headers_in_the_query_of_version_4_count(running: Server, s3: Any, bucket: str) -> None:
    url = in_the_query(running, bucket, x_amz_meta_team="bl ue", X_Amz_Storage_Class="STANDARD_IA")
    assert send(url)[0] == 200
    got = s3.head_object(Bucket=bucket, Key="k")
    assert (got["Metadata"], got["StorageClass"]) == ({"team": "bl ue"}, "STANDARD_IA")


def test_a_checksum_in_the_query_is_held_against_the_body(running: Server, s3: Any, bucket: str) -> None:
    status, said = send(in_the_query(running, bucket, x_amz_checksum_crc32="AAAAAA=="))
    assert (status, "<Code>BadDigest</Code>" in said) == (400, True)
    assert send(in_the_query(running, bucket, x_amz_checksum_crc32="AAAAAA=="), b"")[0] == 200


@pytest.mark.parametrize("value", ["a\r\nx-evil: 1", "a\x00b", "a\x7f"])
def test_control_characters_do_not_reach_headers(running: Server, s3: Any, bucket: str, value: str) -> None:
    status, said = send(in_the_query(running, bucket, x_amz_meta_team=value))
    assert (status, "<Code>InvalidArgument</Code>" in said) == (400, True)


def test_a_header_twice_in_the_query_is_refused(running: Server, s3: Any, bucket: str) -> None:
    status, said = send(in_the_query(running, bucket, x_amz_meta_team="a", X_Amz_Meta_Team="b"))
    assert (status, "<Code>InvalidArgument</Code>" in said) == (400, True)


def test_the_query_of_a_request_signed_in_its_header_says_nothing(running: Server, s3: Any, bucket: str) -> None:
    client = running.client("s3")

    def add(request: Any, **_: Any) -> None:
        request.url += "?x-amz-meta-team=blue"

    client.meta.events.register("before-sign.s3.PutObject", add)
    client.put_object(Bucket=bucket, Key="k", Body=b"data")
    assert s3.head_object(Bucket=bucket, Key="k")["Metadata"] == {}
