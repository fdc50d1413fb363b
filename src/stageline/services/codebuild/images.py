"""The curated images whose names projects may give; builds run in this server's sandbox whichever is named."""

from stageline.ports.api import Context, Request, Response

_IMAGES = (
    ("aws/codebuild/standard:7.0", "Ubuntu, standard 7.0"),
    ("aws/codebuild/standard:6.0", "Ubuntu, standard 6.0"),
    ("aws/codebuild/amazonlinux-x86_64-standard:5.0", "Amazon Linux 2023, x86_64, standard 5.0"),
    ("aws/codebuild/amazonlinux2-x86_64-standard:5.0", "Amazon Linux 2023, x86_64, standard 5.0"),
    ("aws/codebuild/amazonlinux-aarch64-standard:3.0", "Amazon Linux 2023, aarch64, standard 3.0"),
)


def list_curated_environment_images(ctx: Context, request: Request) -> Response:
    """ListCuratedEnvironmentImages."""
    images = [
        {"name": name, "description": f"{text} (a name only: builds run in this server's sandbox)", "versions": [name]}
        for name, text in _IMAGES
    ]
    return {"platforms": [{"platform": "UBUNTU", "languages": [{"language": "BASE", "images": images}]}]}
