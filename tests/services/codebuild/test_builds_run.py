"""Builds that really run: commands, shell, phases."""

from typing import Any

from stageline.testing.pipelines import eventually

HELLO = """
version: 0.2
phases:
  build:
    commands:
      - echo hello
"""


def test_a_trivial_build_succeeds(make: Any) -> None:
    ended = make.run(HELLO)
    assert ended.status == "SUCCEEDED", (ended.build["phases"], ended.log)
    assert "hello" in ended.output()
    assert [phase["phaseType"] for phase in ended.build["phases"]] == [
        "SUBMITTED",
        "QUEUED",
        "PROVISIONING",
        "DOWNLOAD_SOURCE",
        "INSTALL",
        "PRE_BUILD",
        "BUILD",
        "POST_BUILD",
        "UPLOAD_ARTIFACTS",
        "FINALIZING",
        "COMPLETED",
    ]
    assert set(ended.build["phases"][-1]) == {"phaseType", "startTime"}


def test_directory_and_variables_carry_over_between_commands_and_phases(make: Any) -> None:
    ended = make.run(
        r"""
version: 0.2
env:
  exported-variables: [TAG, EMPTY, MISSING, MULTI]
phases:
  install:
    commands:
      - mkdir sub
      - cd sub
      - TAG=v1
      - export OUT=exported
      - MULTI=$(printf "it's\ntwo \"lines\"")
      - EMPTY=
  build:
    commands:
      - basename "$PWD"
      - echo "tag $TAG out $OUT"
      - env | grep -c '^TAG=' || true
      - env | grep '^OUT='
      - unset OUT
      - echo "out is ${OUT-unset}"
"""
    )
    assert ended.status == "SUCCEEDED", ended.log
    assert ended.output() == ["sub", "tag v1 out exported", "0", "OUT=exported", "out is unset"]
    assert {each["name"]: each["value"] for each in ended.build["exportedEnvironmentVariables"]} == {
        "TAG": "v1",
        "EMPTY": "",
        "MULTI": 'it\'s\ntwo "lines"',
    }


def test_bash_carries_arrays_too(make: Any) -> None:
    ended = make.run(
        """
version: 0.2
env: {shell: bash}
phases:
  build:
    commands:
      - items=(one "two words" three)
      - readonly FIXED=1
      - echo "${#items[@]} ${items[1]} $FIXED"
      - shopt -s extglob; [[ abc == a* ]] && echo matched
"""
    )
    assert ended.output() == ["3 two words 1", "matched"], ended.log


def test_version_0_1_begins_each_command_afresh(make: Any) -> None:
    ended = make.run(
        """
version: 0.1
phases:
  build:
    commands:
      - mkdir sub
      - cd sub; A=1
      - basename "$PWD"; echo "a=$A"
"""
    )
    assert ended.output() == ["src", "a="]


def test_a_failing_line_in_the_middle_of_a_block_passes(make: Any) -> None:
    ended = make.run("version: 0.2\nphases:\n  build:\n    commands:\n      - |\n        false\n        echo after\n")
    assert ended.status == "SUCCEEDED"
    assert ended.output() == ["echo after", "after"]


def test_a_failed_build_phase_goes_on_to_post_build_and_uploads(make: Any) -> None:
    ended = make.run(
        """
version: 0.2
phases:
  build:
    commands:
      - exit 3
      - echo never
    finally:
      - echo "finally $CODEBUILD_BUILD_SUCCEEDING"
  post_build:
    commands:
      - echo "succeeding $CODEBUILD_BUILD_SUCCEEDING"
"""
    )
    assert ended.status == "FAILED"
    assert ended.output() == ["finally 0", "succeeding 0"]
    statuses = ended.statuses()
    assert statuses["BUILD"] == "FAILED"
    assert statuses["POST_BUILD"] == statuses["UPLOAD_ARTIFACTS"] == "SUCCEEDED"
    assert ended.context("BUILD") == (
        "COMMAND_EXECUTION_ERROR",
        "Error while executing command: exit 3. Reason: exit status 3",
    )
    assert "Phase complete: BUILD State: FAILED\n" in ended.log


