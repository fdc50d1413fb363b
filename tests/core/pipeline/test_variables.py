"""Substitution: one pass, nothing escapes."""

import json

from stageline.core.pipeline.variables import Unresolved, resolve

SCOPE = {"src": {"Message": 'x"},{"name":"PATH","value":"/evil', "Ref": "#{src.Message}"}}


def test_a_value_cannot_end_the_string_it_stands_in() -> None:
    template = '[{"name":"MESSAGE","value":"#{src.Message}"}]'
    resolved = resolve({"EnvironmentVariables": template}, SCOPE)
    assert not isinstance(resolved, Unresolved)
    assert json.loads(resolved["EnvironmentVariables"]) == [{"name": "MESSAGE", "value": SCOPE["src"]["Message"]}]


def test_plain_text_takes_values_as_they_are() -> None:
    assert resolve({"CustomData": "say #{src.Message}!"}, SCOPE) == {"CustomData": f"say {SCOPE['src']['Message']}!"}


def test_a_value_that_looks_like_a_reference_stays() -> None:
    assert resolve({"K": "#{src.Ref}"}, SCOPE) == {"K": "#{src.Message}"}


def test_what_has_no_value_is_named_once() -> None:
    assert resolve({"A": "#{a.b}#{a.b}", "B": '{"k":"#{c.d}"}'}, SCOPE) == Unresolved(("#{a.b}", "#{c.d}"))


def test_text_nested_too_deeply_for_json_takes_values_as_it_is() -> None:
    deep = "[" * 100_000
    assert resolve({"K": deep + "#{src.Ref}"}, SCOPE) == {"K": f"{deep}#{{src.Message}}"}
