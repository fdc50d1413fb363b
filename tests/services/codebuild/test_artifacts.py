"""What a build takes from S3 and what it leaves there."""

import io
import json
import stat
import zipfile
from typing import Any

import pytest

SPEC = """
version: 0.2
phases:
  build:
    commands:
      - mkdir -p dist/js dist/empty
      - echo one > dist/one.txt
      - echo two > dist/js/two.js
      - echo map > dist/js/two.map
      - echo dot > dist/.hidden
      - printf '#!/bin/sh\\n' > dist/run; chmod 755 dist/run
      - ln -s one.txt dist/link
      - ln -s /etc/passwd dist/escape
      - NAME=web
artifacts:
"""


def s3(**members: Any) -> dict[str, Any]:
    return {"type": "S3", "location": "output", "packaging": "ZIP", **members}


def test_a_zip_source_is_unpacked_and_its_buildspec_found(make: Any) -> None:
    spec = "version: 0.2\nphases:\n  build:\n    commands: [cat sub/data.txt, 'touch written']\n"
    location = make.zip("in.zip", {"buildspec.yml": spec, "sub/data.txt": "content\n"})
    ended = make.run("", source={"type": "S3", "location": location})
    assert ended.status == "SUCCEEDED", ended.log
    assert ended.output() == ["content"]


def test_a_source_version_and_a_path_to_the_buildspec(make: Any) -> None:
    spec = "version: 0.2\nphases:\n  build:\n    commands: [cat v, 'echo $CODEBUILD_SOURCE_VERSION']\n"
    location = make.zip("versions.zip", {"ci/build.yml": spec, "v": "first\n"})
    version = make.s3.head_object(Bucket="source", Key="versions.zip")["VersionId"]
    make.zip("versions.zip", {"ci/build.yml": spec, "v": "second\n"})
    name = make.project("ci/build.yml", source={"type": "S3", "location": location})
    assert make.wait(make.start(name)).output()[0] == "second"
    assert make.wait(make.start(name, sourceVersion=version)).output() == ["first", version]


def test_a_folder_and_secondary_sources(make: Any) -> None:
    make.s3.put_object(Bucket="source", Key="folder/a/b.txt", Body=b"in folder\n")
    location = make.zip("other.zip", {"o.txt": "other\n"})
    ended = make.run(
        "version: 0.2\nphases:\n  build:\n    commands: [cat a/b.txt, 'cat $CODEBUILD_SRC_DIR_second/o.txt']\n",
        source={"type": "S3", "location": "source/folder/"},
        secondarySources=[{"type": "S3", "location": location, "sourceIdentifier": "second"}],
    )
    assert ended.output() == ["in folder", "other"], ended.log


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ({"type": "S3", "location": "source/absent.zip"}, "NoSuchKey"),
        ({"type": "S3", "location": "nowhere-at-all/absent.zip"}, "NoSuchBucket"),
        ({"type": "S3", "location": "source/absent/"}, "NoSuchKey"),
    ],
)
def test_a_source_that_is_not_there_fails_the_download(make: Any, source: dict[str, str], told: str) -> None:
    ended = make.run("", source=source)
    assert ended.status == "FAILED"
    code, message = ended.context("DOWNLOAD_SOURCE")
    assert code == "CLIENT_ERROR"
    assert told in message


def test_a_hostile_or_broken_archive_is_refused(make: Any) -> None:
    for key, files in (("evil.zip", {"../../up": "x"}), ("broken.zip", None)):
        if files is None:
            make.s3.put_object(Bucket="source", Key=key, Body=b"not a zip")
        else:
            make.zip(key, files)
        ended = make.run("", source={"type": "S3", "location": f"source/{key}"})
        code, message = ended.context("DOWNLOAD_SOURCE")
        assert code == "CLIENT_ERROR"
        assert f"s3://source/{key} cannot be unpacked" in message


