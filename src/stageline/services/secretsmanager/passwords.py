"""Random passwords."""

import secrets
import string

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.services.secretsmanager.records import invalid

LENGTH = 32
_KINDS = {
    "ExcludeUppercase": string.ascii_uppercase,
    "ExcludeLowercase": string.ascii_lowercase,
    "ExcludeNumbers": string.digits,
    "ExcludePunctuation": string.punctuation,
}


def get_random_password(ctx: Context, request: Request) -> Response:
    """A password of the kinds of characters that are not excluded, with one of each kind unless told otherwise."""
    length = request.get("PasswordLength", LENGTH)
    excluded = set(request.get("ExcludeCharacters", ""))
    kinds = [letters for member, letters in _KINDS.items() if not request.get(member)]
    kinds += [" "] if request.get("IncludeSpace") else []
    chosen = ["".join(letter for letter in letters if letter not in excluded) for letters in kinds]
    everything = "".join(chosen)
    if not everything:
        raise ApiError("InvalidRequestException", "No characters are left to make a password of. Exclude fewer of them.")
    required = chosen if request.get("RequireEachIncludedType", True) else []
    if not all(required):
        raise ApiError("InvalidRequestException", "All characters of a required type are excluded. Exclude fewer of them.")
    if length < len(required):
        raise invalid("Password length is too short based on the required types.")
    picked = [secrets.choice(letters) for letters in required]
    picked += [secrets.choice(everything) for _ in range(length - len(picked))]
    secrets.SystemRandom().shuffle(picked)
    return {"RandomPassword": "".join(picked)}
