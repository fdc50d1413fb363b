"""Secrets and parameters in builds: read as the build's role, in the environment alone, hidden in every log, in no record."""

import json
import threading
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from stageline.testing.pipelines import refused


@pytest.fixture(scope="module")
def role(world: Any) -> str:
    """A role for builds that may read the secrets and parameters below ``open/``."""
    iam = world.client("iam")
    arn = iam.create_role(RoleName="secret-reader", AssumeRolePolicyDocument=json.dumps(world.trust))["Role"]["Arn"]
    arns = "arn:aws:%s:us-east-1:000000000000:%s:open/*"
    read = {"Action": ["ssm:GetParameters"], "Resource": "arn:aws:ssm:us-east-1:000000000000:parameter/open/*"}
    secrets = {"Action": ["secretsmanager:GetSecretValue"], "Resource": arns % ("secretsmanager", "secret")}
    statements = [{"Effect": "Allow", **each} for each in ({"Action": ["s3:*", "logs:*"], "Resource": "*"}, read, secrets)]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_role_policy(RoleName="secret-reader", PolicyName="p", PolicyDocument=document)
    return str(arn)


@pytest.fixture(scope="module")
def keeper(world: Any) -> Any:
    return world.client("secretsmanager")


@pytest.fixture(scope="module")
def ssm(world: Any) -> Any:
    return world.client("ssm")


def canary() -> str:
    return f"canary{uuid.uuid4().hex}"


def said_backwards(name: str, value: str) -> str:
    """A command that tells whether a variable has a value without having the value in its text."""
    return f'test "${name}" = "$(printf %s {value[::-1]} | rev)" && echo {name} is right'


def test_every_way_to_name_a_secret_or_parameter(make: Any, world: Any, role: str, keeper: Any, ssm: Any) -> None:
    values = {name: canary() for name in ("WHOLE", "KEYED", "BYARN", "STAGE", "VERSION", "PARAM", "SECURE", "OWN", "OWNPARAM")}
    name = f"open/{uuid.uuid4().hex}"
    arn = keeper.create_secret(Name=f"{name}/json", SecretString=json.dumps({"k": values["KEYED"], "a": values["BYARN"]}))["ARN"]
    keeper.create_secret(Name=f"{name}/whole", SecretString=values["WHOLE"])
    old = keeper.create_secret(Name=f"{name}/old", SecretString=values["VERSION"])["VersionId"]
    keeper.put_secret_value(SecretId=f"{name}/old", SecretString=values["STAGE"])
    keeper.put_secret_value(SecretId=f"{name}/old", SecretString="current one")
    keeper.create_secret(Name=f"{name}/own", SecretString=values["OWN"])
    ssm.put_parameter(Name=f"/{name}/plain", Value=values["PARAM"], Type="String")
    ssm.put_parameter(Name=f"/{name}/plain", Value="newer", Overwrite=True)
    ssm.put_parameter(Name=f"/{name}/secure", Value=values["SECURE"], Type="SecureString")
    ssm.put_parameter(Name=f"/{name}/own", Value=values["OWNPARAM"], Type="SecureString")
    spec = {
        "version": 0.2,
        "env": {
            "secrets-manager": {
                "WHOLE": f"{name}/whole",
                "KEYED": f"{name}/json:k",
                "BYARN": f"{arn}:a",
                "STAGE": f"{name}/old::AWSPREVIOUS",
                "VERSION": f"{name}/old:::{old}",
                "OWN": "beaten/by/the/project",
            },
            "parameter-store": {"PARAM": f"/{name}/plain:1", "SECURE": f"/{name}/secure"},
        },
        "phases": {"build": {"commands": [said_backwards(each, value) for each, value in values.items()]}},
    }
    own = [
        {"name": "OWN", "value": f"{name}/own", "type": "SECRETS_MANAGER"},
        {"name": "OWNPARAM", "value": f"/{name}/own", "type": "PARAMETER_STORE"},
        {"name": "PLAIN", "value": "plain", "type": "PLAINTEXT"},
    ]
    project = make.project(json.dumps(spec), serviceRole=role, environment={"environmentVariables": own})
    ended = make.wait(make.start(project))
    assert ended.status == "SUCCEEDED", ended.log
    assert ended.output() == [f"{each} is right" for each in values]
    assert "Decrypting parameter store environment variables" in ended.log
    assert ended.build["environment"]["environmentVariables"] == own
    told = json.dumps([ended.build, world.seen], default=str)
    assert not [each for each, value in values.items() if value in told]


def test_no_log_shows_a_secret_not_in_pieces_and_not_when_the_agent_speaks(make: Any, role: str, keeper: Any, ssm: Any) -> None:
    one, lines, secure = canary(), f"{canary()}\n{canary()}", canary()
    name = f"open/{uuid.uuid4().hex}"
    keeper.create_secret(Name=f"{name}/one", SecretString=one)
    keeper.create_secret(Name=f"{name}/lines", SecretString=lines)
    ssm.put_parameter(Name=f"/{name}", Value=secure, Type="SecureString")
    spec = {
        "version": 0.2,
        "env": {
            "secrets-manager": {"ONE": f"{name}/one", "LINES": f"{name}/lines"},
            "parameter-store": {"SECURE": f"/{name}"},
        },
        "phases": {
            "build": {
                "commands": [
                    'echo "$ONE $SECURE"',
                    'for i in $(seq ${#ONE}); do printf %s "$(printf %s $ONE | cut -c$i)"; sleep 0.01; done; echo',
                    'echo "$LINES"',
                    f"echo {one} >&2",
                    "head -c 300000 /dev/zero | tr '\\0' x; printf %s $ONE; head -c 300000 /dev/zero | tr '\\0' y; echo",
                    "env",
                ]
            }
        },
    }
    ended = make.run(json.dumps(spec), serviceRole=role)
    assert ended.status == "SUCCEEDED"
    assert ended.output()[:5] == ["*** ***", "***", "***", "***", "***"]
    joined = ended.log.replace("\n", "")
    for secret in (one, secure, *lines.split("\n")):
        assert secret not in joined
    assert "Running command echo ***" in ended.log


