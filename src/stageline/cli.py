"""The command line: ``stageline up | env | console | demo | doctor | audit | why | why-denied | history | replay`` and more."""

import gc
import os
import shlex
import socket
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

from stageline.config import Settings, default_data
from stageline.ports.store import DataFolderBusy

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="CodePipeline that you own.",
)

Data = Annotated[Path | None, typer.Option("--data", help="The data folder.", envvar="STAGELINE_DATA", show_default=False)]
Host = Annotated[str | None, typer.Option("--host", help="The address to listen on [default: 127.0.0.1].", show_default=False)]
Port = Annotated[
    int | None, typer.Option("--port", help="The port to listen on [default: 4566]; 0 takes a free one.", show_default=False)
]


def fail(message: str, code: int = 1) -> NoReturn:
    """End with a message for people."""
    typer.echo(f"stageline: {message}", err=True)
    raise typer.Exit(code)


def settings_from(**given: Any) -> Settings:
    """The settings, flags first; wrong ones end the command with a message."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        fail(f"a setting is wrong: {problems}", 2)


@app.command()
def up(data: Data = None, host: Host = None, port: Port = None) -> None:
    """Run the server in the foreground; prints one line "ready http://HOST:PORT" once it accepts requests."""
    settings = settings_from(data=data, host=host, port=port)  # before the imports, which take longer
    gc.disable()  # what is loaded at start stays: looking through it for garbage would only take time
    from sqlalchemy.exc import SQLAlchemyError

    from stageline import faults
    from stageline.app import assemble
    from stageline.logbook import open_logbook
    from stageline.server import listen, serve

    open_logbook()
    try:
        faults.arm(os.environ.get(faults.VARIABLE, ""))
    except (OSError, ValueError) as error:
        fail(f"a setting is wrong: {error}", 2)
    try:
        sock = listen(settings.host, settings.port)
    except (OSError, socket.gaierror) as error:
        fail(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror or error}. Choose another with --port or --host."
        )
    try:
        server = assemble(settings, sock.getsockname()[1])
    except DataFolderBusy as error:
        fail(str(error))
    except SQLAlchemyError as error:
        fail(f"cannot use the database: {str(getattr(error, 'orig', None) or error).splitlines()[0]}")
    except (OSError, ValueError, RuntimeError) as error:
        fail(f"cannot start on the data folder {settings.data}: {error}")
    gc.freeze()
    gc.enable()
    if server.finding.level != "bubblewrap":
        typer.echo(f"stageline: warning: {server.finding.reason}", err=True)
    if not settings.local_only:
        typer.echo("stageline: warning: listening beyond loopback without TLS; put a TLS proxy in front.", err=True)

    def ready(endpoint: str) -> None:
        if settings.console_link:
            typer.echo(f"stageline: console: {_link(settings, endpoint)} (once, within 15 minutes)", err=True)
        print(f"ready {endpoint}", flush=True)

    serve(server, sock, ready)


def _link(settings: Settings, endpoint: str) -> str:
    """A link that signs the administrator in to the console; OSError or ValueError without a remembered key."""
    import time

    from stageline.remembered import administrator
    from stageline.webconsole import links

    key = administrator(settings.data)
    return links.url(endpoint, links.token(key["AccessKeyId"], key["SecretAccessKey"], time.time_ns() // 1_000_000))


@app.command()
def console(data: Data = None, port: Port = None) -> None:
    """Print a link that signs the administrator in to the web console: it works once, within a quarter of an hour."""
    from stageline.remembered import endpoint

    settings = settings_from(data=data, port=port)
    known = endpoint(settings.data) if port is None else None
    try:
        typer.echo(_link(settings, known or f"http://{settings.host}:{settings.port}"))
    except (OSError, ValueError):
        fail(f"no administrator key in {settings.data}. Start the server once with: stageline up --data {settings.data}")


@app.command()
def env(data: Data = None, port: Port = None) -> None:
    """Print export lines for a shell: eval "$(stageline env)" makes the AWS CLI and SDKs use this server."""
    from stageline.remembered import administrator, endpoint

    settings = settings_from(data=data, port=port)
    try:
        key = administrator(settings.data)
    except (OSError, ValueError):
        fail(f"no administrator key in {settings.data}. Start the server once with: stageline up --data {settings.data}")
    known = endpoint(settings.data) if port is None else None
    values = {
        "AWS_ENDPOINT_URL": known or f"http://{settings.host}:{settings.port}",
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "AWS_DEFAULT_REGION": settings.region,
        "AWS_REGION": settings.region,
    }
    for name, value in values.items():
        typer.echo(f"export {name}={shlex.quote(value)}")
    typer.echo("unset AWS_SESSION_TOKEN AWS_PROFILE")


@app.command()
def doctor(data: Data = None, port: Port = None) -> None:
    """Check the machine and the data folder: database, sandbox, git, port, and that every journal gives the stored state."""
    from stageline.offline.doctor import examine, report

    findings = examine(settings_from(data=data, port=port))
    typer.echo(report(findings))
    if any(finding.bad for finding in findings):
        raise typer.Exit(1)


Pipeline = Annotated[str, typer.Argument(help="The name of a pipeline.", show_default=False)]


@app.command()
def why(
    pipeline: Pipeline,
    execution: Annotated[
        str, typer.Argument(help="The id of an execution; without it, the latest ones.", show_default=False)
    ] = "",
    data: Data = None,
) -> None:
    """Say why executions wait, were skipped, superseded or refused, failed or ended: one sentence each, from the journal."""
    from stageline.offline import lookback

    try:
        typer.echo("\n".join(lookback.why(settings_from(data=data), pipeline, execution)))
    except lookback.CannotLookBack as error:
        fail(str(error))


@app.command("why-denied")
def why_denied(
    request: Annotated[
        str, typer.Argument(help="The request id of a refusal; without it, the latest ones.", show_default=False)
    ] = "",
    data: Data = None,
) -> None:
    """Say why a request was denied: who asked for what, and the statement that denies or the policies that allow nothing."""
    from stageline.offline import denied

    try:
        typer.echo("\n".join(denied.why(settings_from(data=data), request)))
    except denied.NotKnown as error:
        fail(str(error))


@app.command()
def history(
    pipeline: Pipeline,
    at: Annotated[str, typer.Option("--at", help="An ISO 8601 time, in UTC unless it says otherwise.", show_default=False)],
    data: Data = None,
) -> None:
    """Show the state of a pipeline as it was at an instant."""
    from stageline.offline import lookback

    try:
        instant = lookback.instant(at)
    except ValueError:
        fail(f"'{at}' is not a time; write it like 2026-03-01T14:30:00Z", 2)
    try:
        typer.echo("\n".join(lookback.as_of(settings_from(data=data), pipeline, instant)))
    except lookback.CannotLookBack as error:
        fail(str(error))


@app.command()
def replay(pipeline: Pipeline, data: Data = None) -> None:
    """Fold the journal of a pipeline and compare the outcome with the stored state."""
    from stageline.offline import lookback

    try:
        same, text = lookback.replay(settings_from(data=data), pipeline)
    except lookback.CannotLookBack as error:
        fail(str(error))
    typer.echo(text)
    if not same:
        raise typer.Exit(1)


@app.command("rotate-key")
def rotate_key(
    data: Data = None,
    portion: Annotated[int, typer.Option("--portion", min=1, help="How many rows one transaction seals anew.")] = 500,
) -> None:
    """Seal all stored secrets with a new key and remove the old one. Stop the server first. Temporary credentials end with the
    old key. A rotation that was interrupted loses nothing: run it again.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from stageline import faults
    from stageline.offline.keyrotation import rotate

    settings = settings_from(data=data)
    try:
        faults.arm(os.environ.get(faults.VARIABLE, ""))
        done = rotate(settings, portion)
    except SQLAlchemyError as error:
        fail(f"cannot use the database: {str(getattr(error, 'orig', None) or error).splitlines()[0]}")
    except (DataFolderBusy, OSError, ValueError, RuntimeError) as error:
        fail(str(error))
    begun = "An interrupted rotation was brought to its end" if done.resumed else "The key was rotated"
    typer.echo(f"{begun}: {done.rows} rows sealed anew in {done.portions} portions. The old key is gone.")


