"""The AWS CLI without its start: a process that has it loaded forks for each call, with the caller's folder, variables and files.

``python warmaws.py FOLDER`` puts a program ``aws`` there, which asks this process, and prints ``ready``.
"""

import gc
import json
import os
import signal
import socket
import sys
import traceback
from pathlib import Path

CALLER = """#!{python} -SE
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as call:
    call.connect({address!r})
    socket.send_fds(call, [b"."], [0, 1, 2])
    call.sendall(json.dumps([os.getcwd(), dict(os.environ), sys.argv[1:]]).encode())
    call.shutdown(socket.SHUT_WR)
    sys.exit(int(call.recv(8) or b"70"))
"""


def serve(folder: Path) -> None:
    """Fork for each caller, until killed."""
    from awscli.clidriver import create_clidriver
    from awscli.customizations.s3 import subcommands  # noqa: F401

    create_clidriver()  # with the modules of ``aws s3`` above, loads all that most calls load
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    address, program = str(folder / "socket"), folder / "aws"
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen(16)
        program.write_text(CALLER.format(python=sys.executable, address=address))
        program.chmod(0o755)
        print("ready", flush=True)
        while True:
            call, _ = door.accept()
            if os.fork() == 0:
                door.close()
                _answer(call)
            call.close()


def _answer(call: socket.socket) -> None:
    code = 70
    try:
        _, files, _, _ = socket.recv_fds(call, 1, 3)
        chunks = iter(lambda: call.recv(65536), b"")
        folder, environment, arguments = json.loads(b"".join(chunks))
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.chdir(folder)
        own = {"AWS_DATA_PATH": os.environ["AWS_DATA_PATH"]}  # where its models are; set when it is loaded
        os.environ.clear()
        os.environ.update({**own, **environment})
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        sys.argv = ["aws", *arguments]
        code = _main(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        traceback.print_exc()
    finally:
        call.sendall(b"%d" % code)
        os._exit(code)


def _main(arguments: list[str]) -> int:
    from awscli.clidriver import create_clidriver

    try:
        return int(create_clidriver().main(arguments) or 0)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
