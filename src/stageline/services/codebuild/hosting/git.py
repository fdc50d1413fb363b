"""Cloning a repository into a workspace: git runs in the box, with a fixed script and its values as environment.

Only http and https are spoken, no prompt is ever shown, no credential is on a command line or stays in the clone. Every
connection of git, also after a redirect and for a submodule, goes through a gate that looks where it leads (``outbound``).
"""

import base64
import os
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from stageline.core import signature
from stageline.core.build.environment import PATH
from stageline.core.build.lines import Lines
from stageline.outbound import Gate, Way
from stageline.ports.sandbox import Command, Sandbox
from stageline.services.codebuild.hosting.failure import Failure
from stageline.services.codebuild.hosting.stream import Stream
from stageline.services.codebuild.hosting.watch import Watch
from stageline.services.codebuild.hosting.workspace import Workspace

_SCRIPT = r"""
set -eu
cd -- "$TARGET"
git init -q .
git remote add origin -- "$URL" 2>/dev/null || git remote add origin "$URL"
depth=
if [ "$DEPTH" != 0 ]; then depth="--depth=$DEPTH"; fi
commit=
case $VERSION in
  '') git fetch -q $depth origin HEAD; commit=FETCH_HEAD ;;
  pr/*) git fetch -q $depth origin "+refs/pull/${VERSION#pr/}/head"; commit=FETCH_HEAD ;;
  refs/*) git fetch -q $depth origin "+${VERSION%%^*}"; commit=FETCH_HEAD ;;
  *)
    for ref in "refs/heads/$VERSION" "refs/tags/$VERSION"; do
      if [ -z "$commit" ] && git fetch -q $depth origin "+$ref" 2>/dev/null; then commit=FETCH_HEAD; fi
    done ;;
esac
if [ -z "$commit" ]; then
  git fetch -q $depth origin "$VERSION" 2>/dev/null ||
    git fetch -q origin '+refs/heads/*:refs/remotes/origin/*' '+refs/tags/*:refs/tags/*'
  commit=$(git rev-parse --verify -q --end-of-options "$VERSION^{commit}") || {
    echo "reference not found" >&2; exit 1; }
elif [ -z "$depth" ]; then
  commit=$(git rev-parse --verify -q 'FETCH_HEAD^{commit}')
  git fetch -q origin '+refs/heads/*:refs/remotes/origin/*' '+refs/tags/*:refs/tags/*'
fi
git -c advice.detachedHead=false checkout -q --detach "$commit"
if [ "$SUBMODULES" = 1 ]; then git submodule update -q --init --recursive; fi
git rev-parse HEAD >"$RESULT"
"""

LAST = 8
LONGEST = 4_000
"""Lines, and characters, of what git said at last that a failure tells."""


@dataclass(frozen=True)
class Clone:
    """What to clone. ``login`` is a user and password that this repository alone is told."""

    url: str
    version: str
    depth: int
    submodules: bool
    insecure: bool
    login: tuple[str, str] | None
    what: str


def clone(wanted: Clone, workspace: Workspace, sandbox: Sandbox, watch: Watch, folder: Path, way: Way) -> str:
    """Clone and check out; returns the commit."""
    if wanted.version.startswith("-"):
        raise Failure("CLIENT_ERROR", f"reference not found for {wanted.what}")
    sandbox.prepare(workspace.box)
    result = workspace.box / "tmp" / "commit"
    result.unlink(missing_ok=True)
    said: deque[str] = deque(maxlen=LAST)  # the other server may say as much as it likes
    lines = Lines(wanted.login or ())
    with Gate(way) as gate:
        command = Command(
            argv=("/bin/sh", "-c", _SCRIPT, "clone"),
            workdir=workspace.box,
            mount=workspace.inside,
            environment=_environment(wanted, gate.url, workspace, folder),
            cwd=workspace.seen(folder),
        )
        stream = Stream(sandbox.spawn(command), watch, lambda data: said.extend(lines.feed(data)))
        try:
            code = stream.until_end()
        finally:
            stream.close()
    if code != 0:
        told = " ".join(line.strip() for line in [*said, *lines.end()][-LAST:])[-LONGEST:] or f"git ended with {code}"
        told = "; ".join(dict.fromkeys(gate.refusals)) or told
        raise Failure("CLIENT_ERROR", f"{told} for {wanted.what}")
    fd = os.open(result, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(fd, "r", encoding="ascii") as told_commit:
        return told_commit.read(100).strip()


def _environment(wanted: Clone, gate: str, workspace: Workspace, folder: Path) -> dict[str, str]:
    settings = [("protocol.allow", "never"), ("protocol.http.allow", "always"), ("protocol.https.allow", "always")]
    settings += [
        ("core.hooksPath", "/dev/null"),
        ("init.templateDir", ""),
        ("init.defaultBranch", "main"),
        ("safe.directory", "*"),
        ("http.proxy", gate),
    ]
    if wanted.insecure:
        settings.append(("http.sslVerify", "false"))
    if wanted.login:
        basic = base64.b64encode(":".join(wanted.login).encode()).decode()
        # Bound to this repository: a submodule elsewhere never gets it. Of a redirect's target git would believe that it is still
        # this repository, so none is followed: whoever has renamed one has to say so.
        settings.append(("http.followRedirects", "false"))
        settings.append((f"http.{wanted.url}.extraHeader", f"Authorization: Basic {basic}"))
    return {
        "PATH": PATH,
        "LANG": "C.UTF-8",
        "HOME": workspace.home_inside,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_CONFIG_COUNT": str(len(settings)),
        **{f"GIT_CONFIG_KEY_{place}": key for place, (key, _) in enumerate(settings)},
        **{f"GIT_CONFIG_VALUE_{place}": value for place, (_, value) in enumerate(settings)},
        "TARGET": workspace.seen(folder),
        "URL": wanted.url,
        "VERSION": wanted.version,
        "DEPTH": str(wanted.depth),
        "SUBMODULES": "1" if wanted.submodules else "0",
        "RESULT": f"{workspace.inside}/tmp/commit",
    }


def signed(url: str, region: str, keys: dict[str, str]) -> tuple[str, str]:
    """The user and password that AWS's credential helper would give for a CodeCommit repository."""
    parts = urlsplit(url)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    canonical = f"GIT\n{parts.path}\n\nhost:{parts.netloc}\n\nhost\n"
    scope = f"{stamp[:8]}/{region}/codecommit/{signature.TERMINATOR}"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{signature.digest(canonical.encode())}"
    key = signature.signing_key(keys["SecretAccessKey"], stamp[:8], region, "codecommit")
    token = keys.get("SessionToken", "")
    user = f"{keys['AccessKeyId']}%{token}" if token else keys["AccessKeyId"]
    return user, f"{stamp}Z{signature.sign(key, text)}"
