"""Texts of the page of addresses: what each one is and who may use it, in both languages."""

from __future__ import annotations

from typing import NamedTuple

ADDRESSES_HEAD = {
    "en": """\
# Addresses of the portal

Every address of the portal, what it is, and who may use it. A part in `<…>` stands for a value.
Whoever may not use a page is sent to the sign-in page, or is told so (403).

- **anyone**: no sign-in is needed
- **signed in**: whoever has an account
- **reader**: security readers and security administrators of the tenant
- **administrator**: security administrators of the tenant only
- **program**: needs the token `SCOREDESK_METRICS_TOKEN`, or a caller on the same machine
- **nobody**: closed; answers 404

| address | what it is | who |
|---|---|---|
""",
    "zh": """\
# 门户的地址

门户的全部地址、用途以及谁可以使用。`<…>` 中的部分代表具体的值。
无权使用某个页面的人会被带到登录页面，或被告知无权访问（403）。

- **任何人**：无需登录
- **已登录**：任何拥有帐户的人
- **读取者**：租户的安全读取者和安全管理员
- **管理员**：仅限租户的安全管理员
- **程序**：需要令牌 `SCOREDESK_METRICS_TOKEN`，或者来自本机的调用
- **无人**：已关闭，答复 404

| 地址 | 用途 | 谁可以使用 |
|---|---|---|
""",
}
WHO = {
    "en": {
        "anyone": "anyone",
        "signed_in": "signed in",
        "reader": "reader",
        "administrator": "administrator",
        "program": "program",
        "nobody": "nobody",
    },
    "zh": {
        "anyone": "任何人",
        "signed_in": "已登录",
        "reader": "读取者",
        "administrator": "管理员",
        "program": "程序",
        "nobody": "无人",
    },
}


class Address(NamedTuple):
    """Who may use an address (a key of WHO), and what it is."""

    who: str
    en: str
    zh: str


