"""What a project may look like: defaults as CodeBuild shows them, and refusals in its words."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from stageline.core import arn
from stageline.core.build import buildspec
from stageline.ports.api import ApiError

GIT_HOSTS = ("GITHUB", "GITHUB_ENTERPRISE", "GITLAB", "GITLAB_SELF_MANAGED", "BITBUCKET")
LINUX = (
    "LINUX_CONTAINER",
    "ARM_CONTAINER",
    "LINUX_GPU_CONTAINER",
    "LINUX_LAMBDA_CONTAINER",
    "ARM_LAMBDA_CONTAINER",
    "LINUX_EC2",
    "ARM_EC2",
)
IDENTIFIER_TEXT = (
    "Invalid input: identifier must contain only alphanumeric characters and underscores "
    "and be less than 128 characters in length"
)
MOST_SECONDARY = 12
LONGEST_VALUE = 100_000
"""Linux takes no variable longer than 128 KiB."""


def invalid(message: str) -> ApiError:
    """The refusal of a request that makes no sense."""
    return ApiError("InvalidInputException", message)


def check_project(project: dict[str, Any]) -> None:
    """Raise InvalidInputException unless the whole project makes sense."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9\-_]{1,149}", project["name"]):
        raise invalid(
            "Invalid project name: it must have 2 to 150 letters, digits, hyphens and underscores, a letter or digit first"
        )
    if len(project.get("description", "")) > 255:
        raise invalid("Invalid project description: at most 255 characters are allowed")
    check_source(project["source"])
    check_artifacts(project["artifacts"])
    check_pair(project["source"], project["artifacts"])
    check_secondary(project.get("secondarySources", ()), project.get("secondaryArtifacts", ()))
    check_environment(project["environment"])
    check_range("timeoutInMinutes", project["timeoutInMinutes"], 5, 2160)
    check_range("queuedTimeoutInMinutes", project["queuedTimeoutInMinutes"], 5, 480)
    check_role(project["serviceRole"])
    check_tags(project.get("tags", ()))
    check_logs(project.get("logsConfig") or {})
    if project.get("concurrentBuildLimit", 1) < 1:
        raise invalid("Invalid concurrent build limit: it must be at least 1 (or -1 in UpdateProject to remove it)")


def check_range(name: str, value: int, low: int, high: int) -> None:
    """Refuse a number out of its range."""
    if not low <= value <= high:
        raise invalid(f"Invalid {name}: {value} is not between {low} and {high}")


def check_source(source: dict[str, Any]) -> None:
    """Refuse a source that could not be fetched."""
    kind, location = source["type"], source.get("location", "")
    if kind in ("CODEPIPELINE", "NO_SOURCE"):
        if location:
            raise invalid(f"Invalid project source: location must be null when using source type {kind}")
    elif not location:
        raise invalid("Project source location is required")
    if kind == "NO_SOURCE" and not _apart(source.get("buildspec", "")):
        raise invalid("Invalid project source: source type NO_SOURCE needs its buildspec as text or as the ARN of an S3 object")
    if kind == "S3" and ("/" not in location.strip("/") and not location.endswith("/")):
        raise invalid("Invalid project source: an S3 location has the form bucket/key.zip or bucket/folder/")
    if kind in GIT_HOSTS or kind == "CODECOMMIT":
        _check_url(location)
    if source.get("reportBuildStatus") and kind not in GIT_HOSTS:
        raise invalid(f"Invalid project source: reportBuildStatus is not supported for source type {kind}")
    if source.get("gitCloneDepth", 0) < 0:
        raise invalid("Invalid project source: gitCloneDepth must be 0 or more")


def _apart(text: str) -> bool:
    return text.startswith("arn:") or buildspec.is_inline(text)


def _check_url(location: str) -> None:
    try:
        parts = urlsplit(location)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or any(char.isspace() or ord(char) < 32 for char in location):
        raise invalid("Invalid project source: location must be the HTTP or HTTPS URL under which git clones the repository")
    if "@" in parts.netloc:
        raise invalid("Invalid project source: location must not hold a user or password; import a source credential instead")


def check_artifacts(artifacts: dict[str, Any]) -> None:
    """Refuse artifacts that could not be stored."""
    kind = artifacts["type"]
    if kind == "NO_ARTIFACTS":
        if artifacts.get("name"):
            raise invalid("Invalid artifacts: artifact type NO_ARTIFACTS should have null output name")
        if artifacts.get("location"):
            raise invalid("Invalid artifacts: artifact type NO_ARTIFACTS should have null location")
    if kind == "S3" and not artifacts.get("location"):
        raise invalid("Invalid artifacts: artifact type S3 needs the name of a bucket as its location")
    if artifacts.get("encryptionDisabled") and kind != "S3":
        raise invalid(f"Invalid artifacts: encryptionDisabled is not supported for artifact type {kind}")


def check_pair(source: dict[str, Any], artifacts: dict[str, Any]) -> None:
    """CODEPIPELINE goes with itself alone."""
    if (source["type"] == "CODEPIPELINE") != (artifacts["type"] == "CODEPIPELINE"):
        raise invalid("Invalid input: when using CodePipeline both sourceType, and artifactType must be set to: CODEPIPELINE")


