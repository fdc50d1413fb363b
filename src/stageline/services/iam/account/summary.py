"""The account as a whole: how much there is, and what nobody can have here,
which is truthfully answered as none."""

from stageline.ports.api import Context, Request, Response
from stageline.ports.store import Store
from stageline.services.iam.model.entities import GROUP, INSTANCE_PROFILES, KEYS, POLICIES, ROLE, USER, need
from stageline.services.iam.model.managed import ATTACHED_MOST
from stageline.services.iam.policies import POLICIES_MOST, SIZE_MOST
from stageline.services.iam.roles import TRUST_MOST
from stageline.services.iam.serviceroles.instanceprofiles import MOST as INSTANCE_PROFILES_MOST
from stageline.services.iam.users import own_name
from stageline.services.iam.versions import VERSIONS_MOST


def get_account_summary(ctx: Context, request: Request, *, store: Store) -> Response:
    """How much there is, and how much there may be."""
    with store.read() as tx:
        users, groups, roles = (len(tx.scan(what.kind)) for what in (USER, GROUP, ROLE))
        policies = [doc for _, doc in tx.scan(POLICIES)]
        profiles = tx.count(INSTANCE_PROFILES)
        root_keys = any(not doc["user"] for _, doc in tx.scan(KEYS))
    summary = {
        "Users": users,
        "UsersQuota": USER.most,
        "Groups": groups,
        "GroupsQuota": GROUP.most,
        "Roles": roles,
        "RolesQuota": ROLE.most,
        "Policies": len(policies),
        "PoliciesQuota": POLICIES_MOST,
        "PolicySizeQuota": SIZE_MOST,
        "PolicyVersionsInUse": sum(len(doc["versions"]) for doc in policies),
        "PolicyVersionsInUseQuota": 10_000,
        "VersionsPerPolicyQuota": VERSIONS_MOST,
        "AccessKeysPerUserQuota": 2,
        "AssumeRolePolicySizeQuota": TRUST_MOST,
        "UserPolicySizeQuota": USER.inline_most,
        "GroupPolicySizeQuota": GROUP.inline_most,
        "RolePolicySizeQuota": ROLE.inline_most,
        "AttachedPoliciesPerUserQuota": ATTACHED_MOST,
        "AttachedPoliciesPerGroupQuota": ATTACHED_MOST,
        "AttachedPoliciesPerRoleQuota": ATTACHED_MOST,
        "GroupsPerUserQuota": 10,
        "AccountMFAEnabled": 0,
        "AccountAccessKeysPresent": int(root_keys),
        "AccountPasswordPresent": 0,
        "AccountSigningCertificatesPresent": 0,
        "SigningCertificatesPerUserQuota": 2,
        "MFADevices": 0,
        "MFADevicesInUse": 0,
        "Providers": 0,
        "InstanceProfiles": profiles,
        "InstanceProfilesQuota": INSTANCE_PROFILES_MOST,
        "ServerCertificates": 0,
        "ServerCertificatesQuota": 0,
        "GlobalEndpointTokenVersion": 2,
    }
    return {"SummaryMap": summary}


def list_mfa_devices(ctx: Context, request: Request, *, store: Store) -> Response:
    """No user has an MFA device."""
    _existing(ctx, request, store)
    return {"MFADevices": [], "IsTruncated": False}


def list_ssh_public_keys(ctx: Context, request: Request, *, store: Store) -> Response:
    """No user has SSH keys: Git speaks HTTP here."""
    _existing(ctx, request, store)
    return {"SSHPublicKeys": [], "IsTruncated": False}


def list_signing_certificates(ctx: Context, request: Request, *, store: Store) -> Response:
    """No user has signing certificates."""
    _existing(ctx, request, store)
    return {"Certificates": [], "IsTruncated": False}


def _existing(ctx: Context, request: Request, store: Store) -> str:
    """The name of the user that a request is about; refuses when there is none of that name."""
    if "UserName" not in request and ctx.caller.kind == "root":
        return "root"
    with store.read() as tx:
        return str(need(tx, USER, own_name(ctx, request))["name"])