def test_a_missing_buildspec_and_one_that_leads_out(make: Any) -> None:
    location = make.zip("bare.zip", {"x": "y"})
    source = {"type": "S3", "location": location}
    code, message = make.run("", source=source).context("DOWNLOAD_SOURCE")
    assert code == "YAML_FILE_ERROR"
    assert message.startswith("stat /codebuild/output/src")
    assert message.endswith("/src/buildspec.yml: no such file or directory")
    assert make.run("../../../etc/passwd", source=source).context("DOWNLOAD_SOURCE")[0] == "YAML_FILE_ERROR"


def test_a_link_to_a_buildspec_outside_is_not_read(make: Any) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        info = zipfile.ZipInfo("buildspec.yml")
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    make.s3.put_object(Bucket="source", Key="linked.zip", Body=data.getvalue())
    ended = make.run("", source={"type": "S3", "location": "source/linked.zip"})
    assert ended.status == "FAILED"
    assert "root:" not in ended.log + json.dumps(ended.build, default=str)


def test_a_buildspec_comes_from_s3(make: Any) -> None:
    make.s3.put_object(Bucket="source", Key="specs/b.yml", Body=b"version: 0.2\nphases: {build: {commands: [echo far]}}")
    assert make.run("arn:aws:s3:::source/specs/b.yml").output() == ["far"]
    assert make.run("arn:aws:s3:::source/specs/none.yml").context("DOWNLOAD_SOURCE")[0] == "YAML_FILE_ERROR"


def test_a_zip_artifact_holds_what_the_patterns_take(make: Any) -> None:
    spec = SPEC + "  files: ['**/*']\n  base-directory: dist\n  exclude-paths: ['**/*.map']\n"
    ended = make.run(spec, artifacts=s3(path="p", name="all.zip", namespaceType="BUILD_ID"))
    assert ended.status == "SUCCEEDED", ended.log
    key = f"p/{ended.build['id'].partition(':')[2]}/all.zip"
    assert ended.build["artifacts"]["location"] == f"arn:aws:s3:::output/{key}"
    with zipfile.ZipFile(io.BytesIO(make.stored("output", key))) as archive:
        assert archive.namelist() == [".hidden", "js/two.js", "link", "one.txt", "run"]
        assert archive.read("link") == b"one\n"
        assert archive.getinfo("run").external_attr >> 16 & 0o111
    head = make.s3.head_object(Bucket="output", Key=key)["Metadata"]
    assert head["codebuild-content-sha256"] == ended.build["artifacts"]["sha256sum"]
    assert head["codebuild-buildarn"] == ended.build["arn"]


def test_names_and_folders_are_expanded_by_the_builds_shell(make: Any) -> None:
    texts = "files: ['js/$WHAT.js']\n  base-directory: $CODEBUILD_SRC_DIR/d*t\n"
    spec = f'{SPEC}  {texts}  name: "it\'s-$(echo $NAME)-$CODEBUILD_BUILD_NUMBER.zip"\n'
    spec = spec.replace("NAME=web", "NAME=web; WHAT=two")
    ended = make.run(spec, artifacts=s3(name="given.zip", overrideArtifactName=True))
    assert ended.build["artifacts"]["location"] == "arn:aws:s3:::output/it's-web-1.zip", ended.log
    assert make.unzipped("output", "it's-web-1.zip") == {"js/two.js": b"two\n"}


def test_files_are_stored_one_by_one_without_packaging(make: Any) -> None:
    spec = SPEC + "  files: [dist/one.txt, 'dist/js/*']\n  discard-paths: yes\n"
    make.run(spec, artifacts={"type": "S3", "location": "output", "name": "loose"})
    found = make.s3.list_objects_v2(Bucket="output", Prefix="loose/")["Contents"]
    assert [each["Key"] for each in found] == ["loose/one.txt", "loose/two.js", "loose/two.map"]


