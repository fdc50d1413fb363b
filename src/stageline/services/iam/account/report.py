"""The credential report: a CSV of every user's password and keys, kept for four hours."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.iam.model.entities import ACCOUNT, KEYS, KEYS_USED, LOGINS, USER, arn_of
from stageline.services.iam.passwords import rules

_KEY = "credential-report"
_KEPT = 4 * 3_600_000
_NONE = "N/A"
_KEY_COLUMNS = ("active", "last_rotated", "last_used_date", "last_used_region", "last_used_service")
COLUMNS = (
    *("user", "arn", "user_creation_time", "password_enabled", "password_last_used", "password_last_changed"),
    *("password_next_rotation", "mfa_active"),
    *(f"access_key_{number}_{name}" for number in (1, 2) for name in _KEY_COLUMNS),
    *(f"cert_{number}_{name}" for number in (1, 2) for name in ("active", "last_rotated")),
)


def generate_credential_report(ctx: Context, request: Request, *, store: Store) -> Response:
    """Make a report unless there is one of the last four hours."""
    with store.write() as tx:
        report = tx.get(ACCOUNT, _KEY)
        if report is not None and ctx.now - report["generated"] < _KEPT:
            return {"State": "COMPLETE"}
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_rows(tx, ctx))
        tx.put(ACCOUNT, _KEY, {"generated": ctx.now, "text": out.getvalue()})
    return {"State": "STARTED", "Description": "No report exists. Starting a new report generation task"}


def get_credential_report(ctx: Context, request: Request, *, store: Store) -> Response:
    """The report that was made last."""
    with store.read() as tx:
        report = tx.get(ACCOUNT, _KEY)
    if report is None:
        raise ApiError("ReportNotPresent", "There is no credential report: call GenerateCredentialReport first.", 410)
    if ctx.now - report["generated"] >= _KEPT:
        raise ApiError("ReportExpired", "The credential report has expired: call GenerateCredentialReport again.", 410)
    return {"Content": report["text"].encode(), "ReportFormat": "text/csv", "GeneratedTime": report["generated"]}


def _rows(tx: ReadTx, ctx: Context) -> Iterator[list[str]]:
    root_keys = [(unique, doc) for unique, doc in tx.scan(KEYS) if not doc["user"]]
    created = min((doc["created"] for _, doc in root_keys), default=ctx.now)
    unknown = ["not_supported", "no_information", "not_supported", "not_supported", "false"]
    yield ["<root_account>", f"arn:aws:iam::{ctx.account}:root", _iso(created), *unknown, *_keys(tx, root_keys), *_CERTIFICATES]
    for _, user in tx.scan(USER.kind):
        keys = [(unique, doc) for unique in user["keys"] if (doc := tx.get(KEYS, unique)) is not None]
        start = [user["name"], arn_of(ctx.account, USER, user), _iso(user["created"])]
        yield [*start, *_password(tx, user), "false", *_keys(tx, keys), *_CERTIFICATES]


_CERTIFICATES = ["false", _NONE, "false", _NONE]


def _password(tx: ReadTx, user: Doc) -> list[str]:
    doc = tx.get(LOGINS, user["id"])
    if doc is None:
        return ["false", _NONE, _NONE, _NONE]
    ends = rules.expires(rules.found(tx), doc["changed"])
    return ["true", _iso(doc["used"]) if "used" in doc else "no_information", _iso(doc["changed"]), _iso(ends) if ends else _NONE]


def _keys(tx: ReadTx, keys: list[tuple[str, Doc]]) -> list[str]:
    cells: list[str] = []
    for unique, doc in keys[:2]:
        used = tx.get(KEYS_USED, unique)
        cells += ["true" if doc["status"] == "Active" else "false", _iso(doc["created"])]
        cells += [_iso(used["date"]), used["region"], used["service"]] if used else [_NONE] * 3
    while len(cells) < 2 * len(_KEY_COLUMNS):
        cells += ["false", _NONE, _NONE, _NONE, _NONE]
    return cells


def _iso(instant: int) -> str:
    return datetime.fromtimestamp(instant // 1000, UTC).isoformat()
