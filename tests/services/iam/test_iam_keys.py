"""Access keys and service-specific credentials: shown once, refused at once when they end."""

import threading
from pathlib import Path
from typing import Any

from stageline.ports.api import ApiError
from stageline.services.iam.bootstrap import ensure_administrator
from stageline.services.iam.secrets import Vault
from stageline.store.sql import SqlStore

GIT = "codecommit.amazonaws.com"


def test_access_key_signs_until_it_is_switched_off_or_deleted(server: Any) -> None:
    server.call("create_user", UserName="alice")
    key = server.call("create_access_key", UserName="alice")["AccessKey"]
    unique = key["AccessKeyId"]
    assert unique.startswith("AKIA")
    assert len(unique) == 20
    assert len(key["SecretAccessKey"]) == 40
    credential = server.identity.credential(unique)
    assert (credential.secret, credential.active) == (key["SecretAccessKey"], True)
    assert credential.caller.arn == "arn:aws:iam::000000000000:user/alice"
    assert credential.caller.keys["aws:username"] == "alice"
    assert "aws:MultiFactorAuthPresent" not in credential.caller.keys
    server.call("update_access_key", UserName="alice", AccessKeyId=unique, Status="Inactive")
    assert server.identity.credential(unique).active is False
    assert server.call("list_access_keys", UserName="alice")["AccessKeyMetadata"] == [
        {"UserName": "alice", "AccessKeyId": unique, "Status": "Inactive", "CreateDate": server.clock.now()}
    ]
    server.call("update_access_key", UserName="alice", AccessKeyId=unique, Status="Active")
    server.refused("InvalidInput", "update_access_key", UserName="alice", AccessKeyId=unique, Status="Expired")
    server.call("delete_access_key", UserName="alice", AccessKeyId=unique)
    assert server.identity.credential(unique) is None
    message = server.refused("NoSuchEntity", "delete_access_key", UserName="alice", AccessKeyId=unique)
    assert message == f"The Access Key with id {unique} cannot be found."


def test_access_keys_are_two_at_most_and_of_their_user(server: Any) -> None:
    alice = server.user("alice", server.allow("iam:*AccessKey*", resource="arn:aws:iam::*:user/${aws:username}"))
    bob = server.user("bob")
    server.call("create_access_key", alice)
    assert server.refused("LimitExceeded", "create_access_key", alice) == "Cannot exceed quota for AccessKeysPerUser: 2"
    assert len(server.call("list_access_keys", alice)["AccessKeyMetadata"]) == 2
    server.refused("NoSuchEntity", "delete_access_key", alice, AccessKeyId=bob.access_key_id)
    server.refused("AccessDenied", "delete_access_key", alice, UserName="bob", AccessKeyId=bob.access_key_id)
    server.refused("AccessDenied", "list_access_keys", bob)


def test_access_key_last_use_is_coarse(server: Any) -> None:
    alice = server.user("alice")
    unique = alice.access_key_id
    last = server.call("get_access_key_last_used", AccessKeyId=unique)
    assert last == {"UserName": "alice", "AccessKeyLastUsed": {"ServiceName": "N/A", "Region": "N/A"}}
    server.identity.used(unique, "s3", "us-east-1")
    first = server.clock.now()
    server.clock.instant += 1000
    server.identity.used(unique, "codepipeline", "us-east-1")
    used = server.call("get_access_key_last_used", AccessKeyId=unique)["AccessKeyLastUsed"]
    assert used == {"ServiceName": "s3", "Region": "us-east-1", "LastUsedDate": first}
    server.clock.instant += 300_000
    server.identity.used(unique, "codepipeline", "us-east-1")
    used = server.call("get_access_key_last_used", AccessKeyId=unique)["AccessKeyLastUsed"]
    assert used["ServiceName"] == "codepipeline"
    server.refused("AccessDenied", "get_access_key_last_used", AccessKeyId="AKIANOBODYHASTHISKEY")
    server.identity.used("AKIANOBODYHASTHISKEY", "s3", "us-east-1")


def test_secrets_are_not_in_the_database(server: Any, tmp_path: Path) -> None:
    server.call("create_user", UserName="alice")
    key = server.call("create_access_key", UserName="alice")["AccessKey"]
    made = server.call("create_service_specific_credential", UserName="alice", ServiceName=GIT)["ServiceSpecificCredential"]
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert key["AccessKeyId"].encode() in stored
    assert key["SecretAccessKey"].encode() not in stored
    assert made["ServicePassword"].encode() not in stored


