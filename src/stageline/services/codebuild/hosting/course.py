"""The course of a build on its host: phase after phase, each ending in the log and in the build's record."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from stageline.core.build import environment, phases, progress
from stageline.core.build.buildspec import ArtifactSpec, Buildspec, PhaseSpec
from stageline.core.build.environment import Facts, SourceFolder
from stageline.core.build.lines import Lines
from stageline.core.build.phases import COMMAND_PHASES, Context, Status
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.store import Doc
from stageline.services.codebuild.documents import uuid_of
from stageline.services.codebuild.hosting import secretvalues, specification
from stageline.services.codebuild.hosting.artifacts import Artifacts
from stageline.services.codebuild.hosting.commands import run_phase
from stageline.services.codebuild.hosting.failure import Failure
from stageline.services.codebuild.hosting.logwriter import LogWriter
from stageline.services.codebuild.hosting.secretvalues import Resolved
from stageline.services.codebuild.hosting.shell import Shell, ShellEnded, open_shell
from stageline.services.codebuild.hosting.sources import Sources

if TYPE_CHECKING:
    from stageline.services.codebuild.hosting.host import BuildHost
    from stageline.services.codebuild.hosting.record import Record
    from stageline.services.codebuild.hosting.watch import Watch
    from stageline.services.codebuild.hosting.workspace import Workspace

_server_log = logging.getLogger(__name__)

CURATED = "aws/codebuild/"
MOST_EXPORTED = 16_384


class Course:
    """One attempt at one build."""

    def __init__(self, record: Record, watch: Watch, workspace: Workspace, host: BuildHost) -> None:
        self._record = record
        self._watch = watch
        self._workspace = workspace
        self._host = host
        self._log = LogWriter(host.aws, host.clock)
        self._role: Aws = host.aws
        self._shell: Shell | None = None
        self._spec = Buildspec("0.2")
        self._lines = Lines()
        self._resolved = Resolved()
        self._confidential = Lines()
        self.id = record.id

    def run(self) -> None:
        """Go through all phases that the build comes to."""
        while not self._record.steps.complete:
            phase = self._record.steps.current
            self._watch.check()
            if phase == phases.PROVISIONING:
                self._enter(self._provision)
            elif phase == phases.DOWNLOAD_SOURCE:
                self._log.say("Phase is DOWNLOAD_SOURCE")
                self._enter(self._download)
            elif phase in COMMAND_PHASES:
                self._command_phase(phase)
            elif phase == phases.UPLOAD_ARTIFACTS:
                self._enter(self._upload)
            else:
                self._record.leave()

    def broken(self, status: Status, why: Context) -> None:
        """End the build here and now."""
        phase = self._record.steps.current
        self._record.finish(status, (why,))
        self._told(phase, status, why)

    def close(self) -> None:
        """End what still runs and complete the log."""
        if self._shell:
            self._shell.close()
            self._shell = None
        self._log.write(self._lines.end())
        self._log.close()
        self._store_log()

    def _enter(self, work: Callable[[], None]) -> None:
        phase = self._record.steps.current
        why = Context()
        status: Status = "SUCCEEDED"
        try:
            work()
        except Failure as failure:
            why, status = failure.context, "FAILED"
        self._record.leave(status, (why,) if why.code else ())
        self._told(phase, status, why)

    def _told(self, phase: str, status: Status, why: Context) -> None:
        self._log.say(f"Phase complete: {phase} State: {status}")
        self._log.say(f"Phase context status code: {why.code} Message: {why.message}")

    def _provision(self) -> None:
        build, logs = self._record.build, self._record.build["logs"]
        self._workspace.make()
        role, arn = build["serviceRole"], build["arn"]
        service = "AWS CodePipeline" if "work" in self._record.run else "AWS CodeBuild"
        spool = self._workspace.host / "log.gz" if "s3LogsArn" in logs else None
        try:
            self._role = self._assume()
            self._log = LogWriter(
                self._role, self._host.clock, group=logs.get("groupName", ""), stream=logs.get("streamName", ""), spool=spool
            )
            self._log.hide = self._lines.hidden
            self._log.open()
        except ApiError as error:
            raise Failure(
                "ACCESS_DENIED" if "AccessDenied" in error.code else "CLIENT_ERROR",
                f"Service role {role} does not allow {service} to create Amazon CloudWatch Logs log streams for build {arn}. "
                f"Error message: {error.message}",
            ) from error
        if self._record.attempt > 1:
            self._log.say(f"The build host was lost; the build starts again (attempt {self._record.attempt})")
        self._log.say(f"Running on Stageline ({self._host.sandbox.level})")
        self._log.say("Waiting for DOWNLOAD_SOURCE")

    def _assume(self) -> Aws:
        """The project's role, or whoever ordered the commands of a pipeline: in a session that ends with this attempt, since
        its credentials are handed to commands, and behind which is whoever started the build."""
        build, bond, person = self._record.build, self._record.bond, self._record.person
        if "work" not in self._record.run:
            project = f"{build['arn'].split(':build/')[0]}:project/{build['projectName']}"
            session = f"AWSCodeBuild-{uuid_of(self.id)}"
            service, role = "codebuild.amazonaws.com", build["serviceRole"]
            return self._host.aws.as_role(role, session, service=service, source_arn=project, bond=bond, origin=person)
        found = self._host.aws
        for role, session, service, policy, source_arn in self._record.run["work"]["principal"]:
            # Those that are assumed from the first one inherit its bond and its person.
            first = {"bond": bond, "origin": person} if service else {}
            found = found.as_role(role, session, service=service, policy=policy, source_arn=source_arn, **first)
        return found

    def _download(self) -> None:
        run = self._record.run
        if any(source["type"] != "NO_SOURCE" for source in run["sources"]):
            self._record.save()
        sources = Sources(
            self._workspace,
            self._watch,
            self._role,
            self._host.sandbox,
            endpoint=self._host.endpoint,
            region=self._host.region,
            login=self._host.login,
            private=self._host.private,
        )
        numbered = run["pipeline"] and len(run["sources"]) > 1
        folders: list[SourceFolder] = []
        for place, source in enumerate(run["sources"]):
            folder, version = sources.fetch(source, tail=f"s3/{place:02d}" if numbered else "")
            folders.append(folder)
            if not place and version and not run["pipeline"] and source["type"] != "S3":
                self._record.note(resolvedSourceVersion=version)
        self._log.say(f"CODEBUILD_SRC_DIR={self._workspace.source_inside}")
        if "work" in run:
            self._spec, place_found = specification.ordered(run["work"])
        else:
            self._spec, place_found = specification.find(run["buildspec"], self._workspace, self._role)
        self._log.say(f"YAML location is {place_found}")
        self._open_shell(folders)

    def _open_shell(self, folders: list[SourceFolder]) -> None:
        spec, build = self._spec, self._record.build
        own = build["environment"]["environmentVariables"]
        self._log.say("Processing environment variables")
        self._resolved = secretvalues.resolve(self._role, spec, own, self._log.say)
        self._lines.mask(self._resolved.values())
        self._confidential.mask(self._resolved.confidential)
        for name in environment.reserved([*spec.variables, *(each["name"] for each in own)]):
            self._log.say(f"Ignoring the variable {name}: names that begin with CODEBUILD_ are reserved")
        for note in [*_unsupported(build), *spec.notes]:
            self._log.say(note)
        credentials = self._renewed()
        self._log.say(f"Moving to directory {self._workspace.source_inside}")
        self._log.say(f"Phases found in YAML: {len(spec.phases)}")
        for name, phase in spec.phases.items():
            self._log.say(f"  {name.upper()}: {len(phase.commands)} commands")
        facts = self._facts(folders, credentials)
        project = {**{each["name"]: each["value"] for each in own}, **self._resolved.project}
        self._shell = open_shell(
            self._host.sandbox,
            self._workspace,
            self._watch,
            lambda data: self._log.write(self._lines.feed(data), self._watch.check),
            environment.variables(facts, {**spec.variables, **self._resolved.buildspec}, project.items()),
            renewed=self._renewed,
            shell=spec.shell,
            carry=spec.version != "0.1",
        )

    def _renewed(self) -> dict[str, str]:
        """The role's credentials as they are now, for a command; they are masked in the log from now on."""
        keys = self._role.credentials()
        for masked in (self._lines, self._confidential):
            masked.mask([keys["SecretAccessKey"], keys.get("SessionToken", "")])
        named = {
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys.get("SessionToken", ""),
            "AWS_ENDPOINT_URL": self._host.endpoint,
        }
        return {name: value for name, value in named.items() if value}

    def _facts(self, folders: list[SourceFolder], credentials: dict[str, str]) -> Facts:
        build = self._record.build
        if self._record.run["pipeline"]:
            folders = [replace(folders[0], url="", version=build["sourceVersion"]), *folders[1:]]
        return Facts(
            arn=build["arn"],
            id=build["id"],
            number=build["buildNumber"],
            image=build["environment"]["image"],
            initiator=build["initiator"],
            key=build["encryptionKey"],
            start=build["startTime"],
            region=self._host.region,
            account=self._host.account,
            home=self._workspace.home_inside,
            log_path=build["logs"].get("streamName", ""),
            resolved_version=build.get("resolvedSourceVersion", ""),
            sources=tuple(folders),
            credentials=credentials,
        )

    def _command_phase(self, phase: str) -> None:
        spec = self._spec.phases.get(COMMAND_PHASES[phase], PhaseSpec())
        assert self._shell is not None
        self._log.say(f"Entering phase {phase}")
        why: Context | None = None
        if spec.commands or spec.finally_:
            self._record.save()
            why = run_phase(spec, self._shell, self._log, succeeding=self._record.steps.succeeding)
            self._log.write(self._lines.end())
        policy = spec.on_failure.kind
        if phase == phases.POST_BUILD or (why and progress.leads_out(phase, policy)):
            self._export()
        self._record.leave("FAILED" if why else "SUCCEEDED", (why,) if why else (), policy=policy)
        self._told(phase, "FAILED" if why else "SUCCEEDED", why or Context())

    def _export(self) -> None:
        names = [name for name in self._spec.exported if not name.startswith("AWS_")]
        if not names:
            return
        assert self._shell is not None
        try:
            values = self._shell.values(names)
        except ShellEnded:
            return
        for name in self._resolved.names & values.keys():
            self._log.say(f"Not exporting {name}: its value is secret")
            del values[name]
        for name in [name for name in values if len(values[name]) > MOST_EXPORTED]:
            self._log.say(f"Not exporting {name}: its value is longer than {MOST_EXPORTED} characters")
            del values[name]
        # A variable that was made of a secret is shown to whoever may see the build: as the log shows it.
        exported = [{"name": name, "value": self._confidential.hidden(values[name])} for name in names if name in values]
        self._record.note(exportedEnvironmentVariables=exported)

    def _upload(self) -> None:
        wanted = [artifact for artifact in self._record.run["artifacts"] if artifact["type"] != "NO_ARTIFACTS"]
        plans: list[tuple[Doc, ArtifactSpec, str]] = []
        for place, artifact in enumerate(self._record.run["artifacts"]):
            if artifact["type"] != "NO_ARTIFACTS":
                spec = self._section(artifact, primary=place == 0)
                if spec is not None:
                    plans.append((artifact, self._expanded(spec), ""))
        assert self._shell is not None
        # What commands left running must not change files while they are packed.
        self._shell.close()
        if not wanted or not plans or ("work" in self._record.run and not self._record.steps.succeeding):
            return  # a pipeline takes nothing from commands that failed
        self._record.save()
        artifacts = Artifacts(self._workspace, self._watch, self._role, self._record.build, self._log.say)
        shown = {}
        for artifact, spec, _ in plans:
            shown[artifact.get("artifactIdentifier", "")] = artifacts.store(artifact, spec, artifacts.collect(spec), spec.name)
        build = self._record.build
        primary = {**build["artifacts"], **shown.get(build["artifacts"].get("artifactIdentifier", ""), {})}
        secondary = [{**each, **shown.get(each["artifactIdentifier"], {})} for each in build["secondaryArtifacts"]]
        self._record.note(artifacts=primary, secondaryArtifacts=secondary)

    def _section(self, artifact: Doc, *, primary: bool) -> ArtifactSpec | None:
        spec = self._spec
        if spec.artifacts is None:
            self._log.say("No artifacts section in the buildspec: nothing is uploaded")
            return None
        if not primary:
            found = spec.secondary.get(artifact["artifactIdentifier"])
            if found is None:
                raise Failure(
                    "CLIENT_ERROR", f"no definition for secondary artifact {artifact['artifactIdentifier']} in buildspec"
                )
            return found
        if not spec.artifacts.files:
            raise Failure("CLIENT_ERROR", "no definition for primary artifacts in buildspec")
        return spec.artifacts

    def _expanded(self, spec: ArtifactSpec) -> ArtifactSpec:
        assert self._shell is not None
        try:
            texts = self._shell.expand([spec.name, spec.base_directory, spec.s3_prefix, *spec.files, *spec.exclude_paths])
        except (ValueError, ShellEnded) as error:
            raise Failure("CLIENT_ERROR", f"the artifacts section of the buildspec cannot be expanded: {error}") from error
        if any(self._confidential.hidden(text) != text for text in texts):
            raise Failure("CLIENT_ERROR", "the artifacts section of the buildspec has the value of a secret in a name")
        name, base, prefix, *rest = texts
        files = len(spec.files)
        return replace(
            spec, name=name, base_directory=base, s3_prefix=prefix, files=tuple(rest[:files]), exclude_paths=tuple(rest[files:])
        )

    def _store_log(self) -> None:
        arn = self._record.build["logs"].get("s3LogsArn", "")
        spool = self._workspace.host / "log.gz"
        if not arn or not spool.exists():
            return
        bucket, _, key = arn.removeprefix("arn:aws:s3:::").partition("/")
        try:
            with spool.open("rb") as body:
                self._role.call("s3", "PutObject", Bucket=bucket, Key=key, Body=body)
        except ApiError as error:
            _server_log.warning("the log of build %s was not stored in S3: %s", self.id, error)
            self._record.note(logs={name: value for name, value in self._record.build["logs"].items() if name != "s3LogsArn"})


def _unsupported(build: Doc) -> list[str]:
    """What the project asks for and this server does not do, told in the log rather than passed over."""
    environment = build["environment"]
    notes = []
    if not environment["image"].startswith(CURATED):
        notes.append(f"Ignoring the image {environment['image']}: builds run in this server's own sandbox")
    if environment.get("privilegedMode"):
        notes.append("Ignoring privileged mode: builds never get privileges on this server")
    if build.get("vpcConfig", {}).get("vpcId"):
        notes.append("Ignoring the VPC: builds use this server's network")
    if build["cache"]["type"] != "NO_CACHE":
        notes.append("Ignoring the cache: this server keeps nothing from one build to the next")
    return notes
