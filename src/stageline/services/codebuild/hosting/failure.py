"""The failure of a build's step."""

from stageline.core.build.phases import Context
from stageline.ports.api import ApiError


class Failure(Exception):
    """A phase fails for the reason that ``context`` gives."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.context = Context(code, message)


def refused(error: ApiError, doing: str) -> Failure:
    """The failure that follows from a refusal of another service."""
    return Failure("CLIENT_ERROR", f"{error.code}: {error.message} ({doing})")
