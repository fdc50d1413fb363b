"""The filter pattern language."""

import json

import pytest

from stageline.ports.api import ApiError
from stageline.services.logs.pattern import compile_pattern

LINE = "[ERROR] build 42 failed: out of memory"
DOC = '{"level": "error", "n": 42, "ok": false, "none": null, "list": [{"a": "x"}], "b-c": {"d": 1.5}}'

CASES = [
    ("", LINE, True),
    ("ERROR", LINE, True),
    ("error", LINE, False),
    ("ERROR failed", LINE, True),
    ("ERROR passed", LINE, False),
    ('"out of memory"', LINE, True),
    ('"out memory"', LINE, False),
    ('"say \\"hi\\""', 'they say "hi"', True),
    ("?passed ?failed", LINE, True),
    ("?passed ?skipped", LINE, False),
    ("ERROR -failed", LINE, False),
    ("-passed", LINE, True),
    ('ERROR -"out of time"', LINE, True),
    ('{ $.level = "error" }', DOC, True),
    ("{ $.level = error }", DOC, True),
    ('{ $.level = "err*" }', DOC, True),
    ('{ $.level = "*r*o*" }', DOC, True),
    ('{ $.level = "e*r*or" }', DOC, True),
    ('{ $.level = "*or*or" }', DOC, False),
    ('{ $.level = "*" }', DOC, True),
    ('{ $.level != "error" }', DOC, False),
    ('{ $.missing != "error" }', DOC, False),
    ("{ $.n = 42 }", DOC, True),
    ("{ $.n > 41.5 && $.n <= 42 }", DOC, True),
    ("{ $.n < 42 || $.b-c.d >= 1.5 }", DOC, True),
    ('{ ($.n < 42 || $.level = "x") && $.n = 42 }', DOC, False),
    ('{ $.list[0].a = "x" }', DOC, True),
    ('{ $["b-c"].d = 1.5 }', DOC, True),
    ("{ $.ok IS FALSE }", DOC, True),
    ("{ $.none IS NULL }", DOC, True),
    ("{ $.missing NOT EXISTS }", DOC, True),
    ("{ $.n NOT EXISTS }", DOC, False),
    ("{ $.n = 42 }", LINE, False),
    ("{ $.n = 42 }", '{"n": 42', False),
    ("{ $.n = 1 }", '{"n": true}', False),
]


@pytest.mark.parametrize(("pattern", "message", "expected"), CASES)
def test_a_pattern(pattern: str, message: str, expected: bool) -> None:
    assert compile_pattern(pattern)(message) is expected


NOT_UNDERSTOOD = (
    "[a, b]",
    "%re%",
    '"open',
    "{}",
    "{ $.a = 1",
    "{ $.a }",
    "{ $.a > x }",
    "{ a = 1 }",
    "{ ($.a = 1 }",
    "{ $.a = 1 ) }",
    "{ $.a = 1 && }",
    "{ $.a IS 3 }",
    '{ $.a = "*a*b*c*" }',
    "{ " + "(" * 50 + "$.a = 1" + ")" * 50 + " }",
)


@pytest.mark.parametrize("pattern", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_refused(pattern: str) -> None:
    with pytest.raises(ApiError) as caught:
        compile_pattern(pattern)
    assert caught.value.code == "InvalidParameterException"


def test_no_message_is_slow() -> None:
    """With a step for each way to share the letters among the stars, this would take years."""
    assert not compile_pattern('{ $.x = "*a*a*ab" }')(json.dumps({"x": "a" * 200_000}))
