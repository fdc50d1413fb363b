"""Running the commands of one phase."""

from stageline.core.build.buildspec import OnFailure, PhaseSpec
from stageline.core.build.phases import Context
from stageline.expressions import fits
from stageline.services.codebuild.hosting.logwriter import LogWriter
from stageline.services.codebuild.hosting.shell import Shell, ShellEnded

LONGEST = 4_000
ANY = ".*"
"""The expression of an on-failure that has none."""


def run_phase(spec: PhaseSpec, shell: Shell, log: LogWriter, *, succeeding: bool) -> Context | None:
    """Run ``commands`` up to the first that fails, then ``finally``; the first failure, or None. Begins again as
    ``on-failure`` says."""
    failure = _run(spec, shell, log, succeeding=succeeding)
    policy = spec.on_failure
    for attempt in range(1, policy.count + 1 if policy.kind == "RETRY" else 1):
        if failure is None or not _meant(policy, failure, log):
            break
        log.say(f"Retrying the phase's commands ({attempt} of {policy.count}) as on-failure says")
        failure = _run(spec, shell, log, succeeding=succeeding)
    return failure


def _meant(policy: OnFailure, failure: Context, log: LogWriter) -> bool:
    """Whether a failure is one that on-failure retries."""
    try:
        return policy.pattern == ANY or fits(policy.pattern, failure.message, whole=False)
    except ValueError as error:
        log.say(f"Not retrying: the expression of on-failure cannot be used: {error}")
        return False


def _run(spec: PhaseSpec, shell: Shell, log: LogWriter, *, succeeding: bool) -> Context | None:
    failure: Context | None = None
    for command in spec.commands:
        failure = _one(command, shell, log, succeeding=succeeding)
        if failure:
            break
    for command in spec.finally_:
        later = _one(command, shell, log, succeeding=succeeding and failure is None)
        failure = failure or later
    return failure


def _one(command: str, shell: Shell, log: LogWriter, *, succeeding: bool) -> Context | None:
    log.say(f"Running command {command}")
    try:
        code = shell.run(command, succeeding=succeeding)
    except ShellEnded:
        log.say(f"The shell of the build ended while it ran {command}")
        return _failure(command, "the shell of the build was killed")
    if code == 0:
        return None
    log.say(f"Command did not exit successfully {command} exit status {code}")
    return _failure(command, f"exit status {code}")


def _failure(command: str, reason: str) -> Context:
    shown = command if len(command) <= LONGEST else command[:LONGEST] + "..."
    return Context("COMMAND_EXECUTION_ERROR", f"Error while executing command: {shown}. Reason: {reason}")
