"""Whatever AWS's models call sensitive, in any request or result of any operation of this server, does not get through."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.model import Shape

from stageline.gateway.audit.masking import Masking
from stageline.gateway.operations import Operation
from stageline.ports.audit.trail import HIDDEN

CANARY = "canary-0123456789"
SCALARS = {"integer": 1, "long": 1, "boolean": True, "timestamp": 1, "float": 1.0, "double": 1.0}


def sample(shape: Shape, secret: bool, met: list[str], depth: int = 0) -> Any:
    """A value of a shape with every member; the canary is where the model says sensitive, and nowhere else."""
    secret = secret or bool(shape.metadata.get("sensitive"))
    if shape.type_name == "structure":
        return {} if depth > 7 else {name: sample(each, secret, met, depth + 1) for name, each in shape.members.items()}
    if shape.type_name == "list":
        return [sample(shape.member, secret, met, depth + 1)]
    if shape.type_name == "map":
        return {"k": sample(shape.value, secret, met, depth + 1)}
    if shape.type_name in SCALARS:
        return SCALARS[shape.type_name]
    if secret:
        met.append(shape.name)
    text = CANARY if secret else "plain"
    return text.encode() if shape.type_name == "blob" else text


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    else:
        yield value


def test_nothing_that_a_model_calls_sensitive_gets_through(whole: Any) -> None:
    met: list[str] = []
    leaked = []
    operations: list[Operation] = list(whole.server.app.gateway.registry)
    for operation in operations:
        for shape in (operation.model.input_shape, operation.model.output_shape):
            if shape is None:
                continue
            # Member by member: the whole would also be scrubbed of what is hidden elsewhere in it.
            kept = Masking({}).structure(shape, sample(shape, False, met))
            if CANARY in json.dumps(kept):
                leaked.append(f"{operation.service}:{operation.model.name} {shape.name}")
    assert leaked == []
    assert len(operations) > 200
    assert {"SSEKMSKeyId", "accessKeySecretType", "servicePassword"} <= set(met)
    assert len(set(met)) >= 8, sorted(set(met))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://user:secret@host/x", f"https://{HIDDEN}@host/x"),
        ("https://token@host/x", f"https://{HIDDEN}@host/x"),
        ("http://h/p?X-Amz-Signature=abc&b=secret", f"http://h/p?X-Amz-Signature={HIDDEN}&b={HIDDEN}"),
        ("arn:aws:iam::1:user/a@b?c=d", "arn:aws:iam::1:user/a@b?c=d"),
        ("https://host/a@b", "https://host/a@b"),
    ],
)
def test_addresses_lose_what_lets_somebody_in(text: str, kept: str) -> None:
    from stageline.gateway.audit.masking import without_login

    assert without_login(text) == kept


def test_what_is_hidden_in_one_place_is_taken_out_of_the_others_and_of_messages(whole: Any) -> None:
    model = next(each for each in whole.server.app.gateway.registry if each.model.name == "ImportSourceCredentials").model
    masking = Masking({})
    kept = masking.whole(model.input_shape, {"token": CANARY, "username": f"u-{CANARY}", "serverType": "GITHUB"})
    assert kept == {"token": HIDDEN, "username": f"u-{HIDDEN}", "serverType": "GITHUB"}
    assert masking.scrubbed(f"'{CANARY}' is wrong") == f"'{HIDDEN}' is wrong"
