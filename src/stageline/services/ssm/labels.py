"""Labels of versions: a label lies on one version of a parameter at most."""

import re

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, Store
from stageline.services.ssm import records

MOST = 10
_LABEL = re.compile(r"(?!aws|ssm)[a-z_.\-][a-z0-9_.\-]{0,99}", re.IGNORECASE)


def label_parameter_version(ctx: Context, request: Request, *, store: Store) -> Response:
    """Put labels on a version, the latest unless another is named; labels that may not be are told back."""
    with store.write() as tx:
        parameter = records.require(tx, request["Name"])
        number = _number(parameter, request.get("ParameterVersion"))
        good = [label for label in request["Labels"] if _LABEL.fullmatch(label)]
        labels = {**parameter["labels"], **dict.fromkeys(good, number)}
        if list(labels.values()).count(number) > MOST:
            text = f"A version of a parameter has at most {MOST} labels. Move some to another version."
            raise ApiError("ParameterVersionLabelLimitExceeded", text)
        tx.put(records.PARAMETER, parameter["name"], {**parameter, "labels": labels})
    return {"InvalidLabels": [label for label in request["Labels"] if label not in good], "ParameterVersion": number}


def unlabel_parameter_version(ctx: Context, request: Request, *, store: Store) -> Response:
    """Take labels off a version; those that it does not have are told back."""
    with store.write() as tx:
        parameter = records.require(tx, request["Name"])
        number = _number(parameter, request["ParameterVersion"])
        there = [label for label in request["Labels"] if parameter["labels"].get(label) == number]
        labels = {label: labelled for label, labelled in parameter["labels"].items() if label not in there}
        tx.put(records.PARAMETER, parameter["name"], {**parameter, "labels": labels})
    return {"RemovedLabels": there, "InvalidLabels": [label for label in request["Labels"] if label not in there]}


def _number(parameter: Doc, asked: int | None) -> int:
    number = int(parameter["version"]) if asked is None else asked
    if not parameter["first"] <= number <= parameter["version"]:
        text = f"Systems Manager could not find version {number} of {parameter['name']}. Verify the version and try again."
        raise ApiError("ParameterVersionNotFound", text)
    return number
