"""The same server as IAM's tests use."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

_spec = spec_from_file_location("iam_test_server", Path(__file__).parent.parent / "iam" / "conftest.py")
assert _spec is not None
assert _spec.loader is not None
_module = module_from_spec(_spec)
sys.modules[_spec.name] = _module
_spec.loader.exec_module(_module)

first_start = _module.first_start
server = _module.server
wire = _module.wire