def check_secondary(sources: Sequence[dict[str, Any]], artifacts: Sequence[dict[str, Any]]) -> None:
    """Refuse secondary sources and artifacts without a name of their own."""
    for what, member, items in (("sources", "sourceIdentifier", sources), ("artifacts", "artifactIdentifier", artifacts)):
        if len(items) > MOST_SECONDARY:
            raise invalid(f"Invalid input: at most {MOST_SECONDARY} secondary {what} are allowed")
        names = [item.get(member, "") for item in items]
        if not all(buildspec.IDENTIFIER.fullmatch(name) for name in names):
            raise invalid(IDENTIFIER_TEXT)
        if len(set(names)) != len(names):
            raise invalid(f"Invalid input: each {member} may be used once")
    for source in sources:
        if source["type"] in ("NO_SOURCE", "CODEPIPELINE"):
            raise invalid(f"Invalid project source: a secondary source cannot be of type {source['type']}")
        check_source(source)
    for each in artifacts:
        if each["type"] == "NO_ARTIFACTS":
            raise invalid("Invalid artifacts: a secondary artifact cannot be of type NO_ARTIFACTS")
        check_artifacts(each)


def check_environment(environment: dict[str, Any]) -> None:
    """Refuse an environment that this server cannot give."""
    if environment["type"] not in LINUX:
        raise invalid(
            f"Invalid environment type: this server runs builds on Linux, not in a {environment['type']}; use LINUX_CONTAINER"
        )
    if not environment.get("image", "").strip():
        raise invalid("Invalid environment: an image is required, for example aws/codebuild/standard:7.0")
    check_variables(environment.get("environmentVariables", ()))


def check_variables(variables: Sequence[dict[str, Any]]) -> None:
    """Refuse names that no shell could use."""
    for variable in variables:
        if not buildspec.VARIABLE.fullmatch(variable["name"]):
            raise invalid(
                f"Invalid environment variable name {variable['name']!r}: it must begin with a letter or underscore and consist "
                "of letters, digits and underscores"
            )
        value = variable["value"]
        if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
            raise invalid(f"Invalid environment variable {variable['name']}: its value has a NUL or is not valid Unicode")
        if len(value.encode()) > LONGEST_VALUE:
            raise invalid(f"Invalid environment variable {variable['name']}: its value is longer than {LONGEST_VALUE} bytes")


def check_role(role: str) -> None:
    """Refuse what is not a role's ARN."""
    parts = arn.parse(role)
    if parts is None or parts.service != "iam" or not parts.resource.startswith("role/"):
        raise invalid(f"Invalid service role: {role!r} is not the ARN of an IAM role")


def check_tags(tags: Sequence[dict[str, str]]) -> None:
    """Refuse too many, doubled and reserved tags."""
    keys = [tag.get("key", "") for tag in tags]
    if len(keys) > 50:
        raise invalid("Invalid tags: at most 50 tags are allowed")
    if len(set(keys)) != len(keys):
        raise invalid("Invalid tags: each key may be used once")
    for tag in tags:
        key = tag.get("key", "")
        if not 1 <= len(key) <= 127 or len(tag.get("value", "")) > 255:
            raise invalid("Invalid tags: a key has 1 to 127 characters, a value at most 255")
        if key.lower().startswith("aws:"):
            raise invalid("Invalid tags: keys that begin with aws: are reserved")


def check_logs(logs: dict[str, Any]) -> None:
    """Refuse S3 logs without a place."""
    s3 = logs.get("s3Logs") or {}
    if s3.get("status") == "ENABLED" and "/" not in s3.get("location", "").strip("/") and not s3.get("location"):
        raise invalid("Invalid logs config: s3Logs needs a location such as bucket/prefix when it is enabled")


def with_defaults(project: dict[str, Any], *, region: str, account: str) -> dict[str, Any]:
    """A project as BatchGetProjects shows it."""
    filled = dict(project)
    filled["artifacts"] = artifacts_with_defaults(project["artifacts"], project["name"])
    filled["secondaryArtifacts"] = [artifacts_with_defaults(each, "") for each in project.get("secondaryArtifacts", ())]
    filled["environment"] = {
        "environmentVariables": [],
        "privilegedMode": False,
        "imagePullCredentialsType": "CODEBUILD",
        **project["environment"],
    }
    filled["environment"]["environmentVariables"] = [
        {"type": "PLAINTEXT", **variable} for variable in filled["environment"]["environmentVariables"]
    ]
    for name, value in (
        ("secondarySources", []),
        ("tags", []),
        ("timeoutInMinutes", 60),
        ("queuedTimeoutInMinutes", 480),
        ("cache", {"type": "NO_CACHE"}),
        ("badge", {"badgeEnabled": False}),
        ("projectVisibility", "PRIVATE"),
        ("encryptionKey", arn.build("kms", region, account, "alias/aws/s3")),
    ):
        filled.setdefault(name, value)
    return filled


def artifacts_with_defaults(artifacts: dict[str, Any], name: str) -> dict[str, Any]:
    """Artifacts with the members that CodeBuild fills in."""
    if artifacts["type"] == "NO_ARTIFACTS":
        return dict(artifacts)
    filled = {"encryptionDisabled": False, **artifacts}
    if artifacts["type"] == "S3":
        filled.setdefault("packaging", "NONE")
        filled.setdefault("namespaceType", "NONE")
    if name:
        filled.setdefault("name", name)
    return filled
