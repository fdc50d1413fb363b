"""Names of resources in a policy, checked as IAM checks them: their form only, never whether they exist."""

import re

from stageline.core.policy.elements import LEGACY, Malformed

_PARTITIONS = frozenset({"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc", "*"})
_IAM_PATHS = (
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
)
_WILD = re.compile(r"[*?]|\$\{")


def check(name: str) -> None:
    """Refuse a name that is neither ``*`` nor an ARN (wildcards and variables allowed after the service)."""
    if name == "*":
        return
    head, colon, _ = name.partition(":")
    if head != "arn" or not colon:
        raise Malformed(f'Resource {name} must be in ARN format or "*".')
    parts = name.split(":", 5)
    if len(parts) < 3 or parts[1] not in _PARTITIONS:
        raise Malformed(f'Partition "{parts[1]}" is not valid for resource "{name}".')
    service = parts[2]
    if len(parts) < 4 or not service or _WILD.search(service):
        raise Malformed("Resource vendor must be fully qualified and cannot contain regexes.")
    if service == "iam" and parts[3]:
        raise Malformed(f"IAM resource {name} cannot contain region information.")
    if service == "s3" and parts[3] not in ("", "*"):
        raise Malformed(f"Resource {name} can not contain region information.")
    _check_end(parts)


def _check_end(parts: list[str]) -> None:
    if len(parts) < 6:
        if not _WILD.search(parts[-1]):
            raise Malformed(LEGACY)
        return
    account, resource = parts[4], parts[5]
    if not resource or (account.isdigit() and len(account) != 12):
        raise Malformed(LEGACY)
    if parts[2] == "iam" and not _iam_path(resource):
        raise Malformed(f'IAM resource path must either be "*" or start with {", ".join(_IAM_PATHS)}.')


def _iam_path(resource: str) -> bool:
    return (
        resource in ("*", "root")
        or bool(_WILD.match(resource))
        or any(resource.startswith(path) or _covers(resource, path) for path in _IAM_PATHS)
    )


def _covers(pattern: str, path: str) -> bool:
    """Whether a pattern such as ``user*`` may stand for a path."""
    head = _WILD.split(pattern, maxsplit=1)[0]
    return head != pattern and path.startswith(head)