def test_a_variable_made_of_a_secret_is_exported_without_it(make: Any, role: str, keeper: Any, ssm: Any) -> None:
    value, name = canary(), f"open/{uuid.uuid4().hex}"
    keeper.create_secret(Name=name, SecretString=value)
    ssm.put_parameter(Name=f"/{name}", Value="1.2.3", Type="String")
    spec = {
        "version": 0.2,
        "env": {
            "secrets-manager": {"ONE": name},
            "parameter-store": {"RELEASE": f"/{name}"},
            "exported-variables": ["ONE", "MADE", "TAG"],
        },
        "phases": {"build": {"commands": ['MADE="before $ONE"', 'TAG="app:$RELEASE"']}},
    }
    ended = make.run(json.dumps(spec), serviceRole=role)
    exported = [{"name": "MADE", "value": "before ***"}, {"name": "TAG", "value": "app:1.2.3"}]
    assert ended.build["exportedEnvironmentVariables"] == exported
    assert "Not exporting ONE: its value is secret" in ended.log


def test_an_artifact_is_not_named_after_a_secret(make: Any, role: str, keeper: Any) -> None:
    value, name = canary(), f"open/{uuid.uuid4().hex}"
    keeper.create_secret(Name=name, SecretString=value)
    spec = {
        "version": 0.2,
        "env": {"secrets-manager": {"ONE": name}},
        "phases": {"build": {"commands": ["echo x >file"]}},
        "artifacts": {"files": ["file"], "name": "a-$ONE"},
    }
    artifacts = {"type": "S3", "location": "output", "name": "x", "overrideArtifactName": True}
    ended = make.run(json.dumps(spec), serviceRole=role, artifacts=artifacts)
    assert ended.context("UPLOAD_ARTIFACTS")[0] == "CLIENT_ERROR"
    assert value not in json.dumps(ended.build, default=str) + ended.log


def test_no_process_has_a_secret_on_its_command_line(make: Any, role: str, keeper: Any) -> None:
    value, name = canary(), f"open/{uuid.uuid4().hex}"
    keeper.create_secret(Name=name, SecretString=value)
    spec = {
        "version": 0.2,
        "env": {"secrets-manager": {"ONE": name}},
        "phases": {"build": {"commands": ["sleep 0.4", "sleep 0.4"]}},
    }
    seen: set[bytes] = set()
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            for file in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(file.read_bytes())
                except OSError:
                    continue
            time.sleep(0.005)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        assert make.run(json.dumps(spec), serviceRole=role).status == "SUCCEEDED"
    finally:
        done.set()
        watcher.join()
    assert any(b"sleep" in line for line in seen)
    assert not any(value.encode() in line for line in seen)


PARAMETERS, SECRETS = "Decrypted Variables Error", "Secrets Manager Error Message"


@pytest.mark.parametrize(
    ("kind", "reference", "code", "text"),
    [
        ("parameter-store", "/open/none", PARAMETERS, "parameter does not exist: /open/none"),
        ("parameter-store", "/shut/there", PARAMETERS, "AccessDeniedException: "),
        ("secrets-manager", "open/none", SECRETS, "ResourceNotFoundException: "),
        ("secrets-manager", "shut/there", SECRETS, "AccessDeniedException: "),
        ("secrets-manager", "open/plain:key", SECRETS, "the secret is not a JSON object, so it has no keys"),
        ("secrets-manager", "open/json:none", SECRETS, "the secret has no key 'none'"),
        ("secrets-manager", "open/binary", SECRETS, "the secret is binary"),
        ("secrets-manager", "open/nul", SECRETS, "has a NUL"),
        ("secrets-manager", "open/json:k:AWSCURRENT:x", SECRETS, "give one of them"),
        ("secrets-manager", "open/json:k:a:b:c", SECRETS, "has too many parts"),
    ],
)
def test_what_cannot_be_read_fails_the_build(
    make: Any, there: None, role: str, kind: str, reference: str, code: str, text: str
) -> None:
    spec = {"version": 0.2, "env": {kind: {"A": reference}}, "phases": {"build": {"commands": ["echo not reached"]}}}
    ended = make.run(json.dumps(spec), serviceRole=role)
    assert ended.statuses()["DOWNLOAD_SOURCE"] == "FAILED"
    found, message = ended.context("DOWNLOAD_SOURCE")
    assert found == code
    assert text in message
    assert "hidden-value" not in json.dumps(ended.build, default=str) + ended.log
    assert "not reached" not in ended.output()


@pytest.fixture(scope="module")
def there(keeper: Any, ssm: Any) -> None:
    for name in ("shut/there", "open/plain"):
        keeper.create_secret(Name=name, SecretString="hidden-value")
    keeper.create_secret(Name="open/json", SecretString='{"k": "hidden-value"}')
    keeper.create_secret(Name="open/binary", SecretBinary=b"hidden-value")
    keeper.create_secret(Name="open/nul", SecretString="hidden-value\0")
    ssm.put_parameter(Name="/shut/there", Value="hidden-value", Type="SecureString")
    refused("ParameterAlreadyExists", ssm.put_parameter, Name="/shut/there", Value="x", Type="SecureString")
