"""A browser without scripts, as far as the tests of the instance's pages need one."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx


@dataclass
class PageForm:
    """A form of a page with what its fields hold."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)

    def filled(self, **typed: str) -> list[tuple[str, str]]:
        """The values of the form, some typed anew; a name that stands twice is typed once."""
        kept = [(name, value) for name, value in self.values if name not in typed]
        return [*kept, *typed.items()]


class _Reader(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.text = ""
        self._form: PageForm | None = None
        self._select = self._area = self._button = ""
        self._chosen: str | None = None
        self._gathered = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = PageForm(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._form)
        if self._form is None:
            return
        name, value = given.get("name", ""), given.get("value", "")
        if "required" in given:
            self._form.required.add(name)
        if tag == "input" and name and (given.get("type") != "checkbox" or "checked" in given):
            self._form.values.append((name, value))
        elif tag == "select":
            self._select, self._chosen = name, None
            self._form.options[name] = []
        elif tag == "option":
            self._form.options[self._select].append(value)
            if self._chosen is None or "selected" in given:
                self._chosen = value
        elif tag == "textarea":
            self._area, self._gathered = name, ""
        elif tag == "button":
            self._button, self._gathered = "button", ""
            self._pressed = (name, value)

    def handle_endtag(self, tag: str) -> None:
        if self._form is None:
            return
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._form.values.append((self._select, self._chosen or ""))
        elif tag == "textarea":
            self._form.values.append((self._area, self._gathered.removeprefix("\n")))
            self._area = ""
        elif tag == "button":
            self._form.buttons[self._gathered.strip()] = self._pressed
            self._button = ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._area or self._button:
            self._gathered += data


def log_in(client: httpx.Client, user: str) -> None:
    """Sign in on the login page; the sandbox's people have their names as passwords."""
    form = {"user_name": user, "user_password": user}
    assert client.post("/login.do", data=form).status_code == 303


def forms_of(page: httpx.Response) -> list[PageForm]:
    """The forms of a page."""
    reader = _Reader()
    reader.feed(page.text)
    return reader.forms


def form_with(page: httpx.Response, name: str) -> PageForm:
    """The form of a page that has a field or a button of this name."""
    for form in forms_of(page):
        if name in dict(form.values) or name in form.buttons:
            return form
    raise AssertionError(f"no form with {name}: {page.text[:2000]}")


def words_of(page: httpx.Response) -> str:
    """What a person reads on a page, in one line."""
    reader = _Reader()
    reader.feed(page.text)
    return " ".join(reader.text.split())


def press(client: httpx.Client, page: httpx.Response, button: str, **typed: str) -> httpx.Response:
    """Fill in the form that has this button, press it, and follow where it leads."""
    form = form_with(page, button)
    name, value = form.buttons[button]
    data = form.filled(**typed, **({name: value} if name else {}))
    action = form.action or str(page.url)
    if form.method == "get":
        return client.get(action.split("?")[0], params=data, follow_redirects=True)
    body = str(httpx.QueryParams(data))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return client.post(action, content=body, headers=headers, follow_redirects=True)
