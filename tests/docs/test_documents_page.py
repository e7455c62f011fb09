"""The documents that the manual prints are legal ones, so that whoever follows it is not refused."""

import re
from pathlib import Path
from textwrap import dedent
from typing import get_args

from services.assistance.document_kinds import KINDS
from services.casework.documents.kinds import checked
from services.casework.duties.document import Cadence
from services.chassis.law.yaml_text import YamlText

PAGE = (Path(__file__).parents[2] / "docs" / "documents.md").read_text(encoding="utf-8")


def test_the_duty_set_of_the_manual_is_legal_and_every_cadence_is_told() -> None:
    [text] = re.findall(r"cat > helpers\.yaml <<'END'\n(.*?)    END\n", PAGE, re.DOTALL)
    assert checked(YamlText(dedent(text), "docs/documents.md").content, KINDS).key == "pairing_county"
    kinds = {each.__struct_config__.tag for each in get_args(Cadence)}
    assert kinds == set(re.findall(r"\{kind: (\w+), (?:period|within_days|days|festivals)\b", PAGE))
