"""``stageline why-denied``: what is kept of denied requests, in plain words; with or without a running server."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

from stageline.config import Settings
from stageline.gateway.protocols.rest_xml import short_id
from stageline.ports.identity import Denial
from stageline.store.files.denials import latest

LATEST = 20
"""Denials that are listed when no request is named."""

_KINDS = {
    "identity": "identity-based policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "resource": "resource-based policy",
    "trust": "trust policy of the role",
}


class NotKnown(Exception):
    """Nothing is kept of what was asked for; the text tells what to do."""


def why(settings: Settings, request_id: str = "") -> list[str]:
    """A page about one denied request, or a line for each of the latest ones."""
    if not settings.data.exists():
        raise NotKnown(f"there is no data folder {settings.data}; name that of your server with --data")
    if not request_id:
        found = list(islice(latest(settings.data), LATEST))
        return [_line(each) for each in found] or ["No request has been denied."]
    told = [_page(each) for each in latest(settings.data) if request_id in (each.request_id, short_id(each.request_id))]
    if not told:
        raise NotKnown(
            f"nothing is kept of a denied request {request_id}; the id is the RequestId of the answer, and only the latest "
            f"{settings.denials} denials are kept. stageline why-denied lists some"
        )
    return [line for page in reversed(told) for line in page]


def _line(denial: Denial) -> str:
    return _plain(f"{_when(denial.at)}  {denial.request_id}  {denial.action}  {denial.principal}")


def _page(denial: Denial) -> Iterator[str]:
    yield _plain(f"request    {denial.request_id} at {_when(denial.at)}")
    yield _plain(f"principal  {denial.principal}" + (f" ({denial.user_id})" if denial.user_id else ""))
    yield _plain(f"action     {denial.action}")
    yield _plain(f"resource   {denial.resource or '*'}")
    yield _plain(f"denied     {denial.reason}" if denial.reason else "denied")
    if denial.explicit:
        place = f"statement {denial.index + 1}" + (f" (Sid {denial.statement})" if denial.statement else "")
        yield _plain(f"decided by {place} of {denial.policy or 'a policy'}")
    for kind in denial.lacking:
        yield _plain(f"missing    no {_KINDS.get(kind, kind)} allows it")
    yield "context"
    for name, value in sorted(denial.keys.items()):
        yield _plain(f"  {name} = {value if isinstance(value, str) else ', '.join(value)}")


def _plain(text: str) -> str:
    """A line for a terminal: whatever a caller put into a name or a header cannot steer it."""
    return "".join(each if each.isprintable() else "�" for each in text)


def _when(instant: int) -> str:
    return datetime.fromtimestamp(instant / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
