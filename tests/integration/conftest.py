"""What the tests of this folder share: the profile of the long run of state machines."""

from __future__ import annotations

from hypothesis import settings

# pytest tests/integration/test_frontier_model.py --hypothesis-profile=long
settings.register_profile(
    "long", max_examples=300, stateful_step_count=100, deadline=None, print_blob=True
)
