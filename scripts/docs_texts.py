"""The words of the generated pages of docs/ that the code itself does not hold: headings, and
the Chinese of settings. Those of the addresses stand in `docs_addresses`."""

from __future__ import annotations

GENERATED = {
    "en": "<!-- Written by `make docs` from the code. Change the code, not this page. -->",
    "zh": "<!-- 本页由 `make docs` 根据代码生成。请修改代码，而不是本页。 -->",
}

SETTINGS_HEAD = {
    "en": """\
# Settings

Scoredesk reads its settings when it starts, from three places; the first that has a value wins:

1. environment variables;
2. a file `.env` in the working folder, one `NAME=value` a line;
3. files in the folder that `SCOREDESK_SETTINGS_FOLDER` names (container secrets): each file is
   named like its variable, in lower case, and holds the value.

A wrong value stops the start, and the message names the setting.

| setting | default | meaning |
|---|---|---|
""",
    "zh": """\
# 设置

Scoredesk 在启动时从三个位置读取设置，以最先找到的值为准：

1. 环境变量；
2. 工作文件夹中的 `.env` 文件，每行一个 `名称=值`；
3. `SCOREDESK_SETTINGS_FOLDER` 所指文件夹中的文件（容器机密）：
   每个文件以对应变量的小写名称命名，内容即为值。

值有误时 Scoredesk 不会启动，并会指出是哪一项设置。

| 设置 | 默认值 | 含义 |
|---|---|---|
""",
}
EMPTY = {"en": "(empty)", "zh": "（空）"}
SETTINGS_FOLDER = {
    "en": "A folder with one file per setting. Read from the environment only.",
    "zh": "每项设置一个文件的文件夹。只从环境变量读取。",
}

# Chinese of the descriptions in environment.py; a test asks for one per setting.
SETTINGS_ZH = {
    "var": "嵌入式数据库和密钥所在的文件夹。",
    "database_url": "代替嵌入式数据库的 PostgreSQL 服务器。",
    "public_url": "门户自身的地址，即用户和 ServiceNow 看到的地址。",
    "secret_key": "用于签名会话。留空时自动生成一次，并保存在 var 文件夹中。",
    "encryption_keys": "加密所存机密的 Fernet 密钥，新的在前，以逗号分隔。"
    "留空时自动生成一次，并保存在 var 文件夹中。",
    "debug": "Django 的调试页面。切勿在他人可访问的计算机上开启。",
    "instance_hosts": "允许的 ServiceNow 实例主机，以逗号分隔。",
    "outgoing_addresses": (
        "门户请求所用的公网地址，以逗号分隔：ServiceNow 的 IP 过滤器必须放行这些地址。"
        "显示在处理方法中；留空则显示本机自己的地址。"
    ),
    "private_instance_hosts": "允许使用专用地址或不使用 https 的主机（含端口）。仅供沙盒使用。",
    "graph_url": "Microsoft Graph 的地址。",
    "login_url": "Microsoft Entra ID 颁发令牌的地址。",
    "refresh_at": "刷新安全功能分数的时间（cron 格式，UTC）。",
    "track_seconds": "两次查看 ServiceNow 变更之间的间隔秒数。",
    "track_overlap_seconds": "每次查看时向前重读的秒数，以免漏掉较晚提交的变更。",
    "http_timeout_seconds": "等待 Microsoft 或 ServiceNow 答复的最长秒数。",
    "page_timeout_seconds": "有人正在等待页面时的最长等待秒数。",
    "worker_concurrency": "一个工作进程同时运行的作业数。",
    "session_hours": "登录多少小时后需要重新登录，无论是否有操作。",
    "metrics_token": "访问 /metrics 所需的持有者令牌。留空时只答复本机。",
    "trusted_proxies": "位于门户之前、其标头可信的反向代理数量。",
    "log_level": "DEBUG、INFO、WARNING 或 ERROR。",
    "email_url": "邮件服务器：smtp://用户:密码@主机:端口、smtps://… 或 console://。",
    "email_from": "电子邮件的发件人。",
}