def test_administrator_is_root_and_the_same_after_a_restart(server: Any, tmp_path: Path) -> None:
    assert server.administrator.kind == "root"
    unique, secret = ensure_administrator(server.store, Vault(tmp_path / "vault.key"), server.clock.now())
    assert unique == server.administrator.access_key_id
    assert server.identity.credential(unique).secret == secret
    made = server.call("create_access_key")["AccessKey"]
    assert made["UserName"] == "root"
    assert len(server.call("list_access_keys")["AccessKeyMetadata"]) == 2
    server.refused("LimitExceeded", "create_access_key")
    server.call("delete_access_key", AccessKeyId=unique)
    assert server.identity.credential(unique) is None
    assert ensure_administrator(server.store, server.vault, server.clock.now())[0] == made["AccessKeyId"]


def test_git_credential_signs_in_until_it_ends(server: Any) -> None:
    alice = server.user("alice")
    made = server.call("create_service_specific_credential", UserName="alice", ServiceName=GIT)["ServiceSpecificCredential"]
    unique, name, password = (made[key] for key in ("ServiceSpecificCredentialId", "ServiceUserName", "ServicePassword"))
    assert name == "alice-at-000000000000"
    assert unique.startswith("ACCA")
    assert server.identity.git_user(name, password).user_id == alice.user_id
    assert server.identity.git_user(name, password + "x") is None
    assert server.identity.git_user("nobody", password) is None
    assert server.identity.git_user(name, "") is None
    again = server.call("reset_service_specific_credential", UserName="alice", ServiceSpecificCredentialId=unique)
    fresh = again["ServiceSpecificCredential"]["ServicePassword"]
    assert server.identity.git_user(name, password) is None
    assert server.identity.git_user(name, fresh) is not None
    change = {"UserName": "alice", "ServiceSpecificCredentialId": unique}
    server.call("update_service_specific_credential", Status="Inactive", **change)
    assert server.identity.git_user(name, fresh) is None
    server.call("update_service_specific_credential", Status="Active", **change)
    listed = server.call("list_service_specific_credentials", UserName="alice")["ServiceSpecificCredentials"]
    assert [sorted(entry) for entry in listed] == [
        ["CreateDate", "ServiceName", "ServiceSpecificCredentialId", "ServiceUserName", "Status", "UserName"]
    ]
    server.call("delete_service_specific_credential", **change)
    assert server.identity.git_user(name, fresh) is None
    server.refused("NoSuchEntity", "delete_service_specific_credential", **change)


def test_git_credentials_are_two_and_for_codecommit(server: Any) -> None:
    server.call("create_user", UserName="alice")
    server.call("create_user", UserName="bob")
    names = [
        server.call("create_service_specific_credential", UserName=user, ServiceName=GIT)["ServiceSpecificCredential"][
            "ServiceUserName"
        ]
        for user in ("alice", "alice", "bob")
    ]
    assert names == ["alice-at-000000000000", "alice+1-at-000000000000", "bob-at-000000000000"]
    server.refused("LimitExceeded", "create_service_specific_credential", UserName="alice", ServiceName=GIT)
    server.refused(
        "NotSupportedService", "create_service_specific_credential", UserName="bob", ServiceName="cassandra.amazonaws.com"
    )
    everybody = server.call("list_service_specific_credentials", AllUsers=True)["ServiceSpecificCredentials"]
    assert len(everybody) == 3


def test_access_keys_stay_two_when_many_ask_at_once(server: Any) -> None:
    server.call("create_user", UserName="alice")
    outcomes: list[str] = []

    def ask() -> None:
        try:
            server.call("create_access_key", UserName="alice")
            outcomes.append("made")
        except ApiError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["LimitExceeded"] * 4 + ["made"] * 2
    assert len(server.call("list_access_keys", UserName="alice")["AccessKeyMetadata"]) == 2


def test_administrator_is_one_when_servers_start_at_once(tmp_path: Path) -> None:
    store, vault = SqlStore(f"sqlite:///{tmp_path}/fresh.db"), Vault(tmp_path / "vault.key")
    found: list[tuple[str, str]] = []
    threads = [threading.Thread(target=lambda: found.append(ensure_administrator(store, vault, 1))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    assert len(found) == 6
    assert len(set(found)) == 1
