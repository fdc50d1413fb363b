"""What holds for every set of policies."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stageline.core.policy import comparators, instants
from stageline.core.policy.evaluate import Bounds, Verdict, evaluate
from stageline.core.policy.pattern import compiled, template
from stageline.core.policy.principals import Principal
from stageline.core.policy.statements import compile_policy

ACCOUNT = "111122223333"
ALICE = Principal("user", f"arn:aws:iam::{ACCOUNT}:user/alice", ACCOUNT, "AIDAALICE")
ACTIONS = ["s3:GetObject", "s3:PutObject", "iam:PassRole", "logs:PutLogEvents"]
RESOURCES = ["arn:aws:s3:::b", "arn:aws:s3:::b/k", "arn:aws:logs:r:a:log-group:g", "*"]

actions = st.lists(st.sampled_from([*ACTIONS, "s3:*", "*", "*:*", "s3:?etObject", "S3:get*"]), min_size=1, max_size=3)
resources = st.lists(
    st.sampled_from([*RESOURCES, "arn:aws:s3:::*", "arn:aws:s3:::${k:a}/*", "arn:aws:s3*"]), min_size=1, max_size=3
)
conditions = st.dictionaries(
    st.sampled_from(["StringEquals", "StringNotEquals", "ForAllValues:StringLike", "Null", "BoolIfExists", "IpAddress"]),
    st.dictionaries(st.sampled_from(["k:a", "k:b"]), st.sampled_from(["b", "true", "10.0.0.0/8", ["b", "c*"]]), max_size=2),
    max_size=2,
)


@st.composite
def statements(draw: st.DrawFn, effects: tuple[str, ...] = ("Allow", "Deny")) -> dict[str, Any]:
    return {
        "Effect": draw(st.sampled_from(effects)),
        draw(st.sampled_from(["Action", "NotAction"])): draw(actions),
        draw(st.sampled_from(["Resource", "NotResource"])): draw(resources),
        "Condition": draw(conditions),
    }


def documents(*effects: str) -> st.SearchStrategy[dict[str, Any]]:
    bodies = st.lists(statements(effects or ("Allow", "Deny")), min_size=1, max_size=3)
    return bodies.map(lambda found: {"Version": "2012-10-17", "Statement": found})


keys = st.dictionaries(st.sampled_from(["k:a", "k:b"]), st.sampled_from(["b", "c", "10.1.1.1", ("b", "cc"), ()]), max_size=2)
questions = st.tuples(st.sampled_from(ACTIONS), st.sampled_from(RESOURCES), keys)
policies = st.lists(documents(), max_size=3)


def ask(question: Any, identity: list[Any], **bounds: Any) -> Verdict:
    action, resource, given = question
    ready = {name: compile_policy(document) for name, document in bounds.items() if name == "boundary"}
    session = (compile_policy(bounds["session"]),) if "session" in bounds else None
    return evaluate(ALICE, action, resource, given, Bounds(tuple(map(compile_policy, identity)), ready.get("boundary"), session))


@given(questions, policies)
def test_the_order_of_policies_does_not_count(question: Any, identity: list[Any]) -> None:
    there, back = ask(question, identity), ask(question, identity[::-1])
    assert (there.allowed, there.explicit) == (back.allowed, back.explicit)


@given(questions, policies, documents("Allow"))
def test_a_further_grant_takes_nothing_away(question: Any, identity: list[Any], further: Any) -> None:
    if ask(question, identity).allowed:
        assert ask(question, [*identity, further]).allowed


@given(questions, policies, documents("Deny"))
def test_a_further_denial_gives_nothing(question: Any, identity: list[Any], further: Any) -> None:
    if not ask(question, identity).allowed:
        assert not ask(question, [*identity, further]).allowed


@given(questions, policies)
def test_a_denial_of_everything_wins(question: Any, identity: list[Any]) -> None:
    everything = {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}
    verdict = ask(question, [*identity, everything])
    assert not verdict.allowed
    assert verdict.explicit


@given(questions, policies, documents(), documents())
def test_bounds_only_narrow(question: Any, identity: list[Any], boundary: Any, session: Any) -> None:
    bounded = ask(question, identity, boundary=boundary, session=session)
    if bounded.allowed:
        assert ask(question, identity).allowed
        assert ask(question, [boundary]).allowed
        assert ask(question, [session]).allowed


@given(questions)
def test_nothing_allows_nothing(question: Any) -> None:
    assert not ask(question, []).allowed


@given(st.text("ab*?:", max_size=8), st.text("ab:*", max_size=8))
def test_globs_agree_with_a_plain_reading(pattern: str, value: str) -> None:
    def matches(rest: str, left: str) -> bool:
        if not rest:
            return not left
        if rest[0] == "*":
            return any(matches(rest[1:], left[cut:]) for cut in range(len(left) + 1))
        return bool(left) and rest[0] in ("?", left[0]) and matches(rest[1:], left[1:])

    assert bool(compiled(template(pattern, False), False).fullmatch(value)) == matches(pattern, value)


@given(st.lists(st.text("ab*?", max_size=4), min_size=6, max_size=6), st.lists(st.text("ab", max_size=4), min_size=6, max_size=6))
def test_arns_agree_with_a_reading_part_by_part(patterns: list[str], values: list[str]) -> None:
    whole = compiled(template(":".join(patterns), True), True).fullmatch(":".join(values))
    parts = (compiled(template(one, True), False).fullmatch(other) for one, other in zip(patterns, values, strict=True))
    assert bool(whole) == all(parts)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_value_put_into_a_variable_is_never_a_pattern(value: str, other: str) -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringLike": {"k:a": "${k:b}"}}},
    }
    asked = ("s3:GetObject", "*", {"k:a": other, "k:b": value})
    assert ask(asked, [document]).allowed == (value == other)


@given(st.text(max_size=40))
def test_readers_of_values_never_fail(text: str) -> None:
    for read in (instants.parse, comparators.number, comparators.network, comparators.octets):
        read(text)
    template(text, True)
    re.compile(compiled(template(text, False), True).pattern)


def test_a_pattern_of_many_stars_is_answered_at_once() -> None:
    pattern = compiled(template("*a" * 40 + "*b", False), False)
    assert pattern.fullmatch("a" * 20_000) is None
