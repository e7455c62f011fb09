"""A school's roster is taken in row by row: pupils are enrolled, placed and counted, and who stands on another school's left the former."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from services.casework.workbooks.importing import importer as importing
from services.casework.workbooks.layout import SUMMARY_SHEET
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.unit import Unit
from tests.registry.enrolments.schooling import Family, education_of, school
from tests.registry.households.example_requests import member_body, member_ids, unused_resident_id
from tests.registry.households.example_villages import Village, done
from tests.registry.intake.example_workbooks import content_of
from tests.registry.rosters.books import HEADERS, book, line
from tests.support.running import ApiClient, Lika

ROSTERS = "/registry/rosters/workbooks"


@pytest.fixture(scope="module")
def education(running: Lika) -> ApiClient:
    return education_of(running)


class Pupil(Family):
    """A pupil who is known by their number."""

    def __init__(self, running: Lika) -> None:
        self.running, self.village, self.education = running, Village(running), education_of(running)
        self.number = unused_resident_id(2008)
        members = [member_body("head", 1975), member_body("child", 2008, id_number=self.number, school_stage="primary")]
        self.household = self.village.household("2014-09-01", members=members)
        self.persons = member_ids(self.village.cadre, self.household)


def sent(education: ApiClient, *lines: Any, **more: Any) -> Any:
    answer = education.post(ROSTERS, content=book(*lines), **more)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def counts(answer: Any) -> tuple[int, int, int, int]:
    return answer["recorded"], answer["updated"], answer["unchanged"], answer["refused"]


def test_pupils_are_enrolled_placed_and_counted_and_the_same_list_again_changes_nothing(
    running: Lika, education: ApiClient
) -> None:
    code, pupil = school(education), Pupil(running)
    row = line(pupil.number, code, 入学日期="2015-09-01", 统计日期="2018-01-31", 年级=3, 班级=2)
    term = {"学年": "2017", "学期": "秋", "缺勤天数": 4}
    tried = sent(education, {**row, **term}, params={"dry_run": "true"})
    assert (counts(tried), pupil.read("2018-01-31")) == ((1, 0, 0, 0), None)
    assert counts(sent(education, {**row, **term})) == (1, 0, 0, 0)
    said = pupil.read("2018-01-31")
    assert (said["school_code"], said["since"], said["grade"], said["class_no"], said["boarding"]) == (
        code, "2015-09-01", 3, 2, True,
    )  # fmt: skip
    assert (said["school_year"], said["term"], said["missed_days"], said["dropped_out"]) == (2017, "autumn", 4, False)
    assert counts(sent(education, {**row, **term, "备注": "再次"})) == (0, 0, 1, 0)
    later = {
        **row,
        "统计日期": "2018-05-31",
        "年级": 4,
        "是否寄宿": "否",
        "学年": "2017",
        "学期": "春",
        "缺勤天数": 30,
        "是否辍学": "是",
    }
    assert counts(sent(education, later)) == (0, 1, 0, 0)
    assert [(r["grade"], r["boarding"], r["dropped_out"]) for r in map(pupil.read, ("2018-05-30", "2018-05-31"))] == [
        (3, True, False), (4, False, True),
    ]  # fmt: skip
    facts = pupil.village.cadre.get(pupil.at(1)).json()["facts"]
    assert {f["entered_by"] for f in facts} == {"education-1"}


def test_who_stands_on_another_schools_roster_left_the_former_one(running: Lika, education: ApiClient) -> None:
    first, second, junior = school(education), school(education), school(education, "初中", "2014-09-01", "junior")
    pupil = Pupil(running)
    for code, on, stage in (
        (first, "2015-09-01", "小学"),
        (second, "2016-09-01", "小学"),
        (junior, "2017-09-01", "初中"),
    ):
        row = line(pupil.number, code, 入学日期=on, 统计日期=on, 学段=stage)
        assert counts(sent(education, row)) == (1, 0, 0, 0)
    days = ("2016-08-31", "2016-09-01", "2017-08-31", "2017-09-01")
    assert [pupil.read(day)["school_code"] for day in days] == [first, second, second, junior]
    done(pupil.annul(pupil.acts("PupilEnrolled")[-1]))  # with the graduation that it brought about
    assert pupil.read("2017-09-01")["ended_on"] is None
    left = line(
        pupil.number,
        second,
        入学日期="2016-09-01",
        统计日期="2018-03-01",
        学籍终止日期="2018-03-02",
        学籍终止原因="辍学",
    )
    assert counts(sent(education, left)) == (0, 1, 0, 0)
    assert pupil.read("2018-03-02")["ended_because"] == "dropped_out"


def test_rows_that_cannot_be_are_refused_by_name_and_the_others_recorded(running: Lika, education: ApiClient) -> None:
    code, pupil, another = school(education), Pupil(running), Pupil(running)
    on = {"入学日期": "2015-09-01", "统计日期": "2018-03-01"}
    answer = sent(
        education,
        line(pupil.number, code, **on),
        line(unused_resident_id(2009), code, **on),
        line(another.number, "2199777777", **on),
        line(unused_resident_id(2010), "99", **on, 学段="不在校", 年级=13, 学年="2017"),
        line(unused_resident_id(2010), code, **on, 学籍终止日期="2018-03-01"),
        line(f"{pupil.number[:-1]}{'1' if pupil.number[-1] == '0' else '0'}", code, **on),
    )
    assert counts(answer) == (1, 0, 0, 5)
    assert sorted((e["row"], e["code"]) for e in answer["errors"]) == [
        (4, "roster_unknown_pupil"),
        (5, "unknown_school"),
        (6, "roster_bad_school_code"),
        (6, "roster_number_out_of_range"),
        (6, "roster_stage_of_nobody"),
        (6, "roster_term_incomplete"),
        (7, "roster_end_incomplete"),
        (8, "id_wrong_checksum"),
    ]
    twice = [line(another.number, code, **on)] * 2
    assert {e["code"] for e in sent(education, *twice)["errors"]} == {"roster_pupil_twice"}
    otherwise = sent(education, line(pupil.number, code, 入学日期="2016-09-01", 统计日期="2018-03-01"))
    assert [e["code"] for e in otherwise["errors"]] == ["roster_enrolled_on_another_day"]
    # Whose area it is not finds nobody.
    elsewhere = sent(education_of(running, "990002"), line(another.number, code, **on))
    assert [e["code"] for e in elsewhere["errors"]] == ["roster_unknown_pupil"]
    assert pupil.village.cadre.post(ROSTERS, content=book(line(pupil.number, code))).status_code == 403


def test_the_annotated_copy_can_be_corrected_and_sent(running: Lika, education: ApiClient) -> None:
    code, pupil = school(education), Pupil(running)
    file = book(line(pupil.number, code, 入学日期="2015-09-01", 统计日期="2018-03-01", 年级=13))
    answer = education._client.post(f"{ROSTERS}/annotations", content=file, headers=education._headers)
    annotated = openpyxl.load_workbook(BytesIO(answer.content))
    sheet = annotated["花名册"]
    assert annotated.sheetnames == ["花名册", SUMMARY_SHEET]
    assert "年级应为 1 至 12" in sheet.cell(3, len(HEADERS) + 1).value
    sheet.cell(3, HEADERS.index("年级") + 1).value = 3
    assert counts(education.post(ROSTERS, content=content_of(annotated)).json()) == (1, 0, 0, 0)
    assert pupil.read("2018-03-01")["grade"] == 3


def test_the_template_has_its_lists_and_comes_back_as_it_was_filled(running: Lika, education: ApiClient) -> None:
    code, pupil = school(education), Pupil(running)
    template = openpyxl.load_workbook(BytesIO(education.get("/registry/rosters/template").content))
    sheet = template["学生"]
    lists = {check.formula1 for check in sheet.data_validations.dataValidation if check.formula1}
    assert '"秋季学期,春季学期"' in lists
    columns = [cell.value.partition(" / ")[0] for cell in sheet[1]]
    filled = {
        "证件号码": pupil.number, "学校标识码": code, "学段": "小学", "入学日期": "2015-09-01", "统计日期": "2018-03-01",
        "是否寄宿": "是",
    }  # fmt: skip
    for name, value in filled.items():
        sheet.cell(2, columns.index(name) + 1).value = value
    assert counts(education.post(ROSTERS, content=content_of(template)).json()) == (1, 0, 0, 0)


def test_a_roster_that_was_cut_off_goes_on_where_it_stopped(
    running: Lika, education: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, pupils = school(education), [Pupil(running) for _ in range(5)]
    file = book(*(line(p.number, code, 入学日期="2015-09-01", 统计日期="2018-03-01") for p in pupils))
    store = running.services["registry"].store
    whole, seen = store.submit, list[Unit]()

    def breaks_down(unit: Unit) -> Any:
        seen.append(unit)
        if len(seen) == 4:
            raise StoreUnavailable("cut off")
        return whole(unit)

    monkeypatch.setattr(importing, "CHUNK_SIZE", 2)
    with monkeypatch.context() as cut:
        cut.setattr(store, "submit", breaks_down)
        assert education.post(ROSTERS, content=file, key="the-same-command").status_code == 503
    again = education.post(ROSTERS, content=file, key="the-same-command").json()
    assert counts(again) == (5, 0, 0, 0)
    assert [len(p.acts("PupilEnrolled")) for p in pupils] == [1] * 5
