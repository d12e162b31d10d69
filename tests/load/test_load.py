"""A short load: everybody at once for some seconds, nothing refused, nothing lost. ``make load`` takes the minute."""

import pytest

from tests.load.running import put_under_load


@pytest.mark.slow
def test_what_the_server_confirms_to_a_hundred_officers_at_once_is_kept() -> None:
    load = put_under_load(10)
    assert load.errors == ()
    assert load.lost == ()
    assert load.saved >= load.officers  # everybody saved something
