"""Further choice lists in English and Simplified Chinese, and the dependent ones.

Sources: servicenow-api 7.4, 8; the states of problems are those of a stock instance [unverified].
"""

from __future__ import annotations

Labels = tuple[tuple[str, str, str], ...]

PROBLEM_STATES: Labels = (
    ("101", "New", "新建"),
    ("102", "Assess", "评估"),
    ("103", "Root Cause Analysis", "根本原因分析"),
    ("104", "Fix in Progress", "正在修复"),
    ("106", "Resolved", "已解决"),
    ("107", "Closed", "已关闭"),
)
RESOLUTIONS: Labels = (
    ("fix_applied", "Fix Applied", "已应用修复"),
    ("risk_accepted", "Risk Accepted", "已接受风险"),
    ("duplicate", "Duplicate", "重复"),
    ("canceled", "Canceled", "已取消"),
)
MORE_CHOICES: dict[tuple[str, str], Labels] = {
    ("problem", "state"): PROBLEM_STATES,
    ("problem", "problem_state"): PROBLEM_STATES,
    ("problem", "resolution_code"): RESOLUTIONS,
    ("problem", "close_code"): RESOLUTIONS,
    ("problem", "category"): (
        ("software", "Software", "软件"),
        ("hardware", "Hardware", "硬件"),
        ("network", "Network", "网络"),
        ("database", "Database", "数据库"),
    ),
    ("task", "contact_type"): (
        ("email", "Email", "电子邮件"),
        ("monitoring", "Monitoring", "监控"),
        ("phone", "Phone", "电话"),
        ("self-service", "Self-service", "自助服务"),
        ("walk-in", "Walk-in", "现场"),
    ),
    ("task", "upon_approval"): (
        ("proceed", "Proceed to Next Task", "继续下一任务"),
        ("do_nothing", "Wait for a User to Close this task", "等待用户关闭此任务"),
    ),
    ("task", "upon_reject"): (
        ("cancel", "Cancel all future Tasks", "取消所有后续任务"),
        ("goto", "Go to a previous Task", "转到前一任务"),
    ),
    ("task", "route_reason"): (
        ("1", "Resource Unavailable", "资源不可用"),
        ("2", "Incorrect Assignment Group", "分配组不正确"),
    ),
    ("change_request", "phase"): (
        ("requested", "Requested", "已请求"),
        ("plan", "Plan", "计划"),
        ("build", "Build", "构建"),
        ("test", "Test", "测试"),
        ("implement", "Implement", "实施"),
    ),
    ("change_request", "phase_state"): (
        ("open", "Open", "打开"),
        ("accepted", "Accepted", "已接受"),
        ("on hold", "On hold", "暂停"),
        ("complete", "Complete", "完成"),
    ),
    ("change_request", "scope"): (
        ("1", "Massive", "非常大"),
        ("2", "Large", "大"),
        ("3", "Medium", "中"),
        ("4", "Small", "小"),
        ("5", "Tiny", "非常小"),
    ),
    ("change_request", "conflict_status"): (
        ("Not Run", "Not Run", "未运行"),
        ("Conflict", "Conflict", "有冲突"),
        ("No Conflict", "No Conflict", "无冲突"),
    ),
    ("change_request", "reason"): (
        ("1", "Corrective", "纠正"),
        ("2", "Preventive", "预防"),
        ("3", "Enhancement", "改进"),
    ),
    ("change_request", "review_status"): (
        ("1", "Waiting", "等待"),
        ("2", "In review", "审查中"),
        ("3", "Reviewed", "已审查"),
    ),
    ("sysapproval_approver", "state"): (
        ("not requested", "Not Yet Requested", "尚未请求"),
        ("requested", "Requested", "已请求"),
        ("approved", "Approved", "已批准"),
        ("rejected", "Rejected", "已拒绝"),
        ("cancelled", "No Longer Required", "不再需要"),
    ),
    ("sys_user", "identity_type"): (
        ("Human", "Human", "人"),
        ("Machine", "Machine", "机器"),
        ("AI", "AI", "AI"),
    ),
    ("sys_user", "preferred_language"): (
        ("en", "English", "英语"),
        ("zh", "Chinese (Simplified)", "简体中文"),
    ),
    ("cmdb_ci", "operational_status"): (
        ("1", "Operational", "运行中"),
        ("2", "Non-Operational", "未运行"),
        ("6", "Retired", "已停用"),
    ),
    ("cmdb_ci", "install_status"): (
        ("1", "Installed", "已安装"),
        ("3", "In Maintenance", "维护中"),
        ("7", "Retired", "已停用"),
    ),
    ("oauth_entity", "client_type"): (
        ("iframe", "Iframe Embedded", "嵌入 iframe"),
        ("user", "Integration as a User", "以用户身份集成"),
        ("service", "Integration as a Service", "以服务身份集成"),
    ),
    ("oauth_entity", "scope_restriction"): (
        ("broad", "Broadly scoped", "广泛范围"),
        ("secure", "Securely scoped", "安全范围"),
    ),
    ("oauth_entity", "token_format"): (
        ("opaque", "Opaque", "不透明"),
        ("jwt", "JWT", "JWT"),
    ),
    ("syslog", "level"): (
        ("-1", "Debug", "调试"),
        ("0", "Information", "信息"),
        ("1", "Warning", "警告"),
        ("2", "Error", "错误"),
    ),
}
# table and element -> the field they depend on is `category`: its value -> choices.
DEPENDENT: dict[tuple[str, str], dict[str, Labels]] = {
    ("incident", "subcategory"): {
        "inquiry": (
            ("antivirus", "Antivirus", "防病毒"),
            ("email", "Email", "电子邮件"),
            ("internal application", "Internal Application", "内部应用"),
        ),
        "software": (
            ("email", "Email", "电子邮件"),
            ("os", "Operating System", "操作系统"),
        ),
        "hardware": (
            ("cpu", "CPU", "CPU"),
            ("disk", "Disk", "磁盘"),
            ("keyboard", "Keyboard", "键盘"),
            ("memory", "Memory", "内存"),
            ("monitor", "Monitor", "显示器"),
            ("mouse", "Mouse", "鼠标"),
        ),
        "network": (
            ("dhcp", "DHCP", "DHCP"),
            ("dns", "DNS", "DNS"),
            ("ip address", "IP Address", "IP 地址"),
            ("vpn", "VPN", "VPN"),
            ("wireless", "Wireless", "无线"),
        ),
        "database": (
            ("db2", "DB2", "DB2"),
            ("mssql", "MS SQL Server", "MS SQL Server"),
            ("oracle", "Oracle", "Oracle"),
        ),
    },
    ("problem", "subcategory"): {
        "software": (("os", "Operating System", "操作系统"), ("email", "Email", "电子邮件")),
        "hardware": (("cpu", "CPU", "CPU"), ("disk", "Disk", "磁盘")),
        "network": (("dns", "DNS", "DNS"), ("vpn", "VPN", "VPN")),
        "database": (("oracle", "Oracle", "Oracle"), ("mssql", "MS SQL Server", "MS SQL Server")),
    },
}
