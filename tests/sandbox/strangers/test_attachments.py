"""Attachments through the three ServiceNow clients of strangers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiosnow
import pytest
from aiosnow.models.table.declared import IncidentModel
from pysnow import exceptions
from tests.sandbox.strangers import loops, pysnc_shorthand
from tests.sandbox.strangers.pysnow_shorthand import connect, incidents_of

TEXT = "this is a sample attachment\nwith\nmulti\nlines"
BYTES = bytes(range(256))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def test_pysnc_adds_lists_reads_and_deletes(host: str, tmp_path: Path) -> None:
    client = pysnc_shorthand.connect(host)
    incident = pysnc_shorthand.made(client)
    assert len(incident.get_attachments()) == 0
    location = incident.add_attachment("test.txt", TEXT)
    incident.add_attachment("test.bin", BYTES, content_type="application/x-sample")
    attachments = incident.get_attachments()
    assert len(attachments) == 2
    found = {each.file_name: each.read() for each in attachments}
    assert found == {"test.txt": TEXT.encode(), "test.bin": BYTES}
    one = client.Attachment("incident")
    assert one.get(location.rsplit("/", 1)[-1])
    assert one.readlines()[0] == "this is a sample attachment"
    assert one.as_temp_file().read() == TEXT.encode()
    assert one.write_to(tmp_path).read_text() == TEXT
    assert client.session.get(one.get_link()).content == TEXT.encode()
    one.delete()
    assert not client.Attachment("incident").get("bunk")
    assert [each.file_name for each in incident.get_attachments()] == ["test.bin"]


@pytest.mark.parametrize("name", ["note.txt", "ü 王 & more.txt"])
def test_pysnow_uploads_lists_and_deletes(host: str, tmp_path: Path, name: str) -> None:
    incidents = incidents_of(connect(host))
    made = incidents.create({"short_description": "Made"}).one()
    (tmp_path / name).write_text("attached")
    uploaded = incidents.attachments.upload(sys_id=made["sys_id"], file_path=str(tmp_path / name))
    assert uploaded["file_name"] == name
    assert uploaded["content_type"].startswith("text/plain")
    listed = incidents.attachments.get(sys_id=made["sys_id"])
    assert [row["file_name"] for row in listed] == [name]
    assert len(incidents.attachments.get(limit=10)) == 1
    assert incidents.attachments.delete(uploaded["sys_id"] and listed[0]["sys_id"])
    with pytest.raises(exceptions.NoResults):
        incidents.attachments.delete(listed[0]["sys_id"])


def test_pysnow_uploads_to_a_fetched_record(host: str, tmp_path: Path) -> None:
    incidents = incidents_of(connect(host))
    made = incidents.create({"short_description": "Made"}).one()
    picture = tmp_path / "picture.png"
    picture.write_bytes(PNG)
    fetched = incidents.get(query={"number": made["number"]})
    assert fetched.upload(file_path=str(picture), name="other.png")["file_name"] == "other.png"


@pytest.mark.filterwarnings("ignore::Warning")
def test_aiosnow_uploads_lists_and_downloads(host: str, tmp_path: Path) -> None:
    source = tmp_path / "source.txt"
    source.write_text(TEXT)

    async def main() -> tuple[list[str], dict[str, Any]]:
        client = aiosnow.Client(host, basic_auth=("admin", "admin"), use_ssl=False)
        async with IncidentModel(client, table_name="incident") as incidents:
            made = await incidents.create({"short_description": "Made"})
            number = IncidentModel.number == made["number"]
            uploaded = await incidents.upload_file(number, str(source))
            listed = await incidents.get_attachments(f"table_sys_id={made['sys_id']}")
            one = await incidents.get_attachment(f"sys_id={uploaded['sys_id']}")
            await incidents.download_file(f"sys_id={uploaded['sys_id']}", str(tmp_path / "down"))
            return [row["file_name"] for row in listed], dict(one.data)

    names, one = loops.run(main())
    assert names == ["source.txt"]
    assert one["size_bytes"] == len(TEXT)
    assert (tmp_path / "down" / "source.txt").read_text() == TEXT
