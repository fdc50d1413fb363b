"""The shell of a build: one supervisor in the box for all phases, which runs each command in a shell of its own.

Variables, exported or not, and the directory are saved after a command and restored before the next, so that ``exit``, ``exec``
or ``kill $$`` end that command only. Traps, functions and ``set -e`` end with their command. Commands come on the supervisor's
standard input, reports go out by a named pipe: what a command prints is never looked at. The texts of commands lie in a folder
that the box can read but not change.
"""

import os
import secrets
import shlex
from collections.abc import Callable, Mapping, Sequence

from stageline.ports.sandbox import Command, Process, Sandbox
from stageline.services.codebuild.hosting.stream import Stream
from stageline.services.codebuild.hosting.watch import Watch
from stageline.services.codebuild.hosting.workspace import Workspace

_SUPERVISOR = """
exec 3<>"$1"
__stageline_state=$2
__stageline_scripts=$3
__stageline_env=$(PATH=/usr/local/bin:/usr/bin:/bin command -v env)
while IFS=' ' read -r __stageline_mark __stageline_shell __stageline_report __stageline_script __stageline_succeeding; do
  __stageline_shell=$(PATH=/usr/local/bin:/usr/bin:/bin command -v "$__stageline_shell" || echo "$__stageline_shell")
  if [ -f "$__stageline_state" ]; then set -- "$__stageline_env" -i; else set --; fi
  set -- "$@" "$__stageline_shell" "$__stageline_scripts/$__stageline_script" "$__stageline_succeeding"
  case $__stageline_report in
    yes) "$@" </dev/null ;;
    *) "$@" </dev/null 3>&- ;;
  esac
  printf '%s %s\\n' "$__stageline_mark" "$?" >&3
done
"""

_COMMAND = """
if [ -f {state} ]; then . {state} 2>/dev/null; cd -- "$PWD" || cd -- {folder}; else cd -- {folder}; fi
{renewed}
CODEBUILD_BUILD_SUCCEEDING=$1
export CODEBUILD_BUILD_SUCCEEDING
__stageline_save() {{
  {{ set +eux; }} 2>/dev/null
  __stageline_save() {{ :; }}
  if [ -n "${{BASH_VERSION-}}" ]; then declare -p; else set; export -p; fi >|{state} 2>/dev/null
}}
set --
{trap}
. {script}
set -- "$?"
{save}
exit "$1"
"""


Renewed = Callable[[], Mapping[str, str]]
"""The credentials of the build's role as environment variables; newer ones when the earlier are about to end."""


class ShellEnded(Exception):
    """The supervisor is gone (killed by a command, or out of memory): nothing more can be run."""


