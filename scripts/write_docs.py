"""Writes the pages of docs/ that follow from the code: settings, addresses, faults.

    python -m scripts.write_docs

Chinese texts of faults come from the compiled translation catalogue (English where it lacks one),
those of settings from `docs_texts`, of addresses from `docs_addresses`, of the sandbox from
`sandbox.zh.po`. A test says when a page is out of date.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scoredesk.settings")

import django
from django.apps import apps

if not apps.ready:  # in tests Django is running already
    django.setup()

# What follows needs Django.
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from scripts import docs_addresses, sandbox_docs
from scripts import docs_texts as texts

from scoredesk.connections.faults import TEXTS as CONNECTION_FAULTS
from scoredesk.connections.faults import (
    of_address,
    of_changes,
    of_fields,
    of_instance,
    of_network,
    of_setup,
    of_sign_in,
    of_tables,
    of_validation,
)
from scoredesk.connections.faults.text import Text as ConnectionText
from scoredesk.environment import PREFIX, Environment
from scoredesk.posture import faults as of_posture

DOCS = Path(__file__).resolve().parents[1] / "docs"
FOLDERS = {"en": DOCS, "zh": DOCS / "zh"}
LOCALES = {"en": "en", "zh": "zh-hans"}

Texts = Mapping[str, ConnectionText | of_posture.Text]
GROUPS: dict[str, Texts] = {
    "address": of_address.ADDRESS_TEXTS,
    "secrets": of_address.SECRET_TEXTS,
    "connection": of_setup.CONNECTION_TEXTS,
    "authorization": of_setup.AUTHORIZATION_TEXTS,
    "fields": of_fields.FIELD_TEXTS,
    "changes": of_changes.CHANGE_TEXTS,
    "validation": of_validation.VALIDATION_TEXTS,
    "network": {**of_network.WAY_TEXTS, **of_instance.NETWORK_TEXTS},
    "application": of_sign_in.APPLICATION_TEXTS,
    "callback": of_sign_in.CALLBACK_TEXTS,
    "token": of_sign_in.TOKEN_TEXTS,
    "app": {**of_sign_in.APP_TEXTS, **of_sign_in.CROSS_SCOPE_TEXTS},
    "answer": of_instance.ANSWER_TEXTS,
    "refusal": of_instance.REFUSAL_TEXTS,
    "account": of_tables.ACCOUNT_TEXTS,
    "tables": of_tables.TABLE_TEXTS,
    "choices": of_tables.CHOICE_TEXTS,
    "demands": of_tables.FIELD_TEXTS,
    "limits": of_tables.LIMIT_TEXTS,
    "cards": of_tables.CARD_TEXTS,
    "sign_in": of_posture.SIGN_IN_TEXTS,
    "graph": of_posture.GRAPH_TEXTS,
    "own": {
        code: text for code, text in of_posture.OWN_TEXTS.items() if code not in CONNECTION_FAULTS
    },
}


def main() -> int:
    """Write every page of both languages; returns the exit status."""
    sandbox_docs.bring_catalogue_up_to_date()
    for language, folder in FOLDERS.items():
        folder.mkdir(exist_ok=True)
        for name, text in pages(language).items():
            (folder / name).write_text(text, encoding="utf-8")
    return 0


def pages(language: str) -> dict[str, str]:
    """File name and text of each generated page; `language` is "en" or "zh"."""
    return {
        "settings.md": settings_page(language),
        "addresses.md": addresses_page(language),
        "troubleshooting.md": troubleshooting_page(language),
        "sandbox.md": sandbox_docs.sandbox_page(
            language, (FOLDERS[language] / "sandbox.md").read_text(encoding="utf-8")
        ),
    }


def setting_names() -> dict[str, str]:
    """Each setting as an operator writes it, with the name of its field."""
    return {
        str(field.validation_alias or f"{PREFIX}{name}".upper()): name
        for name, field in Environment.model_fields.items()
    }


def settings_page(language: str) -> str:
    """The table of settings."""
    empty = texts.EMPTY[language]
    folder = f"| `{PREFIX}SETTINGS_FOLDER` | {empty} | {texts.SETTINGS_FOLDER[language]} |"
    rows = [folder]
    for setting, name in setting_names().items():
        field = Environment.model_fields[name]
        shown = f"`{field.default}`" if str(field.default) else empty
        meaning = field.description if language == "en" else texts.SETTINGS_ZH[name]
        rows.append(f"| `{setting}` | {shown} | {meaning} |")
    return _page(language, texts.SETTINGS_HEAD[language], rows)


def addresses(
    patterns: list[URLPattern | URLResolver] | None = None, before: str = "/", space: str = ""
) -> Iterator[tuple[str, str]]:
    """Every address of the portal with its name: ("/tickets/new", "tickets:new")."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        path = f"{before}{_readable(str(entry.pattern))}"
        if isinstance(entry, URLResolver):
            inner = f"{entry.namespace}:" if entry.namespace else space
            yield from addresses(entry.url_patterns, path, inner)
        else:
            yield path, f"{space}{entry.name}"


def addresses_page(language: str) -> str:
    """The table of addresses."""
    rows = []
    for path, name in addresses():
        entry = docs_addresses.ADDRESSES[name]
        meaning = entry.en if language == "en" else entry.zh
        rows.append(f"| `{path}` | {meaning} | {docs_addresses.WHO[language][entry.who]} |")
    return _page(language, docs_addresses.ADDRESSES_HEAD[language], rows)


def troubleshooting_page(language: str) -> str:
    """A heading for each code, with what happened, why, and what to do."""
    lines: list[str] = []
    with translation.override(LOCALES[language]):
        for group, catalogue in GROUPS.items():
            lines += ["", f"## {texts.GROUPS[language][group]}"]
            for code, text in catalogue.items():
                lines += ["", f"### {code}", "", *_explained(text, language)]
                other = of_posture.TEXTS.get(code) if code in CONNECTION_FAULTS else None
                if other:
                    lines += ["", texts.WITH_SCORE[language], "", *_explained(other, language)]
    return _page(language, texts.TROUBLE_HEAD[language], lines)


def _explained(text: ConnectionText | of_posture.Text, language: str) -> list[str]:
    facts = {name: f"‹{word}›" for name, word in texts.FACTS[language].items()}
    separator = texts.SEPARATOR[language]
    return [
        f"- **{texts.PARTS[language][part]}**{separator}{str(sentence) % facts}"
        for part, sentence in zip(("what", "why", "cure"), text, strict=True)
    ]


def _readable(pattern: str) -> str:
    """A regular expression with its groups as `<name>`, like Django's other addresses."""
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", pattern).strip("^$")


def _page(language: str, head: str, lines: list[str]) -> str:
    return "\n".join([texts.GENERATED[language], "", head.rstrip("\n"), *lines, ""])


if __name__ == "__main__":
    sys.exit(main())
