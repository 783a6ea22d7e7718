"""The Attachment API: files of records, their metadata and their bytes (servicenow-api 5.3)."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.apis.bodies import json_object
from scoredesk.sandbox.servicenow.apis.call import Call
from scoredesk.sandbox.servicenow.apis.paging import Page, link_header
from scoredesk.sandbox.servicenow.apis.table import conditions
from scoredesk.sandbox.servicenow.database import sql
from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.replies import json_reply, standard_headers
from scoredesk.sandbox.servicenow.state import Record, new_sys_id, stamped
from scoredesk.sandbox.servicenow.tables import access

TABLE, DOCUMENTS = "sys_attachment", "sys_attachment_doc"
DEFAULT_LIMIT = 1000
MAX_SIZE = "com.glide.attachment.max_size"
EXTENSIONS = "glide.attachment.extensions"
MEGABYTE = 1_048_576
METADATA = (
    "sys_id", "table_name", "table_sys_id", "file_name", "content_type", "size_bytes",
    "size_compressed", "compressed", "hash", "state", "chunk_size_bytes", "image_height",
    "image_width", "average_image_color", "sys_tags", "sys_created_by", "sys_created_on",
    "sys_updated_by", "sys_updated_on", "sys_mod_count",
)  # fmt: skip


@dataclass(frozen=True)
class Upload:
    """A file that is to become an attachment."""

    table: str
    record: str
    name: str
    kind: str
    content: bytes


async def answer(call: Call) -> Response:
    """Requests to `/api/now/attachment` and `/api/now/attachment/{sys_id}`."""
    sys_id, method = call.request.path_params.get("sys_id", ""), call.request.method
    if not sys_id and method in {"GET", "HEAD"}:
        return _list(call)
    if sys_id and method in {"GET", "HEAD"}:
        return json_reply(call.instance, {"result": metadata(call, _visible(call, sys_id))})
    if sys_id and method == "DELETE":
        return _delete(call, sys_id)
    if sys_id and method == "PATCH":
        return await _rename(call, sys_id)
    raise errors.Refusal(405, "Method not supported")


async def content(call: Call) -> Response:
    """Requests to `/api/now/attachment/{sys_id}/file`: the bytes, their description in a header."""
    if call.request.method not in {"GET", "HEAD"}:
        raise errors.Refusal(405, "Method not supported")
    found = _visible(call, call.request.path_params["sys_id"])
    stored = call.instance.store.get(DOCUMENTS, _document_id(found["sys_id"]))
    body = base64.b64decode(stored[1].get("data", "")) if stored else b""
    return Response(
        body,
        headers={
            **standard_headers(call.instance, logged_in=True),
            "Content-Type": found.get("content_type", "application/octet-stream"),
            "Content-Disposition": _disposition(found.get("file_name", "")),
            "X-Attachment-Metadata": json.dumps(metadata(call, found), ensure_ascii=True),
        },
    )


async def upload(call: Call) -> Response:
    """`POST /api/now/attachment/file`: the body is the file, the parameters say what it is."""
    if call.request.method != "POST":
        raise errors.Refusal(405, "Method not supported")
    kind = call.request.headers.get("content-type", "")
    if not kind:
        raise errors.Refusal(400, "Content-Type header is required")
    params = call.request.query_params
    upload = Upload(
        table=params.get("table_name", ""),
        record=params.get("table_sys_id", ""),
        name=params.get("file_name", ""),
        kind=kind,
        content=await call.request.body(),
    )
    return _created(call, upload)


async def upload_form(call: Call) -> Response:
    """`POST /api/now/attachment/upload`: a multipart form with the file as one of its parts."""
    if call.request.method != "POST":
        raise errors.Refusal(405, "Method not supported")
    kind = call.request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        raise errors.Refusal(415, "Unsupported Media Type", f"{kind} is not supported")
    return _created(call, await _of_form(call.request))


def metadata(call: Call, found: Record) -> dict[str, str]:
    """What an attachment is, all in strings; only who made it is shown by name as well."""
    shown = {name: found.get(name, "") for name in METADATA}
    shown["download_link"] = f"{call.base_url}/api/now/attachment/{found['sys_id']}/file"
    for role in ("created_by", "updated_by"):
        user = call.instance.store.find("sys_user", user_name=found.get(f"sys_{role}", ""))
        shown[f"{role}_name"] = user.get("name", "") if user else ""
    return shown


async def _of_form(request: Request) -> Upload:
    try:
        form = await request.form()
    except Exception as error:  # the parser has no common error class
        raise errors.unreadable_body(f"Unable to parse the request body: {error}") from error
    files = [part for part in form.values() if isinstance(part, UploadFile)]
    if not files:
        raise errors.Refusal(400, "Failed to create the attachment", "There is no file to attach")
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    return Upload(
        table=given.get("table_name", ""),
        record=given.get("table_sys_id", ""),
        name=given.get("file_name", "") or files[0].filename or "",
        kind=files[0].content_type or "application/octet-stream",
        content=await files[0].read(),
    )


def _created(call: Call, upload: Upload) -> Response:
    parent = _parent(call, upload)
    _check_limits(call, upload)
    now, user = call.instance.stamp(), call.caller.user_name
    packed = gzip.compress(upload.content)
    made: Record = {
        "sys_id": new_sys_id(),
        "table_name": upload.table,
        "table_sys_id": upload.record,
        "file_name": upload.name[:100],
        "content_type": upload.kind.encode("ascii", "replace").decode(),
        "size_bytes": str(len(upload.content)),
        "size_compressed": str(len(packed)),
        "compressed": "true",
        "hash": hashlib.sha256(upload.content).hexdigest(),
        "state": "available",
        "chunk_size_bytes": "700000",
        **stamped(now, user),
    }
    call.instance.store.insert(TABLE, made)
    document: Record = {
        "sys_id": _document_id(made["sys_id"]),
        "sys_attachment": made["sys_id"],
        "position": "0",
        "length": made["size_bytes"],
        "data": base64.b64encode(upload.content).decode(),
        **stamped(now, user),
    }
    call.instance.store.insert(DOCUMENTS, document)
    _touch(call, upload.table, parent)
    location = f"{call.base_url}/api/now/attachment/{made['sys_id']}"
    content = {"result": metadata(call, made)}
    return json_reply(call.instance, content, status=201, headers={"Location": location})


def _parent(call: Call, upload: Upload) -> Record:
    """The record to attach to; it must be there, and the caller must be allowed to change it."""
    named = {"table_name": upload.table, "table_sys_id": upload.record, "file_name": upload.name}
    missing = [name for name, value in named.items() if not value]
    if missing:
        listed = ", ".join(missing)
        raise errors.Refusal(400, "Failed to create the attachment", f"Missing: {listed}")
    found = call.instance.store.get(upload.table, upload.record) if upload.table in TABLES else None
    if found is None or not access.visible(call.caller, found):
        raise errors.not_found()
    try:
        access.check_update(call.caller, found[0], record=found[1])
    except errors.Refusal:
        raise errors.acl("Insert") from None
    return found[1]


def _check_limits(call: Call, upload: Upload) -> None:
    """Size and kind of file as the administrator's properties allow them."""
    size = call.instance.property(MAX_SIZE, "1024")
    if size.isdecimal() and len(upload.content) > int(size) * MEGABYTE:
        raise errors.Refusal(
            400, "Failed to create the attachment", f"File size exceeds the maximum of {size} MB"
        )
    allowed = call.instance.property(EXTENSIONS).lower().replace(" ", "")
    extension = upload.name.rpartition(".")[2].lower()
    if allowed and extension not in allowed.split(","):
        raise errors.Refusal(
            400, "Failed to create the attachment", f"File extension {extension} is not allowed"
        )