def test_links_are_kept_when_asked_for(make: Any) -> None:
    spec = SPEC + "  files: ['dist/l*', dist/one.txt]\n  enable-symlinks: yes\n"
    make.run(spec, artifacts=s3(name="links.zip"))
    with zipfile.ZipFile(io.BytesIO(make.stored("output", "links.zip"))) as archive:
        assert stat.S_ISLNK(archive.getinfo("dist/link").external_attr >> 16)


def test_secondary_artifacts(make: Any) -> None:
    spec = SPEC + "  files: [dist/one.txt]\n  secondary-artifacts:\n    js: {files: ['dist/js/*.js']}\n"
    ended = make.run(spec, artifacts=s3(name="first.zip"), secondaryArtifacts=[s3(name="second.zip", artifactIdentifier="js")])
    assert make.unzipped("output", "first.zip") == {"dist/one.txt": b"one\n"}
    assert make.unzipped("output", "second.zip") == {"dist/js/two.js": b"two\n"}
    assert ended.build["secondaryArtifacts"][0]["location"] == "arn:aws:s3:::output/second.zip"
    missing = make.run(spec, artifacts=s3(name="first.zip"), secondaryArtifacts=[s3(name="second.zip", artifactIdentifier="css")])
    assert missing.context("UPLOAD_ARTIFACTS") == ("CLIENT_ERROR", "no definition for secondary artifact css in buildspec")


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("files: [nothing.txt]", "no matching artifact paths found"),
        ("files: [dist]", "no matching artifact paths found"),
        ("files: [/etc/passwd]", "no matching artifact paths found"),
        ("files: ['../../../../../etc/*']", "no matching artifact paths found"),
        ("files: ['**/*']\n  base-directory: absent", "no matching base directory path found for absent"),
        ("files: ['**/*']\n  base-directory: /etc", "no matching base directory path found for /etc"),
        ("secondary-artifacts: {a: {files: [x]}}", "no definition for primary artifacts in buildspec"),
    ],
)
def test_artifacts_that_cannot_be_collected_fail_the_upload(make: Any, section: str, told: str) -> None:
    ended = make.run(SPEC + f"  {section}\n", artifacts=s3(name="never.zip"))
    assert ended.status == "FAILED"
    assert ended.context("UPLOAD_ARTIFACTS") == ("CLIENT_ERROR", told), ended.log


def test_one_pattern_without_a_match_among_others_is_fine(make: Any) -> None:
    ended = make.run(SPEC + "  files: [nothing.txt, dist/one.txt]\n", artifacts=s3(name="some.zip"))
    assert ended.status == "SUCCEEDED"
    assert "Skipping invalid file path nothing.txt" in ended.log
    assert "Found 1 file(s)" in ended.log


def test_a_base_directory_that_is_a_link_out_gives_nothing_away(make: Any) -> None:
    spec = SPEC.replace("NAME=web", "ln -s /etc leak; ln -s /etc dist/leak")
    for section in ("files: ['**/*']\n  base-directory: leak", "files: [leak/passwd]", "files: ['leak/*']"):
        ended = make.run(spec + f"  {section}\n", artifacts=s3(name="leak.zip"))
        assert ended.statuses()["UPLOAD_ARTIFACTS"] == "FAILED", section


def test_a_bucket_that_cannot_be_written_fails_the_upload(make: Any) -> None:
    ended = make.run(SPEC + "  files: [dist/one.txt]\n", artifacts={**s3(name="x"), "location": "no-such-bucket-here"})
    code, message = ended.context("UPLOAD_ARTIFACTS")
    assert code == "CLIENT_ERROR"
    assert "NoSuchBucket" in message


def test_without_an_artifacts_section_nothing_is_stored(make: Any) -> None:
    ended = make.run("version: 0.2\nphases: {build: {commands: [echo x]}}", artifacts=s3(name="none.zip"))
    assert ended.status == "SUCCEEDED"
    assert "nothing is uploaded" in ended.log
