"""The absurd contents of requests: texts, queries, numbers, headers."""

from __future__ import annotations

import base64
from collections.abc import Sequence

SYS_ID = "6816f79cc0a8016401c5a33be04be441"
TEXTS = (
    "", " ", "\0", "a\0b", "\r\n", "\ud800", "\U0001f600" * 20, "王", "'; DROP TABLE sn_record;--",
    "%", "%%", "_", "\\", "^", "^^", "^" * 500, "a" * 5000, "../../etc/passwd", "null", "true",
    "-1", "0", "1e99", "9" * 40, "-" + "9" * 40, "NaN", "1.5", "0x10", "[]", "{}", "javascript:",
    "javascript:gs.daysAgo(99999999999)", "javascript:gs.getUserID(", "javascript:alert(1)",
    "2026-13-45 99:99:99", "0000-00-00", "9999-12-31 23:59:59", "@", "@@", ",", "," * 300, SYS_ID,
)  # fmt: skip
FIELDS = (
    "state", "number", "short_description", "assigned_to", "assigned_to.name", "sys_updated_on",
    "sys_mod_count", "active", "u_none", "opened_by.sys_domain.parent.name", "work_notes", "",
    ".", "..", "assigned_to.", ".name", "sys_id", "caller_id." * 100 + "name", "a.b.c.d.e",
    "parent." * 100 + "number", "'", '"', "$", 'x"y', "STATE", "close_code", "due_date",
)  # fmt: skip
OPERATORS = (
    "=", "!=", ">", ">=", "<", "<=", "IN", "NOT IN", "LIKE", "NOT LIKE", "STARTSWITH", "ENDSWITH",
    "CONTAINS", "ISEMPTY", "ISNOTEMPTY", "BETWEEN", "SAMEAS", "NSAMEAS", "GT_FIELD", "DYNAMIC",
    "ON", "NOTON", "RELATIVEGE", "DATEPART", "MORETHAN", "LESSTHAN", "INSTANCEOF", "ANYTHING",
    "EMPTYSTRING", "IN_HIERARCHY", "CHANGESFROM", "VALCHANGES", "*", "%", "==", "",
)  # fmt: skip
JOINTS = (
    "^",
    "^OR",
    "^NQ",
    "^EQ",
    "^^",
    "^ORDERBY",
    "^ORDERBYDESC",
    "^NQ^NQ",
    "^OR^OR",
    "^GROUPBY",
)
QUERIES = (
    "^NQ", "^OR", "ORDERBY", "ORDERBYDESC", "^EQ" * 50, "JOIN", "JOINincident.sys_id=",
    "JOINincident.caller_id=sys_user.sys_id!", "JOINincident.x=none.y!a=b^c=d", "RLQUERY",
    "RLQUERYincident.caller_id,>0", "RLQUERYsys_user.manager,=0^active=true^ENDRLQUERY",
    "RLQUERYx.y,>99999999999999999999,m2m^ENDRLQUERY", "ENDRLQUERY", "RLQUERY" * 60,
    "123TEXTQUERY321=x", "active=true^OR" * 400, "^".join(["state=1"] * 900),
    "numberIN" + ",".join(map(str, range(1500))),
    "sys_created_onRELATIVEGE@dayofweek@ago@-99999999",
    "sys_created_onONToday@javascript:gs.x(@javascript:gs.y(", "sys_created_onBETWEEN@",
    "sys_created_onMORETHANx@hour@before@y", "sys_created_onDATEPARTMonday@javascript:gs.datePart(",
)  # fmt: skip
NUMBERS = (
    "",
    "-1",
    "0",
    "1",
    "x",
    "1e99",
    "9" * 19,
    "9" * 30,
    "-" + "9" * 30,
    "٣",
    "²",
    " 5",
    "1,2",
)
FLAGS = ("true", "false", "all", "TRUE", "", "1", "yes", "\0")
SYSPARMS: dict[str, Sequence[str]] = {
    "sysparm_limit": NUMBERS, "sysparm_offset": NUMBERS, "sysparm_display_value": FLAGS,
    "sysparm_exclude_reference_link": FLAGS, "sysparm_no_count": FLAGS, "sysparm_view": TEXTS,
    "sysparm_input_display_value": FLAGS, "sysparm_count": FLAGS, "sysparm_group_by": FIELDS,
    "sysparm_avg_fields": FIELDS, "sysparm_sum_fields": FIELDS, "sysparm_min_fields": FIELDS,
    "sysparm_having": TEXTS, "sysparm_order_by": FIELDS, "sysparm_tiny": TEXTS, "state": TEXTS,
    "caller_id": TEXTS, "sys_mod_count": TEXTS, "access_token": TEXTS, "table_name": TEXTS,
    "table_sys_id": (SYS_ID, *TEXTS), "file_name": TEXTS, "goto": TEXTS, "uri": TEXTS,
    "sysparm_suppress_pagination_header": FLAGS, "sys_id": (SYS_ID, "-1", *TEXTS),
    "$top": NUMBERS, "$skip": NUMBERS, "$count": FLAGS, "$filter": TEXTS, "$orderby": FIELDS,
    "$select": FIELDS, "$skiptoken": TEXTS, "$search": TEXTS, "$expand": FIELDS,
    "api-version": TEXTS,
    "client_id": TEXTS, "redirect_uri": TEXTS, "response_type": ("code", "token", ""),
    "token": TEXTS,
}  # fmt: skip
TABLES = (
    "incident", "incident", "change_request", "task", "sys_user", "sys_choice", "sys_journal_field",
    "sys_attachment", "sys_user_group", "sys_db_object", "sys_dictionary", "sys_properties",
    "sys_audit_delete", "oauth_entity", "cmdb_ci", "problem",
)  # fmt: skip
IN_PATH = (SYS_ID, "-1", "INC0010001", "..", "%00", "%ff%fe", "%C3%28", "%2e%2e%2f", "a" * 3000,
    "%",
    "%zz", "'", "%F0%9F%98%80", "sys_id%3Dx", "+", ";", "null", "%0d%0a", "*")  # fmt: skip
ACCEPTS = (b"application/json", b"*/*", b"", b"text/html", b"application/xml",
    b"application/json;q=x",
    b"\xff\xfe", b"," * 200, b"image/png, application/json")  # fmt: skip
TYPES = (b"application/json", b"application/json;charset=UTF-8", b"text/plain", b"", b"\xff",
    b"json",
    b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x",
    b"multipart/form-data",
    b"multipart/form-data; boundary=", b"application/json; charset=no-such-charset")  # fmt: skip
SIGN_INS = (b"Basic", b"Basic ", b"Basic !!!!", b"Basic " + base64.b64encode(b"admin"), b"\xff\xff",
    b"Basic " + base64.b64encode(b"\xff\xfe:\xff"), b"Basic " + base64.b64encode(b"a:b:c" * 900),
    b"Basic \xe9\xe8", b"Bearer", b"Bearer x", b"Bearer " + b"a.b.c", b"Bearer " + b"x" * 9000,
    b"Bearer eyJhbGciOiJub25lIn0.e30.", b"Bearer \xff", b"Negotiate x", b"Digest username=x",
    b"Basic " + base64.b64encode(b"admin:\0"), b"")  # fmt: skip
PART = b'--x\r\nContent-Disposition: form-data; name="f"; filename="\xff"\r\n\r\nz\r\n--x--'
