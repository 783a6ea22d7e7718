"""Checks that every text of the portal is translated, or (--write) brings new texts into the
catalogues.

Each catalogue must have every entry filled, none fuzzy, and the same placeholders on both sides.
Where GNU gettext is installed, the texts in the source are compared with the catalogue too.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "scoredesk"
LANGUAGES = ("zh_Hans",)
HEADER = "The portal's texts in this language. `make messages` brings in new ones."
# Nothing that changes with the day or the machine: a catalogue differs only where a text does.
METADATA = {
    "Project-Id-Version": "Scoredesk",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
_PLACEHOLDER = re.compile(r"%\([a-z_0-9]+\)[a-z]|%[sd]|\{[a-z_0-9]*\}")


def main(arguments: list[str]) -> int:
    """Check, or write with --write; returns the exit status."""
    if "--write" in arguments:
        if not shutil.which("xgettext"):
            print("This needs GNU gettext (on Debian: apt-get install gettext).", file=sys.stderr)
            return 1
        extract(PACKAGE)
        return 0
    faults = [fault for language in LANGUAGES for fault in faults_of(language)]
    for fault in faults[:40]:
        print(fault, file=sys.stderr)
    if faults:
        print(
            f"{len(faults)} texts are not right. `make messages` brings in new ones; "
            "translate them in src/scoredesk/locale.",
            file=sys.stderr,
        )
        return 1
    print("Every text is translated.")
    return 0


def faults_of(language: str) -> list[str]:
    """One line for each thing that is wrong with a language's catalogue."""
    path = catalogue_path(PACKAGE, language)
    if not path.exists():
        return [f"{language}: there is no catalogue ({path.name})."]
    catalogue = polib.pofile(str(path))
    found = [line for entry in catalogue if not entry.obsolete for line in entry_faults(entry)]
    if not shutil.which("xgettext"):
        print("GNU gettext is not installed: texts missing from the catalogue are not looked for.")
        return found
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "scoredesk"
        ignored = shutil.ignore_patterns("vendor", "__pycache__", "*.mo")
        shutil.copytree(PACKAGE, copy, ignore=ignored)
        extract(copy)
        wanted = polib.pofile(str(catalogue_path(copy, language)))
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue if not entry.obsolete}
    texts = {(entry.msgctxt, entry.msgid) for entry in wanted if not entry.obsolete}
    found += [f"Not in the catalogue: {text!r}" for _, text in sorted(texts - known, key=str)]
    found += [f"No longer in the source: {text!r}" for _, text in sorted(known - texts, key=str)]
    return found


def entry_faults(entry: polib.POEntry) -> list[str]:
    """What is wrong with one entry."""
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not all(texts):
        return [f"Not translated: {entry.msgid!r}"]
    if entry.fuzzy:
        return [f"Marked fuzzy: {entry.msgid!r}"]
    asked = set(_PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    wrong = [text for text in texts if set(_PLACEHOLDER.findall(text)) != asked]
    return [f"Other placeholders: {entry.msgid!r} → {text!r}" for text in wrong]


def extract(package: Path) -> None:
    """Bring the source's texts into the catalogues below `package`, with Django's own command."""
    command = [str(Path(sys.executable).with_name("django-admin")), "makemessages"]
    command += ["--no-obsolete", "--no-wrap", "--add-location", "file", "--ignore", "vendor/*"]
    for language in LANGUAGES:
        command += ["--locale", language]
    (package / "locale").mkdir(exist_ok=True)
    # Outside the project's settings: extraction reads files only.
    environment = {name: value for name, value in os.environ.items() if name[:7] != "DJANGO_"}
    subprocess.run(command, cwd=package, env=environment, check=True, stdout=subprocess.DEVNULL)
    for language in LANGUAGES:
        settle(catalogue_path(package, language), language)


def settle(path: Path, language: str) -> None:
    """Give a catalogue the same header whenever and wherever it is written."""
    catalogue = polib.pofile(str(path), wrapwidth=0)
    plurals = catalogue.metadata["Plural-Forms"]
    catalogue.header = HEADER
    catalogue.metadata = METADATA | {"Language": language, "Plural-Forms": plurals}
    catalogue.metadata_is_fuzzy = None
    catalogue.save()


def catalogue_path(package: Path, language: str) -> Path:
    """Where a language's catalogue lies."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
