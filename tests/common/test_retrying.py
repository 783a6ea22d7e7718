"""Trying again: growing pauses, obeyed wishes, no endless waiting."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scoredesk.common.errors import ScoredeskError
from scoredesk.common.retrying import ONCE, Pauses, retrying


class Passing(ScoredeskError):
    """For the tests of this file."""

    code = "tests.passing"
    retryable = True
    retry_after: float | None = None


class Lasting(ScoredeskError):
    """For the tests of this file."""

    code = "tests.lasting"


def failing(times: int, fault: ScoredeskError) -> Callable[[], str]:
    """A call that fails that many times and then answers."""
    left = [fault] * times

    def call() -> str:
        if left:
            raise left.pop()
        return "done"

    return call


def test_pauses_grow_and_are_spread() -> None:
    slept: list[float] = []
    pauses = Pauses(tries=4, first=1, factor=3, longest=5)
    assert retrying(failing(3, Passing()), pauses, sleep=slept.append, chance=lambda: 1.0) == "done"
    assert slept == [1, 3, 5]
    assert pauses.after(1, 0.0) == 0.5


def test_the_last_error_is_raised_when_tries_are_spent() -> None:
    slept: list[float] = []
    with pytest.raises(Passing):
        retrying(failing(2, Passing()), Pauses(tries=2), sleep=slept.append)
    assert len(slept) == 1


def test_a_lasting_error_is_not_repeated() -> None:
    slept: list[float] = []
    with pytest.raises(Lasting):
        retrying(failing(1, Lasting()), Pauses(tries=5), sleep=slept.append)
    assert slept == []


def test_a_wish_to_wait_is_obeyed() -> None:
    fault, slept = Passing(), list[float]()
    fault.retry_after = 7.0
    assert retrying(failing(1, fault), Pauses(longest=8), sleep=slept.append) == "done"
    assert slept == [7.0]


def test_a_wish_beyond_patience_is_handed_up_at_once() -> None:
    fault, slept = Passing(), list[float]()
    fault.retry_after = 900.0
    with pytest.raises(Passing):
        retrying(failing(1, fault), Pauses(longest=8), sleep=slept.append)
    assert slept == []


def test_once_means_once() -> None:
    with pytest.raises(Passing):
        retrying(failing(1, Passing()), ONCE)
