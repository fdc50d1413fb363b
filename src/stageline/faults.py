"""Ending this very process at a named instant, as ``kill -9`` would, so that tests can see what a restart makes of it.

Armed by ``STAGELINE_FAULT`` alone: ``store.after-commit:17`` ends the process when that point is reached for the 17th time;
``trace:FILE`` ends nothing and writes each point that is reached to FILE, a line each.
"""

import os
import re
import signal
import threading
from collections.abc import Callable

from stageline.core import faultpoints

VARIABLE = "STAGELINE_FAULT"
_ORDER = re.compile(r"([a-z]+\.[a-z-]+):([1-9][0-9]{0,8})")


def arm(order: str) -> None:
    """Obey an order; an empty one arms nothing. ValueError when it is not understood."""
    if not order:
        return
    if order.startswith("trace:"):
        faultpoints.HOOK = _tracer(order.removeprefix("trace:"))
        return
    match = _ORDER.fullmatch(order)
    if match is None:
        raise ValueError(f"{VARIABLE} is POINT:NUMBER or trace:FILE, not {order!r}")
    faultpoints.HOOK = _ender(match[1], int(match[2]))


def _tracer(file: str) -> Callable[[str], None]:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def reached(name: str) -> None:
        os.write(descriptor, f"{name}\n".encode())

    return reached


def _ender(point: str, number: int) -> Callable[[str], None]:
    lock = threading.Lock()
    left = number

    def reached(name: str) -> None:
        nonlocal left
        if name != point:
            return
        with lock:
            left -= 1
            if left == 0:
                os.write(2, f"stageline: {VARIABLE}: this process ends at {point}, reached {number} times\n".encode())
                os.kill(os.getpid(), signal.SIGKILL)
                threading.Event().wait()  # nothing may follow, whichever thread the signal ends first

    return reached
