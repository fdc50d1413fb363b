"""Variables whose values are elsewhere: parameters and secrets, read as the build's role when the build begins.

They go into the environment of the commands and nowhere else: the build's record keeps the references.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stageline.core.build import references
from stageline.core.build.buildspec import Buildspec
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.store import Doc
from stageline.services.codebuild.hosting.failure import Failure

PARAMETERS, SECRETS = "Decrypted Variables Error", "Secrets Manager Error Message"
AT_ONCE = 10


@dataclass(frozen=True)
class Resolved:
    """The values of one build's variables, by the level at which they were named.

    ``confidential`` are those that were sealed where they came from; no log shows the others either.
    """

    buildspec: Mapping[str, str] = field(default_factory=dict)
    project: Mapping[str, str] = field(default_factory=dict)
    confidential: tuple[str, ...] = ()

    @property
    def names(self) -> set[str]:
        """The variables whose values come from elsewhere."""
        return {*self.buildspec, *self.project}

    def values(self) -> list[str]:
        """Everything that no log may show."""
        return [*self.buildspec.values(), *self.project.values()]


def resolve(role: Aws, spec: Buildspec, own: Sequence[Doc], say: Callable[[str], None]) -> Resolved:
    """Read all values; Failure with CodeBuild's status codes."""
    mine = {each["name"] for each in own}
    # What the project says beats the buildspec: what is beaten is not read at all.
    spec_parameters = {name: text for name, text in spec.parameters.items() if name not in mine}
    spec_secrets = {name: text for name, text in spec.secrets.items() if name not in mine}
    parameters, secrets = _declared(own, "PARAMETER_STORE"), _declared(own, "SECRETS_MANAGER")
    wanted = list(dict.fromkeys([*spec_parameters.values(), *parameters.values()]))
    if wanted:
        say("Decrypting parameter store environment variables")
    stored, secure = _parameters(role, wanted)
    held = {text: _secret(role, text) for text in dict.fromkeys([*spec_secrets.values(), *secrets.values()])}
    resolved = Resolved(
        _named(spec_parameters, stored) | _named(spec_secrets, held),
        _named(parameters, stored) | _named(secrets, held),
        (*secure, *held.values()),
    )
    for name, value in (*resolved.buildspec.items(), *resolved.project.items()):
        if "\0" in value:
            raise Failure(SECRETS, f"the value of {name} has a NUL, which no environment variable can hold")
    return resolved


def _declared(own: Sequence[Doc], kind: str) -> dict[str, str]:
    return {each["name"]: each["value"] for each in own if each.get("type") == kind}


def _named(references_by_name: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    return {name: values[text] for name, text in references_by_name.items()}


def _parameters(role: Aws, wanted: list[str]) -> tuple[dict[str, str], list[str]]:
    """The values by what was asked for, and those of SecureStrings."""
    found: dict[str, str] = {}
    secure: list[str] = []
    for start in range(0, len(wanted), AT_ONCE):
        asked = wanted[start : start + AT_ONCE]
        try:
            answer = role.call("ssm", "GetParameters", Names=asked, WithDecryption=True)
        except ApiError as error:
            told = f"{error.code}: {error.message}"
            raise Failure(PARAMETERS, f"parameter does not exist: {', '.join(asked)} ({told})") from error
        if unknown := answer.get("InvalidParameters"):
            raise Failure(PARAMETERS, f"parameter does not exist: {', '.join(unknown)}")
        for each in answer["Parameters"]:
            found |= dict.fromkeys(_spellings(each), each["Value"])
            secure += [each["Value"]] if each["Type"] == "SecureString" else []
    return found, secure


def _spellings(parameter: Mapping[str, Any]) -> list[str]:
    """The ways to ask for what was found."""
    selector = parameter.get("Selector", "")
    return [f"{parameter['Name']}{selector}", f"{parameter['ARN']}{selector}"]


def _secret(role: Aws, text: str) -> str:
    try:
        wanted = references.read(text)
        chosen = {"VersionStage": wanted.stage or None, "VersionId": wanted.version or None}
        answer = role.call("secretsmanager", "GetSecretValue", SecretId=wanted.secret, **chosen)
        if "SecretString" not in answer:
            raise ValueError("the secret is binary, which no environment variable can hold")
        value: str = answer["SecretString"]
        return references.part(value, wanted.json_key) if wanted.json_key else value
    except ApiError as error:
        raise Failure(SECRETS, f"{error.code}: {error.message} (reading {text})") from error
    except ValueError as error:
        raise Failure(SECRETS, f"{error} (reading {text})") from error
