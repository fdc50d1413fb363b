"""The vault: sealed text opens with the same key and context only."""

import base64
import stat
import threading
from pathlib import Path

import pytest

from stageline.services.iam.secrets import Vault


def test_seal_opens_again_after_a_restart(tmp_path: Path) -> None:
    sealed = Vault(tmp_path / "vault.key").seal("très secret", context="kind/key")
    assert "secret" not in sealed
    assert Vault(tmp_path / "vault.key").open(sealed, context="kind/key").decode() == "très secret"
    assert Vault(tmp_path / "vault.key").open(Vault(tmp_path / "vault.key").seal(b"\x00\xff")) == b"\x00\xff"


def test_seal_never_gives_the_same_text_twice(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault.key")
    assert vault.seal("same") != vault.seal("same")


def test_open_refuses_another_context_another_key_and_changes(tmp_path: Path) -> None:
    vault, other = Vault(tmp_path / "vault.key"), Vault(tmp_path / "other.key")
    sealed = vault.seal("secret", context="iam.key/A")
    changes = [
        f"{sealed[:at]}{letter}{sealed[at + 1 :]}" for at in range(3, len(sealed)) for letter in "AQ_" if sealed[at] != letter
    ]
    for changed in changes:
        with pytest.raises(ValueError, match=r"does not open"):
            vault.open(changed, context="iam.key/A")
    for text, by, context in (
        (sealed, vault, "iam.key/B"),
        (sealed, other, "iam.key/A"),
        (sealed[:20], vault, "iam.key/A"),
        ("v1.", vault, ""),
        ("plain", vault, ""),
        ("v1.\u00e9", vault, ""),
    ):
        with pytest.raises(ValueError, match=r"seal"):
            by.open(text, context=context)


def test_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    Vault(tmp_path / "folder" / "vault.key")
    assert stat.S_IMODE((tmp_path / "folder" / "vault.key").stat().st_mode) == 0o600
    assert [entry.name for entry in (tmp_path / "folder").iterdir()] == ["vault.key"]


def test_key_file_that_is_damaged_is_not_replaced(tmp_path: Path) -> None:
    for damage in ("not base64!", base64.b64encode(b"short").decode()):
        (tmp_path / "vault.key").write_text(damage)
        with pytest.raises(ValueError, match="restore it from a backup"):
            Vault(tmp_path / "vault.key")
        assert (tmp_path / "vault.key").read_text() == damage


def test_key_file_is_one_when_servers_start_at_once(tmp_path: Path) -> None:
    vaults: list[Vault] = []
    threads = [threading.Thread(target=lambda: vaults.append(Vault(tmp_path / "vault.key"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sealed = vaults[0].seal("shared")
    assert [vault.open(sealed) for vault in vaults] == [b"shared"] * 8
