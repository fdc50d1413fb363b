"""What is missing, wrong or hostile fails its action with a text that helps, and leaves the execution to be retried."""

import socket
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline.testing.process import ServerProcess

GOOD_BUILDSPEC = "version: 0.2\nphases: {build: {commands: [echo hello > made.txt]}}\nartifacts: {files: [made.txt]}\n"


@dataclass(frozen=True)
class Place:
    """A server with an artifact bucket and roles, for pipelines of any kind."""

    cloud: Any
    role: str
    build_role: str
    make_action: Callable[..., dict[str, Any]]

    def source(self, name: str, body: bytes) -> dict[str, Any]:
        """An S3 source action over a new object."""
        self.cloud.s3.put_object(Bucket="incoming", Key=name, Body=body)
        return self.s3_source("incoming", name)

    def s3_source(self, bucket: str, key: str) -> dict[str, Any]:
        configuration = {"S3Bucket": bucket, "S3ObjectKey": key, "PollForSourceChanges": "false"}
        return self.make_action("Source", "Source/S3", configuration, makes="code")

    def git_source(self, repository: str, branch: str) -> dict[str, Any]:
        configuration = {"RepositoryName": repository, "BranchName": branch, "PollForSourceChanges": "false"}
        return self.make_action("Source", "Source/CodeCommit", configuration, makes="code")

    def build(self, project: str) -> dict[str, Any]:
        return self.make_action("Build", "Build/CodeBuild", {"ProjectName": project}, reads="code", makes="built")

    def deploy(self, bucket: str) -> dict[str, Any]:
        configuration = {"BucketName": bucket, "Extract": "true"}
        return self.make_action("Deploy", "Deploy/S3", configuration, reads="code")

    def failure(self, pipeline: str, action: str) -> tuple[str, str]:
        """The code and the text with which an action of an ended execution failed."""
        assert self.cloud.ended(pipeline)["status"] == "Failed"
        latest = self.cloud.latest(pipeline, action)
        assert latest["status"] == "Failed"
        return latest["errorDetails"]["code"], latest["errorDetails"]["message"]


@pytest.fixture(scope="module")
def place(cloud: Any, make_action: Any) -> Place:
    for name in ("artifacts", "incoming"):
        cloud.bucket(name, versioned=True)
    cloud.bucket("site")
    return Place(cloud, cloud.pipeline_role(), cloud.build_role(), make_action)


@dataclass(frozen=True)
class Case:
    """A broken setting: the actions, which of them fails, how, and what mends it."""

    actions: list[dict[str, Any]]
    failing: str
    code: str
    says: tuple[str, ...]
    mend: Callable[[], object]
    store: str = "artifacts"
    role: str = ""


def no_source_bucket(at: Place, zipped: bytes) -> Case:
    def mend() -> None:
        at.cloud.bucket("later", versioned=True)
        at.cloud.s3.put_object(Bucket="later", Key="a.zip", Body=zipped)

    says = ("S3 object a.zip in the bucket later", "bucket does not exist")
    return Case([at.s3_source("later", "a.zip"), at.deploy("site")], "Source", "ConfigurationError", says, mend)


def no_source_object(at: Place, zipped: bytes) -> Case:
    def mend() -> None:
        at.cloud.s3.put_object(Bucket="incoming", Key="absent.zip", Body=zipped)

    says = ("absent.zip in the bucket incoming", "key does not exist")
    return Case([at.s3_source("incoming", "absent.zip"), at.deploy("site")], "Source", "ConfigurationError", says, mend)


def source_bucket_without_versions(at: Place, zipped: bytes) -> Case:
    at.cloud.bucket("plain")
    at.cloud.s3.put_object(Bucket="plain", Key="a.zip", Body=zipped)

    def mend() -> None:
        at.cloud.s3.put_bucket_versioning(Bucket="plain", VersioningConfiguration={"Status": "Enabled"})
        at.cloud.s3.put_object(Bucket="plain", Key="a.zip", Body=zipped)

    says = ("bucket plain is not versioned", "Enable versioning")
    return Case([at.s3_source("plain", "a.zip"), at.deploy("site")], "Source", "ConfigurationError", says, mend)


def no_repository(at: Place, zipped: bytes) -> Case:
    def mend() -> None:
        at.cloud.codecommit.create_repository(repositoryName="later")
        _commit(at, "later", "main")

    says = ("branch main of the CodeCommit repository later", "does not exist")
    return Case([at.git_source("later", "main"), at.deploy("site")], "Source", "ConfigurationError", says, mend)


