"""Starting an execution: its number, its variables, its source revisions; then it arrives at the first stage."""

from stageline.core.pipeline import waiting
from stageline.core.pipeline.actions import REVISION_KINDS
from stageline.core.pipeline.declaration import Declaration
from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.events import ExecutionRequested
from stageline.core.pipeline.modes import limited
from stageline.core.pipeline.state import FAILED, Execution, Override
from stageline.core.pipeline.turn import Turn


def execution_requested(turn: Turn, event: ExecutionRequested) -> Refusal | str:
    """Start an execution; the answer is its id."""
    declaration = turn.state.declaration
    refusal = limited(turn.state) or _undeclared(declaration, event) or _overrides(declaration, event.overrides)
    if refusal:
        return refusal
    variables = {each.name: event.variables.get(each.name, each.default) for each in declaration.variables}
    missing = [name for name, value in variables.items() if value is None]
    if missing and event.trigger == "StartPipelineExecution":
        return Refusal("Validation", f"{_required(missing)} Pass a value with the request or declare a default value.")
    execution = Execution(
        id=turn.ids.uuid(),
        number=turn.count(),
        version=turn.state.version,
        mode=declaration.mode,
        started=turn.at,
        updated=turn.at,
        trigger=event.trigger,
        trigger_detail=event.detail[:1024],
        variables={name: value for name, value in variables.items() if value is not None},
        overrides=event.overrides,
        person=event.person,
    )
    turn.add(execution)
    turn.announce("Pipeline", "STARTED", execution.id)
    if missing:
        waiting.end(turn, execution.id, FAILED, _required(missing))
    else:
        waiting.arrive(turn, execution.id, declaration.stages[0].name)
    return execution.id


def _required(missing: list[str]) -> str:
    names = ", ".join(missing)
    return f"The pipeline variables {names} have no default value and none was given for this execution."


def _undeclared(declaration: Declaration, event: ExecutionRequested) -> Refusal | None:
    known = {each.name for each in declaration.variables}
    unknown = [name for name in event.variables if name not in known]
    if not unknown:
        return None
    text = f"The pipeline '{declaration.name}' does not declare the variables: {', '.join(unknown)}."
    return Refusal("Validation", text)


def _overrides(declaration: Declaration, overrides: tuple[Override, ...]) -> Refusal | None:
    sources = {action.name: action for action in declaration.stages[0].actions}
    seen: set[tuple[str, str]] = set()
    for each in overrides:
        action = sources.get(each.action)
        if action is None:
            return Refusal("Validation", f"The source revision names the action '{each.action}', which is not a source action.")
        if each.kind not in REVISION_KINDS.get(action.type[2], ()):
            text = f"A source revision of type {each.kind} does not fit the source action '{each.action}' ({action.type[2]})."
            return Refusal("Validation", text)
        allowed = action.configuration.get("AllowOverrideForS3ObjectKey", "").lower() == "true"
        if each.kind == "S3_OBJECT_KEY" and not allowed:
            text = f"The source action '{each.action}' does not allow S3_OBJECT_KEY: set AllowOverrideForS3ObjectKey to true."
            return Refusal("Validation", text)
        if (each.action, each.kind) in seen:
            return Refusal(
                "Validation", f"The source action '{each.action}' has more than one source revision of type {each.kind}."
            )
        seen.add((each.action, each.kind))
    return None
