from typing import Any

from stageline.ports.identity import Check


def checks(operation: str, ctx: Any, request: Any) -> list[Check]:
    name = request.get("name") or request.get("pipelineName") or "*"
    action = "".join(part.title() for part in operation.split("_"))
    return [Check(f"codepipeline:{action}", (ctx.arn("codepipeline", name),))]
