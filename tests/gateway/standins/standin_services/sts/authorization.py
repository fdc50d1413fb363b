from typing import Any

from stageline.ports.identity import Check


def checks(operation: str, ctx: Any, request: Any) -> list[Check]:
    return [Check("sts:AssumeRole", (request["RoleArn"],))] if operation == "assume_role" else []
