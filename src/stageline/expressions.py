"""Regular expressions from outside, put to texts from outside.

An expression that backtracks may take hours, and while it does every other thread of its process stands still. So it is put to
the text in a process of its own, which may compute for a few seconds and is ended by the kernel when it takes longer, also when
nobody is left to wait for it.
"""

import json
import signal
import subprocess
import sys

SECONDS = 2
"""How long an expression may compute."""
PATIENCE = 60.0
"""Seconds after which the process is ended, however little of that time it was given to compute."""
MEMORY = 1024**3
"""Bytes of address space."""
_ASK = """
import json, re, resource, sys
pattern, text, whole, seconds, memory = json.load(sys.stdin.buffer)
for kind, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
    resource.setrlimit(kind, (most, most))
try:
    found = (re.fullmatch if whole else re.search)(pattern, text)
    print("no" if found is None else "yes")
except (re.error, OverflowError, RecursionError, MemoryError) as error:
    print(f"error {error}")
"""


def fits(pattern: str, text: str, *, whole: bool = True) -> bool:
    """Whether an expression fits a text: all of it, or (not ``whole``) a part of it. ValueError says why that cannot be told."""
    command = [sys.executable, "-I", "-S", "-c", _ASK]
    asked = json.dumps([pattern, text, whole, SECONDS, MEMORY]).encode()
    too_long = f"it takes more than {SECONDS} seconds on this text"
    try:
        done = subprocess.run(command, input=asked, env={}, capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise ValueError(too_long) from None
    if -done.returncode in (signal.SIGXCPU, signal.SIGKILL):
        raise ValueError(too_long)
    answer, _, why = done.stdout.decode("utf-8", "replace").strip().partition(" ")
    if answer not in ("yes", "no"):
        raise ValueError(why or "it cannot be evaluated")
    return answer == "yes"
