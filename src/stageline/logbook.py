"""The server's own log: one line of ``name=value`` pairs for each event, on standard error; standard output has "ready" alone.

Values come from outside. Whatever could end a line, begin another or steer a terminal stands there as an escape.
"""

import logging
import sys
from typing import Any

import structlog

SHARED: tuple[structlog.typing.Processor, ...] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)

_PAIRS = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], drop_missing=True)


def as_line(logger: Any, name: str, event: structlog.typing.EventDict) -> str:
    """An event as one line of printable characters; implements structlog's Processor."""
    line = str(_PAIRS(logger, name, event))
    return line if line.isprintable() else "".join(map(_escaped, line))


def _escaped(char: str) -> str:
    return char if char.isprintable() else char.encode("unicode_escape").decode("ascii")


def open_logbook(level: int = logging.WARNING) -> None:
    """Send what the server and its libraries have to say, from ``level`` on, to standard error."""
    structlog.configure(
        processors=[*SHARED, as_line],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    foreign = logging.StreamHandler(sys.stderr)
    foreign.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=SHARED, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, as_line]
        )
    )
    logging.basicConfig(level=level, handlers=[foreign], force=True)