def _touch(call: Call, table: str, parent: Record) -> None:
    """An attachment moves the stamps of its record, though none of its fields changed."""
    if not call.instance.on("attachment_touches_record"):
        return
    parent["sys_mod_count"] = str(int(parent["sys_mod_count"]) + 1)
    parent["sys_updated_on"] = call.instance.stamp()
    parent["sys_updated_by"] = call.caller.user_name
    call.instance.store.replace(parent.get("sys_class_name") or table, parent)


def _list(call: Call) -> Response:
    where, parsed = conditions(call, TABLE)
    params = call.request.query_params
    offset = _number(params.get("sysparm_offset", ""), 0)
    limit = _number(params.get("sysparm_limit", ""), DEFAULT_LIMIT)
    rows = call.instance.store.select(
        where, sql.order_by(TABLE, parsed, call.instance.schema), limit=limit, offset=offset
    )
    shown = [metadata(call, record) for _, record in rows if _readable(call, record)]
    total = call.instance.store.count(where)
    headers = {"X-Total-Count": str(total)}
    url = f"{call.base_url}{call.request.url.path}"
    link = link_header(url, params.multi_items(), page=Page(offset, limit, total))
    if link:
        headers["Link"] = link
    return json_reply(call.instance, {"result": shown}, headers=headers)


