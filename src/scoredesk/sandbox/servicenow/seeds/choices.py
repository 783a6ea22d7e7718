"""Choice lists in English and Simplified Chinese (servicenow-api 6.1, 6.4, 7.1, 7.4)."""

from __future__ import annotations

Labels = tuple[tuple[str, str, str], ...]

LEVELS: Labels = (
    ("1", "1 - High", "1 - 高"),
    ("2", "2 - Medium", "2 - 中"),
    ("3", "3 - Low", "3 - 低"),
)
INCIDENT_STATES: Labels = (
    ("1", "New", "新建"),
    ("2", "In Progress", "正在进行"),
    ("3", "On Hold", "暂停"),
    ("6", "Resolved", "已解决"),
    ("7", "Closed", "已关闭"),
    ("8", "Canceled", "已取消"),
)
CHANGE_STATES: Labels = (
    ("-5", "New", "新建"),
    ("-4", "Assess", "评估"),
    ("-3", "Authorize", "授权"),
    ("-2", "Scheduled", "已排程"),
    ("-1", "Implement", "实施"),
    ("0", "Review", "审查"),
    ("3", "Closed", "已关闭"),
    ("4", "Canceled", "已取消"),
)
PRIORITIES: Labels = (
    ("1", "1 - Critical", "1 - 关键"),
    ("2", "2 - High", "2 - 高"),
    ("3", "3 - Moderate", "3 - 中"),
    ("4", "4 - Low", "4 - 低"),
    ("5", "5 - Planning", "5 - 计划"),
)
CLOSE_CODES: Labels = (
    ("Duplicate", "Duplicate", "重复"),
    ("Known error", "Known error", "已知错误"),
    ("No resolution provided", "No resolution provided", "未提供解决方案"),
    ("Resolved by caller", "Resolved by caller", "由呼叫者解决"),
    ("Resolved by change", "Resolved by change", "通过更改解决"),
    ("Resolved by problem", "Resolved by problem", "通过问题解决"),
    ("Resolved by request", "Resolved by request", "通过请求解决"),
    ("Solution provided", "Solution provided", "已提供解决方案"),
    ("Workaround provided", "Workaround provided", "已提供变通方法"),
    ("User error", "User error", "用户错误"),
)
# (table, element) -> (value, English label, Simplified Chinese label) in order.
CHOICES: dict[tuple[str, str], Labels] = {
    ("task", "priority"): PRIORITIES,
    ("task", "impact"): LEVELS,
    ("task", "urgency"): LEVELS,
    ("task", "state"): (
        ("-5", "Pending", "待处理"),
        ("1", "Open", "打开"),
        ("2", "Work in Progress", "工作进行中"),
        ("3", "Closed Complete", "关闭完成"),
        ("4", "Closed Incomplete", "关闭未完成"),
        ("7", "Closed Skipped", "关闭已跳过"),
    ),
    ("task", "approval"): (
        ("not requested", "Not Yet Requested", "尚未请求"),
        ("requested", "Requested", "已请求"),
        ("approved", "Approved", "已批准"),
        ("rejected", "Rejected", "已拒绝"),
    ),
    ("task", "escalation"): (
        ("0", "Normal", "正常"),
        ("1", "Moderate", "中"),
        ("2", "High", "高"),
        ("3", "Overdue", "逾期"),
    ),
    ("incident", "state"): INCIDENT_STATES,
    ("incident", "incident_state"): INCIDENT_STATES,
    ("incident", "severity"): LEVELS,
    ("incident", "close_code"): CLOSE_CODES,
    ("incident", "hold_reason"): (
        ("1", "Awaiting Caller", "等待呼叫者"),
        ("3", "Awaiting Problem", "等待问题"),
        ("4", "Awaiting Vendor", "等待供应商"),
        ("5", "Awaiting Change", "等待更改"),
    ),
    ("incident", "notify"): (("1", "Do Not Notify", "不通知"), ("2", "Send Email", "发送电子邮件")),
    ("incident", "category"): (
        ("inquiry", "Inquiry / Help", "咨询/帮助"),
        ("software", "Software", "软件"),
        ("hardware", "Hardware", "硬件"),
        ("network", "Network", "网络"),
        ("database", "Database", "数据库"),
    ),
    ("change_request", "state"): CHANGE_STATES,
    ("change_request", "priority"): PRIORITIES[:4],
    ("change_request", "type"): (
        ("normal", "Normal", "常规"),
        ("standard", "Standard", "标准"),
        ("emergency", "Emergency", "紧急"),
    ),
    ("change_request", "risk"): (
        ("1", "Very High", "非常高"),
        ("2", "High", "高"),
        ("3", "Moderate", "中"),
        ("4", "Low", "低"),
    ),
    ("change_request", "category"): (
        ("Hardware", "Hardware", "硬件"),
        ("Software", "Software", "软件"),
        ("Service", "Service", "服务"),
        ("System Software", "System Software", "系统软件"),
        ("Applications Software", "Applications Software", "应用软件"),
        ("Network", "Network", "网络"),
        ("Telecom", "Telecom", "电信"),
        ("Documentation", "Documentation", "文档"),
        ("Other", "Other", "其他"),
    ),
    ("change_request", "close_code"): (
        ("successful", "Successful", "成功"),
        ("successful_issues", "Successful with issues", "成功但有问题"),
        ("unsuccessful", "Unsuccessful", "不成功"),
    ),
}
CHOICES |= {
    ("oauth_entity", "client_type"): (
        ("user", "Integration as a User", "以用户身份集成"),
        ("service", "Integration as a Service", "以服务身份集成"),
        ("iframe", "Iframe Embedded", "嵌入 iframe"),
    ),
    ("oauth_entity", "scope_restriction"): (
        ("broad", "Broadly scoped", "宽范围"),
        ("secure", "Securely scoped", "安全范围"),
    ),
    ("oauth_entity", "token_format"): (("opaque", "Opaque", "不透明"), ("jwt", "JWT", "JWT")),
    ("sys_user", "identity_type"): (
        ("Human", "Human", "人"),
        ("Machine", "Machine", "机器"),
        ("AI", "AI", "人工智能"),
    ),
    ("sys_user", "preferred_language"): (
        ("en", "English", "英语"),
        ("zh", "Chinese (Simplified)", "简体中文"),
    ),
    ("sysapproval_approver", "state"): (
        ("requested", "Requested", "已请求"),
        ("approved", "Approved", "已批准"),
        ("rejected", "Rejected", "已拒绝"),
        ("not_required", "No Longer Required", "不再需要"),
        ("cancelled", "Cancelled", "已取消"),
    ),
    ("syslog", "level"): (
        ("0", "Information", "信息"),
        ("1", "Warning", "警告"),
        ("2", "Error", "错误"),
    ),
}
# Retired rows stay in the table, marked inactive, as on every grown instance (servicenow-api 8).
INACTIVE: dict[tuple[str, str], Labels] = {
    ("incident", "state"): (("4", "Awaiting User Info", "等待用户信息"),),
    ("incident", "close_code"): (
        ("Solved (Permanently)", "Solved (Permanently)", "已解决（永久）"),
    ),
}
