"""What one build runs with: the project, and over it the overrides of StartBuild.

Variables are merged by name, every other member is replaced whole. The hand-over by a pipeline: a CODEPIPELINE project is
started by CodePipeline itself with S3 locations for its sources and artifacts, and ``sourceVersion`` carries the source
revision (the object is the execution's own and never changes, so no object version is needed); the API goes on showing
CODEPIPELINE.
"""

from dataclasses import dataclass
from typing import Any

from stageline.ports.api import Request
from stageline.ports.store import Doc
from stageline.services.codebuild.shapes import (
    artifacts_with_defaults,
    check_artifacts,
    check_environment,
    check_logs,
    check_range,
    check_role,
    check_secondary,
    check_source,
    check_variables,
    invalid,
)

_SOURCE = {
    "sourceTypeOverride": "type",
    "sourceLocationOverride": "location",
    "sourceAuthOverride": "auth",
    "gitCloneDepthOverride": "gitCloneDepth",
    "gitSubmodulesConfigOverride": "gitSubmodulesConfig",
    "insecureSslOverride": "insecureSsl",
    "reportBuildStatusOverride": "reportBuildStatus",
    "buildStatusConfigOverride": "buildStatusConfig",
}
_ENVIRONMENT = {
    "environmentTypeOverride": "type",
    "imageOverride": "image",
    "computeTypeOverride": "computeType",
    "certificateOverride": "certificate",
    "privilegedModeOverride": "privilegedMode",
    "registryCredentialOverride": "registryCredential",
    "imagePullCredentialsTypeOverride": "imagePullCredentialsType",
    "fleetOverride": "fleet",
    "hostKernelOverride": "hostKernel",
}


@dataclass(frozen=True)
class Plan:
    """A build before it exists: ``shown`` are members of the API's build, ``run`` is for the host."""

    shown: dict[str, Any]
    run: Doc


def plan(project: Doc, request: Request, *, handed_over: bool) -> Plan:
    """Merge and check. Raises InvalidInputException."""
    source = _source(project, request)
    artifacts = artifacts_with_defaults(request.get("artifactsOverride") or project["artifacts"], project["name"])
    secondary_sources = _either(request, "secondarySourcesOverride", project.get("secondarySources", []))
    secondary_artifacts = [
        artifacts_with_defaults(each, "")
        for each in _either(request, "secondaryArtifactsOverride", project.get("secondaryArtifacts", []))
    ]
    if source["type"] == "CODEPIPELINE":
        raise invalid("SourceTypeOverride and SourceLocationOverride must be set when using source type CodePipelines")
    if artifacts["type"] == "CODEPIPELINE":
        raise invalid("ArtifactsOverride must be set when using artifacts type CodePipelines")
    environment = _environment(project, request)
    role = _either(request, "serviceRoleOverride", project["serviceRole"])
    logs = _either(request, "logsConfigOverride", project.get("logsConfig") or {})
    timeout = _either(request, "timeoutInMinutesOverride", project["timeoutInMinutes"])
    queued = _either(request, "queuedTimeoutInMinutesOverride", project["queuedTimeoutInMinutes"])
    _check(source, artifacts, secondary_sources, secondary_artifacts, environment)
    check_role(role)
    check_logs(logs)
    check_range("timeoutInMinutesOverride", timeout, 5, 2160)
    check_range("queuedTimeoutInMinutesOverride", queued, 5, 480)
    versions = {
        each["sourceIdentifier"]: each["sourceVersion"]
        for each in _either(request, "secondarySourcesVersionOverride", project.get("secondarySourceVersions", []))
    }
    version = request.get("sourceVersion") or ("" if handed_over else project.get("sourceVersion", ""))
    pipeline = handed_over and project["source"]["type"] == "CODEPIPELINE"
    run: Doc = {
        "sources": [
            _fetch(source, "" if pipeline else version),
            *(_fetch(each, versions.get(each["sourceIdentifier"], "")) for each in secondary_sources),
        ],
        "buildspec": source.get("buildspec", ""),
        "artifacts": [artifacts, *secondary_artifacts],
        "logs": logs,
        "pipeline": pipeline,
    }
    shown: dict[str, Any] = {
        "source": source,
        "secondarySources": secondary_sources,
        "secondarySourceVersions": [{"sourceIdentifier": key, "sourceVersion": value} for key, value in versions.items()],
        "environment": environment,
        "serviceRole": role,
        "timeoutInMinutes": timeout,
        "queuedTimeoutInMinutes": queued,
        "encryptionKey": _either(request, "encryptionKeyOverride", project["encryptionKey"]),
        "cache": _either(request, "cacheOverride", project["cache"]),
    }
    if "vpcConfig" in project:
        shown["vpcConfig"] = project["vpcConfig"]
    if pipeline:
        _show_pipeline(shown, run, version)
    elif version:
        shown["sourceVersion"] = version
    return Plan(shown, run)


def _either(request: Request, override: str, otherwise: Any) -> Any:
    return request.get(override, otherwise)


def _show_pipeline(shown: dict[str, Any], run: Doc, revision: str) -> None:
    shown["sourceVersion"] = f"arn:aws:s3:::{shown['source']['location']}"
    shown["source"] = {"type": "CODEPIPELINE"} | ({"buildspec": run["buildspec"]} if run["buildspec"] else {})
    shown["secondarySources"] = [
        {"type": "CODEPIPELINE", "sourceIdentifier": each["sourceIdentifier"]} for each in shown["secondarySources"]
    ]
    if revision:
        shown["resolvedSourceVersion"] = revision


def _source(project: Doc, request: Request) -> dict[str, Any]:
    source = dict(project["source"])
    if "sourceTypeOverride" in request and request["sourceTypeOverride"] != source["type"]:
        # A location or credential of one kind of source means nothing to another.
        source = {key: value for key, value in source.items() if key in ("buildspec",)}
    source |= {member: request[name] for name, member in _SOURCE.items() if name in request}
    if "buildspecOverride" in request:
        source["buildspec"] = request["buildspecOverride"]
    return source


def _environment(project: Doc, request: Request) -> dict[str, Any]:
    environment = {
        **project["environment"],
        **{member: request[name] for name, member in _ENVIRONMENT.items() if name in request},
    }
    changed = request.get("environmentVariablesOverride", [])
    check_variables(changed)
    merged = {each["name"]: each for each in environment["environmentVariables"]}
    merged |= {each["name"]: {"type": "PLAINTEXT", **each} for each in changed}
    environment["environmentVariables"] = list(merged.values())
    return environment


def _check(
    source: dict[str, Any],
    artifacts: dict[str, Any],
    secondary_sources: list[dict[str, Any]],
    secondary_artifacts: list[dict[str, Any]],
    environment: dict[str, Any],
) -> None:
    check_source(source)
    check_artifacts(artifacts)
    if any(each["type"] == "CODEPIPELINE" for each in secondary_artifacts):
        raise invalid("SecondaryArtifactsOverride must be set when using artifacts type CodePipelines")
    check_secondary(secondary_sources, secondary_artifacts)
    check_environment(environment)


def _fetch(source: dict[str, Any], version: str) -> Doc:
    return {
        "identifier": source.get("sourceIdentifier", ""),
        "type": source["type"],
        "location": source.get("location", ""),
        "version": version,
        "depth": source.get("gitCloneDepth", 0),
        "submodules": bool((source.get("gitSubmodulesConfig") or {}).get("fetchSubmodules")),
        "insecure": bool(source.get("insecureSsl")),
    }
