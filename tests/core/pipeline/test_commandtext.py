"""References in commands, held against real shells: whatever a value holds, it is one word and never runs."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageline.core.pipeline.commandtext import Prepared, misplaced, prepare
from stageline.core.pipeline.declaration import EnvironmentVariable
from stageline.core.pipeline.variables import Unresolved

HOSTILE = [
    "plain",
    "two words  and more",
    "'",
    '"',
    "`touch ran`",
    "$(touch ran)",
    "'; touch ran; '",
    '"; touch ran; "',
    "\n touch ran\n",
    "* ? [a]",
    "~",
    "-n",
    "\\",
    "a\\",
    "#{src.Other}",
    "${HOME}",
    "a[$(touch ran)]",
    "é\u2028",
]
PLACES = [
    ("printf '<%s>' #{src.Value}", "<{}>"),
    ('printf "<%s>" "#{src.Value}"', "<{}>"),
    ("printf '<%s>' '#{src.Value}'", "<{}>"),
    ("printf '<%s>' a#{src.Value}b", "<a{}b>"),
    ("printf '<%s>' 'a#{src.Value}b'\"c#{src.Value}d\"", "<a{0}bc{0}d>"),
    ("X=#{src.Value}; printf '<%s>' \"$X\"", "<{}>"),
    ('printf "<%s>" "$(printf "%s." #{src.Value})"', "<{}.>"),
    ("printf '<%s>' \"$(printf '%s.' '#{src.Value}')\"", "<{}.>"),
    ("printf '<%s>' it\\'s\\ #{src.Value}", "<it's {}>"),
    ('printf "<%s>" "\\"#{src.Value}\\""', '<"{}">'),
    ("printf '<%s>' \\#{src.Value}", "<{}>"),
    ('printf "<%s>" "\\#{src.Value}"', "<\\{}>"),
    ('printf "<%s>" "\\$#{src.Value}"', "<${}>"),
    ("(printf '<%s>' #{src.Value})", "<{}>"),
    ("printf '<x>' # it's not #{src.Value}", "<x>"),
    ("case #{src.Value} in '#{src.Value}') printf '<same>';; esac", "<same>"),
    ('if [ #{src.Value} = "#{src.Value}" ]; then printf "<%s>" #{src.Value}; fi', "<{}>"),
]


def run(shell: str, prepared: Any, folder: Any) -> str:
    assert isinstance(prepared, Prepared)
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"} | {each.name: each.value for each in prepared.environment}
    (command,) = prepared.commands
    done = subprocess.run([shell, "-c", command], cwd=folder, env=environment, capture_output=True, check=True)
    return done.stdout.decode()


@pytest.mark.parametrize(("template", "wanted"), PLACES)
def test_a_value_is_one_word_and_never_code(template: str, wanted: str, tmp_path: Any) -> None:
    for shell in ("sh", "bash"):
        for value in HOSTILE:
            told = run(shell, prepare([template], (), {"src": {"Value": value}}), tmp_path)
            stripped = value.rstrip("\n") if "$(" in template else value  # what a shell does to the output of a command
            assert told == wanted.format(value if "." in wanted else stripped), (shell, value)
    assert not list(tmp_path.iterdir())


FRAGMENTS = st.sampled_from(
    ["'", '"', "\\", "$", "(", ")", "$(", "`", "#", " ", ";", "echo ", "#{s.v}", "${", "}", "((", "))", "|", "a", "\\\\", "$'"]
)


@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(FRAGMENTS, max_size=12), value=st.sampled_from(HOSTILE))
def test_no_template_makes_a_value_part_of_a_command(pieces: list[str], value: str) -> None:
    template = "".join(pieces)
    marked = f"{value}\0MARK"
    prepared = prepare([template], (), {"s": {"v": marked}})
    assert isinstance(prepared, Prepared)
    assert "MARK" not in prepared.commands[0]
    if misplaced(template) is None and "#{s.v}" not in template:
        assert prepared.commands == (template,)


@pytest.mark.parametrize(
    "command",
    [
        "echo $((#{s.v} + 1))",
        "((x = #{s.v}))",
        "echo `echo #{s.v}`",
        "echo ${X:-#{s.v}}",
        "echo $#{s.v}",
        'echo "$#{s.v}"',
        "echo $[#{s.v}]",
        "echo $'a#{s.v}'",
    ],
)
def test_places_where_a_shell_evaluates_are_found(command: str) -> None:
    assert misplaced(command) == "#{s.v}"


@pytest.mark.parametrize("template", [template for template, _ in PLACES])
def test_other_places_are_not(template: str) -> None:
    assert misplaced(template) is None


def test_variables_get_names_that_tell_and_are_free() -> None:
    scope = {"my-ns": {"a.b": "never", "Ref-1": "one", "Ref_1": "two"}, "s": {"v": "three"}}
    own = [EnvironmentVariable("CODEPIPELINE_s_v", "mine #{s.v}"), EnvironmentVariable("KEY", "arn:#{s.v}", "SECRETS_MANAGER")]
    prepared = prepare(["echo #{my-ns.Ref-1} #{my-ns.Ref_1}", "echo #{s.v} #{ my-ns.Ref-1 }"], own, scope)
    assert prepared == Prepared(
        (
            'echo "${CODEPIPELINE_my_ns_Ref_1}" "${CODEPIPELINE_my_ns_Ref_1_2}"',
            'echo "${CODEPIPELINE_s_v_2}" "${CODEPIPELINE_my_ns_Ref_1}"',
        ),
        (
            EnvironmentVariable("CODEPIPELINE_s_v", "mine three"),
            EnvironmentVariable("KEY", "arn:three", "SECRETS_MANAGER"),
            EnvironmentVariable("CODEPIPELINE_my_ns_Ref_1", "one"),
            EnvironmentVariable("CODEPIPELINE_my_ns_Ref_1_2", "two"),
            EnvironmentVariable("CODEPIPELINE_s_v_2", "three"),
        ),
    )


def test_what_has_no_value_is_named_once() -> None:
    own = [EnvironmentVariable("A", "#{a.b}")]
    assert prepare(["echo #{c.d} #{c.d}", "echo #{a.b}"], own, {}) == Unresolved(("#{a.b}", "#{c.d}"))


def test_following_the_quoting_takes_a_step_for_each_character() -> None:
    """Twice the command is not four times the work, however deep it nests; counted, not timed."""

    def steps(count: int) -> int:
        found = 0

        def step(frame: Any, event: str, argument: Any) -> Any:
            nonlocal found
            found += 1
            return step

        before = sys.gettrace()
        sys.settrace(step)
        try:
            assert misplaced('"$(' * count + "#{src.Value}") is None
        finally:
            sys.settrace(before)
        return found

    assert steps(400) < 3 * steps(200)
