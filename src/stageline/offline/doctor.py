"""``stageline doctor``: what this machine and this data folder are like, and what to do about what is wrong."""

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from stageline.app import choose_sandbox
from stageline.config import Settings
from stageline.engine.replay import check
from stageline.offline.keyrotation import unfinished
from stageline.remembered import ADMINISTRATOR, endpoint
from stageline.store.audit.anchor import Anchor
from stageline.store.audit.verify import verify
from stageline.store.folder import in_use
from stageline.store.sql import SqlStore

LOWEST_GIT = (2, 36)
LOWEST_SPACE = 500 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. ``bad`` when it keeps the server from doing its work."""

    subject: str
    text: str
    bad: bool = False
    doubtful: bool = False


def examine(settings: Settings) -> list[Finding]:
    """Look at everything."""
    running = in_use(settings.data)
    return [
        *_settings(settings),
        *_folder(settings, running),
        *_database(settings),
        _sandbox(settings),
        _git(),
        _port(settings, running),
    ]


def report(findings: list[Finding]) -> str:
    """One line for each finding, and a last one in words."""
    marks = {(False, False): "ok  ", (False, True): "hm  ", (True, False): "BAD ", (True, True): "BAD "}
    lines = [f"{marks[each.bad, each.doubtful]} {each.subject:<12} {each.text}" for each in findings]
    bad = sum(each.bad for each in findings)
    return "\n".join([*lines, "", "Everything that is needed is there." if not bad else f"{bad} of these must be mended."])


def _settings(settings: Settings) -> Iterator[Finding]:
    for name in type(settings).model_fields:
        if name == "database":
            continue  # may hold a password; shown below without it
        yield Finding("setting", f"{name} = {getattr(settings, name)!s} ({settings.origin(name)})")


def _folder(settings: Settings, running: bool) -> Iterator[Finding]:
    data = settings.data
    if not data.exists():
        yield Finding("data folder", f"{data} does not exist yet; stageline up makes it")
        return
    used = "in use by a running server" if running else "not in use"
    mode = data.stat().st_mode & 0o777
    yield Finding("data folder", f"{data}, mode {mode:o}, {used}", bad=bool(mode & 0o077))
    free = shutil.disk_usage(data).free
    yield Finding("disk", f"{free // 1024**2} MiB free", doubtful=free < LOWEST_SPACE)
    key = data / ADMINISTRATOR
    if key.exists() and key.stat().st_mode & 0o077:
        yield Finding("keys", f"{key} can be read by others; run chmod 600 {key}", bad=True)
    try:
        if unfinished(settings):
            yield Finding("keys", "a key rotation was interrupted; run stageline rotate-key", doubtful=True)
    except (OSError, ValueError) as error:
        yield Finding("keys", str(error), bad=True)


def _database(settings: Settings) -> Iterator[Finding]:
    file = settings.data / "stageline.db"
    if not settings.database and not file.exists():
        yield Finding("database", "SQLite; made at the first start")
        return
    kind = "PostgreSQL" if settings.database else f"SQLite, {file.stat().st_size // 1024} KiB"
    try:
        store = SqlStore(settings.database or f"sqlite:///{file}")
    except (OSError, RuntimeError, SQLAlchemyError) as error:
        yield Finding("database", f"{kind}: cannot be opened: {str(error).splitlines()[0]}", bad=True)
        return
    problems = store.check()
    yield Finding("database", f"{kind}: {'; '.join(problems) or 'sound'}", bad=bool(problems))
    if _rotating(settings):
        yield Finding("journal", "not compared while a key rotation is unfinished", doubtful=True)
    else:
        wrong = check(store)
        yield Finding("journal", "; ".join(wrong) or "every pipeline's journal gives its stored state", bad=bool(wrong))
    yield _audit(store, Anchor(settings.data))
    store.close()


def _rotating(settings: Settings) -> bool:
    """Whether secrets are sealed with two keys now, so that the same one may be written in two ways."""
    try:
        return unfinished(settings)
    except (OSError, ValueError):
        return False  # told above


def _audit(store: SqlStore, anchor: Anchor) -> Finding:
    """The heads of all segments, the records of the last one, and the anchor."""
    damage = anchor.damage()
    held = {} if damage else anchor.held()
    with store.read() as tx:
        verdict = verify(tx, held, last=1)
    problems = [each for each in (damage, *verdict.problems) if each]
    if problems:
        return Finding("audit", f"{'; '.join(problems)}. Run stageline audit --verify", bad=True)
    if verdict.sequence and not held:
        return Finding("audit", "there is no anchor: whether records were cut off at the end cannot be told", doubtful=True)
    return Finding("audit", f"the chain ends with record {verdict.sequence}, as the anchor has it")


def _sandbox(settings: Settings) -> Finding:
    try:
        _, found = choose_sandbox(settings, settings.data)
    except RuntimeError as error:
        return Finding("sandbox", str(error), bad=True)
    return Finding("sandbox", f"{found.level}: {found.reason}", doubtful=found.level != "bubblewrap")


def _git() -> Finding:
    path = shutil.which("git")
    if path is None:
        return Finding("git", "not found; install git (apt-get install git)", bad=True)
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=10).stdout.strip()
    core = subprocess.run([path, "--exec-path"], capture_output=True, text=True, check=False, timeout=10).stdout.strip()
    if not (Path(core) / "git-http-backend").exists():
        return Finding("git", f"{version}, without git-http-backend; install the complete git package", bad=True)
    found = re.search(r"(\d+)\.(\d+)", version)
    if found is None or (int(found[1]), int(found[2])) < LOWEST_GIT:
        return Finding("git", f"{version} is too old; git {'.'.join(map(str, LOWEST_GIT))} or newer is needed", bad=True)
    return Finding("git", f"{version}, {path}")


def _port(settings: Settings, running: bool) -> Finding:
    if running:
        return Finding("port", f"the running server is at {endpoint(settings.data)}")
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            text = f"{settings.host}:{settings.port} cannot be used: {error.strerror}. Choose another with --port."
            return Finding("port", text, bad=True)
    return Finding("port", f"{settings.host}:{settings.port} is free")
