"""Putting the server together: the only module that names concrete adapters."""

import json
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from stageline.config import Settings
from stageline.core.pipeline.declaration import TypeId
from stageline.engine import outbox
from stageline.engine.announce import KIND as EVENT
from stageline.engine.announce import Announcer
from stageline.engine.apply import PURGE, Engine
from stageline.engine.perform import Performer
from stageline.gateway import constrain, specs
from stageline.gateway.asgi import Application, build_app
from stageline.gateway.authorize import PolicyAuthorizer
from stageline.gateway.identify import Hosts
from stageline.gateway.internal import InternalAws
from stageline.gateway.signedin import SignedIn
from stageline.ports.http import FrontDoor
from stageline.ports.identity import Authorizer
from stageline.ports.provider import Provider, Rule
from stageline.ports.runner import Again
from stageline.ports.sandbox import Sandbox
from stageline.ports.store import Store, Task
from stageline.providers.catalog import action_types, discover
from stageline.remembered import ADMINISTRATOR, ENDPOINT
from stageline.remembered import administrator as administrator  # whoever has a server in process asks here
from stageline.rules.catalog import discover as discover_rules
from stageline.rules.catalog import rule_types
from stageline.runners.local import LocalRunner
from stageline.runners.systemclock import SystemClock
from stageline.sandbox.probe import Finding, choose
from stageline.services.codebuild import documents
from stageline.services.codebuild.documents import QUEUE_TASK
from stageline.services.codebuild.documents import TASK as BUILD
from stageline.services.codebuild.hosting.host import BuildHost
from stageline.services.codebuild.oneoff import OneOffBuilds
from stageline.services.codecommit.archive import StoredRepositories
from stageline.services.codecommit.repositories import sweep as sweep_repositories
from stageline.services.codecommit.smarthttp import SmartHttp
from stageline.services.codepipeline import masking
from stageline.services.codepipeline.custom import jobs
from stageline.services.codepipeline.custom.catalog import Catalog
from stageline.services.codepipeline.custom.provider import Providers
from stageline.services.codepipeline.custom.registration import register_folder
from stageline.services.codepipeline.custom.results import JobLimit
from stageline.services.codepipeline.sources import SWEEP, SourceWatcher
from stageline.services.codepipeline.upkeep.polling import stop_idle
from stageline.services.codepipeline.upkeep.retention import TASK as RETENTION
from stageline.services.codepipeline.upkeep.retention import Retention
from stageline.services.codepipeline.webhooks.door import Receiver
from stageline.services.iam.bootstrap import ensure_administrator
from stageline.services.iam.identity import StoredIdentity
from stageline.services.iam.secrets import Vault
from stageline.services.iam.signin.records import sweep as sweep_sign_ins
from stageline.services.logs.groups import sweep_expired
from stageline.services.s3.model.content import DISCARD, discard, sweep_orphans
from stageline.services.s3.website import Website
from stageline.services.secretsmanager.deletion import sweep as sweep_secrets
from stageline.services.sts import messages
from stageline.store.audit.anchor import Anchor
from stageline.store.audit.trail import StoredTrail
from stageline.store.blobs import FolderBlobs
from stageline.store.files.denials import FileDenials
from stageline.store.folder import DataFolder, open_data_folder
from stageline.store.sql import SqlStore
from stageline.webconsole.door import ConsoleDoor
from stageline.webconsole.live import Live
from stageline.webconsole.sessions import Sessions
from stageline.webconsole.sessions import sweep as sweep_links
from stageline.webconsole.signin import SigningIn

HOUSEKEEPING = "housekeeping"
HOUSEKEEPING_AFTER = 60_000
HOUSEKEEPING_EVERY = 3_600_000
DAY = 24 * 3_600_000


@dataclass
class Server:
    """An assembled server: start the runner, serve the application, close."""

    settings: Settings
    folder: DataFolder
    store: Store
    runner: LocalRunner
    application: Application
    engine: Engine
    aws: InternalAws
    finding: Finding
    endpoint: str
    trail: StoredTrail
    live: Live

    def start(self) -> None:
        """Begin to work; ``stageline env`` finds the endpoint in the data folder from now on."""
        self.application.room.folder = self.folder.path
        _write_private(self.folder.path / ENDPOINT, self.endpoint + "\n")
        self._look_again()
        self.runner.start()

    def _look_again(self) -> None:
        """Signals reach only those who wait in the same process: what an earlier one waited for may have happened since."""
        with self.store.read() as tx:
            waiting = tx.tasks(f"{outbox.ACTION}/")
        now = self.engine.clock.now()
        for task in waiting:
            self.store.hasten(task, now)

    def close(self) -> None:
        """Let running work end (for a while), then let go of everything. What is left over goes on at the next start."""
        self.runner.stop(self.settings.grace)
        self.trail.close()
        self.store.close()
        self.folder.close()


