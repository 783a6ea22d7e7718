"""What the portal's pages take from npm packages, and the copying of it to the static folder.

Standard library only: scripts/setup.py uses it before anything is installed.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

# Folder in vendor/ ← package: its files. Each package's licence lies beside its files.
FILES = {
    "tabler": (
        "@tabler/core",
        [
            "dist/css/tabler.min.css",
            "dist/css/tabler-themes.min.css",
            "dist/js/tabler.min.js",
            "dist/js/tabler-theme.min.js",
        ],
    ),
    "htmx": ("htmx.org", ["dist/htmx.min.js"]),
    "chart": ("chart.js", ["dist/chart.umd.min.js"]),
}
ICONS = "@tabler/icons"
# @tabler/core's archive has no licence file; its banner and package.json say MIT, the same
# authors' icons carry the text.
_LICENCE_OF = {"@tabler/core": ICONS}
_STAMP = ".scoredesk-assets"


def copy_assets(root: Path) -> None:
    """Bring `vendor/` to what FILES and `portal/icons.txt` name; nothing to do when unchanged.

    Raises FileNotFoundError for a name that its package does not have.
    """
    portal = root / "src" / "scoredesk" / "portal"
    vendor = portal / "static" / "vendor"
    packages = root / "node_modules"
    icons = (portal / "icons.txt").read_text(encoding="utf-8").split()
    lock = (root / "package-lock.json").read_bytes()
    wanted = hashlib.sha256(lock + repr((FILES, icons)).encode()).hexdigest()
    stamp = vendor / _STAMP
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    aside = vendor.with_name(".vendor-new")
    shutil.rmtree(aside, ignore_errors=True)
    for name, (package, files) in FILES.items():
        _copy(packages / package, files, aside / name)
        _copy_licence(packages / _LICENCE_OF.get(package, package), aside / name)
    outline = packages / ICONS / "icons" / "outline"
    _copy(outline, [f"{icon}.svg" for icon in icons], aside / "icons")
    _copy_licence(packages / ICONS, aside / "icons")
    (aside / _STAMP).write_text(wanted, encoding="ascii")
    shutil.rmtree(vendor, ignore_errors=True)
    aside.rename(vendor)


def _copy(source: Path, files: list[str], target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copyfile(source / file, target / Path(file).name)


def _copy_licence(package: Path, target: Path) -> None:
    for licence in package.glob("LICENSE*"):
        shutil.copyfile(licence, target / licence.name)