def test_a_failed_install_ends_the_build_after_its_finally(make: Any) -> None:
    ended = make.run(
        "version: 0.2\nphases:\n  install: {commands: ['false'], finally: [echo cleaned]}\n  build: {commands: [echo never]}\n"
    )
    assert ended.output() == ["cleaned"]
    assert list(ended.statuses()) == [
        "SUBMITTED",
        "QUEUED",
        "PROVISIONING",
        "DOWNLOAD_SOURCE",
        "INSTALL",
        "FINALIZING",
        "COMPLETED",
    ]


def test_exit_exec_kill_and_set_e_end_their_command_only(make: Any) -> None:
    ended = make.run(
        """
version: 0.2
phases:
  build:
    commands:
      - A=kept; exit 0
      - echo "a=$A"
      - exec true
      - set -e; trap 'echo trapped' EXIT; B=2
      - "false || echo still here"
      - echo "b=$B"
      - kill -9 $$
  post_build:
    commands:
      - echo "alive a=$A"
"""
    )
    assert ended.output() == ["a=kept", "trapped", "still here", "b=2", "Killed", "alive a=kept"], ended.log
    assert ended.context("BUILD")[1].endswith("Reason: exit status 137")


def test_background_processes_survive_their_command_and_end_with_the_build(make: Any) -> None:
    ended = make.run(
        """
version: 0.2
phases:
  build:
    commands:
      - (sleep 0.2; echo done > flag) &
      - sleep 1000 &
      - while [ ! -f flag ]; do sleep 0.02; done; cat flag
"""
    )
    assert ended.status == "SUCCEEDED"
    assert ended.output() == ["done"]


def test_output_of_every_kind_comes_in_order(make: Any) -> None:
    ended = make.run(
        r"""
version: 0.2
env: {shell: bash}
phases:
  build:
    commands:
      - printf 'bad \377 byte\n'
      - head -c 700000 /dev/zero | tr '\0' x; echo
      - echo err >&2; echo out
      - seq 1 20000
      - printf 'no line end'
"""
    )
    assert ended.status == "SUCCEEDED"
    lines = ended.log.split("\n")
    assert "bad \ufffd byte" in lines
    assert max(len(line) for line in lines) == 700_000
    start = lines.index("1")
    assert lines[start : start + 20_000] == [str(number) for number in range(1, 20_001)]
    assert lines.index("err") + 1 == lines.index("out")
    where = lines.index("no line end")
    assert "Running command printf 'no line end'" in lines[where - 1]
    assert "Phase complete: BUILD" in lines[where + 1]


