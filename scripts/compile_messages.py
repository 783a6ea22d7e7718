"""Compiles translation catalogues (.po) to what Django reads (.mo), without GNU gettext.

python scripts/compile_messages.py FILE.po …
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polib


def main(sources: list[str]) -> int:
    """Compile each catalogue aside and move it into place; returns the exit status."""
    for source in sources:
        try:
            catalogue = polib.pofile(source)
        except (OSError, UnicodeDecodeError) as fault:
            print(f"{source}: {fault}", file=sys.stderr)
            return 1
        target = Path(source).with_suffix(".mo")
        aside = target.with_name(f".{target.name}.{os.getpid()}")
        catalogue.save_as_mofile(str(aside))
        aside.rename(target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
