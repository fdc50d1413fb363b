from typing import Any

from stageline.ports.identity import Check


def checks(operation: str, ctx: Any, request: Any) -> list[Check]:
    return [Check(f"iam:{''.join(part.title() for part in operation.split('_'))}")]
