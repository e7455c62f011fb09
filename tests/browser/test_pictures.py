"""Pictures are current by digest: whoever changes a page or a picture is told."""

import json
import shutil
from pathlib import Path

from tests.browser.pictures import FOLDER, PICTURES, RECORD, problems


def test_pictures_of_other_pages_and_changed_or_missing_ones_are_named(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "pictures")
    record = json.loads((folder / RECORD).read_text("utf-8"))
    (folder / RECORD).write_text(json.dumps({**record, "pages": "0" * 64}), "utf-8")
    first, second = (folder / picture.name for picture in PICTURES[:2])
    first.unlink()
    second.write_bytes(second.read_bytes() + b"\0")
    found = "\n".join(problems(folder))
    for what in ("pages changed", f"there is no {first.name}", f"{second.name} is not what was taken"):
        assert what in found
    shutil.rmtree(folder)
    assert "there is no" in problems(folder)[0]