# By the name of the address in Django.
ADDRESSES = {
    "home": Address("reader", "Home page", "主页"),
    "home-cards": Address(
        "reader", "The ServiceNow cards of the home page alone", "仅主页上的 ServiceNow 卡片"
    ),
    "healthz": Address("anyone", "Whether the process is alive", "进程是否存活"),
    "readyz": Address(
        "anyone",
        "Whether the process can serve pages (503 with the reason if not)",
        "进程能否提供页面（不能时答复 503 并说明原因）",
    ),
    "metrics": Address("program", "Figures for Prometheus", "供 Prometheus 使用的指标"),
    "set_language": Address("anyone", "Changes the language (POST)", "切换语言（POST）"),
    "account_login": Address("anyone", "Sign in", "登录"),
    "account_logout": Address("anyone", "Sign out", "注销"),
    "account_inactive": Address("anyone", "Says that an account is switched off", "说明帐户已停用"),
    "account_reauthenticate": Address(
        "signed_in", "Asks for the password once more", "再次要求输入密码"
    ),
    "account_change_password": Address("signed_in", "Change password", "更改密码"),
    "account_reset_password": Address(
        "anyone", "Sends an e-mail with a link to set a password", "发送带有设置密码链接的电子邮件"
    ),
    "account_reset_password_done": Address(
        "anyone", "Says that the e-mail is on its way", "说明电子邮件已发出"
    ),
    "account_reset_password_from_key": Address(
        "anyone", "The page behind that link", "该链接所指的页面"
    ),
    "account_reset_password_from_key_done": Address(
        "anyone", "Says that the password is set", "说明密码已设置"
    ),
    "account_signup": Address(
        "nobody", "Accounts come from administrators only", "帐户只能由管理员创建"
    ),
    "account_set_password": Address(
        "nobody", "Accounts come from administrators only", "帐户只能由管理员创建"
    ),
    "accounts:welcome": Address(
        "nobody",
        "First run, open to whoever has the setup code until the first person exists",
        "首次运行页面：在第一个人员存在之前，向持有设置代码的人开放",
    ),
    "accounts:switch-tenant": Address(
        "reader", "Changes to another tenant of one's own (POST)", "切换到自己的另一个租户（POST）"
    ),
    "accounts:tenant": Address(
        "administrator", "Tenant settings: name, language, time zone", "租户设置：名称、语言、时区"
    ),
    "accounts:profile": Address(
        "reader", "Your profile: name, language, time zone", "你的个人资料：姓名、语言、时区"
    ),
    "accounts:people": Address(
        "reader", "People of the tenant and their roles", "租户的人员及其角色"
    ),
    "accounts:person-new": Address("administrator", "Adds a person", "添加人员"),
    "accounts:person-role": Address(
        "administrator", "Changes a person's role (POST)", "更改人员的角色（POST）"
    ),
    "accounts:person-remove": Address(
        "administrator", "Takes a person out of the tenant (POST)", "将人员移出租户（POST）"
    ),
    "accounts:audit": Address("reader", "Audit log", "审核日志"),
    "posture:source": Address(
        "reader",
        "Secure Score source; only administrators can change it",
        "安全功能分数来源；只有管理员可以更改",
    ),
    "posture:status": Address(
        "reader", "The card State of that page alone", "仅该页面的“状态”卡片"
    ),
    "posture:refresh": Address(
        "administrator", "Refreshes Secure Score now (POST)", "立即刷新安全功能分数（POST）"
    ),
    "posture:remove": Address(
        "administrator", "Removes the source with its secrets (POST)", "移除来源及其机密（POST）"
    ),
    "posture:actions": Address("reader", "List of improvement actions", "改进措施列表"),
    "posture:action": Address("reader", "One improvement action", "一项改进措施"),
    "connections:overview": Address(
        "reader",
        "Manage ServiceNow configuration: status, last check",
        "管理 ServiceNow 配置：状态、上次检查",
    ),
    "connections:status": Address(
        "reader", "The status alone, which that page renews", "仅状态部分，由该页自动更新"
    ),
    "connections:setup": Address(
        "administrator", "Connect to ServiceNow, step by step", "分步连接到 ServiceNow"
    ),
    "connections:authorize": Address(
        "administrator",
        "Begins the authorization at the instance (POST)",
        "开始在实例上授权（POST）",
    ),
    "connections:callback": Address(
        "administrator",
        "The redirect URL of the OAuth application: ServiceNow leads back here",
        "OAuth 应用程序的重定向 URL：ServiceNow 由此返回",
    ),
    "connections:check-step": Address(
        "administrator",
        "Checks one step of the installation checklist now (POST)",
        "立即检查安装清单中的一个步骤（POST）",
    ),
    "connections:check": Address(
        "administrator", "Checks the connection now (POST)", "立即检查连接（POST）"
    ),
    "connections:report": Address(
        "administrator",
        "Report on the connection without secrets, as a text or (`?as=json`) for programs",
        "连接的报告（不含机密）：文本，或供程序使用（`?as=json`）",
    ),
    "connections:states": Address(
        "administrator", "Ticket state names and their phases", "票证状态名称及其阶段"
    ),
    "connections:states-read": Address(
        "administrator",
        "Reads the instance's state names again (POST)",
        "重新读取实例的状态名称（POST）",
    ),
    "connections:states-seen": Address(
        "administrator",
        "Notes that the instance's changes of its states were seen (POST)",
        "记录管理员已了解实例对状态的更改（POST）",
    ),
    "connections:fields": Address(
        "administrator",
        "Fields: what is sent besides, per type of ticket",
        "字段：每种票证还发送什么",
    ),
    "connections:field": Address("administrator", "What is sent in one field", "某个字段发送什么"),
    "connections:fields-choose": Address(
        "administrator", "Leads to a field by its name or label", "按名称或标签打开字段"
    ),
    "connections:fields-search": Address(
        "administrator",
        "Finds groups and people of the instance by name",
        "按名称查找实例中的组和人员",
    ),
    "connections:fields-read": Address(
        "administrator",
        "Reads fields and choices from the instance again (POST)",
        "重新从实例读取字段和选项（POST）",
    ),
    "connections:fields-seen": Address(
        "administrator", "Acknowledges what the instance changed (POST)", "确认实例的更改（POST）"
    ),
    "connections:fields-name": Address(
        "administrator", "Says which field a refusal meant (POST)", "指明拒绝所指的字段（POST）"
    ),
    "connections:secret": Address(
        "administrator",
        "A new client secret, tried before it is kept",
        "更换客户端密钥，先试用再保存",
    ),
    "connections:address": Address(
        "administrator", "A new address of the same instance", "同一实例的新地址"
    ),
    "connections:moved": Address(
        "administrator",
        "Whether the new address is the same instance (POST)",
        "说明新地址是否为同一实例（POST）",
    ),
    "connections:validate": Address(
        "administrator",
        "Checks the integration user with its password",
        "用密码检查集成用户",
    ),
    "connections:remove": Address("administrator", "Removes the connection", "移除连接"),
    "connections:data-exchange": Address(
        "reader",
        "Data exchange: what is sent, read and kept",
        "数据交换：发送、读取和保存的内容",
    ),
    "tickets:list": Address("reader", "List of tickets", "票证列表"),
    "tickets:trial": Address(
        "administrator",
        "Dry run: the exact record, and what the instance would refuse",
        "试运行：确切的记录以及实例会拒绝的内容",
    ),
    "tickets:trial-record": Address(
        "administrator",
        "Creates a trial record in ServiceNow and cancels it (POST)",
        "在 ServiceNow 中创建试验记录并取消（POST）",
    ),
    "tickets:new": Address("administrator", "Creates a ticket of one's own", "创建自己的票证"),
    "tickets:share": Address(
        "administrator", "Shares an improvement action to ServiceNow", "将改进措施共享到 ServiceNow"
    ),
    "tickets:of-action": Address(
        "reader", "The tickets of an improvement action", "某项改进措施的票证"
    ),
    "tickets:ticket": Address("reader", "One ticket with its timeline", "一个票证及其时间线"),
    "tickets:now": Address(
        "reader", "The changing part of that page alone", "仅该页面中会变化的部分"
    ),
    "tickets:mend": Address(
        "administrator",
        "Mends a ticket that ServiceNow refused, and sends it again",
        "修正被 ServiceNow 拒绝的票证并重新发送",
    ),
}
