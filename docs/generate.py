"""Write the reference pages from the code: ``python docs/generate.py``. With ``--check`` it only says what is out of date."""

import dataclasses
import inspect
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import typer
import yaml
from pydantic_core import PydanticUndefined

from stageline.config import Settings, default_data
from stageline.core.pipeline import effects, events
from stageline.core.pipeline.actiontype import ActionType, Property
from stageline.core.pipeline.ruletype import RuleType
from stageline.gateway import operations, specs
from stageline.providers import catalog
from stageline.rules import catalog as rules

sys.path.insert(0, str(Path(__file__).parent))
import permissions

FOLDER = Path(__file__).parent / "reference"
DATA = FOLDER / "codepipeline"
STORIES = Path(__file__).parents[1] / "tests" / "scenarios" / "stories"
HEAD = "<!-- Made by docs/generate.py; change the code, not this page. -->\n"
TITLES = {
    "cloudtrail": "CloudTrail",
    "codebuild": "CodeBuild",
    "codecommit": "CodeCommit",
    "codepipeline": "CodePipeline",
    "iam": "IAM",
    "logs": "CloudWatch Logs",
    "s3": "S3",
    "secretsmanager": "Secrets Manager",
    "ssm": "SSM",
    "sts": "STS",
}


class _AnyPort(Mapping[str, object]):
    """Ports for looking at functions without calling them."""

    def __getitem__(self, name: str) -> object:
        return None

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines)


def implemented() -> dict[str, tuple[list[str], list[str]]]:
    """By service: the operations that this server has, and those of the model that it does not have."""
    registry = operations.discover(_AnyPort())
    here: dict[str, set[str]] = {}
    for operation in registry:
        here.setdefault(operation.service, set()).add(operation.model.name)
    found = {}
    for service in sorted(here):
        modelled = set(specs.model(service).operation_names)
        found[service] = (sorted(here[service]), sorted(modelled - here[service]))
    return found


def operations_page() -> str:
    """Every operation of every service that is spoken."""
    found = implemented()
    rows = [
        (f"[{_title(service)}](#{_title(service).lower().replace(' ', '-')})", str(len(here)), str(len(here) + len(missing)))
        for service, (here, missing) in found.items()
    ]
    parts = [
        "# Operations",
        "What of each service's API answers. An operation that is not implemented is refused with HTTP status 501 and the code\n"
        "`NotImplementedException` (`NotImplemented` for S3), never taken and forgotten.",
        table(("service", "implemented", "in AWS's model"), rows),
    ]
    for service, (here, missing) in found.items():
        parts += [
            f"## {_title(service)}",
            f"Implemented, {len(here)}:",
            _names(here),
            f"Not implemented, {len(missing)}:",
            _names(missing),
        ]
        parts += _codepipeline(here) if service == "codepipeline" else []
    return "\n\n".join(parts)


def _codepipeline(here: list[str]) -> list[str]:
    """What is known of CodePipeline's operations: what their tests show, which errors they meet, what differs from AWS."""
    met = json.loads((DATA / "refusals.json").read_text())
    said = yaml.safe_load((DATA / "operations.yaml").read_text())
    unmet = yaml.safe_load((DATA / "unmet.yaml").read_text())
    declared = {name: specs.model("codepipeline").operation_model(name).error_shapes for name in here}
    rows = [
        (
            f"`{name}`",
            said["operations"][name]["shows"],
            ", ".join(_short(shape.name) for shape in declared[name] if shape.name in met.get(name, ())),
        )
        for name in here
    ]
    never = [
        (f"`{each['error']}`", ", ".join(f"`{name}`" for name in each["operations"] if name in here), each["reason"])
        for each in unmet
        if set(each["operations"]) & set(here)
    ]
    differences = [f"- `{name}`: {text}" for name in here for text in said["operations"][name]["differs"]]
    return [
        "### What the tests of CodePipeline show",
        "Each error is met by a test over HTTP with boto3. So is, for every operation, the refusal of who has no permission.\n"
        "`Exception` at the end of a name is left out.",
        table(("operation", "its tests show", "errors that they meet"), rows),
        "### Errors of CodePipeline's model that never come",
        table(("error", "of", "because"), never),
        "### How CodePipeline differs from AWS",
        "As far as is known, for all operations:",
        "\n".join(f"- {text}" for text in said["everywhere"]["differs"]),
        "For one:",
        "\n".join(differences),
    ]


def _short(error: str) -> str:
    return error.removesuffix("Exception")


def _title(service: str) -> str:
    return TITLES.get(service, service)


