"""What an action that runs commands declares reaches its provider, through the journal and the task."""

from typing import Any

from stageline.core.pipeline.declaration import EnvironmentVariable, from_api
from stageline.engine.codec import decode_event, decode_state, encode_state

ACTION = {
    "name": "Pack",
    "actionTypeId": {"category": "Build", "owner": "AWS", "provider": "Scripted", "version": "1"},
    "inputArtifacts": [{"name": "Src"}],
    "outputArtifacts": [{"name": "Out", "files": ["a/*", "b"]}],
    "commands": ["echo #{src.Said} $KEY"],
    "environmentVariables": [
        {"name": "KEY", "value": "x#{src.Said}", "type": "PLAINTEXT"},
        {"name": "SECRET", "value": "arn", "type": "SECRETS_MANAGER"},
        {"name": "BARE", "value": "bare"},
    ],
    "outputVariables": ["ONE", "TWO"],
}


def declaration(**changes: Any) -> Any:
    source = {
        "name": "Fetch",
        "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "Scripted", "version": "1"},
        "outputArtifacts": [{"name": "Src"}],
        "configuration": {"Say": "hi; there"},
        "namespace": "src",
    }
    stages = [{"name": "Source", "actions": [source]}, {"name": "Build", "actions": [{**ACTION, **changes}]}]
    return from_api(
        {
            "name": "shop",
            "roleArn": "arn:aws:iam::000000000000:role/pipeline",
            "artifactStore": {"location": "b"},
            "stages": stages,
        }
    )


def test_a_job_has_the_commands_and_what_they_need(world: Any) -> None:
    world.declare(declaration())
    world.start()
    world.work()
    world.work()
    (_, job, _), *_ = world.builder.calls
    assert job.commands == ('echo "${CODEPIPELINE_src_Said}" $KEY',)
    assert job.environment == (
        EnvironmentVariable("KEY", "xhi; there"),
        EnvironmentVariable("SECRET", "arn", "SECRETS_MANAGER"),
        EnvironmentVariable("BARE", "bare"),
        EnvironmentVariable("CODEPIPELINE_src_Said", "hi; there"),
    )
    assert job.output_variables == ("ONE", "TWO")
    assert job.files == {"Out": ("a/*", "b")}
    assert job.condition == ""


def test_a_reference_without_a_value_fails_the_action_before_anything_runs(world: Any) -> None:
    world.declare(declaration(commands=["echo #{src.Nothing}"]))
    world.start()
    world.work()
    run = world.build_run()
    assert (run.status, run.error_code) == ("Failed", "ConfigurationError")
    assert "#{src.Nothing}" in run.error_message
    assert world.builder.calls == []


def test_values_of_commands_count_towards_the_limit_of_a_configuration(world: Any) -> None:
    world.declare(declaration(environmentVariables=[{"name": f"V{n}", "value": "x" * 2000} for n in range(52)]))
    world.start()
    world.work()
    run = world.build_run()
    assert (run.status, run.error_code) == ("Failed", "ConfigurationError")
    assert "at most 102400" in run.error_message


def test_a_task_of_an_earlier_version_still_runs(world: Any) -> None:
    world.declare(declaration())
    world.start()
    world.work()
    (task,) = world.tasks("action/")
    with world.store.write() as tx:
        old = {
            key: each for key, each in task.payload.items() if key not in ("commands", "environment", "output_variables", "files")
        }
        tx.schedule(type(task)(task.id, task.kind, old, due=task.due))
    world.work()
    (_, job, _), *_ = world.builder.calls
    assert (job.commands, job.environment, job.output_variables, job.files) == ((), (), (), {})


def test_a_journal_of_an_earlier_version_is_read() -> None:
    action = '{"name":"Pack","type":["Build","AWS","Scripted","1"]}'
    stage = f'{{"name":"Build","actions":[{action}]}}'
    event = (
        f'{{"type":"PipelineDeclared","declaration":{{"name":"p","version":1,"mode":"QUEUED","role":"r","stages":[{stage}]}}}}'
    )
    stamped = decode_event(f'{{"at":1,"entropy":"e","event":{event}}}')
    found = stamped.event.declaration.stages[0].actions[0]  # type: ignore[union-attr]
    assert (found.commands, found.environment, found.output_variables, found.files) == ((), (), (), {})


def test_the_state_keeps_what_was_declared(world: Any) -> None:
    world.declare(declaration())
    state = world.state()
    assert decode_state(encode_state(state)) == state
    (action,) = state.declaration.stages[1].actions
    assert action.commands == ("echo #{src.Said} $KEY",)
