"""What IAM asks before it answers: the action and the ARN of the user, group, role or policy that a request is about.

The question is put before the look-up matters: for a name that does not exist it is about the ARN that the name would have.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from stageline.ports.api import ApiError, Context, Request
from stageline.ports.identity import CONSOLE, Check
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.iam.model import managed
from stageline.services.iam.model.entities import GROUP, INSTANCE_PROFILES, KEYS, ROLE, USER, EntityKind, arn_of, find
from stageline.services.iam.passwords import rules
from stageline.services.iam.serviceroles import instanceprofiles, linked
from stageline.services.iam.users import own_name

Keys = dict[str, str | tuple[str, ...]]

_ABOUT: Mapping[EntityKind, str] = {
    USER: """create_user get_user update_user delete_user tag_user untag_user list_user_tags
        attach_user_policy detach_user_policy list_attached_user_policies
        put_user_policy get_user_policy list_user_policies delete_user_policy
        put_user_permissions_boundary delete_user_permissions_boundary list_groups_for_user
        create_access_key list_access_keys update_access_key delete_access_key
        create_service_specific_credential list_service_specific_credentials reset_service_specific_credential
        update_service_specific_credential delete_service_specific_credential
        create_login_profile get_login_profile update_login_profile delete_login_profile change_password
        list_mfa_devices list_ssh_public_keys list_signing_certificates""",
    GROUP: """create_group get_group update_group delete_group add_user_to_group remove_user_from_group
        attach_group_policy detach_group_policy list_attached_group_policies
        put_group_policy get_group_policy list_group_policies delete_group_policy""",
    ROLE: """create_role get_role update_role update_role_description delete_role update_assume_role_policy
        tag_role untag_role list_role_tags list_instance_profiles_for_role delete_service_linked_role
        attach_role_policy detach_role_policy list_attached_role_policies
        put_role_policy get_role_policy list_role_policies delete_role_policy
        put_role_permissions_boundary delete_role_permissions_boundary""",
}


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_POLICY = _names(
    """create_policy get_policy delete_policy create_policy_version get_policy_version list_policy_versions
    delete_policy_version set_default_policy_version list_entities_for_policy tag_policy untag_policy list_policy_tags"""
)
_ACCOUNT = _names(
    """list_users list_groups list_roles list_policies get_account_summary get_account_authorization_details
    create_account_alias list_account_aliases delete_account_alias list_instance_profiles
    get_account_password_policy update_account_password_policy delete_account_password_policy
    generate_credential_report get_credential_report simulate_custom_policy get_context_keys_for_custom_policy"""
)
_INSTANCE_PROFILE = _names(
    """create_instance_profile get_instance_profile delete_instance_profile add_role_to_instance_profile
    remove_role_from_instance_profile tag_instance_profile untag_instance_profile list_instance_profile_tags"""
)
_ABOUT_ARN = {
    "simulate_principal_policy": "PolicySourceArn",
    "get_context_keys_for_principal_policy": "PolicySourceArn",
    "list_policies_granting_service_access": "Arn",
}
_ENTITY = {operation: what for what, names in _ABOUT.items() for operation in _names(names)}
_BOUNDED = _names(
    """create_user create_role attach_user_policy detach_user_policy attach_role_policy detach_role_policy
    put_user_policy delete_user_policy put_role_policy delete_role_policy put_user_permissions_boundary
    delete_user_permissions_boundary put_role_permissions_boundary delete_role_permissions_boundary"""
)
_CREATES_TAGGED = {
    "create_user": "TagUser",
    "create_role": "TagRole",
    "create_policy": "TagPolicy",
    "create_instance_profile": "TagInstanceProfile",
}
_OPEN_TO_USERS = _names("change_password get_account_password_policy")


def checks(operation: str, ctx: Context, request: Request, *, store: Store) -> Sequence[Check]:
    """The questions of an operation."""
    if ctx.caller.kind in ("user", "root") and ctx.caller.access_key_id.startswith("ASIA") and CONSOLE not in ctx.caller.keys:
        # Session tokens of users reach IAM only with MFA, which nobody has here.
        raise ApiError("InvalidClientTokenId", "The security token included in the request is invalid", 403)
    action = f"iam:{_api(operation)}"
    with store.read() as tx:
        if operation in _OPEN_TO_USERS and ctx.caller.kind == "user" and rules.users_may_change(tx):
            return (_granted_to_user(action, ctx),)
        if operation in _ENTITY:
            return _about_entity(tx, operation, action, ctx, request)
        if operation in _INSTANCE_PROFILE:
            return _about_instance_profile(tx, operation, action, ctx, request)
        if operation in _POLICY:
            return _about_policy(tx, operation, action, ctx, request)
        if operation == "get_access_key_last_used":
            # Whose key it is, is what the answer would tell.
            return (Check(action, (_owner_of_key(tx, ctx, request),), told=f"access key {request['AccessKeyId']}"),)
    if operation in _ACCOUNT:
        return (Check(action),)
    if operation in _ABOUT_ARN:
        return (Check(action, (request[_ABOUT_ARN[operation]],)),)
    if operation == "create_service_linked_role":
        service = request["AWSServiceName"]
        return (_service_linked(action, ctx, service, linked.role_name(service, request.get("CustomSuffix", ""))),)
    if operation == "get_service_linked_role_deletion_status":
        service, _, rest = request["DeletionTaskId"].removeprefix("task/aws-service-role/").partition("/")
        return (_service_linked(action, ctx, service, rest.partition("/")[0]),)
    raise ApiError("AccessDenied", f"{action} is not open to anybody on this server.", 403)


def _granted_to_user(action: str, ctx: Context) -> Check:
    """What the password policy lets every user do: a grant like one of a resource's own policy, so a deny still counts."""
    return Check(action, (ctx.caller.arn,), resource_policy=_grant(action, ctx.caller.user_id))