def _names(names: list[str]) -> str:
    return " · ".join(names) or "none"


def permissions_page() -> str:
    """What every operation of every service asks for."""
    found: dict[str, list[permissions.Row]] = {}
    for operation in sorted(operations.discover(_AnyPort()), key=lambda each: (each.service, each.model.name)):
        found.setdefault(operation.service, []).extend(permissions.rows(operation))
    parts = [
        "# Permissions",
        permissions.INTRODUCTION,
        "## Keys that every request has",
        " ".join(f"`{name}`" for name in permissions.everywhere()),
        permissions.FURTHER,
    ]
    head = ("operation", "permission", "on", "condition keys")
    for service, rows in found.items():
        parts += [f"## {_title(service)}", table(head, [*rows])]
    return "\n\n".join(parts)


def providers_page() -> str:
    """Every action type that comes with the server."""
    package = catalog.providers.__name__
    found = {key: module for key, module in catalog.discover().items() if _module(module).startswith(package)}
    parts = [
        "# Action types",
        "What an action of a pipeline can be, with its configuration. `ListActionTypes` answers the same.\n"
        "[Write one of your own](../guides/providers.md) in one file.",
    ]
    for key in sorted(found):
        parts += _action_type(found[key].ACTION_TYPE, _prose(found[key]))
    return "\n\n".join(parts)


def rules_page() -> str:
    """Every rule type."""
    parts = [
        "# Rule types",
        "What a rule of a [stage condition](../guides/conditions-and-rules.md) can be, with its configuration.\n"
        "`ListRuleTypes` answers the same.",
    ]
    found = rules.discover()
    for key in sorted(found):
        parts += _rule_type(found[key].RULE_TYPE, _prose(found[key]))
    return "\n\n".join(parts)


def _rule_type(kind: RuleType, text: str) -> list[str]:
    facts = [
        ("`ruleTypeId`", ", ".join(f"{name} `{value}`" for name, value in zip(_PARTS, kind.id, strict=True))),
        ("input artifacts", _range(kind.inputs)),
        ("times out after", _duration(kind.timeout_minutes)),
        ("with the result `SKIP`", "yes" if kind.skips else "no"),
    ]
    return [f"## {kind.provider}", text, table(("", ""), facts), _configuration(kind.properties)]


def _configuration(properties: Sequence[Property]) -> str:
    rows = [
        (
            f"`{each.name}`",
            each.kind,
            "yes" if each.required else "no",
            each.description + (" Kept secret." if each.secret else ""),
        )
        for each in properties
    ]
    return table(("configuration", "kind", "required", "meaning"), rows) if rows else "It has no configuration."


def _module(module: Any) -> str:
    return str(getattr(module, "__name__", ""))


def _action_type(kind: ActionType, text: str) -> list[str]:
    facts = [
        ("`actionTypeId`", ", ".join(f"{name} `{value}`" for name, value in zip(_PARTS, kind.id, strict=True))),
        ("input artifacts", _range(kind.inputs)),
        ("output artifacts", _range(kind.outputs)),
        ("times out after", _duration(kind.timeout_minutes)),
        ("output variables", ", ".join(f"`{name}`" for name in kind.output_variables) or "none of its own"),
    ]
    return [f"## {kind.category}: {kind.provider}", text, table(("", ""), facts), _configuration(kind.properties)]


_PARTS = ("category", "owner", "provider", "version")


def _range(bounds: tuple[int, int]) -> str:
    return str(bounds[0]) if bounds[0] == bounds[1] else f"{bounds[0]} to {bounds[1]}"


def _duration(minutes: int) -> str:
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    named = [(days, "day"), (hours, "hour"), (left, "minute")]
    return " ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in named if count)


