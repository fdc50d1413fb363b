"""What every sandbox owes its users: ``CASES`` run against a ``Box``; those in ``CONFINED`` hold for confining sandboxes only.

Each case is a function, named by its promise, that raises AssertionError when the promise is broken.
"""

# ruff: noqa: D103

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from stageline.ports.sandbox import Command, Process, Sandbox

MOUNT = "/codebuild/output/src1/src"
PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True)
class Box:
    """A sandbox under test, a prepared work folder, and a folder of the host that the sandbox was told to hide."""

    sandbox: Sandbox
    work: Path
    hidden: Path

    def start(self, script: str, environment: Mapping[str, str] | None = None, **more: object) -> Process:
        """Start a shell script in the box."""
        command = Command(("/bin/sh", "-c", script), self.work, MOUNT, {"PATH": PATH, **(environment or {})}, **more)  # type: ignore[arg-type]
        return self.sandbox.spawn(command)

    def run(self, script: str, environment: Mapping[str, str] | None = None, **more: object) -> tuple[int | None, str]:
        """Run a shell script to its end: exit code and output."""
        process = self.start(script, environment, **more)
        process.stdin.close()
        with process.stdout:
            output = process.stdout.read().decode(errors="replace")
            return process.wait(20), output


def output_and_errors_come_merged_in_order(box: Box) -> None:
    assert box.run("echo one; echo two >&2; echo three") == (0, "one\ntwo\nthree\n")


def exit_codes_come_through(box: Box) -> None:
    for code in (0, 1, 42, 255):
        assert box.run(f"exit {code}")[0] == code


def a_signal_gives_128_and_its_number(box: Box) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV):
        code, output = box.run(f"sh -c 'kill -{int(number)} $$'; exit $?")
        assert code == 128 + number, output
        assert box.run(f"exec sh -c 'kill -{int(number)} $$'")[0] == 128 + number


def standard_input_is_a_pipe(box: Box) -> None:
    process = box.start("read line; echo got $line; cat")
    with process.stdin:
        process.stdin.write(b"hello\nrest")
    with process.stdout:
        assert process.stdout.read() == b"got hello\nrest"
    assert process.wait(20) == 0


def the_environment_is_exactly_what_was_given(box: Box) -> None:
    nasty = {"A": "1", "NASTY": "$(touch /x) `id` 'q\" \n;x", "EMPTY": "", "UNI": "gr\u00fc\u00df", "LD_PRELOAD_": "x"}
    code, output = box.run("env -0", nasty)
    seen = dict(line.split("=", 1) for line in output.split("\0") if line)
    assert code == 0
    for added in ("PWD", "_", "SHLVL", "OLDPWD"):  # by the shell
        seen.pop(added, None)
    assert seen == {"PATH": PATH, **nasty}


def a_large_environment_value_comes_through(box: Box) -> None:
    assert box.run('printf %s "$BIG" | wc -c', {"BIG": "x" * 120_000}) == (0, "120000\n")


def values_are_on_no_command_line(box: Box) -> None:
    process = box.start("echo up; read line", {"SECRET": "hunter2-on-a-command-line"})
    with process.stdout, process.stdin:
        assert process.stdout.readline() == b"up\n"
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    assert b"hunter2-on-a-command-line" not in (entry / "cmdline").read_bytes(), entry
    assert process.wait(20) is not None


def a_nul_cannot_smuggle_options(box: Box) -> None:
    for bad in ({"A": "x\0--bind\0/\0/host"}, {"A\0B": "x"}, {"": "x"}, {"A=B": "x"}):
        try:
            process = box.start("true", bad)
        except OSError:
            continue
        process.kill()
        raise AssertionError(f"{bad!r} was taken")


def the_work_folder_is_where_it_works(box: Box) -> None:
    (box.work / "sub").mkdir()
    box.sandbox.prepare(box.work)
    code, output = box.run("echo made > file && cd sub && echo $((1+1)) > x && pwd")
    assert code == 0
    assert output.strip().endswith("/sub")
    assert (box.work / "file").read_text() == "made\n"
    assert (box.work / "sub" / "x").read_text() == "2\n"
    code, output = box.run('test "$(pwd)" = "$HERE" && test -f x', {"HERE": MOUNT + "/sub"}, cwd=MOUNT + "/sub")
    assert (code, output) == (0, "")