def test_nothing_of_the_server_leaks_into_the_environment(make: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("SERVER_SECRET", "hidden")
    ended = make.run("version: 0.2\nphases:\n  build:\n    commands: [env]\n")
    names = {line.partition("=")[0] for line in ended.output()}
    assert "SERVER_SECRET" not in names
    expected = {"PATH", "HOME", "CODEBUILD_BUILD_ID", "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION"}
    assert expected <= names
    assert not {name for name in names if name.startswith("__")}
    assert "AWS_SECRET_ACCESS_KEY=***" in ended.output()


def test_variables_override_each_other_in_their_order(make: Any) -> None:
    name = make.project(
        """
version: 0.2
env:
  variables: {A: spec, B: spec, C: spec, LITERAL: "$PATH:/x", CODEBUILD_CI: "no"}
phases:
  build:
    commands: ['echo "$A $B $C $D"', 'echo "$LITERAL $CODEBUILD_CI"']
""",
        environment={"environmentVariables": [{"name": "B", "value": "project"}, {"name": "C", "value": "project"}]},
    )
    overrides = [{"name": "C", "value": "override"}, {"name": "D", "value": "new"}]
    ended = make.wait(make.start(name, environmentVariablesOverride=overrides))
    assert ended.output() == ["spec project override new", "$PATH:/x true"]
    shown = {each["name"]: each["value"] for each in ended.build["environment"]["environmentVariables"]}
    assert shown == {"B": "project", "C": "override", "D": "new"}


def test_on_failure_decides_what_follows(make: Any) -> None:
    spec = """
version: 0.2
phases:
  pre_build:
    on-failure: {policy}
    commands: ["false"]
  build:
    commands: [echo "build $CODEBUILD_BUILD_SUCCEEDING"]
"""
    assert make.run(spec.format(policy="ABORT")).output() == []
    tolerated = make.run(spec.format(policy="CONTINUE"))
    assert tolerated.output() == ["build 0"]
    assert tolerated.status == "SUCCEEDED"
    assert tolerated.statuses()["PRE_BUILD"] == "FAILED"
    retried = make.run(
        "version: 0.2\nphases:\n  build:\n    on-failure: RETRY-2\n    commands: ['echo try; [ -f f ] || { touch f; exit 1; }']\n"
    )
    assert retried.output() == ["try", "try"]
    assert retried.status == "SUCCEEDED"


def test_a_buildspec_that_cannot_be_read_fails_the_download(make: Any) -> None:
    ended = make.run("version: 0.2\nphases:\n  build:\n    commands: [a, 'b'\n")
    assert ended.status == "FAILED"
    code, message = ended.context("DOWNLOAD_SOURCE")
    assert code == "YAML_FILE_ERROR"
    assert "did not find expected ',' or ']' at line" in message


def test_killing_the_supervisor_fails_the_build_without_hanging(make: Any) -> None:
    ended = make.run("version: 0.2\nphases:\n  build:\n    commands: ['kill -9 $PPID; sleep 5']\n")
    assert ended.status == "FAILED"
    assert ended.context("BUILD")[0] == "COMMAND_EXECUTION_ERROR"


NESTED = "i=0; while [ $i -lt 2000 ]; do mkdir d; cd d; i=$((i+1)); done; touch deep; chmod 0 ."


def test_folders_without_end_are_cleared_away(make: Any, world: Any) -> None:
    spec = f"version: 0.2\nphases:\n  build:\n    commands: ['{NESTED}']\nartifacts:\n  files: ['**/*']\n"
    ended = make.run(spec, artifacts={"type": "S3", "location": "output", "packaging": "ZIP"})
    assert ended.context("UPLOAD_ARTIFACTS") == ("CLIENT_ERROR", "the build's files are nested deeper than 64 folders")
    eventually(lambda: not any((world.folder / "builds").iterdir()))


def test_odd_variables_do_not_disturb_the_shell(make: Any) -> None:
    odd = {"PATH": "/nowhere", "IFS": ",", "state": "x", "ENV": "/etc/passwd", "PWD": "/"}
    odd |= {"QUOTES": "a'b\"c\nd"}
    for shell in ("sh", "bash"):
        ended = make.run(
            f"version: 0.2\nenv: {{shell: {shell}}}\nphases:\n  build:\n    commands:\n"
            '      - A=1\n      - echo "$A $PATH $QUOTES"\n      - IFS=x\n      - echo $?\n',
            environment={"environmentVariables": [{"name": name, "value": value} for name, value in odd.items()]},
        )
        assert ended.status == "SUCCEEDED", ended.log
        assert ended.output() == ["1 /nowhere a'b\"c", "d", "0"]


def test_a_huge_exported_variable_and_a_huge_command(make: Any) -> None:
    ended = make.run(
        "version: 0.2\nenv: {shell: bash, exported-variables: [BIG, SMALL]}\nphases:\n  build:\n    commands:\n"
        "      - BIG=$(printf '%0200000d' 1); SMALL=s\n"
        f"      - 'echo {'x' * 300_000} | wc -c'\n"
    )
    assert ended.status == "SUCCEEDED", ended.log[-2000:]
    assert ended.build["exportedEnvironmentVariables"] == [{"name": "SMALL", "value": "s"}]
    assert "Not exporting BIG" in ended.log
    assert ended.output() == ["300001"]


def test_builds_wait_for_a_free_host(make: Any) -> None:
    name = make.project("version: 0.2\nphases: {build: {commands: [sleep 0.3]}}")
    builds = [make.start(name) for _ in range(6)]
    waiting = make.start(name)
    assert make.codebuild.stop_build(id=waiting)["build"]["buildStatus"] == "STOPPED"
    assert {make.wait(build).status for build in builds} == {"SUCCEEDED"}
    assert make.wait(waiting).statuses() in (
        {"SUBMITTED": "SUCCEEDED", "QUEUED": "STOPPED", "COMPLETED": ""},
        {"SUBMITTED": "SUCCEEDED", "QUEUED": "SUCCEEDED", "PROVISIONING": "STOPPED", "COMPLETED": ""},
    )
