"""The release of an instance, as its system properties name it (servicenow-api 11). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

# In the order in which they came: the alphabet begins again after Z, so names are never compared.
FAMILIES: tuple[str, ...] = (
    "Aspen",
    "Berlin",
    "Calgary",
    "Dublin",
    "Eureka",
    "Fuji",
    "Geneva",
    "Helsinki",
    "Istanbul",
    "Jakarta",
    "Kingston",
    "London",
    "Madrid",
    "New York",
    "Orlando",
    "Paris",
    "Quebec",
    "Rome",
    "San Diego",
    "Tokyo",
    "Utah",
    "Vancouver",
    "Washington DC",
    "Xanadu",
    "Yokohama",
    "Zurich",
    "Australia",
)
# Where it stands, the best first: developer instances keep it in the second, newer ones had only
# the third.
PROPERTIES = ("glide.buildtag", "glide.buildtag.last", "glide.war", "glide.buildname")
_TAG = re.compile(
    r"glide-([a-z]+)-\d\d-\d\d-\d{4}(?:__patch(\d+[a-z]?)(?:-hotfix([0-9a-z]+))?)?(?=\W|_|$)"
)
_BY_TAG = {name.replace(" ", "").lower(): name for name in FAMILIES}


@dataclass(frozen=True, slots=True)
class Release:
    """A family ("Yokohama"; a name that is not known here as it stands), patch and hotfix."""

    family: str
    patch: str = ""
    hotfix: str = ""

    def __str__(self) -> str:
        patch = f" Patch {self.patch}" if self.patch not in {"", "0"} else ""
        return f"{self.family}{patch}{f' Hotfix {self.hotfix}' if self.hotfix else ''}"

    def is_before(self, family: str) -> bool:
        """Whether it is older than a family. A name that is not in the list is newer than it."""
        if self.family not in FAMILIES:
            return False
        return FAMILIES.index(self.family) < FAMILIES.index(family)


def parse_release(text: str) -> Release | None:
    """The release of a build tag such as `glide-zurich-07-01-2025__patch2-09-10-2025.zip`."""
    found = _TAG.search(text.strip().lower())
    if found is None:
        return None
    name, patch, hotfix = found.groups()
    return Release(_BY_TAG.get(name, name.capitalize()), patch or "", hotfix or "")


def release_of(properties: Mapping[str, str]) -> Release | None:
    """The release that some of PROPERTIES name; None if none of them can be read."""
    parsed = (parse_release(properties.get(name, "")) for name in PROPERTIES)
    return next((release for release in parsed if release is not None), None)
