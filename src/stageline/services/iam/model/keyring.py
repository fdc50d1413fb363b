"""The key file: keys of 32 bytes in base64, one a line. The first one seals; while keys are rotated the one before it follows.

The file is replaced as a whole, and nobody but its owner may read it.
"""

import base64
import hashlib
import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path

LENGTH = 32


def new_key() -> bytes:
    """A key from the system's entropy."""
    return secrets.token_bytes(LENGTH)


def key_id(key: bytes) -> str:
    """What sealed text names its key by: eight hexadecimal digits that tell nothing of the key."""
    return hashlib.sha256(b"stageline key id" + key).hexdigest()[:8]


def read(key_file: Path) -> tuple[bytes, ...]:
    """The keys; one is made when there is no file. Two servers that start at once agree on whichever file came first.

    ValueError when the file is damaged or open to others.
    """
    if not key_file.exists():
        _create(key_file)
    try:
        keys = tuple(base64.b64decode(line.strip(), validate=True) for line in key_file.read_text("ascii").splitlines())
    except ValueError as error:
        raise ValueError(f"{key_file} does not hold a key; restore it from a backup") from error
    if not keys or any(len(key) != LENGTH for key in keys):
        raise ValueError(f"{key_file} does not hold keys of {LENGTH} bytes; restore it from a backup")
    if stat.S_IMODE(key_file.stat().st_mode) & 0o077:
        raise ValueError(f"{key_file} can be read by others; run chmod 600 {key_file}, and consider stageline rotate-key")
    return keys


def replace(key_file: Path, keys: Sequence[bytes]) -> None:
    """Put other keys into the file; when this returns they are on the disk, and at no instant is there half a file."""
    draft = _draft(key_file, keys)
    draft.replace(key_file)
    _sync(key_file.parent)


def _create(key_file: Path) -> None:
    key_file.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(key_file, (new_key(),))
    try:
        os.link(draft, key_file)
    except FileExistsError:
        return  # another process was first; its key counts
    finally:
        draft.unlink()
    _sync(key_file.parent)


def _draft(key_file: Path, keys: Sequence[bytes]) -> Path:
    draft = key_file.with_name(f".{key_file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.writelines(base64.b64encode(key) + b"\n" for key in keys)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
