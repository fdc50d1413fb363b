"""Texts of strangers, in every field that takes a text: pages show them, and nothing of them runs or leads away."""

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from stageline.testing.cloud import ENVIRONMENT, Checkout, Cloud, action
from stageline.testing.process import ServerProcess, eventually

TEXTS = (
    "\"'><img src=x onerror=struck=1><svg onload=struck=1><script>struck=1</script>",
    "javascript:struck=1//",
    "{{constructor.constructor('struck=1')()}} ${struck=1} </script><script>struck=1</script>",
)
ONE = TEXTS[0]
LINK = TEXTS[1]
PARTS = 4
SHOWN = (
    "/repositories",
    "/projects/hostile",
    "/builds/",
    "/logs/hostile/",
    "?prefix=a",
    "/buckets/hostile-things?tab=properties",
    "/people/role/",
    "/people/policy/",
    "/secrets",
    "/pipelines/hostile?action",
    "?tab=variables",
    "?tab=revisions",
)
"""Pages that have to show one of the texts, by a part of their address."""
WIDTH = "document.documentElement.scrollWidth"
WIDEST = """[...document.querySelectorAll("main *, header *, nav *")].filter(each => each.getBoundingClientRect().right > 361)
  .slice(0, 3).map(each => each.outerHTML.slice(0, 120))"""
WATCH = (
    "globalThis.struck = 0; addEventListener('securitypolicyviolation', event => console.error('blocked ' + event.blockedURI))"
)


