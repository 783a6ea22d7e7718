"""The pages' words in Simplified Chinese; every other language reads the English."""

from __future__ import annotations

import re
from collections.abc import Callable

from scoredesk.sandbox.servicenow.templates.field_labels import FIELD_LABELS
from scoredesk.sandbox.servicenow.templates.labels import LABELS

WORDS = {
    "Sandbox instance": "沙盒实例",
    "Skip to content": "跳到内容",
    "All applications": "所有应用程序",
    "Main": "主导航",
    "Log in": "登录",
    "Log out": "注销",
    "User name": "用户名",
    "Password": "密码",
    "User name or password invalid, or the account is locked.": "用户名或密码无效，或帐户已锁定。",
    "Second factor": "第二重验证",
    "Type the code that your authenticator shows.": "请输入验证器显示的代码。",
    "Code": "代码",
    "The code is not right.": "代码不正确。",
    "Choose a new password": "选择新密码",
    "Your password must be changed before you go on.": "继续之前必须更改密码。",
    "New password": "新密码",
    "New password again": "再次输入新密码",
    "The new password needs eight characters, typed twice alike.": (
        "新密码至少八个字符，两次输入须一致。"
    ),
    "Change password": "更改密码",
    "Allow access": "允许访问",
    "would like to connect to this instance": "希望连接到此实例",
    "Signed in as": "登录身份",
    "Not you?": "不是您？",
    "If you allow it, the application acts with this account and its rights.": (
        "如果允许，该应用程序将以此帐户及其权限行事。"
    ),
    "Allow": "允许",
    "Deny": "拒绝",
    "The instance cannot answer now. Try again later.": "实例现在无法应答。请稍后再试。",
    "Security constraints prevent access to this page.": "安全限制禁止访问此页面。",
    "No Record found": "未找到记录",
    "Insufficient rights to query records": "没有查询记录的权限",
    "Not allowed": "不允许",
    "Only an administrator may install the connector app.": "只有管理员可以安装连接器应用。",
    "Record doesn't exist or ACL restricts the record retrieval": (
        "记录不存在，或者 ACL 限制检索该记录"
    ),
    "User Not Authorized": "用户未授权",
    "Operation Failed": "操作失败",
    "Data Policy Exception": "数据策略异常",
    "The following fields are mandatory": "以下字段为必填字段",
    # Navigator
    "Create incident": "创建事件",
    "Assigned to me": "分配给我",
    "Incidents": "事件",
    "Change": "更改",
    "Create change request": "创建更改请求",
    "Change requests": "更改请求",
    "Problems": "问题",
    "All tasks": "所有任务",
    "User administration": "用户管理",
    "Users": "用户",
    "Groups": "组",
    "Roles": "角色",
    "System OAuth": "系统 OAuth",
    "Application Registry": "应用程序注册表",
    "Manage Tokens": "管理令牌",
    "System Definition": "系统定义",
    "Choice lists": "选项列表",
    "System Policy": "系统策略",
    "Data policies": "数据策略",
    "Data policy rules": "数据策略规则",
    "Business rules": "业务规则",
    "Dictionary": "字典",
    "Configuration": "配置",
    "Configuration items": "配置项",
    "Deleted records": "已删除的记录",
    "System Properties": "系统属性",
    "All properties": "所有属性",
    "System Logs": "系统日志",
    "Applications": "应用程序",
    # Lists
    "New": "新建",
    "Search": "搜索",
    "Filter": "筛选",
    "Clear": "清除",
    "All": "全部",
    "Run": "运行",
    "Add condition": "添加条件",
    "Remove": "移除",
    "Conditions": "条件",
    "Field": "字段",
    "Operator": "运算符",
    "Value": "值",
    "and": "且",
    "or": "或",
    "or (new group)": "或（新的一组）",
    "-- choose field --": "-- 选择字段 --",
    "also": "另有",
    "is": "为",
    "is not": "不为",
    "contains": "包含",
    "does not contain": "不包含",
    "starts with": "开头为",
    "ends with": "结尾为",
    "is one of": "为其中之一",
    "is not one of": "不为其中之一",
    "greater than or is": "大于或等于",
    "less than or is": "小于或等于",
    "is empty": "为空",
    "is not empty": "不为空",
    "No records to display.": "没有可显示的记录。",
    "Previous page": "上一页",
    "Next page": "下一页",
    "{} to {} of {}": "第 {} 至 {} 条，共 {} 条",
    "Rows a page": "每页行数",
    "just now": "刚刚",
    "{}m ago": "{} 分钟前",
    "{}h ago": "{} 小时前",
    "{}d ago": "{} 天前",
    "{} months ago": "{} 个月前",
    # Forms
    "new record": "新记录",
    "Submit": "提交",
    "Update": "更新",
    "Delete": "删除",
    "Back to the list": "返回列表",
    "The record was updated.": "记录已更新。",
    "The record was created.": "记录已创建。",
    "mandatory": "必填",
    "Leave empty to keep it.": "留空则保持不变。",
    "Leave empty: the instance makes one.": "留空：由实例生成。",
    "Show": "显示",
    "Open": "打开",
    "Notes": "备注",
    "Activity": "活动",
    "Nobody has written a note yet.": "还没有人写备注。",
    "Add": "添加",
    "None.": "无。",
    "-- None --": "-- 无 --",
    "Group members": "组成员",
    "Users with this role": "具有此角色的用户",
    "Approvers": "审批人",
    "This page was opened in another session. Check the values and update again.": (
        "此页面是在另一个会话中打开的。请检查各值后再次更新。"
    ),
    # OAuth
    "OAuth request refused": "OAuth 请求被拒绝",
    "Invalid client_id: no active OAuth application is registered under it.": (
        "client_id 无效：没有以此注册的活动 OAuth 应用程序。"
    ),
    "OAuth is not active on this instance.": "此实例未启用 OAuth。",
    "Invalid response_type: only code is supported.": "response_type 无效：仅支持 code。",
    "Invalid code_challenge_method: S256 and plain are supported.": (
        "code_challenge_method 无效：支持 S256 和 plain。"
    ),
    "Invalid redirect_uri: it is not among the redirect URLs of this application.": (
        "redirect_uri 无效：它不在此应用程序的重定向 URL 之中。"
    ),
    "Missing State parameter in request.": "请求缺少 state 参数。",
    "What kind of OAuth application?": "哪一种 OAuth 应用程序？",
    "Create an OAuth API endpoint for external clients": "为外部客户端创建 OAuth API 端点",
    "New Inbound Integration Experience": "新的入站集成体验",
    "OAuth - Authorization code grant": "OAuth - 授权码授予",
    "OAuth - Client credentials grant": "OAuth - 客户端凭据授予",
    "OAuth - Resource owner password credential grant": "OAuth - 资源所有者密码凭据授予",
    "OAuth - JWT bearer grant": "OAuth - JWT 持有者授予",
    "Application": "应用程序",
    "Global": "全局",
    "User": "用户",
    "Token": "令牌",
    "Expires": "到期",
    "Revoke": "撤消",
    "Access token": "访问令牌",
    "Refresh token": "刷新令牌",
    "No token is in force.": "没有有效的令牌。",
}
CHINESE = {**FIELD_LABELS, **LABELS, **WORDS}


def translator(language: str) -> Callable[[str], str]:
    """The function `t` of the templates."""
    if language != "zh":
        return str
    return lambda text: CHINESE.get(text, text)


def refused(language: str, message: str, detail: str | None) -> str:
    """A refusal for a person: its parts and the fields that it names, each in the language."""
    t = translator(language)
    text = f"{message}: {detail}" if detail else message
    return "".join(t(part) for part in re.split(r"(: |, )", text))