def a_missing_folder_or_command_is_told(box: Box) -> None:
    try:
        box.sandbox.spawn(Command(("true",), box.work / "missing", MOUNT)).kill()
    except OSError:
        pass
    else:
        raise AssertionError("a missing folder was taken")
    process = box.sandbox.spawn(Command(("/no/such/program",), box.work, MOUNT))
    process.stdin.close()
    with process.stdout:
        said = process.stdout.read()
    assert process.wait(20) not in (0, None)
    assert b"/no/such/program" in said


def tmp_is_writable(box: Box) -> None:
    assert box.run("f=$(mktemp) && echo x > $f && cat $f && rm $f") == (0, "x\n")


def the_server_environment_is_out_of_reach(box: Box) -> None:
    os.environ["STAGELINE_CONFORMANCE_SECRET"] = "of-the-server"
    try:
        _, output = box.run("env; cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n'")
    finally:
        del os.environ["STAGELINE_CONFORMANCE_SECRET"]
    if os.geteuid() == 0 or box.sandbox.level == "bubblewrap":
        assert "of-the-server" not in output


def descriptors_are_kept_when_asked_and_no_others(box: Box) -> None:
    read, write = os.pipe()
    other = os.open("/", os.O_RDONLY)
    os.set_inheritable(other, True)
    try:
        code, output = box.run(f"bash -c 'echo through >&{write}; ls -l /proc/self/fd'", pass_fds=(write,))
        assert code == 0
        assert os.read(read, 100) == b"through\n"
        open_ones = sorted(int(line.split(" -> ")[0].split()[-1]) for line in output.splitlines() if " -> " in line)
        assert set(open_ones) <= {0, 1, 2, 3, 4, write}, output
        assert " -> /\n" not in output
        assert "memfd" not in output
    finally:
        for fd in (read, write, other):
            os.close(fd)


def waiting_ends_when_asked_to(box: Box) -> None:
    process = box.start("sleep 30")
    with process.stdout, process.stdin:
        began = time.monotonic()
        assert process.wait(0.2) is None
        assert 0.1 < time.monotonic() - began < 5
        process.kill()
    assert process.wait(0) == 128 + signal.SIGKILL


def an_end_is_noticed_at_once(box: Box) -> None:
    process = box.start("read line")
    with process.stdout:
        threading.Timer(0.3, process.stdin.close).start()
        assert process.wait(20) is not None


