"""What holds for every test: properties are tried on the same examples each time, so that the gate's word is final.

For new examples: `HYPOTHESIS_PROFILE=search make test`.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_PATIENT = (HealthCheck.too_slow, HealthCheck.data_too_large)  # a busy machine and large inputs are no faults

settings.register_profile("gate", deadline=None, derandomize=True, suppress_health_check=_PATIENT)
settings.register_profile("search", deadline=None, max_examples=2000, suppress_health_check=_PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))
