"""``stageline rotate-key``: everything sealed is sealed anew with a new key, and the old key is removed.

The order makes it safe to end at any instant. First the key file gets the new key in front of the old one, and from then on the
server (were it started) opens with both. Then portions of rows are sealed anew, a transaction each. Only when no row is left does
the file lose the old key. Begun again after a crash, it goes on with the key that is there: a value sealed anew before stays.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stageline.config import Settings
from stageline.core.faultpoints import reach
from stageline.services.iam.model import keyring
from stageline.services.iam.secrets import OLD, Vault
from stageline.store.audit import segments
from stageline.store.folder import open_data_folder
from stageline.store.sql import SqlStore
from stageline.store.upkeep.rewriting import JOURNAL, Place, rewrite

KEY = "vault.key"
PORTION = 500
_NAMES = re.compile(r'"(?:name|pipeline|run)": ?"([^"]+)"')


@dataclass(frozen=True)
class Rotated:
    """What was done. ``resumed`` when an earlier rotation was brought to its end."""

    rows: int
    portions: int
    resumed: bool


def rotate(settings: Settings, portion: int = PORTION) -> Rotated:
    """Rotate the key of a data folder that no server uses; DataFolderBusy, FileNotFoundError when there is no key yet."""
    file = settings.data / KEY
    if not file.exists():
        raise FileNotFoundError(f"there is no key in {settings.data}; the first start of the server makes one")
    with open_data_folder(settings.data) as folder:
        keys = keyring.read(file)
        resumed = len(keys) > 1
        if not resumed:
            keyring.replace(file, (keyring.new_key(), keys[0]))
            reach("rotation.key-added")
        store = SqlStore(settings.database or folder.database_url)
        try:
            rows, portions = _reseal(store, Vault(file), portion)
        finally:
            store.close()
        reach("rotation.resealed")
        keyring.replace(file, keyring.read(file)[:1])
        for draft in file.parent.glob(f".{KEY}.*"):
            draft.unlink()  # a kill left it in front of its renaming, with keys in it
        reach("rotation.key-removed")
    return Rotated(rows, portions, resumed)


def unfinished(settings: Settings) -> bool:
    """Whether a rotation was begun and not brought to its end. ValueError when the key file is damaged or open to others."""
    file = settings.data / KEY
    return file.exists() and len(keyring.read(file)) > 1


def _reseal(store: SqlStore, vault: Vault, portion: int) -> tuple[int, int]:
    place: Place | None = Place()
    rows = portions = 0
    while place is not None:
        place, changed = rewrite(store, place, portion, lambda kind, key, text: _resealed(vault, kind, key, text))
        rows, portions = rows + changed, portions + 1
        reach("rotation.portion")
    return rows, portions


def _resealed(vault: Vault, kind: str, key: str, text: str) -> str:
    if kind == JOURNAL and key.startswith(segments.PREFIX):
        return text  # each record has the hash of the one before, and none has anything sealed
    return vault.resealed(text, _contexts(kind, key, text) if OLD.search(text) else ())


def _contexts(kind: str, key: str, text: str) -> Iterator[str]:
    """Every context that values of the old form were ever sealed with, of those that this row may hold."""
    for tail in ("", "/secret", "/token"):
        yield f"{kind}/{key}{tail}"
    for name in dict.fromkeys(_NAMES.findall(text)):
        yield f"codepipeline.secret/{name}"
        yield f"codepipeline.job/{name}"
        yield f"codepipeline.job/{name}/token"