def no_branch(at: Place, zipped: bytes) -> Case:
    at.cloud.codecommit.create_repository(repositoryName="trunk")
    _commit(at, "trunk", "main")
    says = ("branch release of the CodeCommit repository trunk",)
    actions = [at.git_source("trunk", "release"), at.deploy("site")]

    def mend() -> None:
        head = at.cloud.codecommit.get_branch(repositoryName="trunk", branchName="main")["branch"]["commitId"]
        at.cloud.codecommit.create_branch(repositoryName="trunk", branchName="release", commitId=head)

    return Case(actions, "Source", "ConfigurationError", says, mend)


def no_project(at: Place, zipped: bytes) -> Case:
    actions = [at.source("for-project.zip", zipped), at.build("absent")]
    says = ("CodeBuild project absent does not exist",)
    mend = lambda: at.cloud.project("absent", at.build_role, GOOD_BUILDSPEC)  # noqa: E731
    return Case(actions, "Build", "ConfigurationError", says, mend)


def no_build_role(at: Place, zipped: bytes) -> Case:
    at.cloud.project("roleless", at.cloud.build_role("absent"), GOOD_BUILDSPEC)
    at.cloud.iam.delete_role_policy(RoleName="absent", PolicyName="work")
    at.cloud.iam.delete_role(RoleName="absent")
    actions = [at.source("for-role.zip", zipped), at.build("roleless")]
    says = ("PROVISIONING", "ACCESS_DENIED", "role/absent")
    return Case(actions, "Build", "JobFailed", says, lambda: at.cloud.build_role("absent"))


def no_deploy_bucket(at: Place, zipped: bytes) -> Case:
    actions = [at.source("for-deploy.zip", zipped), at.deploy("absent-site")]
    says = ("bucket absent-site does not exist", "Create it")
    return Case(actions, "Deploy", "ConfigurationError", says, lambda: at.cloud.bucket("absent-site"))


def no_artifact_bucket(at: Place, zipped: bytes) -> Case:
    actions = [at.source("for-store.zip", zipped), at.deploy("site")]
    says = ("artifact bucket absent-store does not exist", "Create it")
    mend = lambda: at.cloud.bucket("absent-store", versioned=True)  # noqa: E731
    return Case(actions, "Source", "ConfigurationError", says, mend, store="absent-store")


def a_role_without_rights(at: Place, zipped: bytes) -> Case:
    role = at.cloud.role("narrow", "codepipeline", "s3:GetObject", "s3:GetBucketVersioning")

    def mend() -> None:
        rights = at.cloud.policy({"Action": "s3:*", "Resource": "*"})
        at.cloud.iam.put_role_policy(RoleName="narrow", PolicyName="work", PolicyDocument=rights)

    actions = [at.source("for-rights.zip", zipped), at.deploy("site")]
    says = ("may not write to the artifact bucket artifacts", "s3:PutObject", "role/narrow")
    return Case(actions, "Source", "PermissionError", says, mend, role=role)


def an_object_that_is_forbidden(at: Place, zipped: bytes) -> Case:
    at.cloud.bucket("closed", versioned=True)
    at.cloud.s3.put_object(Bucket="closed", Key="a.zip", Body=zipped)
    deny = {"Effect": "Deny", "Action": "s3:GetObject", "Principal": "*", "Resource": "arn:aws:s3:::closed/*"}
    at.cloud.s3.put_bucket_policy(Bucket="closed", Policy=at.cloud.policy(deny))
    says = ("does not have permissions to read the S3 object a.zip in the bucket closed", "explicit deny")
    actions = [at.s3_source("closed", "a.zip"), at.deploy("site")]
    return Case(actions, "Source", "PermissionError", says, lambda: at.cloud.s3.delete_bucket_policy(Bucket="closed"))


def _commit(at: Place, repository: str, branch: str) -> None:
    at.cloud.codecommit.create_commit(
        repositoryName=repository, branchName=branch, putFiles=[{"filePath": "a.txt", "fileContent": b"a"}]
    )


