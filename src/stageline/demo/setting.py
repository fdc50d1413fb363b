"""What the demo sets up: repository, buckets, people, roles, projects, pipeline. Exactly the calls that anyone would make."""

import json
from dataclasses import dataclass
from typing import Any

import boto3

REPOSITORY, PIPELINE = "website", "website"
ARTIFACTS, SITE = "demo-artifacts", "demo-website"
BUILD, TEST = "website-build", "website-test"


@dataclass(frozen=True)
class Person:
    """Somebody with an access key of their own."""

    name: str
    session: boto3.Session


class Cloud:
    """Clients of the server under test, as one principal."""

    def __init__(self, session: boto3.Session, endpoint: str) -> None:
        self.session = session
        self.endpoint = endpoint

    def client(self, service: str) -> Any:
        """A boto3 client."""
        return self.session.client(service, endpoint_url=self.endpoint)

    def as_person(self, person: Person) -> "Cloud":
        """The same server, as somebody else."""
        return Cloud(person.session, self.endpoint)


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]})


def _trust(service: str) -> str:
    return _policy({"Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def create_repository(cloud: Cloud) -> str:
    """A CodeCommit repository; returns the URL to clone it from."""
    made = cloud.client("codecommit").create_repository(repositoryName=REPOSITORY, repositoryDescription="A small static site")
    return str(made["repositoryMetadata"]["cloneUrlHttp"])


def create_buckets(cloud: Cloud) -> None:
    """A versioned bucket for artifacts, and one that is a public website."""
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=ARTIFACTS)
    s3.put_bucket_versioning(Bucket=ARTIFACTS, VersioningConfiguration={"Status": "Enabled"})
    s3.create_bucket(Bucket=SITE)
    s3.put_bucket_website(Bucket=SITE, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    everyone = {"Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{SITE}/*"}
    s3.put_public_access_block(
        Bucket=SITE,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": False,
            "RestrictPublicBuckets": False,
        },
    )
    s3.put_bucket_policy(Bucket=SITE, Policy=_policy(everyone))


def create_role(cloud: Cloud, name: str, service: str, *statements: dict[str, Any]) -> str:
    """A role for a service, with what it may do; returns its ARN."""
    iam = cloud.client("iam")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_trust(service))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="work", PolicyDocument=_policy(*statements))
    return str(arn)


def create_roles(cloud: Cloud) -> tuple[str, str]:
    """The pipeline's role and the builds' role, each with no more than it needs."""
    artifacts = {
        "Action": ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:GetBucketVersioning", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{ARTIFACTS}", f"arn:aws:s3:::{ARTIFACTS}/*"],
    }
    pipeline = create_role(
        cloud,
        "website-pipeline",
        "codepipeline.amazonaws.com",
        artifacts,
        {
            "Action": ["codecommit:GetBranch", "codecommit:GetCommit", "codecommit:UploadArchive"],
            "Resource": f"arn:aws:codecommit:*:*:{REPOSITORY}",
        },
        {"Action": ["codebuild:StartBuild", "codebuild:BatchGetBuilds", "codebuild:StopBuild"], "Resource": "*"},
        {"Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{SITE}/*"},
    )
    logs = {"Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}
    build = create_role(cloud, "website-build", "codebuild.amazonaws.com", artifacts, logs)
    return pipeline, build


def create_projects(cloud: Cloud, role: str) -> None:
    """A CodeBuild project for the build and one for the tests."""
    codebuild = cloud.client("codebuild")
    for name, buildspec in ((BUILD, "buildspec.yml"), (TEST, "buildspec-test.yml")):
        codebuild.create_project(
            name=name,
            source={"type": "CODEPIPELINE", "buildspec": buildspec},
            artifacts={"type": "CODEPIPELINE"},
            environment={
                "type": "LINUX_CONTAINER",
                "image": "aws/codebuild/standard:7.0",
                "computeType": "BUILD_GENERAL1_SMALL",
            },
            serviceRole=role,
        )


def create_person(cloud: Cloud, name: str, *statements: dict[str, Any]) -> Person:
    """An IAM user with an access key."""
    iam = cloud.client("iam")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="work", PolicyDocument=_policy(*statements))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=cloud.session.region_name)
    return Person(name, session)


def create_people(cloud: Cloud) -> tuple[Person, Person]:
    """Dana may push and look; Alice may look, and approve this one action."""
    look = {
        "Action": ["codepipeline:GetPipeline", "codepipeline:GetPipelineState", "codepipeline:GetPipelineExecution"],
        "Resource": f"arn:aws:codepipeline:*:*:{PIPELINE}",
    }
    push = {"Action": ["codecommit:GitPull", "codecommit:GitPush"], "Resource": f"arn:aws:codecommit:*:*:{REPOSITORY}"}
    approve = {
        "Action": "codepipeline:PutApprovalResult",
        "Resource": f"arn:aws:codepipeline:*:*:{PIPELINE}/Approve/Review",
    }
    return create_person(cloud, "dana", push, look), create_person(cloud, "alice", approve, look)


def git_credential(cloud: Cloud, person: Person) -> tuple[str, str]:
    """HTTPS git credentials of a person: user name and password."""
    made = cloud.client("iam").create_service_specific_credential(UserName=person.name, ServiceName="codecommit.amazonaws.com")
    credential = made["ServiceSpecificCredential"]
    return credential["ServiceUserName"], credential["ServicePassword"]


def _action(name: str, category: str, provider: str, configuration: dict[str, str], **more: Any) -> dict[str, Any]:
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "actionTypeId": kind, "configuration": configuration, **more}


def create_pipeline(cloud: Cloud, role: str) -> None:
    """Source → Build → Test → Approve → Deploy."""
    source = _action(
        "Checkout",
        "Source",
        "CodeCommit",
        {"RepositoryName": REPOSITORY, "BranchName": "main"},
        outputArtifacts=[{"name": "SourceOutput"}],
        namespace="source",
    )
    build = _action(
        "Build",
        "Build",
        "CodeBuild",
        {"ProjectName": BUILD},
        inputArtifacts=[{"name": "SourceOutput"}],
        outputArtifacts=[{"name": "BuildOutput"}],
        namespace="build",
    )
    test = _action(
        "Check",
        "Test",
        "CodeBuild",
        {"ProjectName": TEST, "PrimarySource": "SourceOutput"},
        inputArtifacts=[{"name": "SourceOutput"}, {"name": "BuildOutput"}],
    )
    question = "Deploy #{build.PAGE_COUNT} pages of commit #{source.CommitId}?"
    approve = _action("Review", "Approval", "Manual", {"CustomData": question})
    deploy = _action(
        "Publish",
        "Deploy",
        "S3",
        {"BucketName": SITE, "Extract": "true", "CacheControl": "no-cache"},
        inputArtifacts=[{"name": "BuildOutput"}],
    )
    stages = {"Source": source, "Build": build, "Test": test, "Approve": approve, "Deploy": deploy}
    cloud.client("codepipeline").create_pipeline(
        pipeline={
            "name": PIPELINE,
            "roleArn": role,
            "artifactStore": {"type": "S3", "location": ARTIFACTS},
            "pipelineType": "V2",
            "stages": [{"name": name, "actions": [action]} for name, action in stages.items()],
        }
    )
