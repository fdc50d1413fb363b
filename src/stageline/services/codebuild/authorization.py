"""Who may do what with builds: everything about a build is asked of its project; roles that are named must be passed on."""

from collections.abc import Iterable, Sequence
from typing import Any

from stageline.ports.api import Context, Request
from stageline.ports.identity import Check
from stageline.ports.store import Store
from stageline.services.codebuild.documents import PROJECT, project_arn, project_name, project_of

SERVICE = "codebuild.amazonaws.com"

_EVERYWHERE = (
    "list_builds",
    "list_projects",
    "list_curated_environment_images",
    "list_source_credentials",
    "import_source_credentials",
    "delete_source_credentials",
)
_BY_BUILD = ("stop_build", "retry_build")
_BY_BUILDS = ("batch_get_builds", "batch_delete_builds")


def checks(operation: str, ctx: Context, request: Request, *, store: Store) -> Sequence[Check]:
    """The questions that an operation raises."""
    action = "codebuild:" + "".join(part.capitalize() for part in operation.split("_"))
    if operation in _EVERYWHERE:
        return [Check(action, ("*",), _credential_keys(request))]
    if operation in _BY_BUILD:
        names: Iterable[str] = [project_of(request.get("id", ""))]
    elif operation in _BY_BUILDS:
        names = dict.fromkeys(project_of(each) for each in request.get("ids", ()))
    elif operation == "batch_get_projects":
        names = dict.fromkeys(project_name(each) for each in request.get("names", ()))
    else:
        names = [project_name(request.get("projectName") or request.get("name", ""))]
    keys = _request_keys(request)
    asked = [Check(action, (project_arn(ctx, name),), {**keys, **_tags(store, name)}) for name in names]
    return [*asked, *_passed(ctx, request, next(iter(names), ""))]


def _passed(ctx: Context, request: Request, project: str) -> list[Check]:
    roles = [
        request.get("serviceRole"),
        request.get("serviceRoleOverride"),
        (request.get("buildBatchConfig") or {}).get("serviceRole"),
    ]
    keys = {"iam:PassedToService": SERVICE, "iam:AssociatedResourceArn": project_arn(ctx, project)}
    return [Check("iam:PassRole", (role,), keys) for role in dict.fromkeys(roles) if role]


def _tags(store: Store, name: str) -> dict[str, str]:
    with store.read() as tx:
        project = tx.get(PROJECT, name) or {}
    return {f"aws:ResourceTag/{tag['key']}": tag.get("value", "") for tag in project.get("tags", ())}


def _request_keys(request: Request) -> dict[str, str | tuple[str, ...]]:
    source = request.get("source") or {}
    environment = request.get("environment") or {}
    told = {
        "codebuild:source.location": source.get("location") or request.get("sourceLocationOverride"),
        "codebuild:environment.image": environment.get("image") or request.get("imageOverride"),
        "codebuild:artifacts.location": (request.get("artifacts") or request.get("artifactsOverride") or {}).get("location"),
        "codebuild:cache.location": (request.get("cache") or request.get("cacheOverride") or {}).get("location"),
        "codebuild:vpcConfig.vpcId": (request.get("vpcConfig") or {}).get("vpcId"),
        "codebuild:serviceRole": request.get("serviceRole") or request.get("serviceRoleOverride"),
    }
    keys: dict[str, str | tuple[str, ...]] = {key: value for key, value in told.items() if value}
    if "buildspec" in source or "buildspecOverride" in request:
        keys["codebuild:source.buildspec"] = "true"
    privileged = environment.get("privilegedMode", request.get("privilegedModeOverride"))
    if privileged is not None:
        keys["codebuild:environment.privilegedMode"] = "true" if privileged else "false"
    for variable in [*environment.get("environmentVariables", ()), *request.get("environmentVariablesOverride", ())]:
        keys[f"codebuild:environment.environmentVariables/{variable['name']}.value"] = variable["value"]
    tags: list[dict[str, Any]] = request.get("tags") or []
    keys |= {f"aws:RequestTag/{tag['key']}": tag.get("value", "") for tag in tags if "key" in tag}
    if tags:
        keys["aws:TagKeys"] = tuple(tag["key"] for tag in tags if "key" in tag)
    return keys


def _credential_keys(request: Request) -> dict[str, str | tuple[str, ...]]:
    members = ("authType", "serverType", "username", "shouldOverwrite")
    return {f"codebuild:{name}": str(request[name]) for name in members if name in request}
