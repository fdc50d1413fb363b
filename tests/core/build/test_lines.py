"""Output cut into log lines."""

from hypothesis import given
from hypothesis import strategies as st

from stageline.core.build.environment import Facts, SourceFolder, reserved, variables
from stageline.core.build.lines import Lines


@given(st.lists(st.binary(max_size=40), max_size=12))
def test_pieces_make_the_same_text_as_the_whole(pieces: list[bytes]) -> None:
    lines = Lines()
    got = "".join([line for piece in pieces for line in lines.feed(piece)] + lines.end())
    whole = b"".join(pieces)
    expected = whole.decode("utf-8", "replace")
    assert got == expected + ("\n" if whole and not whole.endswith(b"\n") else "")


@given(st.integers(1, 40), st.text("ab\n", max_size=200), st.integers(9, 60))
def test_a_secret_is_masked_wherever_the_pieces_are_cut(size: int, around: str, longest: int) -> None:
    secret = "s3cr3t-value"
    data = (around + secret + around).encode()
    lines = Lines([secret], longest)
    said = [line for at in range(0, len(data), size) for line in lines.feed(data[at : at + size])] + lines.end()
    assert secret not in "".join(said)
    assert "".join(said).replace("***", secret).rstrip("\n") == data.decode().rstrip("\n")


def test_no_line_is_longer_than_allowed() -> None:
    lines = Lines([], 300)
    said = lines.feed(b"x" * 1000) + lines.feed(b"y" * 10 + b"\n") + lines.end()
    assert "".join(said) == "x" * 1000 + "y" * 10 + "\n"
    assert max(len(line.encode()) for line in said) <= 300


def test_short_secrets_are_left_alone() -> None:
    assert Lines(["abc"]).feed(b"abc\n") == ["abc\n"]


def test_the_environment_is_layered_and_the_server_has_the_last_word() -> None:
    facts = Facts(
        arn="arn:b",
        id="p:1",
        number=4,
        image="img",
        initiator="me",
        key="key",
        start=12,
        region="eu-west-1",
        account="1",
        home="/h",
        sources=(SourceFolder("/src", "", "s3://b/k", "v1"), SourceFolder("/two", "two")),
        credentials={"AWS_ACCESS_KEY_ID": "A"},
    )
    own = [("A", "project"), ("CODEBUILD_CI", "false"), ("AWS_ACCESS_KEY_ID", "mine")]
    made = variables(facts, {"A": "spec", "B": "spec"}, own)
    assert made["A"] == "project"
    assert made["B"] == "spec"
    assert made["CODEBUILD_CI"] == "true"
    assert made["AWS_ACCESS_KEY_ID"] == "mine"
    assert made["CODEBUILD_SRC_DIR"] == "/src"
    assert made["CODEBUILD_SRC_DIR_two"] == "/two"
    assert made["CODEBUILD_SOURCE_VERSION"] == "v1"
    assert "CODEBUILD_SOURCE_VERSION_two" not in made
    assert "CODEBUILD_RESOLVED_SOURCE_VERSION" not in made
    assert reserved(["A", "CODEBUILD_CI"]) == ["CODEBUILD_CI"]
