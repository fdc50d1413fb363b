"""AllowedPattern: a value against a pattern from outside, in a process of its own that is given a second.

A pattern can take time that grows exponentially with the value; no thread of the server shall wait for that. Pattern and value
go by standard input, so neither is on a command line.
"""

import json
import re
import subprocess
import sys

from stageline.ports.api import ApiError

SECONDS = 1.0
_PROGRAM = "import json, re, sys; p, v = json.load(sys.stdin); sys.exit(0 if re.fullmatch(p, v) else 9)"


def check(pattern: str, value: str) -> None:
    """InvalidAllowedPatternException for what is no pattern or takes too long, ParameterPatternMismatchException."""
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise _bad(f"it is not a regular expression ({error})") from error
    try:
        ended = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _PROGRAM],
            input=json.dumps([pattern, value]).encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        # Not as the cause: it has the value in it.
        raise _bad("matching it takes too long; write it without repetitions inside repetitions") from None
    if ended.returncode == 9:
        raise ApiError("ParameterPatternMismatchException", "Parameter value does not match the AllowedPattern.")
    if ended.returncode:
        raise _bad("it cannot be matched here")


def _bad(why: str) -> ApiError:
    return ApiError("InvalidAllowedPatternException", f"The AllowedPattern cannot be used: {why}.")
