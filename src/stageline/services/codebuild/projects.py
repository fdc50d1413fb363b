"""Build projects: create, update, delete, read, list."""

from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.identity import Identity
from stageline.ports.store import Doc, Store
from stageline.services.codebuild.documents import PAGE, PROJECT, next_token, page, project_arn, project_name, require_project
from stageline.services.codebuild.shapes import check_project, invalid, with_defaults

SERVICE = "codebuild.amazonaws.com"


def create_project(ctx: Context, request: Request, *, store: Store, identity: Identity) -> Response:
    """CreateProject."""
    given = {name: value for name, value in request.items() if name != "badgeEnabled"}
    if given.get("concurrentBuildLimit") == -1:
        del given["concurrentBuildLimit"]
    project = with_defaults(given, region=ctx.region, account=ctx.account)
    project |= {"arn": project_arn(ctx, project["name"]), "created": ctx.now, "lastModified": ctx.now}
    project["badge"] = {"badgeEnabled": bool(request.get("badgeEnabled"))}
    check_project(project)
    _check_assumable(identity, project)
    with store.write() as tx:
        if not tx.insert(PROJECT, project["name"], project):
            raise ApiError("ResourceAlreadyExistsException", f"Project already exists: {project['arn']}")
    return {"project": project}


def update_project(ctx: Context, request: Request, *, store: Store, identity: Identity) -> Response:
    """UpdateProject: a member that is given replaces the whole member."""
    with store.read() as tx:
        before = require_project(tx, ctx, request["name"])
    after = _updated(ctx, before, request)
    if "serviceRole" in request:
        _check_assumable(identity, after)
    with store.write() as tx:
        # What was read outside may be stale by now; the role was checked for what this request names.
        after = _updated(ctx, require_project(tx, ctx, request["name"]), request)
        tx.put(PROJECT, after["name"], after)
    return {"project": after}


def _updated(ctx: Context, before: Doc, request: Request) -> Doc:
    given = {name: value for name, value in request.items() if name not in ("name", "badgeEnabled")}
    after: dict[str, Any] = {**before, **given}
    if given.get("concurrentBuildLimit") == -1:
        del after["concurrentBuildLimit"]
    if "vpcConfig" in given and not given["vpcConfig"]:
        del after["vpcConfig"]
    if "badgeEnabled" in request:
        after["badge"] = {"badgeEnabled": request["badgeEnabled"]}
    after = with_defaults(after, region=ctx.region, account=ctx.account)
    after["lastModified"] = ctx.now
    check_project(after)
    return after


def _check_assumable(identity: Identity, project: Doc) -> None:
    role = project["serviceRole"]
    try:
        identity.assume_as_service(role, "AWSCodeBuild", service=SERVICE, policy="", duration=900_000, source_arn=project["arn"])
    except ApiError as error:
        raise invalid(
            f"CodeBuild is not authorized to perform: sts:AssumeRole on {role}. "
            f"The role must exist and its trust policy must allow {SERVICE}"
        ) from error


def delete_project(ctx: Context, request: Request, *, store: Store) -> Response:
    """DeleteProject; an unknown name is no error. Builds stay readable."""
    with store.write() as tx:
        name = project_name(request["name"])
        if tx.get(PROJECT, name) is not None:
            tx.delete(PROJECT, name)
    return {}


def batch_get_projects(ctx: Context, request: Request, *, store: Store) -> Response:
    """BatchGetProjects."""
    found, missing = [], []
    with store.read() as tx:
        for text in dict.fromkeys(request["names"]):
            project = tx.get(PROJECT, project_name(text))
            if project is None:
                missing.append(text)
            else:
                found.append(project)
    return {"projects": found, "projectsNotFound": missing}


def list_projects(ctx: Context, request: Request, *, store: Store) -> Response:
    """ListProjects by name, time of creation or of the last change."""
    order = request.get("sortBy", "NAME")
    descending = request.get("sortOrder", "ASCENDING") == "DESCENDING"
    after = page(request.get("nextToken", ""))
    with store.read() as tx:
        if order == "NAME":
            found = [name for name, _ in tx.scan(PROJECT, after=after, limit=PAGE + 1, reverse=descending)]
            return _names(found, found)
        member = "created" if order == "CREATED_TIME" else "lastModified"
        keys = sorted((f"{doc[member]:015d}/{name}" for name, doc in tx.scan(PROJECT)), reverse=descending)
    left = [key for key in keys if not after or (key < after if descending else key > after)][: PAGE + 1]
    return _names([key.partition("/")[2] for key in left], left)


def _names(names: list[str], keys: list[str]) -> Response:
    answer: Response = {"projects": names[:PAGE]}
    if len(names) > PAGE:
        answer["nextToken"] = next_token(keys[PAGE - 1])
    return answer


def invalidate_project_cache(ctx: Context, request: Request, *, store: Store) -> Response:
    """InvalidateProjectCache: builds have no cache here, so there is nothing to forget."""
    with store.read() as tx:
        require_project(tx, ctx, request["projectName"])
    return {}
