"""CodeCommit source: a branch's latest commit (or the one asked for at the start), as a zip without ``.git``."""

import time

from stageline.core.pipeline.actiontype import ActionType, Property
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.provider import Done, Failed, Job, Outcome, Revision
from stageline.providers import artifacts

ACTION_TYPE = ActionType(
    "Source",
    "AWS",
    "CodeCommit",
    properties=(
        Property("RepositoryName", required=True, key=True, description="The repository."),
        Property("BranchName", required=True, key=True, description="The branch whose latest commit is taken."),
        Property(
            "PollForSourceChanges", kind="Boolean", description="Start the pipeline when the branch changes (default true)."
        ),
        Property("OutputArtifactFormat", description="CODE_ZIP (default): the files of the commit."),
    ),
    outputs=(1, 1),
    output_variables=("AuthorDate", "BranchName", "CommitId", "CommitMessage", "CommitterDate", "RepositoryName"),
)
LONGEST_MESSAGE = 100 * 1024


def start(job: Job, aws: Aws) -> Outcome:
    """Resolve the commit and store its files as the output artifact."""
    repository, branch = job.configuration["RepositoryName"], job.configuration["BranchName"]
    if job.configuration.get("OutputArtifactFormat", "CODE_ZIP") != "CODE_ZIP":
        return Failed("ConfigurationError", "This server supports the OutputArtifactFormat CODE_ZIP only.")
    try:
        commit_id = job.overrides.get("COMMIT_ID") or _head(aws, repository, branch)
        commit = aws.call("codecommit", "GetCommit", repositoryName=repository, commitId=commit_id)["commit"]
    except ApiError as error:
        return _unreadable(error, repository, branch)
    message = commit.get("message", "").rstrip("\n")
    artifacts.store(job, aws, job.outputs[0], aws.archive(repository, commit["commitId"]))
    console = f"{job.endpoint}/console/repositories/{repository}/commits/{commit['commitId']}"
    author, committer = commit.get("author", {}).get("date", ""), commit.get("committer", {}).get("date", "")
    return Done(
        external_id=commit["commitId"],
        external_url=console,
        summary=message.split("\n")[0][:1000],
        variables={
            "RepositoryName": repository,
            "BranchName": branch,
            "CommitId": commit["commitId"],
            "CommitMessage": message.encode()[:LONGEST_MESSAGE].decode(errors="ignore"),
            "AuthorDate": _instant(author),
            "CommitterDate": _instant(committer),
        },
        revision=Revision(commit["commitId"], summary=message[:2048], url=console, created=_seconds(committer) * 1000),
    )


def _head(aws: Aws, repository: str, branch: str) -> str:
    answer = aws.call("codecommit", "GetBranch", repositoryName=repository, branchName=branch)
    return str(answer["branch"]["commitId"])


def _unreadable(error: ApiError, repository: str, branch: str) -> Failed:
    if "AccessDenied" in error.code:
        text = f"Could not access the CodeCommit repository {repository}. Make sure that the pipeline IAM role has sufficient "
        return Failed("PermissionError", f"{text}permissions to access the repository. {error.message}")
    text = f"The source cannot be read from the branch {branch} of the CodeCommit repository {repository}: {error.message}"
    return Failed("ConfigurationError", text)


def _seconds(date: str) -> int:
    """Epoch seconds of git's raw date, ``1795417200 +0100``."""
    head = date.split(" ")[0]
    return int(head) if head.isdigit() else 0


def _instant(date: str) -> str:
    """ISO 8601 in UTC, as CodePipeline shows commit dates."""
    seconds = _seconds(date)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds)) if seconds else ""


def poll(job: Job, external_id: str, aws: Aws) -> Outcome:
    """A source action is done when it has started; asked again, it does it again."""
    return start(job, aws)


def cancel(job: Job, external_id: str, aws: Aws) -> None:
    """Nothing runs elsewhere."""