def alive(mark: str) -> list[str]:
    """Command lines of host processes that hold ``mark``."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if mark.encode() in words:
                found.append(words.replace(b"\0", b" ").decode(errors="replace"))
    return found


INNER = "(setsid sleep {mark} &) & sleep {mark} & (trap '' TERM HUP; sleep {mark}) & sleep {mark}"
ESCAPE = '(setsid sh -c "' + INNER + '" &); sleep {mark} &'
"""Processes that fork twice, start sessions of their own and ignore signals; the argument of ``sleep`` marks them."""


def killing_leaves_none(box: Box) -> None:
    mark = f"3{os.getpid()}.1"
    process = box.start(f"{ESCAPE.format(mark=mark)} echo up; sleep {mark}")
    with process.stdout, process.stdin:
        assert process.stdout.readline() == b"up\n"
        deadline = time.monotonic() + 10
        while len([line for line in alive(mark) if line.startswith("sleep")]) < 6 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(alive(mark)) >= 6
        process.kill()
        assert alive(mark) == []
        process.kill()
    assert process.wait(0) == 128 + signal.SIGKILL


def the_end_of_the_command_leaves_none(box: Box) -> None:
    mark = f"3{os.getpid()}.2"
    assert box.run(f"{ESCAPE.format(mark=mark)} exit 7")[0] == 7
    assert alive(mark) == []


def a_build_outlives_the_thread_that_started_it(box: Box) -> None:
    started: list[Process] = []
    thread = threading.Thread(target=lambda: started.append(box.start("read line; echo still here")))
    thread.start()
    thread.join()
    time.sleep(0.1)
    process = started[0]
    with process.stdin:
        process.stdin.write(b"\n")
    with process.stdout:
        assert process.stdout.read() == b"still here\n"
    assert process.wait(20) == 0


def limits_are_set(box: Box) -> None:
    code, output = box.run("ulimit -c; ulimit -n; cat /proc/self/oom_score_adj; grep NoNewPrivs /proc/self/status")
    core, files, score, privileges = output.splitlines()
    assert code == 0
    assert core == "0"
    assert int(files) > 0
    assert int(score) > 0
    assert privileges.split()[1] == "1"


CASES: tuple[Callable[[Box], None], ...] = (
    output_and_errors_come_merged_in_order,
    exit_codes_come_through,
    a_signal_gives_128_and_its_number,
    standard_input_is_a_pipe,
    the_environment_is_exactly_what_was_given,
    a_large_environment_value_comes_through,
    values_are_on_no_command_line,
    a_nul_cannot_smuggle_options,
    the_work_folder_is_where_it_works,
    a_missing_folder_or_command_is_told,
    tmp_is_writable,
    the_server_environment_is_out_of_reach,
    descriptors_are_kept_when_asked_and_no_others,
    waiting_ends_when_asked_to,
    an_end_is_noticed_at_once,
    killing_leaves_none,
    the_end_of_the_command_leaves_none,
    a_build_outlives_the_thread_that_started_it,
    limits_are_set,
)


def the_mount_is_seen_as_asked(box: Box) -> None:
    assert box.run("pwd") == (0, MOUNT + "\n")


def only_the_work_folder_and_private_places_are_writable(box: Box) -> None:
    _, output = box.run(
        "for d in / /etc /usr /usr/bin /var /var/lib /opt /sys /boot; do test -w $d && echo $d; done; touch /x /etc/x"
    )
    assert "\n/" not in "\n" + output.replace("touch:", "")
    mark = f"left-{os.getpid()}"
    box.run(f"for d in /tmp /var/tmp /home /root /run /dev/shm; do echo x > $d/{mark}; done")
    for folder in ("/tmp", "/var/tmp", "/home", "/root", "/run", "/dev/shm"):
        assert not (Path(folder) / mark).exists()


def files_of_root_are_unreadable(box: Box) -> None:
    code, output = box.run("cat /etc/shadow; cat /proc/1/root/etc/shadow; cat /proc/kcore | head -c 1")
    assert code != 0 or "denied" in output
    assert "root:" not in output


def host_processes_are_invisible(box: Box) -> None:
    code, output = box.run(
        "for p in /proc/[0-9]*; do cat $p/cmdline 2>/dev/null | tr '\\0' ' '; echo; done; ls -d /proc/[0-9]* | wc -l"
    )
    assert code == 0
    assert int(output.split()[-1]) < 10
    assert "pytest" not in output
    assert box.run(f"kill -0 {os.getpid()} 2>/dev/null")[0] != 0


def hidden_folders_look_empty(box: Box) -> None:
    (box.hidden / "keys").write_text("secret of the server")
    assert "secret" not in box.run(f"cat {box.hidden}/keys; ls -A {box.hidden}")[1]


def no_capability_is_left_and_none_can_be_won(box: Box) -> None:
    _, output = box.run("grep ^Cap /proc/self/status; unshare -U true 2>/dev/null && echo escaped; su -c id 2>/dev/null")
    assert {line.split()[1] for line in output.splitlines() if line.startswith("Cap")} == {"0" * 16}
    assert "escaped" not in output
    assert "uid=0" not in output


def the_user_has_a_name(box: Box) -> None:
    code, output = box.run("id -un && id -u")
    assert code == 0, output
    assert output.split()[1] != "0" or os.geteuid() != 0


def the_network_is_there_only_when_asked(box: Box) -> None:
    script = "cat < /dev/null > /dev/tcp/127.0.0.1/$PORT && echo reached"
    with socket.create_server(("127.0.0.1", 0)) as server:
        given = {"PATH": PATH, "PORT": str(server.getsockname()[1])}
        for network in (True, False):
            process = box.sandbox.spawn(Command(("/bin/bash", "-c", script), box.work, MOUNT, given, network=network))
            process.stdin.close()
            with process.stdout:
                assert (b"reached" in process.stdout.read()) is network
            process.wait(20)


def readonly_folders_are_seen_and_not_written(box: Box) -> None:
    tool = box.work.parent / "tool"
    tool.mkdir()
    (tool / "file").write_text("x")
    code, output = box.run("cat /opt-tool/file && ! touch /opt-tool/new 2>/dev/null", readonly={"/opt-tool": tool})
    assert (code, output) == (0, "x")


CONFINED: tuple[Callable[[Box], None], ...] = (
    the_mount_is_seen_as_asked,
    only_the_work_folder_and_private_places_are_writable,
    files_of_root_are_unreadable,
    host_processes_are_invisible,
    hidden_folders_look_empty,
    no_capability_is_left_and_none_can_be_won,
    the_user_has_a_name,
    the_network_is_there_only_when_asked,
    readonly_folders_are_seen_and_not_written,
)