@lru_cache(maxsize=1024)
def _grant(action: str, unique: str) -> Mapping[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"AWS": unique}, "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": statement}


def _service_linked(action: str, ctx: Context, service: str, name: str) -> Check:
    arn = f"arn:aws:iam::{ctx.account}:role{linked.path_of(service)}{name}"
    return Check(action, (arn,), {"iam:AWSServiceName": service})


def _about_instance_profile(tx: ReadTx, operation: str, action: str, ctx: Context, request: Request) -> Sequence[Check]:
    name = request["InstanceProfileName"]
    doc = tx.get(INSTANCE_PROFILES, name.lower()) or {"name": name, "path": request.get("Path", "/"), "tags": {}}
    arn, keys = instanceprofiles.arn_of(ctx.account, doc), _request_keys(request)
    keys.update({f"aws:ResourceTag/{key}": value for key, value in doc["tags"].items()})
    found = [Check(action, (arn,), keys)]
    if operation == "add_role_to_instance_profile":
        role = find(tx, ROLE, request["RoleName"]) or {"name": request["RoleName"], "path": "/"}
        passed = {"iam:PassedToService": "ec2.amazonaws.com", "iam:AssociatedResourceArn": arn}
        found.append(Check("iam:PassRole", (arn_of(ctx.account, ROLE, role),), passed))
    if request.get("Tags") and operation in _CREATES_TAGGED:
        found.append(Check(f"iam:{_CREATES_TAGGED[operation]}", (arn,), keys))
    return found


_UPPER = {"mfa": "MFA", "ssh": "SSH"}


def _api(operation: str) -> str:
    return "".join(_UPPER.get(word, word.capitalize()) for word in operation.split("_"))


def _about_entity(tx: ReadTx, operation: str, action: str, ctx: Context, request: Request) -> Sequence[Check]:
    what = _ENTITY[operation]
    if operation == "list_service_specific_credentials" and request.get("AllUsers"):
        return (Check(action),)
    if what is USER and "UserName" not in request and ctx.caller.kind == "root":
        return (Check(action, (ctx.caller.arn,)),)
    name = own_name(ctx, request) if what is USER else request[what.name_member]
    doc = find(tx, what, name)
    arn = arn_of(ctx.account, what, doc or {"name": name, "path": request.get("Path", "/")})
    keys = _request_keys(request)
    if doc and what is not GROUP:
        keys.update({f"{prefix}:ResourceTag/{key}": value for key, value in doc["tags"].items() for prefix in ("aws", "iam")})
    if operation == "delete_service_linked_role" and doc:
        keys["iam:AWSServiceName"] = doc["path"].removeprefix("/aws-service-role/").rstrip("/")
    if operation in _BOUNDED:
        limit = request.get("PermissionsBoundary") or (doc or {}).get("boundary", "")
        keys.update({"iam:PermissionsBoundary": limit} if limit else {})
    found = [Check(action, (arn, *_renamed(ctx, what, doc, request)), keys)]
    if request.get("Tags") and operation in _CREATES_TAGGED:
        found.append(Check(f"iam:{_CREATES_TAGGED[operation]}", (arn,), keys))
    return found


def _renamed(ctx: Context, what: EntityKind, doc: Doc | None, request: Request) -> tuple[str, ...]:
    """The ARN after a rename: the caller needs the right on both."""
    name, path = request.get(f"New{what.title}Name"), request.get("NewPath")
    if doc is None or not (name or path):
        return ()
    return (arn_of(ctx.account, what, {"name": name or doc["name"], "path": path or doc["path"]}),)


def _about_policy(tx: ReadTx, operation: str, action: str, ctx: Context, request: Request) -> Sequence[Check]:
    keys = _request_keys(request)
    keys.pop("iam:PolicyARN", None)
    if operation == "create_policy":
        arn = managed.arn_of(ctx.account, {"name": request["PolicyName"], "path": request.get("Path", "/")})
    else:
        arn = request["PolicyArn"]
        managed.check_arn(arn)
        doc = managed.lookup(tx, ctx.account, arn)
        keys.update({f"aws:ResourceTag/{key}": value for key, value in (doc["tags"] if doc else {}).items()})
    found = [Check(action, (arn,), keys)]
    if request.get("Tags") and operation in _CREATES_TAGGED:
        found.append(Check(f"iam:{_CREATES_TAGGED[operation]}", (arn,), keys))
    return found


def _owner_of_key(tx: ReadTx, ctx: Context, request: Request) -> str:
    key = tx.get(KEYS, request["AccessKeyId"])
    user = tx.get(USER.kind, key["user"]) if key and key["user"] else None
    return arn_of(ctx.account, USER, user) if user else f"arn:aws:iam::{ctx.account}:root"


_KEYS_OF: Mapping[str, Callable[[Request], str]] = {
    "iam:PolicyARN": lambda request: str(request.get("PolicyArn", "")),
    "iam:ServiceSpecificCredentialServiceName": lambda request: str(request.get("ServiceName", "")),
}


def _request_keys(request: Request) -> Keys:
    keys: Keys = {key: value for key, read in _KEYS_OF.items() if (value := read(request))}
    tags = request.get("Tags", [])
    names = tuple(tag["Key"] for tag in tags) or tuple(request.get("TagKeys", []))
    keys.update({f"aws:RequestTag/{tag['Key']}": tag.get("Value", "") for tag in tags})
    return {**keys, "aws:TagKeys": names} if names else keys