@pytest.mark.parametrize(
    "broken",
    [
        no_source_bucket,
        no_source_object,
        source_bucket_without_versions,
        no_repository,
        no_branch,
        no_project,
        no_build_role,
        no_deploy_bucket,
        no_artifact_bucket,
        a_role_without_rights,
        an_object_that_is_forbidden,
    ],
    ids=lambda each: each.__name__,
)
def test_what_is_missing_is_named_and_the_stage_can_be_retried(
    place: Place, make_zip: Any, broken: Callable[[Place, bytes], Case]
) -> None:
    cloud, name = place.cloud, broken.__name__
    case = broken(place, make_zip({"index.html": "hello"}))
    cloud.pipeline(name, case.role or place.role, case.store, *case.actions)
    code, text = place.failure(name, case.failing)
    assert code == case.code, text
    for part in case.says:
        assert part in text
    failed = cloud.ended(name)["pipelineExecutionId"]
    case.mend()
    cloud.codepipeline.retry_stage_execution(
        pipelineName=name, stageName=case.failing, pipelineExecutionId=failed, retryMode="FAILED_ACTIONS"
    )
    ended = cloud.ended(name, failed)
    assert ended["status"] == "Succeeded", ended
    assert len(cloud.executions(name)) == 1
    runs = [(each["actionName"], each["status"]) for each in cloud.runs(name)]
    assert runs.count((case.failing, "Failed")) == 1
    assert runs.count((case.failing, "Succeeded")) == 1


def _with_link(target: str) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, target)
        archive.writestr("link/passwd", "x")
    return content.getvalue()


def _bomb() -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("zeros", bytes(256 * 1024 * 1024))
    return content.getvalue()


HOSTILE: dict[str, tuple[Callable[[Any], bytes], str]] = {
    "no-zip": (lambda make_zip: b"this is no zip at all", "zip"),
    "empty": (lambda make_zip: b"", "zip"),
    "cut": (lambda make_zip: bytes(make_zip({"index.html": "hello" * 1000})[:-30]), "zip"),
    "climbs": (lambda make_zip: bytes(make_zip({"good.txt": "x", "../../climbed.txt": "x"})), "'../../climbed.txt'"),
    "absolute": (lambda make_zip: bytes(make_zip({"good.txt": "x", "/tmp/absolute.txt": "x"})), "'/tmp/absolute.txt'"),
    "link": (lambda make_zip: _with_link("/etc"), "'link'"),
    "bomb": (lambda make_zip: _bomb(), "times its size"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_archive_is_refused_by_whatever_reads_it(place: Place, make_zip: Any, kind: str) -> None:
    make, says = HOSTILE[kind]
    cloud = place.cloud
    cloud.bucket(f"site-{kind}")
    cloud.project(f"project-{kind}", place.build_role, GOOD_BUILDSPEC)
    cloud.s3.put_object(Bucket="incoming", Key=f"{kind}.zip", Body=make(make_zip))
    stages = [
        {"name": "Source", "actions": [place.s3_source("incoming", f"{kind}.zip")]},
        {"name": "Consume", "actions": [place.build(f"project-{kind}"), place.deploy(f"site-{kind}")]},
    ]
    store = {"type": "S3", "location": "artifacts"}
    cloud.codepipeline.create_pipeline(
        pipeline={"name": kind, "pipelineType": "V2", "roleArn": place.role, "artifactStore": store, "stages": stages}
    )
    code, text = place.failure(kind, "Deploy")
    assert code == "JobFailed"
    assert "input artifact code cannot be unpacked" in text
    assert says in text
    code, text = place.failure(kind, "Build")
    assert code == "JobFailed"
    assert "Phase: DOWNLOAD_SOURCE" in text
    assert says in text
    assert "Contents" not in cloud.s3.list_objects_v2(Bucket=f"site-{kind}"), "a part of a refused archive was deployed"
    assert not Path("/tmp/absolute.txt").exists()


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"readme.txt": "nothing else"}, ("YAML_FILE_ERROR", "buildspec.yml: no such file")),
        ({"buildspec.yml": "version: 0.2\nphases:\n  build:\n    commands: [echo 'oops\n"}, ("YAML_FILE_ERROR", "line 5")),
        ({"buildspec.yml": "version: 0.2\nphases:\n\tbuild: {}\n"}, ("YAML_FILE_ERROR", "line 3")),
        ({"buildspec.yml": "version: 0.2\nphases:\n  biuld:\n    commands: [x]\n"}, ("YAML_FILE_ERROR", "biuld")),
        ({"buildspec.yml": "phases: {build: {commands: [x]}}\n"}, ("YAML_FILE_ERROR", "version")),
    ],
    ids=["missing", "unclosed", "tab", "unknown-phase", "no-version"],
)
def test_a_bad_buildspec_fails_the_download_of_the_source(
    place: Place, make_zip: Any, request: pytest.FixtureRequest, files: dict[str, str], says: tuple[str, str]
) -> None:
    cloud = place.cloud
    name = request.node.callspec.id
    if "spec" not in cloud.codebuild.list_projects()["projects"]:
        cloud.project("spec", place.build_role)
    cloud.pipeline(
        f"spec-{name}", place.role, "artifacts", place.source(f"spec-{name}.zip", make_zip(files)), place.build("spec")
    )
    code, text = place.failure(f"spec-{name}", "Build")
    assert code == "JobFailed"
    assert "Phase: DOWNLOAD_SOURCE" in text
    for part in says:
        assert part in text
    build = cloud.codebuild.list_builds_for_project(projectName="spec")["ids"][0]
    phases = cloud.codebuild.batch_get_builds(ids=[build])["builds"][0]["phases"]
    failed = [each for each in phases if each.get("phaseStatus") == "FAILED"]
    assert [each["phaseType"] for each in failed] == ["DOWNLOAD_SOURCE"]
    assert "BUILD" not in [each["phaseType"] for each in phases]


