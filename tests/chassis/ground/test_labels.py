"""Labels are read from one folder; what cannot be a label is refused by name."""

from enum import Enum
from pathlib import Path

import pytest

from contracts.registry.members import Relation
from services.chassis.ground.labels import LABELS, LabelError, Labels, read_labels
from services.chassis.security.access_table import Relation as RelationToSubject


class Answer(Enum):
    NONE = False
    ALL = True


def labels_of(folder: Path, text: str) -> Labels:
    (folder / "labels.yaml").write_text(text, encoding="utf-8")
    return read_labels(folder)


def test_a_field_is_labelled_for_its_owner_by_pattern_or_in_general(tmp_path: Path) -> None:
    labels = labels_of(
        tmp_path,
        "fields:\n  name: 姓名 / name\n  Village.name: 村名 / village\n  'Staff*.name': {label: 职员 / staff, example: 张三}\n",
    )
    assert [labels.field("name", owner).zh for owner in ("", "Member", "Village", "StaffForm")] == [
        "姓名", "姓名", "村名", "职员",
    ]  # fmt: skip
    assert labels.field("name", "StaffForm").example == "张三"


def test_two_enumerations_of_one_name_are_told_apart_by_their_modules() -> None:
    assert (LABELS.code(Relation.HEAD).zh, LABELS.code(RelationToSubject.OWN).zh) == ("户主", "本人的事项")


def test_truth_values_are_codes_of_a_list_as_they_are_written(tmp_path: Path) -> None:
    labels = labels_of(
        tmp_path, "codes:\n  Answer:\n    title: 是否 / whether\n    'yes': 是 / yes\n    'no': 否 / no\n"
    )
    assert [labels.code(answer).zh for answer in Answer] == ["否", "是"]


@pytest.mark.parametrize(
    "text",
    [
        "facts:\n  A: 甲 / a\n  A: 乙 / b\n",
        "facts:\n  A: 甲\n",
        "facts:\n  A: ' / a'\n",
    ],
    ids=["twice", "without English", "without Chinese"],
)
def test_what_is_no_label_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(LabelError, match="A"):
        labels_of(tmp_path, text)


def test_one_label_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("fields: {name: 姓名 / name}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("fields: {name: 名称 / name}\n", encoding="utf-8")
    with pytest.raises(LabelError, match=r"b\.yaml: name is labelled twice"):
        read_labels(tmp_path)
