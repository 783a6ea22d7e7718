"""Microsoft's HTML made safe for our pages, and made readable as text for ServiceNow. Pure.

Remediation texts are HTML with lists, links and non-breaking spaces, and some hold placeholders
such as `<DomainName>` that are no HTML at all: a cleaner takes them for tags and eats them
(graph-secure-score 2.4). They are written out as text before anything else looks at them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import nh3
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.html_properties import Display
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_element import HtmlElement
from inscriptis.model.tag import CustomHtmlTagHandlerMapping

_SHOWN_TAGS = (
    "a abbr b blockquote br caption code dd div dl dt em h3 h4 h5 h6 hr i kbd li ol p pre s small"
    " span strong sub sup table tbody td tfoot th thead tr u ul"
)
# Tags of HTML that are not shown; anything else in angle brackets is a placeholder, thus text.
_DROPPED_TAGS = (
    "article aside base body button canvas center embed fieldset figcaption figure font footer"
    " form frame frameset head header html iframe img input ins label legend link main math meta"
    " nav noscript object option param picture script section select source style svg template"
    " textarea title video"
)
_KNOWN = "|".join([*_SHOWN_TAGS.split(), *_DROPPED_TAGS.split(), "h1", "h2"])
_STRAY_BRACKET = re.compile(
    rf"<(?!/?(?:{_KNOWN})(?=[\s/>])[^>]*>|!--(?s:.*?)-->|!doctype\b[^>]*>)", re.IGNORECASE
)
_BIG_HEADING = re.compile(r"<(/?)h[12]\b", re.IGNORECASE)
_ANY_TAG = re.compile(rf"</?(?:{_KNOWN})[\s/>]", re.IGNORECASE)

_CLEANER = nh3.Cleaner(
    tags=set(_SHOWN_TAGS.split()),
    clean_content_tags={"script", "style"},
    attributes={
        "a": {"href", "title"},
        "abbr": {"title"},
        "ol": {"start"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    link_rel="noopener noreferrer",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
)

# Marks around a link's text and address while the text is laid out (Unicode's private use area).
_LINK, _ADDRESS, _END = "\ue000", "\ue001", "\ue002"
_MARKS = re.compile(f"[{_LINK}{_ADDRESS}{_END}]")
_MARKED_LINK = re.compile(f"{_LINK}([^{_ADDRESS}]*){_ADDRESS}([^{_END}]*){_END}")


def clean_html(html: str) -> str:
    """`html` with simple tags only, safe to put into a page; placeholders stay visible.

    Links open in a new tab and tell nothing of where they were clicked; only http, https and
    mailto are followed. A text without any tag keeps its line breaks. Cleaning twice changes
    nothing.
    """
    text = html if _ANY_TAG.search(html) else html.strip().replace("\n", "<br>")
    text = _STRAY_BRACKET.sub("&lt;", text)
    return _CLEANER.clean(_BIG_HEADING.sub(r"<\1h3", text))


def readable_text(html: str) -> str:
    """`html` as plain text for a ticket: "1. …" for numbered lists, "text (address)" for links.

    Non-breaking spaces become spaces; there is never more than one empty line in a row.
    """
    # inscriptis decodes entities twice; encoding the ampersand twice keeps "&lt;" what it is.
    prepared = clean_html(_MARKS.sub("", html)).replace("&", "&amp;")
    prepared = prepared.replace("&amp;nbsp;", " ")
    laid_out = get_text(f"<div>{prepared}</div>", _layout()) if prepared.strip() else ""
    linked = _MARKED_LINK.sub(_written_link, laid_out).replace("\xa0", " ")
    lines = [line.rstrip() for line in linked.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _written_link(found: re.Match[str]) -> str:
    text, address = found.group(1), found.group(2)
    if _bare(text) == _bare(address):
        return text
    return f"{text} ({address})" if text.strip() else address


def _bare(address: str) -> str:
    """An address without what people leave out when they write it."""
    return re.sub(r"^(https?://|mailto:)", "", address.strip().lower()).rstrip("/")


def _layout() -> ParserConfig:
    """How inscriptis lays out: lists at the left margin, their later lines under the first."""
    css = CSS_PROFILES["strict"].copy()
    css["ol"] = HtmlElement(display=Display.block, padding_inline=3)
    css["ul"] = HtmlElement(display=Display.block, padding_inline=2)
    starts = {"a": _open_link, "ol": _open_numbered_list}
    return ParserConfig(
        css=css,
        display_links=True,
        custom_html_tag_handler_mapping=CustomHtmlTagHandlerMapping(starts, {"a": _close_link}),
    )


def _open_link(state: Any, attributes: Mapping[str, str]) -> None:
    state.link_target = attributes.get("href", "")
    if state.link_target:
        state.tags[-1].write(_LINK)


def _close_link(state: Any) -> None:
    if state.link_target:
        state.tags[-1].write(f"{_ADDRESS}{state.link_target}{_END}")


def _open_numbered_list(state: Any, attributes: Mapping[str, str]) -> None:
    start = attributes.get("start", "")
    state.li_counter.append(int(start) if start.isdigit() else 1)
