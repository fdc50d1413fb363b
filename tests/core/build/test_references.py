"""References to secrets: four parts, and ARNs whose colons are their own."""

import pytest

from stageline.core.build.references import SecretReference, part, read

ARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:a/b-AbCdEf"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a/b", ("a/b",)),
        ("a/b:key", ("a/b", "key")),
        ("a/b::AWSPREVIOUS", ("a/b", "", "AWSPREVIOUS")),
        ("a/b:::id", ("a/b", "", "", "id")),
        (ARN, (ARN,)),
        (f"{ARN}:key:stage", (ARN, "key", "stage")),
    ],
)
def test_parts(text: str, parts: tuple[str, ...]) -> None:
    assert read(text) == SecretReference(*parts)


@pytest.mark.parametrize("text", ["", ":key", "arn:aws:secretsmanager:r:a:secret", "a:b:c:d", "a:b:c::e", "a::s:v"])
def test_what_is_no_reference(text: str) -> None:
    with pytest.raises(ValueError, match=r"name a secret|too many parts|give one of them"):
        read(text)


def test_members_of_a_secret() -> None:
    assert part('{"a": "text", "b": 5, "c": {"d": [1]}, "e": null}', "a") == "text"
    assert part('{"b": 5}', "b") == "5"
    assert part('{"c": {"d": [1, "é"]}}', "c") == '{"d":[1,"é"]}'
    for value in ("hidden", "[1]", '{"a": 1}', "[" * 100_000):
        with pytest.raises(ValueError, match=r"the secret") as refusal:
            part(value, "key")
        assert "hidden" not in str(refusal.value)
