"""The environment variables of a build, built from nothing: later layers beat earlier ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
RESERVED = "CODEBUILD_"


@dataclass(frozen=True)
class SourceFolder:
    """Where a source lies in the box. ``identifier`` is empty for the primary one."""

    folder: str
    identifier: str = ""
    url: str = ""
    version: str = ""


@dataclass(frozen=True)
class Facts:
    """What the server knows of a build and tells it."""

    arn: str
    id: str
    number: int
    image: str
    initiator: str
    key: str
    start: int
    region: str
    account: str
    home: str
    log_path: str = ""
    resolved_version: str = ""
    sources: tuple[SourceFolder, ...] = ()
    credentials: Mapping[str, str] = field(default_factory=dict)


def variables(facts: Facts, buildspec: Mapping[str, str], project: Iterable[tuple[str, str]]) -> dict[str, str]:
    """All variables. ``project`` is the project's list with the overrides of this build merged in."""
    own = {**buildspec, **dict(project)}
    return {
        "PATH": PATH,
        "HOME": facts.home,
        "LANG": "C.UTF-8",
        "AWS_DEFAULT_REGION": facts.region,
        "AWS_REGION": facts.region,
        **facts.credentials,
        **{name: value for name, value in own.items() if not name.startswith(RESERVED)},
        **_told(facts),
    }


def reserved(names: Iterable[str]) -> list[str]:
    """The names among ``names`` that only the server sets."""
    return sorted(name for name in names if name.startswith(RESERVED))


def _told(facts: Facts) -> dict[str, str]:
    told = {
        "CODEBUILD_BUILD_ARN": facts.arn,
        "CODEBUILD_BUILD_ID": facts.id,
        "CODEBUILD_BUILD_IMAGE": facts.image,
        "CODEBUILD_BUILD_NUMBER": str(facts.number),
        "CODEBUILD_BUILD_SUCCEEDING": "1",
        "CODEBUILD_CI": "true",
        "CODEBUILD_INITIATOR": facts.initiator,
        "CODEBUILD_KMS_KEY_ID": facts.key,
        "CODEBUILD_LOG_PATH": facts.log_path,
        "CODEBUILD_START_TIME": str(facts.start),
    }
    if facts.resolved_version:
        told["CODEBUILD_RESOLVED_SOURCE_VERSION"] = facts.resolved_version
    for source in facts.sources:
        tail = f"_{source.identifier}" if source.identifier else ""
        told[f"CODEBUILD_SRC_DIR{tail}"] = source.folder
        told[f"CODEBUILD_SOURCE_REPO_URL{tail}"] = source.url
        if source.version:
            told[f"CODEBUILD_SOURCE_VERSION{tail}"] = source.version
    return told
