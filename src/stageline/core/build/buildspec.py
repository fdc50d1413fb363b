"""The buildspec: what a build does, read from YAML or JSON text.

A text that cannot be understood is refused with its line, in the form of CodeBuild's YAML_FILE_ERROR contexts. What this server
does not do (caches, reports, batches) is taken and told in ``notes``, which go to the build's log.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from stageline.core.build.yamltext import Items, Node, Table, Text, YamlError, parse

PHASES = ("install", "pre_build", "build", "post_build")
SHELLS = {"bash": "bash", "/bin/bash": "bash", "sh": "sh", "/bin/sh": "sh"}
IDENTIFIER = re.compile(r"[A-Za-z0-9_]{1,127}")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LONGEST_PATTERN = 1_000
"""Characters of an expression of ``on-failure``: understanding one takes time, too."""

_TRUE = ("yes", "true", "on", "y")
_FALSE = ("no", "false", "off", "n")


class BuildspecError(ValueError):
    """Why a buildspec is refused."""


@dataclass(frozen=True)
class OnFailure:
    """What follows a failed phase. ``kind`` is empty, ABORT, CONTINUE or RETRY; a retry happens ``count`` times at most and
    only for a message in which ``pattern`` is found."""

    kind: str = ""
    count: int = 0
    pattern: str = ""


@dataclass(frozen=True)
class PhaseSpec:
    """The commands of one phase."""

    commands: tuple[str, ...] = ()
    finally_: tuple[str, ...] = ()
    on_failure: OnFailure = OnFailure()


@dataclass(frozen=True)
class ArtifactSpec:
    """Which files become an artifact. Texts may hold shell variables."""

    files: tuple[str, ...] = ()
    name: str = ""
    base_directory: str = ""
    exclude_paths: tuple[str, ...] = ()
    discard_paths: bool = False
    enable_symlinks: bool = False
    s3_prefix: str = ""


@dataclass(frozen=True)
class Buildspec:
    """A buildspec that was understood. ``artifacts`` is None when the file has no such section."""

    version: str
    phases: Mapping[str, PhaseSpec] = field(default_factory=dict)
    shell: str = "sh"
    variables: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    exported: tuple[str, ...] = ()
    git_credentials: bool = False
    artifacts: ArtifactSpec | None = None
    secondary: Mapping[str, ArtifactSpec] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read(text: str) -> Buildspec:
    """Understand a buildspec. Raises BuildspecError."""
    try:
        root = parse(text)
    except YamlError as error:
        raise BuildspecError(str(error)) from error
    if not isinstance(root, Table):
        raise BuildspecError(
            "wrong number of container tags, expected 1: the buildspec must be a map with 'version' and 'phases'"
        )
    return _Reader(root).buildspec()


def is_inline(text: str) -> bool:
    """Whether the ``buildspec`` member of a project is the text itself rather than a path."""
    if "\n" in text:
        return True
    try:
        return isinstance(parse(text), Table)
    except YamlError:
        return text.lstrip().startswith("{")


def on_failure(text: str) -> OnFailure | None:
    """The meaning of ``on-failure``, None when it has none."""
    if text in ("ABORT", "CONTINUE"):
        return OnFailure(text)
    found = re.fullmatch(r"RETRY(?:-(\d{1,3}))?(?:-(.+))?", text, re.DOTALL)
    if found is None:
        return None
    count = int(found[1]) if found[1] else 3
    pattern = found[2] or ".*"
    if len(pattern) > LONGEST_PATTERN:
        return None
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None
    return OnFailure("RETRY", count, pattern) if count <= 100 else None


class _Reader:
    """Walks the tree and collects notes."""

    def __init__(self, root: Table) -> None:
        self._root = root
        self._notes: list[str] = []

    def buildspec(self) -> Buildspec:
        root = self._root
        version = self._text(root, "version", "version")
        if not version:
            raise BuildspecError("missing 'version': a buildspec begins with 'version: 0.2' at line 1")
        if version not in ("0.1", "0.2"):
            raise BuildspecError(f"unknown version '{version}', expected 0.1 or 0.2 at line {root.entries['version'].line}")
        for key in ("cache", "reports", "batch", "proxy"):
            if key in root.entries:
                self._notes.append(f"Skipping '{key}': this server has no {key}")
        for key in root.entries:
            if key not in ("version", "run-as", "env", "environment_variables", "phases", "artifacts", *_IGNORED):
                self._notes.append(f"Ignoring unknown key '{key}' at line {root.lines.get(key, root.line)}")
        self._run_as(root)
        env = self._table(root, "env", "env") or Table(1)
        git_credentials = self._flag(env, "git-credential-helper", "env.git-credential-helper")
        if git_credentials:
            self._notes.append("Ignoring git-credential-helper: git in a build of this server gets no credentials")
        artifacts, secondary = self._artifacts()
        return Buildspec(
            version=version,
            phases=self._phases(),
            shell=self._shell(env),
            variables={**self._plaintext(), **self._map(env, "variables", "env.variables")},
            parameters=self._map(env, "parameter-store", "env.parameter-store"),
            secrets=self._map(env, "secrets-manager", "env.secrets-manager"),
            exported=self._exported(env),
            git_credentials=git_credentials,
            artifacts=artifacts,
            secondary=secondary,
            notes=tuple(self._notes),
        )

    def _plaintext(self) -> dict[str, str]:
        old = self._table(self._root, "environment_variables", "environment_variables")
        return self._map(old, "plaintext", "environment_variables.plaintext") if old else {}

    def _shell(self, env: Table) -> str:
        shell = self._text(env, "shell", "env.shell")
        if shell and shell not in SHELLS:
            raise BuildspecError(
                f"env.shell '{shell}' is not supported, expected bash or /bin/sh at line {env.entries['shell'].line}"
            )
        return SHELLS[shell] if shell else "sh"

    def _exported(self, env: Table) -> tuple[str, ...]:
        names = self._texts(env, "exported-variables", "env.exported-variables")
        for name in names:
            if not VARIABLE.fullmatch(name):
                raise BuildspecError(
                    f"env.exported-variables: '{name}' is not a variable name at line {env.lines['exported-variables']}"
                )
        return tuple(dict.fromkeys(names))

    def _run_as(self, table: Table) -> None:
        user = self._text(table, "run-as", "run-as")
        if user:
            self._notes.append(f"Ignoring run-as '{user}': this server runs all commands of a build as one unprivileged user")

    def _phases(self) -> dict[str, PhaseSpec]:
        phases = self._table(self._root, "phases", "phases")
        if phases is None:
            raise BuildspecError("wrong number of container tags, expected 1: 'phases' is missing")
        found: dict[str, PhaseSpec] = {}
        for name, node in phases.entries.items():
            line = phases.lines.get(name, phases.line)
            if name not in PHASES:
                raise BuildspecError(f"unknown phase '{name}', expected one of {', '.join(PHASES)} at line {line}")
            if isinstance(node, Text) and node.null:
                raise BuildspecError(f"wrong number of container tags, expected 1: phases.{name} is empty at line {line}")
            if not isinstance(node, Table):
                raise BuildspecError(f"wrong number of container tags, expected 1: phases.{name} must be a map at line {line}")
            found[name] = self._phase(name, node)
        if not found:
            raise BuildspecError(f"wrong number of container tags, expected 1: 'phases' is empty at line {phases.line}")
        return found

    def _phase(self, name: str, node: Table) -> PhaseSpec:
        where = f"phases.{name}"
        self._run_as(node)
        runtimes = self._map(node, "runtime-versions", f"{where}.runtime-versions")
        if runtimes:
            self._notes.append(
                "Skipping install of runtimes. Runtime version selection is not supported by this build image: "
                + ", ".join(f"{key} {value}" for key, value in runtimes.items())
            )
        elif not any(key in node.entries for key in ("commands", "finally")):
            raise BuildspecError(f"wrong number of container tags, expected 1: {where} has no 'commands' at line {node.line}")
        for key in node.entries:
            if key not in ("commands", "finally", "on-failure", "run-as", "runtime-versions"):
                self._notes.append(f"Ignoring unknown key '{where}.{key}' at line {node.lines.get(key, node.line)}")
        text = self._text(node, "on-failure", f"{where}.on-failure")
        policy = on_failure(text) if text else OnFailure()
        if policy is None:
            line = node.entries["on-failure"].line
            raise BuildspecError(f"{where}.on-failure '{text}' is not ABORT, CONTINUE or a form of RETRY at line {line}")
        return PhaseSpec(
            self._texts(node, "commands", f"{where}.commands"), self._texts(node, "finally", f"{where}.finally"), policy
        )

    def _artifacts(self) -> tuple[ArtifactSpec | None, dict[str, ArtifactSpec]]:
        table = self._table(self._root, "artifacts", "artifacts")
        if table is None:
            return None, {}
        secondary: dict[str, ArtifactSpec] = {}
        below = self._table(table, "secondary-artifacts", "artifacts.secondary-artifacts")
        for name, node in below.entries.items() if below else ():
            where = f"artifacts.secondary-artifacts.{name}"
            if not isinstance(node, Table):
                raise BuildspecError(f"wrong number of container tags, expected 1: {where} must be a map at line {node.line}")
            if not IDENTIFIER.fullmatch(name):
                raise BuildspecError(f"{where}: an identifier consists of letters, digits and underscores at line {node.line}")
            secondary[name] = self._artifact(node, where)
        if "files" not in table.entries and not secondary:
            raise BuildspecError(f"wrong number of container tags, expected 1: artifacts.files is missing at line {table.line}")
        return self._artifact(table, "artifacts"), secondary

    def _artifact(self, table: Table, where: str) -> ArtifactSpec:
        return ArtifactSpec(
            files=self._texts(table, "files", f"{where}.files"),
            name=self._text(table, "name", f"{where}.name"),
            base_directory=self._text(table, "base-directory", f"{where}.base-directory"),
            exclude_paths=self._texts(table, "exclude-paths", f"{where}.exclude-paths"),
            discard_paths=self._flag(table, "discard-paths", f"{where}.discard-paths"),
            enable_symlinks=self._flag(table, "enable-symlinks", f"{where}.enable-symlinks"),
            s3_prefix=self._text(table, "s3-prefix", f"{where}.s3-prefix"),
        )

    def _table(self, parent: Table, key: str, where: str) -> Table | None:
        node = _entry(parent, key)
        if node is None or isinstance(node, Table):
            return node
        raise BuildspecError(f"wrong number of container tags, expected 1: {where} must be a map at line {node.line}")

    def _map(self, parent: Table, key: str, where: str) -> dict[str, str]:
        table = self._table(parent, key, where)
        return {name: self._value(node, f"{where}.{name}") for name, node in table.entries.items()} if table else {}

    def _text(self, parent: Table, key: str, where: str) -> str:
        node = _entry(parent, key)
        return "" if node is None else self._value(node, where)

    def _texts(self, parent: Table, key: str, where: str) -> tuple[str, ...]:
        node = _entry(parent, key)
        if node is None:
            return ()
        if isinstance(node, Text):
            return (node.value,)
        if not isinstance(node, Items):
            raise BuildspecError(f"wrong number of container tags, expected 1: {where} must be a list at line {node.line}")
        return tuple(self._value(each, f"{where}[{place}]") for place, each in enumerate(node.nodes))

    def _flag(self, parent: Table, key: str, where: str) -> bool:
        text = self._text(parent, key, where)
        if text.lower() in _TRUE or text.lower() in _FALSE or not text:
            return text.lower() in _TRUE
        raise BuildspecError(f"{where} must be yes or no, not '{text}' at line {parent.entries[key].line}")

    def _value(self, node: Node, where: str) -> str:
        if isinstance(node, Text):
            return "" if node.null else node.value
        hint = " (a text with ': ' in it needs quotes)" if isinstance(node, Table) else ""
        raise BuildspecError(f"wrong number of container tags, expected 1: {where} must be a text{hint} at line {node.line}")


_IGNORED = ("cache", "reports", "batch", "proxy")


def _entry(parent: Table, key: str) -> Node | None:
    node = parent.entries.get(key)
    return None if isinstance(node, Text) and node.null else node
