"""One call in CloudTrail's event form (record contents, version 1.11)."""

import time
import uuid
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from stageline.core.audit.chain import canonical
from stageline.ports.api import Caller, Context
from stageline.ports.audit.trail import HIDDEN, Happening
from stageline.ports.store import Doc

VERSION = "1.11"
SHORT, LONG = 1024, 100_000
"""Most characters of errorCode, errorMessage and userAgent; most bytes of requestParameters and of responseElements."""
RESOURCES = 20

_KINDS = {
    ("codepipeline", "actiontype"): "AWS::CodePipeline::CustomActionType",
    ("codepipeline", "webhook"): "AWS::CodePipeline::Webhook",
    ("codebuild", "project"): "AWS::CodeBuild::Project",
    ("iam", "user"): "AWS::IAM::User",
    ("iam", "role"): "AWS::IAM::Role",
    ("iam", "group"): "AWS::IAM::Group",
    ("iam", "policy"): "AWS::IAM::Policy",
    ("logs", "log-group"): "AWS::Logs::LogGroup",
    ("codedeploy", "application"): "AWS::CodeDeploy::Application",
    ("codedeploy", "deploymentgroup"): "AWS::CodeDeploy::DeploymentGroup",
    ("events", "rule"): "AWS::Events::Rule",
    ("events", "event-bus"): "AWS::Events::EventBus",
    ("lambda", "function"): "AWS::Lambda::Function",
    ("secretsmanager", "secret"): "AWS::SecretsManager::Secret",
    ("ssm", "parameter"): "AWS::SSM::Parameter",
}
_WHOLE = {"codepipeline": "AWS::CodePipeline::Pipeline", "codecommit": "AWS::CodeCommit::Repository"}
_ALONE = {"sns": "AWS::SNS::Topic", "sqs": "AWS::SQS::Queue"}


def record(happening: Happening) -> Doc:
    """The event of a call. What is not known of it is left out, or null where CloudTrail writes null."""
    ctx = happening.ctx
    inside = bool(happening.invoked_by) or ctx.caller.kind == "service"
    caller_name = happening.invoked_by or (ctx.caller.arn if ctx.caller.kind == "service" else "")
    event: Doc = {
        "eventVersion": VERSION,
        "userIdentity": _identity(happening),
        "eventTime": when(ctx.now),
        "eventSource": f"{happening.service}.amazonaws.com",
        "eventName": happening.operation,
        "awsRegion": ctx.region,
        "sourceIPAddress": caller_name if inside else ctx.source_ip,
        "userAgent": caller_name if inside else _short(ctx.headers.get("user-agent", "")),
        "requestParameters": _fitting(happening.request),
        "responseElements": _fitting(happening.response),
        "requestID": ctx.request_id,
        "eventID": str(uuid.uuid4()),
        "readOnly": happening.nature.read_only,
        "eventType": "AwsConsoleSignIn" if happening.service == "signin" else "AwsApiCall",
        "managementEvent": not happening.nature.data,
        "recipientAccountId": ctx.account,
        "eventCategory": "Data" if happening.nature.data else "Management",
    }
    if happening.code:
        event["errorCode"] = _short(happening.code)
        if happening.message:
            event["errorMessage"] = _short(happening.message)
    resources = list(_resources(ctx, happening.resources))
    if resources:
        event["resources"] = resources[:RESOURCES]
    if happening.extra:
        event["additionalEventData"] = dict(happening.extra)
    return event


def notice(ctx: Context, name: str, extra: Mapping[str, Any]) -> Doc:
    """An event that the trail tells of itself (what it counted instead of recording, that it was cut)."""
    service = Caller("service", "stageline.amazonaws.com")
    own = Context(service, ctx.account, ctx.region, ctx.now, ctx.request_id, ctx.endpoint)
    event = record(Happening(own, "stageline", name, extra=extra))
    return {**event, "eventType": "AwsServiceEvent"}


@lru_cache(8)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def when(milliseconds: int) -> str:
    """An instant as CloudTrail writes it."""
    return _second(milliseconds // 1000)


def _identity(happening: Happening) -> Doc:
    caller, invoked = happening.ctx.caller, happening.invoked_by
    if not happening.verified:
        found: Doc = {"type": "Unknown"} if happening.code else {"type": "AWSAccount", "accountId": "anonymous"}
        return found | ({"accessKeyId": happening.claimed} if happening.claimed else {})
    if caller.kind == "service":
        return {"type": "AWSService", "invokedBy": caller.arn}
    if caller.kind == "anonymous":
        return {"type": "AWSAccount", "accountId": "anonymous"}
    kind = {"root": "Root", "user": "IAMUser", "role": "AssumedRole"}.get(caller.kind, "Unknown")
    found = {"type": kind, "principalId": caller.user_id, "arn": caller.arn, "accountId": caller.account}
    if caller.access_key_id:
        found["accessKeyId"] = caller.access_key_id
    if caller.kind == "user":
        found["userName"] = caller.arn.rsplit("/", 1)[-1]
    session = _session(caller)
    if session:
        found["sessionContext"] = session
    return found | ({"invokedBy": invoked} if invoked else {})


def _session(caller: Caller) -> Doc:
    issued = caller.keys.get("aws:TokenIssueTime")
    if not issued:
        return {}
    mfa = str(caller.keys.get("aws:MultiFactorAuthPresent", "false"))
    found: Doc = {"attributes": {"creationDate": str(issued), "mfaAuthenticated": mfa}}
    if caller.kind == "role":
        role = str(caller.keys.get("aws:PrincipalArn", ""))
        found["sessionIssuer"] = {
            "type": "Role",
            "principalId": caller.user_id.partition(":")[0],
            "arn": role,
            "accountId": caller.account,
            "userName": role.rsplit("/", 1)[-1],
        }
    if "aws:SourceIdentity" in caller.keys:
        found["sourceIdentity"] = str(caller.keys["aws:SourceIdentity"])
    return found


def _resources(ctx: Context, names: Any) -> Iterator[Doc]:
    seen = set()
    for name in names:
        parts = name.split(":", 5)
        if len(parts) < 6:
            continue
        service, rest = parts[2], parts[5]
        kind, name = _kind(service, rest, name)
        if name in seen:
            continue
        seen.add(name)
        yield {"ARN": name, "accountId": parts[4] or ctx.account} | ({"type": kind} if kind else {})


def _kind(service: str, rest: str, name: str) -> tuple[str, str]:
    """The type of a resource, and its ARN: of a pipeline's stages and actions that of the pipeline."""
    if service == "s3":
        return ("AWS::S3::Object" if "/" in rest else "AWS::S3::Bucket"), name
    word = rest.replace("/", ":", 1).partition(":")[0] if ":" in rest or "/" in rest else ""
    known = _KINDS.get((service, word))
    if known == "AWS::Logs::LogGroup":
        return known, ":".join(name.split(":")[:7])
    if known:
        return known, name
    if service in _WHOLE:
        return _WHOLE[service], name.split("/", 1)[0]
    return _ALONE.get(service, ""), name


def _short(text: str) -> str:
    return text if len(text) <= SHORT else text[:SHORT]


def _fitting(members: Mapping[str, Any] | None) -> Any:
    if not members:
        return None
    size = len(canonical(members))
    return members if size <= LONG else {"omitted": True, "originalSize": size, "reason": "too large", "value": HIDDEN}
