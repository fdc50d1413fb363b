import errno
from typing import Any

from stageline.ports.api import ApiError


def create_pipeline(ctx: Any, request: Any, *, shelf: dict[str, Any]) -> Any:
    shelf[request["pipeline"]["name"]] = request["pipeline"]
    return {"pipeline": request["pipeline"], "tags": None}


def get_pipeline(ctx: Any, request: Any, *, shelf: dict[str, Any]) -> Any:
    if request["name"] not in shelf:
        raise ApiError("PipelineNotFoundException", f"There is no pipeline {request['name']}.")
    return {"pipeline": shelf[request["name"]], "metadata": {"created": ctx.now, "updated": ctx.now}}


def list_pipelines(ctx: Any, request: Any) -> Any:
    return {"pipelines": [{"name": "one", "colour": "red"}]}


def update_pipeline(ctx: Any, request: Any) -> Any:
    raise ApiError("ConflictException", "Somebody else was quicker.")


def start_pipeline_execution(ctx: Any, request: Any) -> Any:
    raise RuntimeError("the secret is swordfish")


def delete_pipeline(ctx: Any, request: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def get_pipeline_state(ctx: Any, request: Any, *, aws: Any) -> Any:
    aws.as_role("arn:aws:iam::000000000000:role/build", "state", service="codepipeline.amazonaws.com")
    return {"pipelineName": request["name"], "created": ctx.now}
