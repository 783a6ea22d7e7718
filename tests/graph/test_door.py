"""The public door of the library."""

from __future__ import annotations

import scoredesk.graph as door


def test_the_door_is_complete_and_small() -> None:
    assert all(hasattr(door, name) for name in door.__all__)
    assert len(door.__all__) == len(set(door.__all__)) <= 15
