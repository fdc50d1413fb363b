"""Amazon Resource Names, split and put together."""

from typing import NamedTuple


class Arn(NamedTuple):
    """The six parts of ``arn:partition:service:region:account:resource``."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


def parse(text: str) -> Arn | None:
    """The parts of ``text``, or None when it is not an ARN. The resource keeps its own colons and slashes.

    Nothing has a name with U+0000 in it, so no ARN has it either.
    """
    parts = text.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or not parts[2] or not parts[5] or "\x00" in text:
        return None
    return Arn(*parts[1:])


def build(service: str, region: str, account: str, resource: str) -> str:
    """The ARN of a resource in the ``aws`` partition; region and account may be empty (S3, IAM)."""
    return f"arn:aws:{service}:{region}:{account}:{resource}"
