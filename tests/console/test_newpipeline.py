"""Making a pipeline with the wizard, as people do it."""

import json
import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Page, expect

from stageline.testing.cloud import Checkout, Cloud, zipped
from stageline.testing.process import eventually

REGION = "us-east-1"
BUILDSPEC = """version: 0.2
phases:
  build:
    commands:
      - mkdir site && cp page.html site/index.html
artifacts:
  base-directory: site
  files:
    - '**/*'
"""


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a select."""
    page.get_by_role("button", name=label).click()
    page.get_by_role("option", name=option).first.click()


def pick(page: Page, label: str, value: str) -> None:
    """Type into a picker, and take what it offers."""
    page.get_by_role("combobox", name=label).fill(value)
    page.get_by_role("option", name=value, exact=True).last.click()


def onward(page: Page, heading: str) -> None:
    """Go to the next step."""
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


def repository(cloud: Cloud, folder: Path, name: str, files: dict[str, str]) -> None:
    """A repository with a commit on main."""
    cloud.codecommit.create_repository(repositoryName=name)
    checkout = Checkout(folder / name, cloud.developer(f"dev-{name}"))
    checkout.commit(files)
    checkout.push(cloud.server, name)


def test_a_pipeline_of_source_build_and_deployment_is_made_and_runs(visit: Any, cloud: Cloud, tmp_path: Path) -> None:
    repository(cloud, tmp_path, "wizard-site", {"page.html": "<h1>hello</h1>"})
    cloud.bucket("wizard-site-bucket")
    page = visit("/pipelines/new")
    page.get_by_label("Pipeline name").fill("wizard-site")
    expect(page.get_by_label("Role name")).to_have_value(f"AWSCodePipelineServiceRole-{REGION}-wizard-site")
    visit.picture(page, "newpipeline-settings-light")
    onward(page, "Add source stage")
    choose(page, "Action provider", "AWS CodeCommit")
    pick(page, "Repository name", "wizard-site")
    pick(page, "Branch name", "main")
    visit.picture(page, "newpipeline-source-light")
    onward(page, "Add build stage")
    choose(page, "Action provider", "AWS CodeBuild")
    page.get_by_role("button", name="Create project").click()
    expect(page.get_by_label("Project name")).to_have_value("wizard-site-build")
    page.get_by_label("Insert build commands").check()
    page.get_by_label("Buildspec", exact=True).fill(BUILDSPEC)
    visit.picture(page, "newpipeline-build-light")
    onward(page, "Add test stage")
    page.get_by_role("button", name="Skip test stage").click()
    expect(page.get_by_role("heading", name="Add deploy stage")).to_be_visible()
    choose(page, "Action provider", "Amazon S3")
    page.wait_for_timeout(500); visit.picture(page, "dbg"); print(visit.complaints, page.content().count("Bucket"))
    pick(page, "Bucket", "wizard-site-bucket")
    visit.picture(page, "newpipeline-deploy-light")
    onward(page, "Review")
    visit.picture(page, "newpipeline-review-light")
    page.get_by_role("button", name="Create pipeline").click()
    page.wait_for_url("**/console/pipelines/wizard-site")
    assert cloud.ended("wizard-site")["status"] == "Succeeded"
    assert cloud.text("wizard-site-bucket", "index.html") == "<h1>hello</h1>"