@app.command()
def audit(
    since: Annotated[str, typer.Option("--since", help="Only from this time on (ISO 8601).", show_default=False)] = "",
    until: Annotated[str, typer.Option("--until", help="Only up to this time (ISO 8601).", show_default=False)] = "",
    user: Annotated[
        str, typer.Option("--user", help="Only calls of this user, session, ARN or access key id.", show_default=False)
    ] = "",
    event: Annotated[str, typer.Option("--event", help="Only calls of this operation.", show_default=False)] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the records as they are kept, a line each.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Check the chain instead of printing it.")] = False,
    anchor: Annotated[
        list[str], typer.Option("--anchor", help="NUMBER:HASH, kept elsewhere, to check against.", show_default=False)
    ] = [],  # noqa: B006
    data: Data = None,
) -> None:
    """Print the audit trail, oldest first, or check that nothing in it was changed, removed, moved or cut off."""
    from stageline.offline import audit as trail

    settings = settings_from(data=data)
    try:
        if verify or anchor:
            good, text = trail.check(settings, anchor)
            typer.echo(text)
            if not good:
                raise typer.Exit(1)
            return
        wanted = trail.Wanted(trail.instant(since), trail.instant(until), user, event)
        for line in trail.lines(settings, wanted, as_json=as_json):
            typer.echo(line)
    except trail.CannotTell as error:
        fail(str(error), error.code)


@app.command("check-export")
def check_export(
    file: Annotated[Path, typer.Argument(help="Lines that stageline audit --json printed.", show_default=False)],
    anchor: Annotated[
        list[str], typer.Option("--anchor", help="NUMBER:HASH, kept elsewhere, to check against.", show_default=False)
    ] = [],  # noqa: B006
) -> None:
    """Check a part of the audit trail that was printed to a file: that no line of it was changed, removed, added or moved."""
    from stageline.offline import audit as trail

    try:
        good, text = trail.check_file(file, anchor)
    except trail.CannotTell as error:
        fail(str(error), error.code)
    typer.echo(text)
    if not good:
        raise typer.Exit(1)


@app.command()
def demo(
    wait: Annotated[bool, typer.Option("--wait", help="Leave the approval to you.")] = False,
    data: Annotated[
        Path | None, typer.Option("--data", help="The data folder [default: ./demo-data].", show_default=False)
    ] = None,
    port: Annotated[int, typer.Option("--port", help="The port; 0 takes a free one.")] = 0,
    keep: Annotated[bool, typer.Option("--keep/--no-keep", help="Keep the data folder afterwards.")] = True,
) -> None:
    """Push a real repository through source, build, test, approval and deploy, told as it happens."""
    from stageline.demo.story import run

    raise typer.Exit(run(data or Path("demo-data"), port=port, wait=wait, keep=keep))


def main() -> None:
    """The entry point: an interrupt ends it quietly, and a fault with one line; STAGELINE_DEBUG=1 shows where it was."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if os.environ.get("STAGELINE_DEBUG"):
            raise
        typer.echo(f"stageline: internal error: {type(error).__name__}: {error} (STAGELINE_DEBUG=1 shows where)", err=True)
        sys.exit(70)


__all__ = ["app", "default_data", "main"]
