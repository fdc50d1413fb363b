"""The AWS service models, as botocore ships them: which operations there are, their shapes, their errors.

Documentation strings are dropped at load: they are most of a model's weight. A model is loaded once a process.
"""

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import botocore
from botocore import xform_name
from botocore.model import OperationModel, ServiceModel

QUERY, REST_JSON, REST_XML, JSON = "query", "rest-json", "rest-xml", "json"


def _without_documentation(model: dict[str, Any]) -> dict[str, Any]:
    model.pop("documentation", None)
    for operation in model["operations"].values():
        operation.pop("documentation", None)
    for shape in model["shapes"].values():
        shape.pop("documentation", None)
        for member in shape.get("members", {}).values():
            member.pop("documentation", None)
    return model


@cache
def model(service: str) -> ServiceModel:
    """The newest model of a service by botocore's name for it; raises LookupError when AWS has no such service."""
    folder = Path(botocore.__file__).parent / "data" / service
    files = sorted(folder.glob("*/service-2.json.gz"))
    if not files:
        raise LookupError(f"botocore has no model of a service named {service!r}")
    return ServiceModel(_without_documentation(json.loads(gzip.decompress(files[-1].read_bytes()))), service)


@cache
def function_names(service: str) -> Mapping[str, str]:
    """Function name (``create_bucket``) to operation name (``CreateBucket``)."""
    return {xform_name(name): name for name in model(service).operation_names}


@cache
def operation(service: str, name: str) -> OperationModel | None:
    """The model of an operation, or None when the service has none of that name."""
    found = model(service)
    return found.operation_model(name) if name in found.operation_names else None


def signing_name(service: str) -> str:
    """The service's name in a signature's scope."""
    metadata = model(service).metadata
    return str(metadata.get("signingName") or metadata["endpointPrefix"])


def family(service: str) -> str:
    """Whether a service is spoken to by query, rest-json, rest-xml or json (which stands for CBOR as well)."""
    protocol = str(model(service).metadata["protocol"])
    return protocol if protocol in (QUERY, REST_JSON, REST_XML) else JSON


@dataclass(frozen=True)
class Catalog:
    """The services of this server, found by what a request says about them. Values are botocore's service names."""

    services: tuple[str, ...]
    by_target: Mapping[str, str]
    by_scope: Mapping[str, str]
    by_version: Mapping[str, str]


def catalog(services: Iterable[str]) -> Catalog:
    """Index services by target prefix, by signing name and, for query services, by API version."""
    names = tuple(sorted(services))
    targets = {str(model(name).metadata["targetPrefix"]): name for name in names if "targetPrefix" in model(name).metadata}
    versions = {str(model(name).metadata["apiVersion"]): name for name in names if family(name) == QUERY}
    return Catalog(names, targets, {signing_name(name): name for name in names}, versions)
