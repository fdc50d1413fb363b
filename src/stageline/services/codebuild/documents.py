"""Projects and builds as they are stored.

A build's document holds ``build`` (what the API shows), ``run`` (what its host needs) and ``host`` (who runs it now: a host
that finds another name there has lost the build and writes no more).
"""

import base64
from typing import Any

from stageline.ports.api import ApiError, Context
from stageline.ports.store import Doc, ReadTx, WriteTx

PROJECT = "codebuild.project"
COUNTER = "codebuild.counter"
BUILD = "codebuild.build"
BY_TIME = "codebuild.build-by-time"
BY_PROJECT = "codebuild.build-by-project"
ACTIVE = "codebuild.active"
TOKEN = "codebuild.token"
TOKEN_AGE = "codebuild.token-by-age"

ONE_OFF = "codebuild.one-off"
_ONE_OFF = "codepipeline/"

PAGE = 100
BOND = "build"
"""Begins the bonds of the sessions of builds."""
TASK = "codebuild.build"
QUEUE_TASK = "codebuild.queue"


def task_id(build_id: str) -> str:
    """The task that runs a build."""
    return f"codebuild:{build_id}"


def queue_task_id(build_id: str) -> str:
    """The task that ends a build which waits too long."""
    return f"codebuild-queue:{build_id}"


def signal(build_id: str) -> str:
    """Heard when a build has ended."""
    return f"codebuild:{build_id}"


def stop_signal(build_id: str) -> str:
    """Heard by the host of a build that somebody stops."""
    return f"codebuild.stop:{build_id}"


def bond(document: Doc) -> str:
    """What the sessions of a build are bound to: the build, in the hands of the host that runs it now."""
    return f"{BOND}:{document['host']}/{document['build']['id']}"


def stands(tx: ReadTx, name: str) -> bool:
    """Whether a bond (what follows its word) holds: the build has not ended, and that host still has it."""
    host, _, build = name.partition("/")
    document = tx.get(BUILD, build)
    return document is not None and not document["build"]["buildComplete"] and bool(host) and document["host"] == host


def project_arn(ctx: Context, name: str) -> str:
    """The ARN of a project."""
    return ctx.arn("codebuild", f"project/{name}")


def project_name(text: str) -> str:
    """A project's name from its name or ARN."""
    return text.rpartition(":project/")[2] if text.startswith("arn:") else text


def build_id(text: str) -> str:
    """A build's id from its id or ARN."""
    return text.rpartition(":build/")[2] if text.startswith("arn:") else text


def project_of(build: str) -> str:
    """The project's name in a build's id or ARN."""
    return build_id(build).rpartition(":")[0] or build_id(build)


def uuid_of(build: str) -> str:
    """The last part of a build's id."""
    return build.rpartition(":")[2]


def one_off_id(pipeline: str, uuid: str) -> str:
    """The id of the build that runs commands of a pipeline; no project can have such a name."""
    return f"{_ONE_OFF}{pipeline}:{uuid}"


def one_off(build: str) -> bool:
    """Whether a build belongs to a pipeline's commands: the API knows nothing of it."""
    return build_id(build).startswith(_ONE_OFF)


def find_build(tx: ReadTx, text: str) -> Doc | None:
    """The document of a build that the API knows, by id or ARN."""
    return None if one_off(text) else tx.get(BUILD, build_id(text))


def require_project(tx: ReadTx, ctx: Context, name: str) -> Doc:
    """A project's document; ResourceNotFoundException when there is none."""
    project = tx.get(PROJECT, project_name(name))
    if project is None:
        raise ApiError("ResourceNotFoundException", f"Project cannot be found: {project_arn(ctx, project_name(name))}")
    return project


def require_build(tx: ReadTx, text: str) -> Doc:
    """A build's document; ResourceNotFoundException when there is none."""
    document = find_build(tx, text)
    if document is None:
        raise ApiError("ResourceNotFoundException", f"Build cannot be found: {text}")
    return document


def add_build(tx: WriteTx, document: Doc) -> None:
    """Store a new build with all that finds it."""
    build = document["build"]
    tx.put(BUILD, build["id"], document)
    tx.put(BY_TIME, f"{build['startTime']:015d}/{build['id']}", {"id": build["id"]})
    tx.put(BY_PROJECT, f"{build['projectName']}/{build['buildNumber']:012d}", {"id": build["id"]})
    tx.put(ACTIVE, build["id"], {})


def remove_build(tx: WriteTx, document: Doc) -> None:
    """Forget a build."""
    build = document["build"]
    tx.delete(BUILD, build["id"])
    tx.delete(BY_TIME, f"{build['startTime']:015d}/{build['id']}")
    tx.delete(BY_PROJECT, f"{build['projectName']}/{build['buildNumber']:012d}")
    tx.delete(ACTIVE, build["id"])


def active(tx: ReadTx, project: str) -> int:
    """How many builds of a project have not ended."""
    return len(tx.scan(ACTIVE, f"{project}:"))


def shown(document: Doc) -> dict[str, Any]:
    """A build as the API shows it."""
    build = dict(document["build"])
    build["phases"] = [{key: value for key, value in phase.items() if key != "tolerated"} for phase in build["phases"]]
    return build


def page(token: str) -> str:
    """The key after which a listing goes on; InvalidInputException for a token that is not ours."""
    try:
        key = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True).decode() if token else ""
        if "\x00" in key:
            raise ValueError("no key holds this character")
        return key
    except (ValueError, UnicodeError) as error:
        raise ApiError(
            "InvalidInputException", "Invalid next token: use the nextToken of the previous answer unchanged"
        ) from error


def next_token(key: str) -> str:
    """The token for what comes after ``key``."""
    return base64.urlsafe_b64encode(key.encode()).decode("ascii")