class Shell:
    """Runs commands, one after the other, in the box of one build."""

    def __init__(
        self, process: Process, stream: Stream, workspace: Workspace, renewed: Renewed, *, shell: str, carry: bool
    ) -> None:
        self._process = process
        self._stream = stream
        self._workspace = workspace
        self._shell = shell
        self._carry = carry
        self._folder = workspace.source_inside
        self._renewed = renewed
        self._first = renewed()
        self._count = 0

    def run(self, command: str, *, succeeding: bool) -> int:
        """Run a command and return its exit code."""
        (self._workspace.scripts / "script.sh").write_text(command + "\n", "utf-8", "surrogateescape")
        text = _COMMAND.format(
            state=self._quoted("state"),
            folder=shlex.quote(self._folder),
            script=shlex.quote(f"{self._workspace.scripts_inside}/script.sh"),
            renewed=self._fresh(),
            trap="trap __stageline_save EXIT" if self._carry else ":",
            save="__stageline_save" if self._carry else ":",
        )
        return self._ask(text, report=False, succeeding=succeeding)[0]

    def _fresh(self) -> str:
        """Shell text that replaces the role's credentials by newer ones, unless the build has put others in their place.

        The environment of the supervisor stays what it was: each command is given the newest.
        """
        now = self._renewed()
        if now == self._first:
            return ":"
        known = shlex.quote(self._first["AWS_ACCESS_KEY_ID"])
        newer = "; ".join(f"export {name}={shlex.quote(value)}" for name, value in now.items())
        if self._carry:
            # The state that is carried on has the newer ones after this command.
            self._first = now
        return f'if [ "${{AWS_ACCESS_KEY_ID-}}" = {known} ]; then {newer}; fi'

    def values(self, names: Sequence[str]) -> dict[str, str]:
        """The values of those variables that are set."""
        lines = [f'if [ "${{{name}+x}}" ]; then printf "%s=%s\\\\0" {name} "${name}" >&3; fi' for name in names]
        state = self._quoted("state")
        _, said = self._ask(f"if [ -f {state} ]; then . {state} 2>/dev/null; fi\n" + "\n".join(lines) + "\n", report=True)
        pairs = (part.partition(b"=") for part in said.split(b"\0") if part)
        return {name.decode(): value.decode("utf-8", "replace") for name, _, value in pairs}

    def expand(self, texts: Sequence[str]) -> list[str]:
        """Texts with the shell's variables and commands in them replaced. Raises ValueError when one cannot be."""
        if not any(char in text for text in texts for char in "$`"):
            return list(texts)
        state = self._quoted("state")
        lines = [
            f'if [ -f {state} ]; then . {state} 2>/dev/null; cd -- "$PWD"; else cd -- {shlex.quote(self._folder)}; fi',
            "set -e",
        ]
        for text in texts:
            end = secrets.token_hex(8)
            # A here-document expands as double quotes do, without minding quotes in the text.
            lines += [f"__stageline_text=$(cat <<{end}\n{text}\n{end}\n)", 'printf "%s\\0" "$__stageline_text" >&3']
        code, said = self._ask("\n".join(lines) + "\n", report=True)
        found = said.split(b"\0")[:-1]
        if code or len(found) != len(texts):
            raise ValueError(f"the shell could not expand {' '.join(texts)}")
        return [each.decode("utf-8", "replace") for each in found]

    def close(self) -> None:
        """End the supervisor and everything that commands left running."""
        self._stream.close()

    def _quoted(self, name: str) -> str:
        return shlex.quote(f"{self._workspace.inside}/tmp/{name}")

    def _ask(self, text: str, *, report: bool, succeeding: bool = True) -> tuple[int, bytes]:
        self._count += 1
        name = f"command-{self._count}.sh"
        (self._workspace.scripts / name).write_text(text, "utf-8", "surrogateescape")
        mark = secrets.token_hex(16)
        words = (mark, self._shell, "yes" if report else "no", name, "1" if succeeding else "0")
        try:
            self._process.stdin.write((" ".join(words) + "\n").encode())
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError) as error:
            raise ShellEnded from error
        said = self._stream.until(mark.encode() + b" ")
        if said is None:
            raise ShellEnded
        code = self._stream.until(b"\n")
        if code is None:
            raise ShellEnded
        (self._workspace.scripts / name).unlink()
        return int(code), said


def open_shell(
    sandbox: Sandbox,
    workspace: Workspace,
    watch: Watch,
    sink: Callable[[bytes], None],
    environment: Mapping[str, str],
    *,
    renewed: Renewed,
    shell: str,
    carry: bool,
) -> Shell:
    """Start the supervisor. ``carry`` keeps variables and directory from command to command (buildspec 0.2)."""
    pipe = workspace.box / "tmp" / "reports"
    os.mkfifo(pipe, 0o600)
    sandbox.prepare(workspace.box)
    # Opened for both ways, so that neither side waits for the other and a report is never lost.
    reports = os.open(pipe, os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
    command = Command(
        argv=(
            "/bin/sh",
            "-c",
            _SUPERVISOR,
            "build",
            f"{workspace.inside}/tmp/reports",
            f"{workspace.inside}/tmp/state",
            workspace.scripts_inside,
        ),
        workdir=workspace.box,
        mount=workspace.inside,
        environment=environment,
        cwd=workspace.source_inside,
        readonly={workspace.scripts_inside: workspace.scripts},
    )
    try:
        process = sandbox.spawn(command)
    except OSError:
        os.close(reports)
        raise
    workspace.on_close(lambda: os.close(reports))
    stream = Stream(process, watch, sink, reports)
    return Shell(process, stream, workspace, renewed, shell=shell, carry=carry)
