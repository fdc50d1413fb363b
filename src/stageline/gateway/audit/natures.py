"""Which operations only read, and which are CloudTrail's data events."""

import re
from functools import cache
from typing import Final

from stageline.ports.audit.trail import Nature

_READS: Final = re.compile(r"(Get|List|Describe|BatchGet|Head|Lookup|Filter|Search|Select|Simulate|Test|Preview|Decode)(?![a-z])")
_ISSUING: Final = {("sts", "AssumeRole"), ("sts", "GetSessionToken"), ("sts", "AssumeRoleWithWebIdentity")}
_POLLING: Final = {
    ("codepipeline", "PollForJobs"),
    ("codepipeline", "PollForThirdPartyJobs"),
    ("sqs", "ReceiveMessage"),
}
_DATA: Final = {
    "s3": re.compile(
        r"(Get|Put|Head|Delete|Copy|Restore)Objects?(?!Lock).*|ListObject.*|ListParts|ListMultipartUploads|HeadBucket"
        r"|UploadPart.*|.*MultipartUpload|SelectObjectContent"
    ),
    "logs": re.compile(r"PutLogEvents|GetLogEvents|FilterLogEvents|GetLogRecord|StartLiveTail"),
    "events": re.compile(r"PutEvents"),
    "sns": re.compile(r"Publish(Batch)?"),
    "sqs": re.compile(r"(Send|Delete|Receive)Message(Batch)?|ChangeMessageVisibility(Batch)?"),
    "lambda": re.compile(r"Invoke(Async|WithResponseStream)?"),
}


@cache
def nature(service: str, operation: str) -> Nature:
    """The nature of an operation that somebody outside asks for."""
    key = (service, operation)
    data = _DATA.get(service)
    polling, issues = key in _POLLING, key in _ISSUING
    return Nature(
        read_only=polling or issues or bool(_READS.match(operation)),
        data=data is not None and bool(data.fullmatch(operation)),
        polling=polling,
        issues=issues,
    )


@cache
def inside(service: str, operation: str) -> Nature:
    """The nature of an operation that the server itself asks for: what it reads, it reads over and over."""
    found = nature(service, operation)
    return Nature(found.read_only, found.data, polling=found.read_only)