def assemble(settings: Settings, port: int, *, strict: bool = False) -> Server:
    """Bind the adapters together on the data folder of the settings; ``port`` is the one that is listened on.

    ``strict`` holds every answer against AWS's model, for tests.
    """
    folder = open_data_folder(settings.data)
    try:
        return _assemble(settings, folder, _endpoint(settings.host, port), strict=strict)
    except BaseException:
        folder.close()
        raise


def _endpoint(host: str, port: int) -> str:
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{local}]:{port}" if ":" in local else f"http://{local}:{port}"


def _assemble(settings: Settings, folder: DataFolder, endpoint: str, *, strict: bool) -> Server:
    path = folder.path
    clock = SystemClock()
    store = SqlStore(settings.database or folder.database_url)
    blobs = FolderBlobs(path / "blobs")
    git_dir, builds = _subfolder(path, "repositories"), _subfolder(path, "builds")
    vault = Vault(path / "vault.key")
    identity, authorizer = _who_may(settings, store, clock, path, vault)
    events = Announcer(clock, account=settings.account, region=settings.region)
    owner = f"{socket.gethostname()}:{os.getpid()}"
    runner = LocalRunner(store, clock, events, owner, not settings.database)
    sandbox, finding = choose_sandbox(settings, path)
    providers = discover()
    rules = discover_rules()
    catalog = Catalog(action_types(providers), rule_types(rules), store, settings.account)
    register_folder(settings.action_types, store, _shape, clock.now())
    engine = Engine(store, clock, events, account=settings.account, region=settings.region, timeout=_timeouts(catalog, rules))
    identity.bonds |= {jobs.BOND: partial(jobs.stands, engine), documents.BOND: documents.stands}
    trail = _trail(settings, store, clock, path)
    aws = InternalAws(identity=identity, clock=clock, endpoint=endpoint)
    repositories = StoredRepositories(store, git_dir, authorizer)
    ports: dict[str, object] = {
        "store": store,
        "blobs": blobs,
        "clock": clock,
        "events": events,
        "runner": runner,
        "aws": aws,
        "identity": identity,
        "authorizer": authorizer,
        "sandbox": sandbox,
        "engine": engine,
        "catalog": catalog,
        "rule_types": rule_types(rules),
        "vault": vault,
        "quotas": settings.quotas,
        "repositories": repositories,
        "compute": OneOffBuilds(store, events),
        "trail": trail,
        "plain_configuration": _plain(providers, rules),
        "data_dir": path,
        "git_dir": git_dir,
    }
    console = _console(settings, store, identity, authorizer, events, trail)
    doors: tuple[FrontDoor, ...] = (
        Receiver(engine, vault, trail=trail, proxies=settings.webhook_proxies, repeats=settings.webhook_repeats),
        SmartHttp(store, git_dir, identity, authorizer, events, clock, settings.account, settings.region, trail=trail),
        Website(store, blobs, authorizer, clock, account=settings.account, region=settings.region),
        console,
    )
    application = build_app(account=settings.account, region=settings.region, ports=ports, doors=doors, strict=strict)
    console.connect(SignedIn(application.gateway))
    host = BuildHost(store, clock, events, aws, sandbox, builds, settings.account, settings.region, endpoint, vault)
    host = replace(host, private=settings.private_sources)
    known = Providers(providers, catalog, store, vault)
    performer = Performer(engine, aws, known, rules, endpoint, partial(masking.opened, vault))
    _register(runner, settings, engine, performer, events, host)
    _follow_sources(store, engine, aws, events, runner)
    _clear_away(settings, store, blobs, git_dir, engine, runner)
    return Server(settings, folder, store, runner, application, engine, aws, finding, endpoint, trail, console.live)


def _who_may(
    settings: Settings, store: Store, clock: SystemClock, path: Path, vault: Vault
) -> tuple[StoredIdentity, PolicyAuthorizer]:
    """Who people are and what they may do; the administrator exists from here on."""
    identity = StoredIdentity(store, clock, settings.account, vault)
    _remember_administrator(path, ensure_administrator(store, vault, clock.now()))
    identity.denials = denials = FileDenials(path, settings.denials)
    return identity, PolicyAuthorizer(identity, denials, partial(messages.sealed, vault))


def _trail(settings: Settings, store: Store, clock: SystemClock, path: Path) -> StoredTrail:
    place = {"account": settings.account, "region": settings.region}
    return StoredTrail(store, clock, Anchor(path), **place, reads=settings.audit_reads, days=settings.audit_days)


