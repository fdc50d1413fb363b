"""JSON text of documents and payloads: compact, ASCII only (so that any string survives any database), no NaN."""

import json

from stageline.ports.store import Doc

_ENCODER = json.JSONEncoder(ensure_ascii=True, check_circular=False, allow_nan=False, separators=(",", ":"))
_DECODER = json.JSONDecoder()


def encode(doc: Doc) -> str:
    """A document as text; ValueError or TypeError for anything that JSON does not have."""
    return _ENCODER.encode(doc)


def decode(text: str) -> Doc:
    """The document of a text."""
    doc: Doc = _DECODER.decode(text)
    return doc
