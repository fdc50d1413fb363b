"""Where objects lie: the current ones, their history, and how putting and removing moves them between the two.

``s3.object`` holds the current version of a key unless that is a delete marker, so that a listing is one scan.
``s3.version`` holds all else (older versions, delete markers), newest first within a key. ``s3.null`` points to the null version
when it lies in the history. A version id begins with its order, counted down, so that ids sort newest first.
"""

import re
import secrets
from typing import Any

from stageline.ports.api import ApiError, Context
from stageline.ports.events import Events
from stageline.ports.store import Doc, ReadTx, WriteTx

OBJECT = "s3.object"
VERSION = "s3.version"
NULL = "s3.null"
END = "\x01"
"""Ends a key inside a longer one; escaped within keys so that the order of keys is kept."""

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORDER_LENGTH = 12
_TOP = 36**_ORDER_LENGTH - 1
_VERSION_ID = re.compile(r"[0-9A-Za-z_.]{32}")
_TAIL = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_."


def escaped(key: str) -> str:
    """A key in which END does not occur, ordered as the keys are."""
    return key.replace("\x02", "\x02\x03").replace("\x01", "\x02\x02")


def object_key(bucket: str, key: str) -> str:
    """Where the current version lies."""
    return f"{bucket}/{key}"


def history_prefix(bucket: str, key: str) -> str:
    """What the keys of the history of one object begin with."""
    return f"{bucket}/{escaped(key)}{END}"


def _countdown(order: int) -> str:
    rest, letters = _TOP - order, []
    for _ in range(_ORDER_LENGTH):
        rest, digit = divmod(rest, 36)
        letters.append(_LETTERS[digit])
    return "".join(reversed(letters))


def fresh_id(order: int, *, rising: bool = False) -> str:
    """An id that sorts by ``order``, the greatest first unless ``rising``."""
    return _countdown(_TOP - order if rising else order) + "".join(secrets.choice(_TAIL) for _ in range(32 - _ORDER_LENGTH))


def history_key(bucket: str, doc: Doc) -> str:
    """Where a version lies in the history."""
    version = doc["version"] if doc["version"] != "null" else _countdown(doc["order"]) + "null"
    return history_prefix(bucket, doc["key"]) + version


def no_such_key(key: str) -> ApiError:
    """The refusal for a key without a current object."""
    return ApiError("NoSuchKey", "The specified key does not exist.", 404, Key=key)


def no_such_version(key: str, version: str) -> ApiError:
    """The refusal for a version id that the key does not have."""
    return ApiError("NoSuchVersion", "The specified version does not exist.", 404, Key=key, VersionId=version)


def current(tx: ReadTx, bucket: str, key: str) -> Doc | None:
    """The current version; None when there is none or it is a delete marker."""
    return tx.get(OBJECT, object_key(bucket, key))


def latest(tx: ReadTx, bucket: str, key: str) -> Doc | None:
    """The newest version, delete markers included."""
    return current(tx, bucket, key) or _newest_of_history(tx, bucket, key)


def _newest_of_history(tx: ReadTx, bucket: str, key: str) -> Doc | None:
    rows = tx.scan(VERSION, history_prefix(bucket, key), limit=1)
    return rows[0][1] if rows else None


def find(tx: ReadTx, bucket: str, key: str, version: str) -> Doc | None:
    """A version by its id, delete markers included. Raises InvalidArgument for what is no id at all."""
    if version != "null" and not _VERSION_ID.fullmatch(version):
        raise ApiError("InvalidArgument", "Invalid version id specified", 400, ArgumentName="versionId", ArgumentValue=version)
    doc = current(tx, bucket, key)
    if doc is not None and doc["version"] == version:
        return doc
    if version == "null":
        pointer = tx.get(NULL, object_key(bucket, key))
        return tx.get(VERSION, pointer["at"]) if pointer else None
    return tx.get(VERSION, history_prefix(bucket, key) + version)


def _archive(tx: WriteTx, bucket: str, doc: Doc) -> None:
    at = history_key(bucket, doc)
    tx.put(VERSION, at, doc)
    if doc["version"] == "null":
        tx.put(NULL, object_key(bucket, doc["key"]), {"at": at})


def _drop_null(tx: WriteTx, bucket: str, key: str) -> list[Doc]:
    """Remove the null version from the history."""
    pointer = tx.get(NULL, object_key(bucket, key))
    if pointer is None:
        return []
    doc = tx.get(VERSION, pointer["at"])
    tx.delete(VERSION, pointer["at"])
    tx.delete(NULL, object_key(bucket, key))
    return [doc] if doc else []