@pytest.fixture(scope="session")
def planted(cloud: Cloud, server: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Plants the texts through the API; returns the pages that have to do with them."""
    pages = [*_code(cloud, server, tmp_path_factory.mktemp("hostile")), *_build(cloud), *_bucket(cloud), *_people(cloud)]
    return [*pages, *_pipeline(cloud)]


def _code(cloud: Cloud, server: ServerProcess, folder: Path) -> list[str]:
    cloud.codecommit.create_repository(repositoryName="hostile", repositoryDescription=ONE)
    checkout = Checkout(folder / "checkout", cloud.developer("hostile-pusher"))
    checkout.git("config", "user.name", ONE.replace("<", "(").replace(">", ")"))
    checkout.commit({"README.md": ONE, "'\"&-onerror=x.txt": ONE}, f"{ONE}\n\n{TEXTS[2]}")
    checkout.push(server, "hostile")
    head = cloud.codecommit.get_branch(repositoryName="hostile", branchName="main")["branch"]["commitId"]
    root = "/repositories/hostile"
    return ["/repositories", f"{root}/tree/main", f"{root}/history/main", f"{root}/commits/{head}", f"{root}/branches"]


def _build(cloud: Cloud) -> list[str]:
    spec = f"version: 0.2\nphases:\n  build:\n    commands:\n      - |\n        cat <<'EOF'\n        {ONE}\n        EOF\n"
    variables = [{"name": "EVIL", "value": ONE, "type": "PLAINTEXT"}]
    cloud.codebuild.create_project(
        name="hostile",
        description=ONE,
        source={"type": "NO_SOURCE", "buildspec": spec},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={**ENVIRONMENT, "environmentVariables": variables},
        serviceRole=cloud.role("hostile-build", "codebuild", "logs:*"),
    )
    build = cloud.codebuild.start_build(projectName="hostile")["build"]["id"]
    eventually("the end of the build", lambda: cloud.codebuild.batch_get_builds(ids=[build])["builds"][0]["buildComplete"])
    where = {"logGroupName": "hostile", "logStreamName": "'\"><img src=x onerror=struck=1>"}
    cloud.logs.create_log_group(logGroupName="hostile")
    cloud.logs.create_log_stream(**where)
    events = [{"timestamp": int(time.time() * 1000), "message": f"\x1b]8;;{LINK}\x07{text}\x1b]8;;\x07"} for text in TEXTS]
    cloud.logs.put_log_events(**where, logEvents=events)
    stream = "%27%22%3E%3Cimg%20src%3Dx%20onerror%3Dstruck%3D1%3E"
    pages = ["/projects", "/projects/hostile", f"/builds/{build}", f"/builds/{build}?tab=environment"]
    return [*pages, "/logs", "/logs/hostile", f"/logs/hostile/{stream}"]


def _bucket(cloud: Cloud) -> list[str]:
    cloud.bucket("hostile-things", versioned=True)
    for text in TEXTS:
        cloud.s3.put_object(Bucket="hostile-things", Key=f"a/{text}", Body=b"x")
    cloud.s3.put_bucket_tagging(Bucket="hostile-things", Tagging={"TagSet": [{"Key": "k", "Value": LINK}]})
    root = "/buckets/hostile-things"
    return ["/buckets", root, f"{root}?prefix=a%2F", f"{root}?prefix=a%2F&versions=true", f"{root}?tab=properties"]


def _people(cloud: Cloud) -> list[str]:
    tags = [{"Key": "note", "Value": LINK}]
    cloud.iam.create_user(UserName="hostile", Tags=tags)
    cloud.iam.put_user_policy(
        UserName="hostile", PolicyName="evil", PolicyDocument=cloud.policy({"Action": "s3:*", "Resource": "*"})
    )
    trust = cloud.policy({"Principal": {"Service": "codebuild.amazonaws.com"}, "Action": "sts:AssumeRole"})
    cloud.iam.create_role(RoleName="hostile", AssumeRolePolicyDocument=trust, Description=LINK)
    cloud.iam.create_policy(
        PolicyName="hostile",
        PolicyDocument=cloud.policy({"Action": "s3:*", "Resource": f"arn:aws:s3:::{'<img src=x onerror=struck=1>'}"}),
    )
    cloud.secretsmanager.create_secret(Name="hostile", Description=ONE, SecretString=ONE)
    cloud.ssm.put_parameter(Name="/hostile", Type="String", Value=ONE, Description=LINK)
    policy = "arn%3Aaws%3Aiam%3A%3A000000000000%3Apolicy%2Fhostile"
    people = ["/people/user/hostile", "/people/role/hostile", f"/people/policy/{policy}"]
    return ["/people", *people, "/secrets", "/audit", "/settings"]


def _pipeline(cloud: Cloud) -> list[str]:
    name = "hostile"
    cloud.s3.put_object(
        Bucket="hostile-things",
        Key="source.zip",
        Body=b"PK\x05\x06" + bytes(18),
        Metadata={"codepipeline-artifact-revision-summary": ONE},
    )
    fetch = action("Fetch", "Source/S3", {"S3Bucket": "hostile-things", "S3ObjectKey": "source.zip"}, makes="Src")
    asked = {"CustomData": f"{ONE} #{{variables.EVIL}}", "ExternalEntityLink": "https://example.com/?a=<b>"}
    ask = action("Ask", "Approval/Manual", asked)
    cloud.pipeline(
        name,
        cloud.pipeline_role("hostile-pipeline"),
        "hostile-things",
        fetch,
        ask,
        variables=[{"name": "EVIL", "defaultValue": ONE, "description": ONE}],
    )
    arn = f"arn:aws:codepipeline:us-east-1:000000000000:{name}"
    cloud.codepipeline.tag_resource(resourceArn=arn, tags=[{"key": "note", "value": "javascript:struck=1//"}])
    cloud.awaiting(name, "Ask")
    first = cloud.executions(name)[0]["pipelineExecutionId"]
    cloud.codepipeline.stop_pipeline_execution(pipelineName=name, pipelineExecutionId=first, abandon=True, reason=ONE[:200])
    cloud.ended(name, first)
    later = cloud.codepipeline.start_pipeline_execution(name=name, variables=[{"name": "EVIL", "value": TEXTS[2]}])[
        "pipelineExecutionId"
    ]
    token = cloud.awaiting(name, "Ask")
    result = {"status": "Rejected", "summary": ONE}
    cloud.codepipeline.put_approval_result(pipelineName=name, stageName="Ask", actionName="Ask", token=token, result=result)
    cloud.ended(name, later)
    cloud.codepipeline.disable_stage_transition(pipelineName=name, stageName="Ask", transitionType="Inbound", reason="a reason")
    cloud.codepipeline.start_pipeline_execution(name=name)
    root = f"/pipelines/{name}"
    tabs = [
        f"{root}/executions/{later}?tab={tab}" for tab in ("timeline", "artifacts", "variables", "revisions", "rules", "travel")
    ]
    pages = [
        "/pipelines",
        root,
        f"{root}?view=graph",
        f"{root}?action=Ask/Ask",
        f"{root}/executions",
        f"{root}/executions/{first}",
    ]
    return [
        *pages,
        *tabs,
        f"{root}/edit",
        f"{root}/versions",
        f"{root}/settings",
        "/approvals",
        "/dashboard",
        f"/pipelines/new?clone={name}",
    ]


@pytest.mark.parametrize("part", range(PARTS))
def test_no_text_runs_or_leads_away_on_any_page(visit: Any, planted: list[str], part: int) -> None:
    """The tour of all pages, in the dark: with hostile texts on them, by the contrast of their colours, and on a telephone."""
    page: Page = visit("/settings", dark=True, alone=True)
    page.add_init_script(WATCH)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.reload()
    wide = []
    for path in planted[part::PARTS]:
        page.goto(f"{visit.server.endpoint}/console{path}")
        expect(page.get_by_role("heading", level=1).first, path).to_be_visible()
        if any(each in path for each in SHOWN):
            expect(page.get_by_text("struck=1").first, path).to_be_visible()
        else:  # not every page shows one of them
            with suppress(TimeoutError):
                page.get_by_text("struck=1").first.wait_for(timeout=350)
        assert page.evaluate("globalThis.struck") == 0, path
        protocols = page.evaluate("[...document.links].map(each => each.protocol)")
        assert set(protocols) <= {"http:", "https:", "blob:"}, path
        assert page.locator("img[src=x], svg[onload], [onerror]").count() == 0, path
        assert visit.axe(page) == [], path
        page.set_viewport_size({"width": 360, "height": 800})
        page.wait_for_timeout(50)  # tables settle when they are told of their new width
        if page.evaluate(WIDTH) > 360:
            page.wait_for_timeout(500)
            wide += [f"{path} {page.evaluate(WIDEST)}"] if page.evaluate(WIDTH) > 360 else []
        page.set_viewport_size({"width": 1280, "height": 900})
    assert dialogs == []
    assert wide == []
