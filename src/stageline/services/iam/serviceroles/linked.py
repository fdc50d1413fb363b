"""Service-linked roles: made for one AWS service, with a policy and a trust that nobody can change."""

import json
import re
import uuid
from dataclasses import dataclass

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Store
from stageline.services.iam.model.entities import ROLE, USES, add_use, changing, create, find, need, remove, save, use_key
from stageline.services.iam.roles import describe_role

DELETIONS = "iam.deletion"
"""Deletions of service-linked roles by task id."""
_KEPT = 24 * 3_600_000
_NAME_MOST = 64
_TASK = re.compile(r"task/aws-service-role/[^/]+/[^/]+/[0-9a-f-]{36}")


@dataclass(frozen=True)
class Linked:
    """A service that may have such a role: the end of the role's name, its policy, and whether it may have several."""

    name: str
    policy: str
    suffix: bool = False


SERVICES = {
    "codestar-notifications.amazonaws.com": Linked("CodeStarNotifications", "AWSCodeStarNotificationsServiceRolePolicy"),
    "events.amazonaws.com": Linked("CloudWatchEvents", "CloudWatchEventsServiceRolePolicy"),
    "apidestinations.events.amazonaws.com": Linked(
        "AmazonEventBridgeApiDestinations", "AmazonEventBridgeApiDestinationsServiceRolePolicy"
    ),
    "autoscaling.amazonaws.com": Linked("AutoScaling", "AutoScalingServiceRolePolicy", suffix=True),
    "ecs.amazonaws.com": Linked("ECS", "AmazonECSServiceRolePolicy"),
}


def role_name(service: str, suffix: str = "") -> str:
    """The name of a service's role; of an unknown service, one that does not exist."""
    known = SERVICES.get(service)
    return f"AWSServiceRoleFor{known.name if known else service}{f'_{suffix}' if suffix else ''}"


def path_of(service: str) -> str:
    """The path of a service's role."""
    return f"/aws-service-role/{service}/"


def create_service_linked_role(ctx: Context, request: Request, *, store: Store) -> Response:
    """Make the role of a service, with the service's policy attached."""
    service, suffix = request["AWSServiceName"], request.get("CustomSuffix", "")
    known = SERVICES.get(service)
    if known is None:
        raise ApiError("InvalidInput", f"{service} has no service-linked role here: give one of {', '.join(SERVICES)}.", 400)
    if suffix and not known.suffix:
        raise ApiError("InvalidInput", f"Custom suffix is not allowed for {service}", 400)
    name = role_name(service, suffix)
    if len(name) > _NAME_MOST:
        raise ApiError(
            "InvalidInput", f"The role name {name} would be longer than {_NAME_MOST} characters: shorten the suffix.", 400
        )
    policy = f"arn:aws:iam::aws:policy/aws-service-role/{known.policy}"
    with changing(store) as tx:
        if find(tx, ROLE, name) is not None:
            message = f"Service role name {name} has been taken in this account, please try a different suffix."
            raise ApiError("InvalidInput", message, 400)
        doc = create(
            tx,
            ROLE,
            {
                "name": name,
                "path": path_of(service),
                "created": ctx.now,
                "trust": _trust(service),
                "principals": {},
                "description": request.get("Description", ""),
                "max_session": 3600,
                "attached": [policy],
            },
        )
        add_use(tx, policy, "attached", ROLE, doc)
        return {"Role": describe_role(tx, ctx.account, doc)}


def delete_service_linked_role(ctx: Context, request: Request, *, store: Store) -> Response:
    """Delete the role of a service. No service here keeps anything that needs it, so it is gone when this answers; what came of
    it can be asked for a day."""
    with changing(store) as tx:
        doc = need(tx, ROLE, request["RoleName"])
        if not doc["path"].startswith("/aws-service-role/"):
            raise ApiError("NoSuchEntity", f"The role with name {doc['name']} is not a service-linked role: use DeleteRole.", 404)
        for arn in doc["attached"]:
            tx.delete(USES, use_key(arn, "attached", ROLE, doc))
        bare = {**doc, "attached": []}
        save(tx, ROLE, bare)
        remove(tx, ROLE, bare)
        for key, old in tx.scan(DELETIONS):
            if ctx.now - old["at"] >= _KEPT:
                tx.delete(DELETIONS, key)
        task = f"task{doc['path']}{doc['name']}/{uuid.uuid4()}"
        tx.put(DELETIONS, task, {"at": ctx.now})
    return {"DeletionTaskId": task}


def get_service_linked_role_deletion_status(ctx: Context, request: Request, *, store: Store) -> Response:
    """What came of a deletion."""
    task = request["DeletionTaskId"]
    if not _TASK.fullmatch(task):
        raise ApiError("InvalidInput", f"{task} is not the DeletionTaskId that DeleteServiceLinkedRole answers.", 400)
    with store.read() as tx:
        if tx.get(DELETIONS, task) is None:
            raise ApiError("NoSuchEntity", f"The deletion task {task} cannot be found.", 404)
    return {"Status": "SUCCEEDED"}


def _trust(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
