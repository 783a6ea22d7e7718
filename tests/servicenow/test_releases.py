"""The release by its build tag (servicenow-api 11)."""

from __future__ import annotations

import pytest

from scoredesk.servicenow.releases import FAMILIES, Release, parse_release, release_of


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ("glide-zurich-07-01-2025__patch2-09-10-2025", "Zurich Patch 2"),
        ("glide-zurich-07-01-2025__patch2-09-10-2025.zip", "Zurich Patch 2"),
        (
            "glide-orlando-12-11-2019__patch0-hotfix1-01-08-2020_01-12-2020_1944.zip",
            "Orlando Hotfix 1",
        ),
        ("glide-washingtondc-12-20-2023__patch9a-01-05-2025", "Washington DC Patch 9a"),
        ("glide-newyork-06-26-2019", "New York"),
        ("glide-brazil-01-01-2027__patch1-02-02-2027", "Brazil Patch 1"),
    ],
)
def test_a_build_tag_names_family_patch_and_hotfix(tag: str, shown: str) -> None:
    assert str(parse_release(tag)) == shown


@pytest.mark.parametrize("tag", ["", "zurich", "12-18-2024", "glide--__patch"])
def test_what_is_no_build_tag_names_nothing(tag: str) -> None:
    assert parse_release(tag) is None


def test_families_are_compared_by_age_not_by_alphabet() -> None:
    assert Release("Jakarta").is_before("Kingston")
    assert not Release("Kingston").is_before("Kingston")
    assert not Release("Australia").is_before("Kingston")
    assert not Release("Brazil").is_before("Kingston")  # newer than this list
    assert len(set(FAMILIES)) == len(FAMILIES)


def test_the_first_property_that_says_something_counts() -> None:
    found = {"glide.buildtag": "", "glide.war": "glide-zurich-07-01-2025__patch2-09-10-2025.zip"}
    assert str(release_of(found)) == "Zurich Patch 2"
    assert release_of({}) is None
