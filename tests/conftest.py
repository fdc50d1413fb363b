"""What all tests share: how Hypothesis searches.

On a slow or busy machine generating an example takes longer, which says nothing about the product: no deadlines and no complaints
about speed or size. In CI the search is the same each time; elsewhere it goes on finding new examples.
"""

import os

from hypothesis import HealthCheck, settings

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("dev", deadline=None, suppress_health_check=QUIET)
settings.register_profile("ci", deadline=None, suppress_health_check=QUIET, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
