"""Microsoft's HTML: safe in a page, readable as text, nothing of it lost."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest

from scoredesk.posture.markup import clean_html, readable_text


@pytest.mark.parametrize(
    ("html", "safe"),
    [
        ("<p>Go <strong>on</strong></p>", "<p>Go <strong>on</strong></p>"),
        ("run nltest /SC_VERIFY:<DomainName>", "run nltest /SC_VERIFY:&lt;DomainName&gt;"),
        ("<b>Set <your-tenant> first</b>", "<b>Set &lt;your-tenant&gt; first</b>"),
        ("fewer than < 5 and <3", "fewer than &lt; 5 and &lt;3"),
        ("an open <a end", "an open &lt;a end"),
        ("one\ntwo", "one<br>two"),
        ("<p>one\ntwo</p>", "<p>one\ntwo</p>"),
        ("<h1>Steps</h1>", "<h3>Steps</h3>"),
        ("<li onclick='x()'>a</li>", "<li>a</li>"),
        ("<ol start='3'><li>c</li></ol>", '<ol start="3"><li>c</li></ol>'),
        ("seen<!-- unseen -->", "seen"),
        ("an arrow <!-- that stays", "an arrow &lt;!-- that stays"),
    ],
)
def test_simple_tags_stay_and_placeholders_become_text(html: str, safe: str) -> None:
    assert clean_html(html) == safe


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<ScRiPt src='https://x.example/a.js'></sCrIpT>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' JaVaScRiPt:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<math><mtext></mtext><script>alert(1)</script></math>",
        "<<script>alert(1)</script>",
        "<style>*{background:url(javascript:alert(1))}</style>",
        "<p style='position:fixed'>x</p>",
        "<Name onmouseover=alert(1)>",
    ],
)
def test_nothing_that_runs_survives(attack: str) -> None:
    tags = re.findall(r"<[^>]*>", clean_html(attack))
    assert not any(
        re.search(
            r"script|onerror|onload|javascript|data:|style|iframe|svg|mouse", tag, re.IGNORECASE
        )
        for tag in tags
    )


def test_links_open_apart_and_tell_nothing_of_us() -> None:
    cleaned = clean_html("<a href='https://a.example/?x=1&amp;y=2' target='_self' rel='x'>here</a>")
    assert 'href="https://a.example/?x=1&amp;y=2"' in cleaned
    assert 'target="_blank"' in cleaned
    assert 'rel="noopener noreferrer"' in cleaned


def test_a_relative_link_leads_nowhere() -> None:
    assert "href" not in clean_html("<a href='/tickets/new'>x</a>")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ol><li>One</li><li>Two</li></ol>", "1. One\n2. Two"),
        ("<ol start='3'><li>Three</li></ol>", "3. Three"),
        ("<ul><li>One</li><li>Two</li></ul>", "* One\n* Two"),
        ("<ol><li>One<ol><li>Inner</li></ol></li></ol>", "1. One\n   1. Inner"),
        (
            "see <a href='https://a.example/x'>this page</a>.",
            "see this page (https://a.example/x).",
        ),
        ("<a href='https://a.example/'>http://a.example</a>", "http://a.example"),
        ("<a href='mailto:a@b.example'>a@b.example</a>", "a@b.example"),
        ("<a href='https://a.example/?x=1&amp;y=2'>x</a>", "x (https://a.example/?x=1&y=2)"),
        ("<a href='https://a.example/'><br></a>", "https://a.example/"),
        ("a&nbsp;b", "a b"),
        ("one<br>two", "one\ntwo"),
        ("one\ntwo", "one\ntwo"),
        ("/SC_VERIFY:<DomainName> and &lt;Other&gt;", "/SC_VERIFY:<DomainName> and <Other>"),
        ("write &amp;lt; for &lt;", "write &lt; for <"),
        ("<p>a</p><p> </p><p>&nbsp;</p><br><br><br><p>b</p>", "a\n\nb"),
        ("<p>text</p><script>alert(1)</script>", "text"),
        ("", ""),
        ("<p><br></p>", ""),
    ],
)
def test_html_reads_as_text(html: str, text: str) -> None:
    assert readable_text(html) == text


def test_marks_of_our_own_in_a_text_do_no_harm() -> None:
    assert readable_text("a\ue000b\ue001c\ue002d") == "abcd"


def _texts(captures: Path) -> list[tuple[str, str]]:
    profiles = json.loads((captures / "control-profiles.json").read_text(encoding="utf-8"))
    return [
        (profile["id"], profile[name])
        for profile in profiles
        for name in ("remediation", "remediationImpact")
        if profile[name]
    ]


def _words(html: str) -> list[str]:
    """The words a reader would see, found without the code under test: by dropping known tags."""
    broken = html.replace('data-se="o-form-label><label for="input1199">', 'data-se="x">')
    known = (
        r"</?(?:p|br|b|strong|em|li|ol|ul|a|span|div|table|tbody|tr|td|abbr|u|label)(?:\s[^>]*)?/?>"
    )
    return unescape(re.sub(known, " ", broken)).split()


def test_no_word_of_the_captured_texts_is_lost(captures: Path) -> None:
    texts = _texts(captures)
    assert len({control_id for control_id, _ in texts}) == 430
    for control_id, html in texts:
        shown = "".join(readable_text(html).split())
        page = "".join(unescape(re.sub(r"<[^>]*>", "", clean_html(html))).split())
        position = 0
        for word in _words(html):
            assert word in page, (control_id, word)
            position = shown.find(word, position)
            assert position >= 0, (control_id, word)
            position += len(word)


def test_captured_texts_end_clean(captures: Path) -> None:
    for control_id, html in _texts(captures):
        cleaned = clean_html(html)
        assert clean_html(cleaned) == cleaned, control_id
        assert "<script" not in cleaned.lower(), control_id
        text = readable_text(html)
        assert "\n\n\n" not in text, control_id
        assert "\xa0" not in text, control_id
        assert readable_text(cleaned) == text, control_id


def test_the_captured_placeholder_is_shown(captures: Path) -> None:
    found = [html for _, html in _texts(captures) if "<DomainName>" in html]
    assert found
    assert all("<DomainName>" in readable_text(html) for html in found)
    assert all("&lt;DomainName&gt;" in clean_html(html) for html in found)
