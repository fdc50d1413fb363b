"""Texts that no database keeps, in every text that every operation takes, from somebody who may do everything: refused, never a
defect."""

import json
from typing import Any

import pytest

from stageline.testing.generated import least, odd
from stageline.testing.generated.signed import Line, Signer, spoken, written

SERVICES = ("cloudtrail", "codebuild", "codecommit", "codepipeline", "iam", "logs", "s3", "secretsmanager", "ssm", "sts")


@pytest.mark.parametrize("service", SERVICES)
def test_no_text_is_a_defect(whole: Any, service: str) -> None:
    if service == "s3":
        s3 = whole.client("s3")
        s3.create_bucket(Bucket="victim")
        s3.put_object(Bucket="victim", Key="aaa", Body=b"x")
    line, told, count = Line(whole.endpoint), set(), 0
    signer = Signer(whole.running.key, whole.running.region, line.host)
    for operation in (each.model for each in whole.operations if each.service == service):
        for request in odd.requests(operation, least.request(operation)):
            try:
                said = line.say(signer.sign(written(operation, spoken(operation)[0], request)))
            except (ValueError, TypeError, AttributeError):
                line.close()
                continue  # no client can write that
            count += 1
            if said.status >= 500 and said.code not in ("NotImplemented", "NotImplementedException"):
                told.add((operation.name, json.dumps(request, default=str)[:200]))
    line.close()
    assert not told, sorted(told)
    assert count > len(odd.ODD)
    del whole.assembled.application.gateway.bugs[:]
