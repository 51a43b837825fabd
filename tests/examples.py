"""How many examples a property is tried on: a few in the fast tests, many in the thorough run.

Only properties of which an example is dear say so here; the others have the number of the profile.
`make test-slow` is the thorough run.
"""

from hypothesis import HealthCheck, settings

THOROUGH = "thorough"
settings.register_profile(THOROUGH, max_examples=200)
settings.register_profile("fast", max_examples=20)
settings.load_profile("fast")  # what --hypothesis-profile says comes later


def examples(few: int, many: int) -> settings:
    """The settings of a property whose examples take long."""
    is_thorough = settings.get_current_profile_name() == THOROUGH
    return settings(
        deadline=None,
        max_examples=many if is_thorough else few,
        suppress_health_check=[HealthCheck.too_slow],
    )