TROUBLE_HEAD = {
    "en": """\
# When something does not work

Every fault has a code. The portal shows it at the end of the message: search for it on this page.
A name in ‹…› stands for one of yours. What ServiceNow or Microsoft said in its own words is on the
portal's page.

Look here first:

- **The whole connection**: ServiceNow → **Check now** looks at address, user, rights and state
  names and says what is wrong with each.
- **One ticket**: its page shows every request that was made for it, with the result.
- **Secure Score**: Secure Score source → **Refresh now**.
- **Nothing happens at all**: the worker is probably not running (`scoredesk worker`).
""",
    "zh": """\
# 出现问题时

每个故障都有一个代码，显示在门户消息的末尾：请在本页搜索该代码。
‹…› 中的名称代表你自己的名称。ServiceNow 或 Microsoft 的原话显示在门户的页面上。

请先查看：

- **整个连接**：ServiceNow →“立即检查”会查看地址、用户、权限和状态名称，并逐项说明问题所在。
- **某个票证**：票证页面列出为它发出的每个请求及其结果。
- **安全功能分数**：安全功能分数来源 →“立即刷新”。
- **毫无反应**：工作进程可能没有运行（`scoredesk worker`）。
""",
}
PARTS = {
    "en": {"what": "What happened", "why": "Why", "cure": "What to do"},
    "zh": {"what": "发生了什么", "why": "原因", "cure": "处理方法"},
}
SEPARATOR = {"en": ": ", "zh": "："}
WITH_SCORE = {"en": "When reading Secure Score:", "zh": "读取安全功能分数时："}
GROUPS = {
    "en": {
        "address": "Instance address",
        "secrets": "Stored secrets",
        "connection": "Connection to ServiceNow",
        "authorization": "Authorizing",
        "fields": "Fields and trial records",
        "changes": "Changing a connection",
        "validation": "Checking the integration user with its password",
        "network": "Reaching the instance",
        "application": "The OAuth application",
        "callback": "The way back from ServiceNow",
        "app": "The connector app and other applications in ServiceNow",
        "answer": "Answers of ServiceNow",
        "token": "Access to ServiceNow",
        "refusal": "What ServiceNow refuses",
        "account": "The integration user's account",
        "tables": "Reading and creating records",
        "choices": "States, priorities and other choices",
        "demands": "Mandatory fields and rules",
        "limits": "The instance's limits",
        "cards": "No cards and no Share",
        "sign_in": "Signing in to Microsoft",
        "graph": "Microsoft Graph",
        "own": "Reading Secure Score",
    },
    "zh": {
        "address": "实例地址",
        "secrets": "存储的机密",
        "connection": "与 ServiceNow 的连接",
        "authorization": "授权",
        "fields": "字段与试验记录",
        "changes": "更改连接",
        "validation": "用密码检查集成用户",
        "network": "访问实例",
        "application": "OAuth 应用",
        "callback": "从 ServiceNow 返回",
        "app": "连接器应用与 ServiceNow 中的其他应用",
        "answer": "ServiceNow 的答复",
        "token": "对 ServiceNow 的访问权限",
        "refusal": "被 ServiceNow 拒绝",
        "account": "集成用户的帐户",
        "tables": "读取和创建记录",
        "choices": "状态、优先级和其他选项",
        "demands": "必填字段和规则",
        "limits": "实例的限制",
        "cards": "看不到卡片和“共享”",
        "sign_in": "登录 Microsoft",
        "graph": "Microsoft Graph",
        "own": "读取安全功能分数",
    },
}
# The facts that stand in a fault's sentences, as this page names them.
FACTS = {
    "en": {
        "instance": "instance",
        "declared": "integration user",
        "answered": "user",
        "answered_name": "that user",
        "client_id": "client ID",
        "redirect_uri": "redirect URL",
        "host": "host",
        "allowed": "allowed hosts",
        "port": "port",
        "position": "number",
        "suggestion": "suggested address",
        "address": "address",
        "table": "table",
        "tables": "tables",
        "fields": "fields",
        "rule": "rule",
        "seconds": "number of",
        "days": "number of",
        "ends": "date",
        "instance_time": "time of the instance",
        "outgoing": "address of the portal",
        "portal_time": "time of the portal",
        "release": "release",
        "scope": "application",
        "code": "code",
        "email": "e-mail address",
        "before": "old address",
        "user_id": "sys_id",
        "known_id": "other sys_id",
        "status": "status",
        "known": "known tenant",
        "given": "other tenant",
        "field": "field",
        "placeholder": "word in braces",
        "placeholders": "known words in braces",
        "sys_id": "record's ID",
        "correlation_id": "correlation ID",
        "number": "number",
        "link": "record's address",
        "roles": "roles",
        "needed": "role",
        "domain": "domain",
        "count": "number",
        "zone": "time zone",
        "at": "time",
        "states": "states",
        "values": "values",
        "language": "language",
        "codes": "codes",
        "limit": "number of",
    },
    "zh": {
        "instance": "实例",
        "declared": "集成用户",
        "answered": "用户",
        "answered_name": "该用户",
        "client_id": "客户端 ID",
        "redirect_uri": "重定向 URL",
        "host": "主机",
        "allowed": "允许的主机",
        "port": "端口",
        "position": "序号",
        "suggestion": "建议的地址",
        "address": "地址",
        "table": "表",
        "tables": "各表",
        "fields": "字段",
        "rule": "规则",
        "seconds": "若干",
        "days": "若干",
        "ends": "日期",
        "instance_time": "实例的时间",
        "outgoing": "门户的地址",
        "portal_time": "门户的时间",
        "release": "版本",
        "scope": "应用",
        "code": "代码",
        "email": "电子邮件地址",
        "before": "原地址",
        "user_id": "sys_id",
        "known_id": "另一个 sys_id",
        "status": "状态",
        "known": "已知租户",
        "given": "另一个租户",
        "field": "字段",
        "placeholder": "花括号中的词",
        "placeholders": "可用的花括号词",
        "sys_id": "记录 ID",
        "correlation_id": "关联 ID",
        "number": "编号",
        "link": "记录地址",
        "roles": "角色",
        "needed": "角色",
        "domain": "域",
        "count": "数量",
        "zone": "时区",
        "at": "时间",
        "states": "状态",
        "values": "值",
        "language": "语言",
        "codes": "代码",
        "limit": "若干",
    },
}
