"""What a person whose language is Chinese reads: no label of the instance's own stays English."""

from __future__ import annotations

import re

import httpx
import pytest
from tests.sandbox.servicenow.browsing import form_with, log_in, words_of
from tests.sandbox.servicenow.shorthand import new_incident

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def browser(anonymous: httpx.Client) -> httpx.Client:
    """A browser in which zh.owner is signed in."""
    log_in(anonymous, "zh.owner")
    return anonymous


def test_every_heading_module_and_filter_field_is_chinese(browser: httpx.Client) -> None:
    home = browser.get("/incident_list.do").text
    lists = set(re.findall(r'href="(/\w+_list\.do)"', home))
    assert len(lists) > 6
    english = []
    for address in lists:
        page = browser.get(address).text
        chooser = page.split('<select name="field"')[1].split("</select>")[0]
        labels = re.findall(r"<option[^>]*>\s*([^<]+?)\s*</option>", chooser)
        labels += re.findall(r'<th scope="col"[^>]*><a[^>]*>([^<]+)', page)
        labels += re.findall(r'<li>\s*<a href="[^"]*"[^>]*>([^<]+)', page)
        assert len(labels) > 20
        english += [f"{address} {label}" for label in labels if not CHINESE.search(label)]
    assert english == []


def test_the_kind_of_a_task_is_named_in_chinese(
    browser: httpx.Client, integration: httpx.Client
) -> None:
    new_incident(integration, short_description="Waits")
    page = browser.get("/task_list.do").text
    assert re.search(r'data-label="任务类型">\s*事件\s*<', page)


def test_a_refusal_names_the_missing_fields_in_chinese(
    browser: httpx.Client, integration: httpx.Client
) -> None:
    made = new_incident(integration, short_description="Waits")
    page = browser.get(f"/incident.do?sys_id={made['sys_id']}")
    typed = form_with(page, "sysparm_ck").filled(state="6", description="还在")
    answer = browser.post(page.url, data=dict(typed))
    assert answer.status_code == 403
    words = words_of(answer)
    assert "操作失败: 数据策略异常: 以下字段为必填字段: 解决方案代码, 解决方案备注" in words
    assert "还在" in answer.text


def test_pages_that_refuse_are_chinese(browser: httpx.Client) -> None:
    missing = browser.get("/incident.do?sys_id=" + "0" * 32)
    assert missing.status_code == 404
    assert "记录不存在" in words_of(missing)
    client = "5c0ded3500000000000000000000c1d0"
    asked = {"response_type": "code", "client_id": client, "redirect_uri": "http://other.example/"}
    refused = browser.get("/oauth_auth.do", params=asked)
    assert refused.status_code == 400
    assert "OAuth 请求被拒绝" in words_of(refused)
    assert 'lang="zh-CN"' in refused.text


def test_the_connector_stands_in_the_navigator_of_administrators_only(
    browser: httpx.Client,
) -> None:
    entry = 'href="/x_scoredesk_connector.do"'
    assert entry not in browser.get("/incident_list.do").text
    browser.get("/logout.do")
    log_in(browser, "admin")
    assert entry in browser.get("/incident_list.do").text


def test_no_page_lets_the_browser_ask_for_an_icon(browser: httpx.Client) -> None:
    # That request would use up a fault that is planned once for the next request.
    for address in ("/incident_list.do", "/_sandbox/"):
        assert '<link rel="icon" href="data:,">' in browser.get(address).text