def test_a_pipeline_with_a_role_that_is_not_there_is_refused(place: Place) -> None:
    role = "arn:aws:iam::000000000000:role/not-there"
    with pytest.raises(ClientError, match=f"not authorized to perform AssumeRole on role {role}"):
        place.cloud.pipeline("roleless", role, "artifacts", place.s3_source("incoming", "a.zip"), place.deploy("site"))
    assert "roleless" not in [each["name"] for each in place.cloud.codepipeline.list_pipelines()["pipelines"]]


def test_a_data_folder_has_one_server(server: ServerProcess, stageline: Any) -> None:
    done = stageline("up", "--data", str(server.data), "--port", "0")
    assert done.returncode == 1
    assert done.stdout == ""
    text = f"{server.data} is in use by process {server.pid}; stop that server first, or choose another data folder"
    assert done.stderr == f"stageline: {text}\n"
    doctor = stageline("doctor", "--data", str(server.data), "--port", "0")
    assert "in use by a running server" in doctor.stdout
    assert f"the running server is at {server.endpoint}" in doctor.stdout
    assert doctor.returncode == 0, doctor.stdout


def test_a_port_that_is_taken_is_named(tmp_path: Path, stageline: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = stageline("up", "--data", str(tmp_path / "data"), "--port", port)
    assert done.returncode == 1
    assert done.stderr == f"stageline: cannot listen on 127.0.0.1:{port}: Address already in use. " + (
        "Choose another with --port or --host.\n"
    )
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "says"),
    [
        (["--port", "70000"], {}, 2, "port: Input should be less than or equal to 65535"),
        ([], {"STAGELINE_PORT": "http"}, 2, "port: Input should be a valid integer"),
        ([], {"STAGELINE_ACCOUNT": "12"}, 2, "account"),
        ([], {"STAGELINE_SANDBOX": "docker"}, 2, "sandbox"),
        (["--port", "0"], {"STAGELINE_FAULT": "now"}, 2, "STAGELINE_FAULT is POINT:NUMBER"),
        (["--host", "192.0.2.1", "--port", "0"], {}, 1, "cannot listen on 192.0.2.1:0"),
        (["--port", "0", "--data", "/proc/nowhere"], {}, 1, "/proc/nowhere"),
        (["--port", "0"], {"STAGELINE_DATABASE": "postgresql://127.0.0.1:9/none"}, 1, "cannot use the database"),
        (["--bananas"], {}, 2, "No such option: --bananas"),
    ],
    ids=lambda each: "-".join(map(str, each)) if isinstance(each, list | dict) else None,
)
def test_a_wrong_setting_is_named_in_a_line(
    tmp_path: Path, stageline: Any, arguments: list[str], environment: dict[str, str], code: int, says: str
) -> None:
    given = {"STAGELINE_DATA": str(tmp_path / "data"), **environment}
    done = stageline("up", *arguments, environment=given)
    assert says in done.stderr
    assert done.returncode == code
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_asking_for_the_environment_of_a_folder_without_a_server(tmp_path: Path, stageline: Any) -> None:
    done = stageline("env", "--data", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"Start the server once with: stageline up --data {tmp_path}" in done.stderr


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path, stageline: Any) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    done = stageline("up", "--data", str(file), "--port", "0")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(file) in done.stderr
    assert file.read_text() == "x"
