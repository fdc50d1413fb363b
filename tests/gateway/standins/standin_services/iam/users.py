from typing import Any

from stageline.ports.api import ApiError


def create_user(ctx: Any, request: Any) -> Any:
    name = request["UserName"]
    if name == "taken":
        raise ApiError("EntityAlreadyExists", f"User with name {name} already exists.")
    return {
        "User": {
            "Path": "/",
            "UserName": name,
            "UserId": "AIDAEXAMPLEEXAMPLE00",
            "Arn": f"arn:aws:iam::{ctx.account}:user/{name}",
            "CreateDate": ctx.now,
            "Tags": request.get("Tags", []),
        }
    }


def list_users(ctx: Any, request: Any) -> Any:
    return {"Users": [], "IsTruncated": False}


def delete_user(ctx: Any, request: Any) -> Any:
    raise ApiError("NoSuchEntityException", "The user with name x cannot be found.")
