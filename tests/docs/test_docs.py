"""Documentation that cannot fall behind: settings, commands, addresses, fault codes, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from scripts import docs_texts, sandbox_docs, write_docs

from scoredesk.cli import app
from scoredesk.common.errors import all_codes
from scoredesk.connections.faults import TEXTS as CONNECTION_FAULTS
from scoredesk.posture.faults import TEXTS as POSTURE_FAULTS
from scoredesk.sandbox import servicenow
from scoredesk.sandbox.control.routes import control_addresses
from scoredesk.sandbox.faults import KINDS
from scoredesk.sandbox.microsoft.levers import Levers
from scoredesk.sandbox.microsoft.seed import ACTIONS
from scoredesk.sandbox.microsoft.seed import SWITCHES as MICROSOFT_SWITCHES
from scoredesk.sandbox.microsoft.state import MicrosoftState
from scoredesk.sandbox.servicenow.seed import USERS
from scoredesk.sandbox.servicenow.switches import SWITCHES as SERVICENOW_SWITCHES
from scoredesk.sandbox.shared import Shared

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "scoredesk"
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
IN_BOTH_LANGUAGES = pytest.mark.parametrize("folder", [DOCS, DOCS / "zh"], ids=["en", "zh"])
GENERATED = [
    (language, name)
    for language in write_docs.FOLDERS
    for name in ("settings.md", "addresses.md", "troubleshooting.md", "sandbox.md")
]


def text(folder: Path, name: str) -> str:
    """A document of one language."""
    return (folder / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "name"), GENERATED)
def test_each_generated_page_is_what_make_docs_would_write(language: str, name: str) -> None:
    page = text(write_docs.FOLDERS[language], name)
    assert page == write_docs.pages(language)[name], "Run `make docs`."


@IN_BOTH_LANGUAGES
def test_each_setting_has_its_row_and_no_other_is_told_of(folder: Path) -> None:
    documented = re.findall(r"^\| `([A-Z_]+)` \|", text(folder, "settings.md"), re.MULTILINE)
    assert sorted(documented) == sorted([*write_docs.setting_names(), "SCOREDESK_SETTINGS_FOLDER"])


def test_each_setting_has_its_chinese_and_no_other() -> None:
    assert set(docs_texts.SETTINGS_ZH) == set(write_docs.setting_names().values())


@IN_BOTH_LANGUAGES
def test_each_setting_that_a_page_names_exists(folder: Path) -> None:
    known = {*write_docs.setting_names(), "SCOREDESK_SETTINGS_FOLDER", "SCOREDESK_ADMIN_PASSWORD"}
    named = {
        name
        for page in folder.glob("*.md")
        for name in re.findall(r"\bSCOREDESK_[A-Z_]+[A-Z]\b", page.read_text(encoding="utf-8"))
    }
    assert named <= known


@IN_BOTH_LANGUAGES
def test_each_command_has_its_row(folder: Path) -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # a click Group
    page = text(folder, "operations.md")
    assert [name for name in commands if f"| `scoredesk {name}" not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_each_command_that_a_page_names_exists(page: Path) -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # a click Group
    named = set(re.findall(r"[`/]scoredesk ([a-z-]+)", page.read_text(encoding="utf-8")))
    assert named <= set(commands)


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_each_make_target_that_a_page_names_exists(page: Path) -> None:
    targets = set(
        re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    named = re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) <= targets


@IN_BOTH_LANGUAGES
def test_each_fault_has_its_entry_with_a_heading_of_its_code(folder: Path) -> None:
    headings = re.findall(r"^### (\S+)$", text(folder, "troubleshooting.md"), re.MULTILINE)
    assert sorted(headings) == sorted({*CONNECTION_FAULTS, *POSTURE_FAULTS})


def test_each_error_of_the_clients_can_be_explained() -> None:
    explained = {*CONNECTION_FAULTS, *POSTURE_FAULTS}
    # Other tests of the same run have error classes of their own.
    ours = {
        code: cls for code, cls in all_codes().items() if cls.__module__.startswith("scoredesk.")
    }
    abstract = {code for code, cls in ours.items() if cls.__subclasses__()}
    assert set(ours) - explained - abstract == set()


@IN_BOTH_LANGUAGES
def test_each_lever_of_the_sandbox_is_told_of(folder: Path) -> None:
    page = text(folder, "sandbox.md")
    users = {user[0] for user in USERS}
    levers = {*KINDS, *SERVICENOW_SWITCHES, *MICROSOFT_SWITCHES, *users}
    assert sorted(lever for lever in levers if f"`{lever}`" not in page) == []
    assert str(len(ACTIONS)) in page


def test_each_text_of_the_sandbox_has_its_chinese() -> None:
    translated = sandbox_docs.chinese()
    assert sorted(sandbox_docs.sentences() - set(translated)) == [], "Run `make docs`, translate."


@IN_BOTH_LANGUAGES
def test_each_table_of_the_sandbox_stands_in_its_page(folder: Path) -> None:
    named = re.findall(r"<!-- table: (\w+) -->", text(folder, "sandbox.md"))
    assert sorted(named) == sorted(sandbox_docs.tables("en"))


@IN_BOTH_LANGUAGES
def test_each_address_of_the_control_room_is_told_of(folder: Path) -> None:
    shared = Shared()
    servicenow.create_app(shared)
    graph = Levers(shared, MicrosoftState(shared))
    paths = {address.path for address in [*control_addresses(shared), *graph.addresses()]}
    page = text(folder, "sandbox.md")
    assert sorted(path for path in paths if f"{path}`" not in page and path != "/_sandbox") == []


@IN_BOTH_LANGUAGES
def test_each_option_of_the_sandbox_is_told_of(folder: Path) -> None:
    command = typer.main.get_command(app).commands["sandbox"]  # type: ignore[attr-defined]  # a click Group
    options = {word for option in command.params for word in option.opts}
    page = text(folder, "sandbox.md")
    assert sorted(word for word in options if f"| `{word}` |" not in page) == []


@IN_BOTH_LANGUAGES
def test_the_table_of_floors_names_every_room(folder: Path) -> None:
    rows = re.findall(r"^\| [^|]+ \| (`[^|]+) \|", text(folder, "architecture.md"), re.MULTILINE)
    named = re.findall(r"`(\w+)`", " ".join(rows))
    rooms = [path.parent.name for path in SOURCE.glob("*/__init__.py")]
    modules = [path.stem for path in SOURCE.glob("*.py") if not path.stem.startswith("__")]
    assert sorted(named) == sorted([*rooms, *modules])


def _anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_each_relative_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        if not found.exists() or (anchor and anchor not in _anchors(found)):
            broken.append(target)
    assert broken == []


def test_both_languages_have_the_same_pages() -> None:
    english = {page.name for page in DOCS.glob("*.md")}
    chinese = {page.name for page in (DOCS / "zh").glob("*.md")} - {"README.md"}
    assert english == chinese


@pytest.mark.parametrize("name", sorted(page.name for page in DOCS.glob("*.md")))
def test_both_languages_have_the_same_sections(name: str) -> None:
    levels = [
        re.findall(
            r"^(#+) ", re.sub(r"```.*?```", "", text(folder, name), flags=re.DOTALL), re.MULTILINE
        )
        for folder in (DOCS, DOCS / "zh")
    ]
    assert levels[0] == levels[1]
