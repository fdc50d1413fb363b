from typing import Any

from stageline.ports.identity import Check


def checks(operation: str, ctx: Any, request: Any) -> list[Check]:
    action = {"put_object": "PutObject", "get_object": "GetObject", "head_object": "GetObject"}.get(operation, "ListBucket")
    return [Check(f"s3:{action}", (f"arn:aws:s3:::{request.get('Bucket', '*')}/{request.get('Key', '*')}",))]