def settings_page() -> str:
    """Every setting."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = "~/.local/share/stageline" if field.default is PydanticUndefined and name == "data" else str(field.default)
        rows.append((f"`{name}`", f"`STAGELINE_{name.upper()}`", f"`{default}`" if default else "empty", field.description or ""))
    assert default_data().relative_to(Path.home()) == Path(".local/share/stageline")
    return "\n\n".join(
        [
            "# Settings",
            "Read once, when the server starts: from a flag of [`stageline up`](cli.md) where there is one, else from the\n"
            "variable, else the default. A value that cannot be is refused with a message. `stageline doctor` shows them.",
            table(("setting", "variable", "default", "meaning"), rows),
            "`STAGELINE_DEBUG=1` makes the command line show where in the code an unexpected error happened.",
        ]
    )


def cli_page() -> str:
    """Every command and flag."""
    from stageline.cli import app

    program = typer.main.get_command(app)
    assert isinstance(program, click.Group) or hasattr(program, "commands")
    parts = ["# The command line", (program.help or "").strip()]
    for name, command in program.commands.items():
        parts += [f"## stageline {name}", inspect.cleandoc(command.help or "")]
        rows = [_flag(parameter) for parameter in command.params if getattr(parameter, "opts", None)]
        parts += [table(("flag", "variable", "default", "meaning"), rows)] if rows else []
    return "\n\n".join(parts)


def _flag(parameter: Any) -> tuple[str, str, str, str]:
    names = ", ".join(f"`{each}`" for each in [*parameter.opts, *parameter.secondary_opts])
    variable = parameter.envvar if isinstance(parameter.envvar, str) else ""
    default = "" if parameter.default is None or callable(parameter.default) else str(parameter.default)
    if isinstance(parameter.default, bool):
        default = (parameter.opts if parameter.default else parameter.secondary_opts or ["off"])[0]
    return names, f"`{variable}`" if variable else "", f"`{default}`" if default else "", getattr(parameter, "help", "") or ""


def effects_page() -> str:
    """The words between the core and the engine."""
    return "\n\n".join(
        [
            "# Events and effects",
            "The core of the pipeline engine is one function, `decide(state, event)`. It is told what happened by events and\n"
            "says what to do by effects ([how it all flows](../concepts/one-way-flow.md)). These are all of them.",
            "## Events",
            table(("event", "carries", "meaning"), _values(events)),
            "## Effects",
            table(("effect", "carries", "meaning"), _values(effects, without=("Decision", "Refusal"))),
        ]
    )


TOPICS = (
    "From start to end",
    "Statuses",
    "SUPERSEDED",
    "QUEUED",
    "PARALLEL",
    "Transitions",
    "Approvals",
    "Conditions",
    "Retry",
    "Automatic retry",
    "Stop",
    "Rollback",
    "Updates",
    "Sources and variables",
    "Time",
    "Explanations",
)
"""What the stories are about, in the order of the page; each story names one of them in its second line."""


def scenarios_page() -> str:
    """Every rule of how executions go, with the story that shows it."""
    told: dict[str, list[tuple[str, ...]]] = {topic: [] for topic in TOPICS}
    for path in sorted(STORIES.glob("*.txt")):
        rule, topic = (line.removeprefix("# ").removeprefix("topic: ") for line in path.read_text().splitlines()[:2])
        told[topic].append((rule, f"[{path.stem}](../../tests/scenarios/stories/{path.name})"))
    parts = [
        "# Scenarios",
        "How executions of a pipeline go, rule by rule. Each rule has a story: a list of commands with the decisions that they\n"
        "lead to, run by `tests/scenarios`. What is around these decisions (custom jobs, webhooks, deletion, the form of each\n"
        "answer) is shown over HTTP: see [operations](operations.md) and [conformance](conformance.md).",
    ]
    for topic, rows in told.items():
        parts += [f"## {topic}", table(("rule", "story"), rows)]
    return "\n\n".join(parts)


def _values(module: ModuleType, without: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    own = [
        each
        for each in vars(module).values()
        if inspect.isclass(each) and each.__module__ == module.__name__ and dataclasses.is_dataclass(each)
    ]
    return [
        (f"`{each.__name__}`", ", ".join(f"`{field.name}`" for field in dataclasses.fields(each)), _prose(each))
        for each in own
        if each.__name__ not in without
    ]


def _prose(thing: object) -> str:
    return (inspect.getdoc(thing) or "").replace("``", "`").replace("\n\n", " ")


PAGES: dict[str, Callable[[], str]] = {
    "operations.md": operations_page,
    "permissions.md": permissions_page,
    "providers.md": providers_page,
    "rules.md": rules_page,
    "settings.md": settings_page,
    "cli.md": cli_page,
    "effects.md": effects_page,
    "scenarios.md": scenarios_page,
}


def write(folder: Path) -> None:
    """Write all pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(f"{HEAD}{page()}\n")


def outdated() -> list[str]:
    """The names of pages that differ from what the code says now."""
    with tempfile.TemporaryDirectory() as name:
        write(Path(name))
        return [page for page in PAGES if not _same(FOLDER / page, Path(name) / page)]


def _same(here: Path, there: Path) -> bool:
    return here.exists() and here.read_text() == there.read_text()


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        late = outdated()
        sys.exit(f"out of date: {', '.join(late)}. Run: python docs/generate.py" if late else 0)
    write(FOLDER)
