"""What repositories, branches, commits and files may be called. Everything from outside passes here before git sees it."""

import re

from stageline.ports.api import ApiError
from stageline.services.codecommit.plumbing.git import is_full_id

PATH_LIMIT = 4_096
DEPTH_LIMIT = 20

_REPOSITORY = re.compile(r"[\w.-]{1,100}", re.ASCII)
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|\.lock(/|$)|(^|/)\.|[/.]$|^[/-]|[\ud800-\udfff]")


def is_repository_name(name: str) -> bool:
    """Whether a repository may have this name."""
    return bool(_REPOSITORY.fullmatch(name)) and not name.lower().endswith(".git") and name not in (".", "..")


def check_repository_name(name: str) -> None:
    """Raise InvalidRepositoryNameException unless a repository may have this name."""
    if not is_repository_name(name):
        raise ApiError(
            "InvalidRepositoryNameException",
            "The repository name is not valid. It has 1 to 100 letters, digits, periods, underscores and dashes, and does not "
            "end in .git.",
        )


def is_ref_name(name: str) -> bool:
    """Whether git takes ``name`` as the part of a reference after ``refs/heads/``."""
    parts = name.split("/")
    return bool(name) and not _FORBIDDEN.search(name) and name != "@" and all(len(part.encode()) <= 250 for part in parts)


def check_branch_name(name: str) -> None:
    """Raise InvalidBranchNameException unless a branch may have this name."""
    if len(name) > 256 or not is_ref_name(name) or name == "HEAD" or is_full_id(name.lower()):
        raise ApiError(
            "InvalidBranchNameException",
            "The branch name is not valid. It has 1 to 256 characters, is a valid Git reference name and is not a commit ID.",
        )


def is_commit_id(text: str) -> bool:
    """Whether ``text`` has the form of a full commit id, in either case of letters."""
    return is_full_id(text.lower())


def file_path(path: str) -> str:
    """A file's path without its leading slash; InvalidPathException for one that could leave the repository or fool git."""
    clean = path.removeprefix("/")
    if not clean:
        raise ApiError("PathRequiredException", "The filePath is required and names a file, not the root folder.")
    _check_parts(clean)
    return clean


def folder_path(path: str) -> str:
    """A folder's path without leading and trailing slash; the empty string for the root."""
    clean = path.removeprefix("/").removesuffix("/")
    if clean:
        _check_parts(clean)
    return clean


def _check_parts(path: str) -> None:
    parts = path.split("/")
    reason = ""
    if len(path) > PATH_LIMIT or any(len(part.encode("utf-8", "replace")) > 255 for part in parts):
        reason = f"a path has at most {PATH_LIMIT} characters and 255 bytes in each part"
    elif len(parts) > DEPTH_LIMIT + 1:
        reason = f"a file lies at most {DEPTH_LIMIT} folders deep"
    elif any("\ud800" <= char <= "\udfff" or char == "\0" for char in path):
        reason = "a path is Unicode text without NUL"
    elif any(part in ("", ".", "..") for part in parts):
        reason = "a path has no empty part and none that is '.' or '..'"
    elif any(_is_dot_git(part) for part in parts):
        reason = "no part of a path may be read as '.git'"
    if reason:
        raise ApiError("InvalidPathException", f"The path is not valid: {reason}.")


def _is_dot_git(part: str) -> bool:
    """Also the spellings that a Windows or a Macintosh file system takes for ``.git``."""
    plain = "".join(
        char
        for char in part
        if not ("\u200c" <= char <= "\u200f" or "\u202a" <= char <= "\u202e" or "\u206a" <= char <= "\u206f" or char == "\ufeff")
    )
    plain = plain.split(":", 1)[0].rstrip(". ").lower()
    return plain in (".git", "git~1") or any(_is_dot_git(piece) for piece in part.split("\\") if "\\" in part)