def _visible(call: Call, sys_id: str) -> Record:
    found = call.instance.store.get(TABLE, sys_id)
    if found is None or not _readable(call, found[1]):
        raise errors.not_found()
    return found[1]


def _readable(call: Call, attachment: Record) -> bool:
    """Who reads the record reads its attachments."""
    table = attachment.get("table_name", "")
    if table not in TABLES:
        return call.caller.has()
    parent = call.instance.store.get(table, attachment.get("table_sys_id", ""))
    return call.caller.has() if parent is None else access.visible(call.caller, parent)


def _writable(call: Call, sys_id: str, operation: str) -> Record:
    """The attachment, if the caller may change its record."""
    found = _visible(call, sys_id)
    table = found.get("table_name", "")
    parent = call.instance.store.get(table, found.get("table_sys_id", "")) if table else None
    if parent is None:
        return found
    try:
        access.check_update(call.caller, parent[0], record=parent[1])
    except errors.Refusal:
        raise errors.acl(operation) from None
    return found


def _delete(call: Call, sys_id: str) -> Response:
    found = _writable(call, sys_id, "Delete")
    call.instance.store.remove(TABLE, found["sys_id"])
    call.instance.store.remove(DOCUMENTS, _document_id(found["sys_id"]))
    return json_reply(call.instance, None, status=204)


async def _rename(call: Call, sys_id: str) -> Response:
    sent = await json_object(call.request)
    name = str(sent.get("file_name") or "")
    if not name:
        raise errors.Refusal(400, "Failed to rename the attachment", "Missing: file_name")
    found = _writable(call, sys_id, "Update")
    found["file_name"] = name[:100]
    found["sys_mod_count"] = str(int(found["sys_mod_count"]) + 1)
    found["sys_updated_on"] = call.instance.stamp()
    found["sys_updated_by"] = call.caller.user_name
    call.instance.store.replace(TABLE, found)
    return json_reply(call.instance, None, status=204)


def _document_id(attachment_id: str) -> str:
    """The bytes are found by their own key: searching in them would be slow."""
    return hashlib.blake2b(f"doc:{attachment_id}".encode(), digest_size=16).hexdigest()


def _disposition(name: str) -> str:
    plain = name.encode("ascii", "replace").decode().replace('"', "").replace("\\", "")
    plain = "".join(letter for letter in plain if letter.isprintable())
    return f"attachment;filename=\"{plain}\";filename*=UTF-8''{quote(name)}"


def _number(text: str, default: int) -> int:
    return min(int(text), 2**31) if text.isascii() and text.isdecimal() else default
