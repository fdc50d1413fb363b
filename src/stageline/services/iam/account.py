"""The account as a whole."""

from stageline.ports.api import Context, Request, Response
from stageline.ports.store import Store
from stageline.services.iam.model.entities import GROUP, KEYS, POLICIES, ROLE, USER
from stageline.services.iam.model.managed import ATTACHED_MOST
from stageline.services.iam.policies import POLICIES_MOST, SIZE_MOST
from stageline.services.iam.roles import TRUST_MOST
from stageline.services.iam.versions import VERSIONS_MOST


def get_account_summary(ctx: Context, request: Request, *, store: Store) -> Response:
    """How much there is, and how much there may be."""
    with store.read() as tx:
        users, groups, roles = (len(tx.scan(what.kind)) for what in (USER, GROUP, ROLE))
        policies = [doc for _, doc in tx.scan(POLICIES)]
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
        "MFADevices": 0,
        "MFADevicesInUse": 0,
        "Providers": 0,
        "InstanceProfiles": 0,
        "InstanceProfilesQuota": 0,
        "ServerCertificates": 0,
        "ServerCertificatesQuota": 0,
        "GlobalEndpointTokenVersion": 2,
    }
    return {"SummaryMap": summary}