def _console(
    settings: Settings, store: Store, identity: StoredIdentity, authorizer: Authorizer, events: Announcer, trail: StoredTrail
) -> ConsoleDoor:
    sessions = Sessions(store, identity, settings.account)
    place = (settings.account, settings.region)
    signing_in = SigningIn(store, identity, authorizer, SystemClock(), sessions, *place, trail)
    return ConsoleDoor(signing_in, Live(store, events, shared=bool(settings.database)), Hosts().bucket)


def _register(
    runner: LocalRunner, settings: Settings, engine: Engine, performer: Performer, events: Announcer, host: BuildHost
) -> None:
    runner.register(outbox.ACTION, performer.act, slots=settings.actions)
    runner.register(outbox.TIMER, performer.timer, slots=2)
    runner.register(outbox.CANCEL, performer.cancel, slots=2)
    runner.register(PURGE, engine.purge, slots=1)
    runner.register(EVENT, events.deliver, slots=4)
    runner.register(BUILD, host.run, slots=settings.builds)
    runner.register(QUEUE_TASK, host.expire, slots=1)
    runner.register(jobs.LIMIT, JobLimit(engine.store, engine).expire, slots=1)


def _follow_sources(store: Store, engine: Engine, aws: InternalAws, events: Announcer, runner: LocalRunner) -> None:
    watcher = SourceWatcher(store, engine, aws)
    events.subscribe("aws.codecommit", watcher.repository_changed)
    events.subscribe("aws.s3", watcher.object_changed)
    runner.register(SWEEP, watcher.sweep, slots=1)
    with store.write() as tx:
        tx.schedule(Task(SWEEP, SWEEP, {}, due=engine.clock.now()))


def _clear_away(settings: Settings, store: Store, blobs: FolderBlobs, git_dir: Path, engine: Engine, runner: LocalRunner) -> None:
    """Now and then, clear away what crashes leave behind, what has expired and what is too old."""

    def sweep(task: Task) -> Again:
        now = engine.clock.now()
        sweep_orphans(store, blobs, now)
        sweep_repositories(store, git_dir, now)
        sweep_expired(store, now)
        jobs.sweep(store, now)
        sweep_secrets(store, now)
        sweep_sign_ins(store, now)
        sweep_links(store, now)
        stop_idle(store, now, settings.polling_days * DAY)
        return Again(now + HOUSEKEEPING_EVERY)

    runner.register(HOUSEKEEPING, sweep, slots=1)
    runner.register(DISCARD, lambda task: discard(task, store, blobs), slots=1)
    runner.register(RETENTION, Retention(store, engine, settings.history_days * DAY).work, slots=1)
    soon = engine.clock.now() + HOUSEKEEPING_AFTER
    with store.write() as tx:
        for kind in (HOUSEKEEPING, RETENTION):
            tx.schedule(Task(kind, kind, {}, due=soon))


def _timeouts(catalog: Catalog, rules: Mapping[TypeId, Rule]) -> Callable[[TypeId], int]:
    """Minutes that an action or a rule of a type may take."""
    return lambda kind: rules[kind].RULE_TYPE.timeout_minutes if kind in rules else catalog.timeout(kind)


def _plain(providers: Mapping[TypeId, Provider], rules: Mapping[TypeId, Rule]) -> dict[tuple[str, str], frozenset[str]]:
    """By category and provider of AWS's types: the properties that are no secrets."""
    declared = [(key, each.ACTION_TYPE.properties) for key, each in providers.items()]
    declared += [(key, each.RULE_TYPE.properties) for key, each in rules.items()]
    return {
        (key[0], key[2]): frozenset(one.name for one in known if not one.secret) for key, known in declared if key[1] == "AWS"
    }


def _shape(declared: dict[str, Any]) -> None:
    """Hold a description of an action type to the constraints of the model."""
    operation = specs.operation("codepipeline", "UpdateActionType")
    assert operation is not None
    constrain.check("codepipeline", operation, {"actionType": declared})


def choose_sandbox(settings: Settings, data: Path) -> tuple[Sandbox, Finding]:
    """The sandbox for builds, and how it was found."""
    visible = [Path(each) for each in settings.tools.split(":") if each]
    work = data / "builds"
    return choose((data,), visible=visible, wish=settings.sandbox, work=work if work.exists() else None)


def _subfolder(path: Path, name: str) -> Path:
    folder = path / name
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _remember_administrator(path: Path, key: tuple[str, str]) -> None:
    document = json.dumps({"AccessKeyId": key[0], "SecretAccessKey": key[1]}) + "\n"
    file = path / ADMINISTRATOR
    if not file.exists() or file.read_text() != document:
        _write_private(file, document)


def _write_private(file: Path, text: str) -> None:
    """Replace a file that only its owner may read, as a whole."""
    draft = file.with_name(f".{file.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
