"""``lika post`` sends a list as it is: CSV and workbooks are bodies of their own, and whatever else is a form."""

from pathlib import Path

import pytest

from services.casework.media_types import XLSX
from services.casework.request_cli import sent_as


@pytest.mark.parametrize(("name", "kind"), [("result.csv", "text/csv"), ("DAYS.XLSX", XLSX)])
def test_a_list_is_the_body_itself(tmp_path: Path, name: str, kind: str) -> None:
    file = tmp_path / name
    file.write_bytes("合计,0".encode())
    assert sent_as(file) == {"content": file.read_bytes(), "headers": {"Content-Type": kind}}


def test_a_form_is_sent_as_json_and_nothing_is_nothing(tmp_path: Path) -> None:
    file = tmp_path / "list.yaml"
    file.write_text("{programme: education_aid, due_as_of: 2018-01-11}", encoding="utf-8")
    assert sent_as(file) == {"json": {"programme": "education_aid", "due_as_of": "2018-01-11"}}
    assert sent_as(None) == {"json": None}
