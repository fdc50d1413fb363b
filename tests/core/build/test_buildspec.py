"""Reading buildspecs: what is understood, and the texts with which the rest is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stageline.core.build.buildspec import BuildspecError, OnFailure, is_inline, on_failure, read


def test_all_sections_are_read() -> None:
    spec = read(
        """
version: 0.2
run-as: someone
env:
  shell: /bin/bash
  variables: {KEEP: on, NUMBER: 0123, EMPTY: }
  parameter-store: {P: /a/b}
  secrets-manager: {S: "id:key"}
  exported-variables: [A, B]
  git-credential-helper: yes
phases:
  install:
    runtime-versions: {nodejs: 20}
  build:
    on-failure: CONTINUE
    commands: [make, "echo 'a: b'"]
    finally: [clean]
artifacts:
  files: ["**/*"]
  base-directory: dist
  discard-paths: yes
  exclude-paths: "*.map"
  enable-symlinks: false
  name: web-$X
  secondary-artifacts:
    docs: {files: [docs/*]}
cache: {paths: [x]}
surprise: 1
"""
    )
    assert spec.shell == "bash"
    assert dict(spec.variables) == {"KEEP": "on", "NUMBER": "0123", "EMPTY": ""}
    assert dict(spec.parameters) == {"P": "/a/b"}
    assert dict(spec.secrets) == {"S": "id:key"}
    assert spec.exported == ("A", "B")
    assert spec.git_credentials
    assert spec.phases["build"].commands == ("make", "echo 'a: b'")
    assert spec.phases["build"].finally_ == ("clean",)
    assert spec.phases["build"].on_failure == OnFailure("CONTINUE")
    assert spec.artifacts is not None
    assert spec.artifacts.exclude_paths == ("*.map",)
    assert spec.artifacts.discard_paths
    assert not spec.artifacts.enable_symlinks
    assert spec.secondary["docs"].files == ("docs/*",)
    notes = "\n".join(spec.notes)
    for told in ("run-as 'someone'", "nodejs 20", "'cache'", "unknown key 'surprise' at line 28"):
        assert told in notes, notes


def test_json_and_aliases_and_merges_are_yaml() -> None:
    assert read('{"version": "0.2", "phases": {"build": {"commands": ["a"]}}}').phases["build"].commands == ("a",)
    text = """
version: 0.2
x: &x {commands: [a]}
phases:
  install: *x
  build:
    <<: *x
    finally: [b]
"""
    spec = read(text)
    assert spec.phases["install"].commands == spec.phases["build"].commands == ("a",)
    assert spec.phases["build"].finally_ == ("b",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "wrong number of container tags, expected 1: the buildspec must be a map with 'version' and 'phases'"),
        ("just text", "wrong number of container tags, expected 1: the buildspec must be a map with 'version' and 'phases'"),
        ("phases: {build: {commands: [a]}}", "missing 'version': a buildspec begins with 'version: 0.2' at line 1"),
        ("version: 0.3\nphases: {build: {commands: [a]}}", "unknown version '0.3', expected 0.1 or 0.2 at line 1"),
        ("version: 0.2", "wrong number of container tags, expected 1: 'phases' is missing"),
        ("version: 0.2\nphases: [a]", "wrong number of container tags, expected 1: phases must be a map at line 2"),
        (
            "version: 0.2\nphases:\n  biuld: {commands: [a]}",
            "unknown phase 'biuld', expected one of install, pre_build, build, post_build at line 3",
        ),
        ("version: 0.2\nphases:\n  build:\n", "wrong number of container tags, expected 1: phases.build is empty at line 3"),
        (
            "version: 0.2\nphases:\n  build:\n    commands: {a: b}\n",
            "wrong number of container tags, expected 1: phases.build.commands must be a list at line 4",
        ),
        (
            "version: 0.2\nphases:\n  build:\n    commands:\n      - echo a: b\n",
            "wrong number of container tags, expected 1: phases.build.commands[0] must be a text "
            "(a text with ': ' in it needs quotes) at line 5",
        ),
        ("version: 0.2\nphases:\n  build:\n    commands: [a, 'b'\n", "did not find expected ',' or ']' at line 5"),
        ("version: 0.2\nphases:\n\tbuild: 1\n", "found character that cannot start any token at line 3"),
        ("version: 0.2\nversion: 0.2\n", "mapping key 'version' is already defined at line 1, again at line 2"),
        (
            "version: 0.2\nphases: {build: {commands: [a], on-failure: GIVE-UP}}",
            "phases.build.on-failure 'GIVE-UP' is not ABORT, CONTINUE or a form of RETRY at line 2",
        ),
        (
            "version: 0.2\nenv: {shell: powershell.exe}\nphases: {build: {commands: [a]}}",
            "env.shell 'powershell.exe' is not supported, expected bash or /bin/sh at line 2",
        ),
        (
            "version: 0.2\nphases: {build: {commands: [a]}}\nartifacts: {name: x}",
            "wrong number of container tags, expected 1: artifacts.files is missing at line 3",
        ),
        (
            "version: 0.2\nphases: {build: {commands: [a]}}\nartifacts: {files: [a], discard-paths: maybe}",
            "artifacts.discard-paths must be yes or no, not 'maybe' at line 3",
        ),
        ("version: 0.2\na: *nothing", "unknown anchor 'nothing' referenced at line 2"),
        ("version: 0.2\n---\nversion: 0.2", "expected a single document, found another one at line 2"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, message: str) -> None:
    with pytest.raises(BuildspecError) as refused:
        read(text)
    assert str(refused.value) == message


def test_bombs_are_refused_quickly() -> None:
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
    )
    for text, told in (
        (laughs, "more than 50000 values"),
        ("[" * 100_000, "nested deeper than 64 levels"),
        ("a: " + "x" * 2_000_000, "larger than 1048576 bytes"),
        ("a: &a [*a]", "unknown anchor 'a'"),
    ):
        with pytest.raises(BuildspecError, match=told):
            read(text)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("ABORT", OnFailure("ABORT")),
        ("RETRY", OnFailure("RETRY", 3, ".*")),
        ("RETRY-0", OnFailure("RETRY", 0, ".*")),
        ("RETRY-5", OnFailure("RETRY", 5, ".*")),
        ("RETRY-.*timeout.*", OnFailure("RETRY", 3, ".*timeout.*")),
        ("RETRY-2-exit status 7", OnFailure("RETRY", 2, "exit status 7")),
        ("RETRY-101", None),
        ("RETRY-(", None),
        ("RETRY-" + "(" * 500 + ")" * 500, None),
        ("RETRY-" + "a" * 1_001, None),
        ("abort", None),
    ],
)
def test_on_failure_has_five_forms(text: str, meaning: OnFailure | None) -> None:
    assert on_failure(text) == meaning


def test_inline_texts_are_told_from_paths() -> None:
    assert is_inline("version: 0.2\nphases: {}")
    assert is_inline('{"version": 0.2}')
    assert not is_inline("ci/buildspec.yml")
    assert not is_inline("buildspec")


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    for prefix in ("", "version: 0.2\nphases:\n  build:\n    commands:\n      - "):
        with suppress(BuildspecError):
            assert read(prefix + text).phases