def _make_way(tx: WriteTx, bucket: Doc, doc: Doc, now: int) -> list[Doc]:
    """Give ``doc`` its order and version id and clear the place of the current version; returns what is gone for good."""
    name, key, state = bucket["name"], doc["key"], bucket["versioning"]
    old = current(tx, name, key)
    before = old or (_newest_of_history(tx, name, key) if state else None)
    doc["order"] = max(now * 1000, before["order"] + 1 if before else 0)
    doc["version"] = fresh_id(doc["order"]) if state == "Enabled" else "null"
    gone: list[Doc] = []
    if state == "Suspended":
        gone = _drop_null(tx, name, key)
    if old is not None and (state == "Enabled" or (state == "Suspended" and old["version"] != "null")):
        _archive(tx, name, old)
    elif old is not None:
        gone.append(old)
    return gone


def place(tx: WriteTx, bucket: Doc, doc: Doc, now: int) -> list[Doc]:
    """Make ``doc`` the current version of its key as the bucket's versioning says; returns the versions it replaced for good."""
    gone = _make_way(tx, bucket, doc, now)
    tx.put(OBJECT, object_key(bucket["name"], doc["key"]), doc)
    return gone


def remove(tx: WriteTx, bucket: Doc, key: str, now: int) -> tuple[Doc | None, list[Doc]]:
    """Delete a key without naming a version: the delete marker made (None in a bucket without versioning), and what is gone."""
    place_of_key = object_key(bucket["name"], key)
    if not bucket["versioning"]:
        old = current(tx, bucket["name"], key)
        tx.delete(OBJECT, place_of_key)
        return None, [old] if old else []
    marker: Doc = {"key": key, "marker": True, "modified": now // 1000 * 1000}
    gone = _make_way(tx, bucket, marker, now)
    tx.delete(OBJECT, place_of_key)
    _archive(tx, bucket["name"], marker)
    return marker, gone


def remove_version(tx: WriteTx, bucket: Doc, key: str, version: str) -> Doc | None:
    """Delete one version for good; the newest that is left becomes the current one. Returns what was deleted."""
    name = bucket["name"]
    doc = find(tx, name, key, version)
    if doc is None:
        return None
    old = current(tx, name, key)
    if old is not None and old["version"] == version:
        tx.delete(OBJECT, object_key(name, key))
        old = None
    elif version == "null":
        _drop_null(tx, name, key)
    else:
        tx.delete(VERSION, history_key(name, doc))
    if old is None:
        heir = _newest_of_history(tx, name, key)
        if heir is not None and not heir.get("marker"):
            tx.delete(VERSION, history_key(name, heir))
            if heir["version"] == "null":
                tx.delete(NULL, object_key(name, key))
            tx.put(OBJECT, object_key(name, key), heir)
    return doc


def rewrite(tx: WriteTx, bucket: str, doc: Doc) -> None:
    """Store a changed document (its tags, say) where the version lies."""
    now = current(tx, bucket, doc["key"])
    if now is not None and now["version"] == doc["version"]:
        tx.put(OBJECT, object_key(bucket, doc["key"]), doc)
    else:
        tx.put(VERSION, history_key(bucket, doc), doc)


def announce(
    tx: WriteTx,
    events: Events,
    ctx: Context,
    bucket: Doc,
    kind: str,
    doc: Doc,
    **detail: Any,
) -> None:
    """Publish ``Object Created``, ``Object Deleted`` … of a version, to be delivered once ``tx`` has committed."""
    thing: dict[str, Any] = {"key": doc["key"]}
    if kind == "Object Created":
        thing["size"] = doc["size"]
    if doc.get("etag"):
        thing["etag"] = doc["etag"]
    if bucket["versioning"] and doc.get("version"):
        thing["version-id"] = doc["version"]
    thing["sequencer"] = f"{doc.get('order', ctx.now * 1000):018X}"
    events.publish(
        tx,
        {
            "source": "aws.s3",
            "detail-type": kind,
            "resources": [f"arn:aws:s3:::{bucket['name']}"],
            "stageline:person": ctx.caller.person,
            "stageline:eventbridge": bool(bucket["config"].get("notification", {}).get("eventbridge")),
            "detail": {
                "version": "0",
                "bucket": {"name": bucket["name"]},
                "object": thing,
                "request-id": ctx.request_id,
                "requester": ctx.caller.account or ctx.account,
                "source-ip-address": ctx.source_ip or "AWS Internal",
                **detail,
            },
        },
    )
