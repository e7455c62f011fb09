"""Works of the field as their papers name them, carried from the vote to the closing together: the clock is stepped once for all."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tests.monitoring.projects.road import (
    DOCUMENT,
    PHOTO,
    PROJECTS,
    REPORT,
    VOTE,
    Handlers,
    charter,
    done,
    draft,
    refused,
)
from tests.monitoring.registry_stub import household_id
from tests.support.evidence import on_paper

DRAFTED, VILLAGE_OVER, TOWNSHIP_OVER = "2016-01-12", "2016-01-20", "2016-01-28"
PLANNED, CHARTERED, HALF_DONE, DUE, OVERDUE, CLOSED = (
    "2016-02-05", "2016-03-01", "2016-06-01", "2016-08-31", "2016-09-01", "2016-10-20",
)  # fmt: skip


class Part(NamedTuple):
    """``cost`` in 万元; ``serves``: households and persons."""

    content: str
    amount: str
    unit: str
    cost: str
    owner: str = "副镇长"
    each: str | None = None
    serves: tuple[int | None, int | None] = (None, None)
    place: str | None = None


class Works(NamedTuple):
    """``households``: how many it carries along; ``supervised``: whether its kind asks for an unannounced inspection and an
    evaluation on the way; ``sources``: (source, level, 万元) of its budget, the centre's alone where none is named."""

    kind: str
    title: str
    parts: Sequence[Part]
    households: int = 0
    supervised: bool = False
    sources: Sequence[tuple[str, str | None, str]] = ()

    @property
    def budget(self) -> list[dict[str, Any]]:
        alone = ("中央财政专项", "county", total(self)["sum"])
        return [
            {"source": source, "level": level, "brought": {"sum": brought, "money_unit": "wan_yuan"}}
            for source, level, brought in self.sources or (alone,)
        ]


WORKS = {
    "M174": Works("village_income", "到户增收：黄牛养殖", (Part("黄牛养殖场", "1", "site", "20"),), households=22),
    "M176": Works("village_income", "一村一品：油茶低改", (Part("油茶低改", "500", "mu", "25"),), households=30),
    "M186": Works("water_and_power", "饮水管网入户", (
        Part("饮水管网入户", "7", "village_group", "30", serves=(230, 860)), Part("主管", "5", "km", "20"),
    )),
    "M177": Works("village_points", "农村电商服务站", (Part("电商服务站", "2", "site", "6"),)),
    "M181": Works("household_works", "水利局驻村打井", (Part("水井", "12", "site", "12"),), households=27),
    "M183": Works("household_works", "三改", (
        Part("改厨", "20", "household", "4"), Part("改厕", "40", "household", "8"), Part("改水", "20", "household", "4"),
    ), households=60),
    "M184": Works("household_works", "沼气池", (Part("沼气池", "100", "pit", "30"),), households=100),
    "M185": Works(
        "water_and_power", "母亲水窖·校园安全饮水", (Part("校园水窖", "2", "school", "8"),),
        sources=(("中国妇女发展基金会", None, "8"),),
    ),
    "M124": Works("school_works", "特殊教育资源教室", (Part("资源教室", "1", "set", "10"), Part("康复器材", "12", "set", "5"))),
    "M187": Works("whole_village", "整村推进", (
        Part("村道", "1.5", "km", "45"), Part("小型灌溉渠", "12", "km", "60"), Part("小型水利设备", "8", "set", "4"),
    ), households=40, supervised=True),
    "M188": Works("lottery_fund", "革命老区彩票公益金项目", (
        Part("厨房", "20", "set", "6"), Part("硬化路", "8.7", "km", "300"), Part("核桃", "500", "mu", "25"),
    ), supervised=True, sources=(("中央专项彩票公益金", "county", "331"),)),
    "M190": Works("key_help", "重点帮扶：道路拓宽", (
        Part("作物、路基、电杆、石料", "3", "km", "10", "工作组副组长"), Part("路面、边沟、边坡", "3", "km", "52", "交通局副局长"),
    ), sources=(("社会捐赠", None, "42"), ("县级财政", "county", "20"))),
    "M191": Works("roads", "协调项目：屯级道路和饮水", (
        Part("屯级道路", "4.6", "km", "92", "交通局"), Part("饮水工程", "2", "village_group", "30", "水利局"),
    )),
    "M192": Works("school_works", "全面改薄", (Part("校舍", "3", "building", "300"), Part("食堂", "1", "building", "60"))),
    "M204": Works("teacher_dormitories", "教师周转宿舍", (Part("教师周转宿舍", "30", "set", "90", each="35"),)),
    "M207": Works("equipment", "学校购物计划", (Part("多媒体教室", "12", "set", "24"), Part("课桌椅", "200", "set", "5"))),
    "B31": Works("services_bought", "农村妇女乳腺检查", (Part("乳腺检查", "1000", "person", "10"),), sources=(
        ("省级配套六成", "province", "4.74"), ("县级配套四成", "county", "3.16"), ("实际成本未覆盖部分", None, "2.1"),
    )),
    "M208": Works("public_buildings", "村部建设", (Part("村部", "1", "building", "35"),)),
    "M209": Works("village_points", "便民代办点", (Part("便民代办点", "10", "site", "10"),)),
}  # fmt: skip
"""By mechanism."""
VOTED_TWICE = "village_library"


def proposal(works: Works) -> dict[str, Any]:
    components = [
        {
            "component": number, "content": part.content, "quantity": {"amount": part.amount, "unit": part.unit},
            "each": None if part.each is None else {"amount": part.each, "unit": "m2"}, "place": part.place or works.title,
            "households": part.serves[0], "persons": part.serves[1], "deadline": DUE, "owners": [{"label": part.owner}],
            "cost": {"sum": part.cost, "money_unit": "wan_yuan"},
        }
        for number, part in enumerate(works.parts, start=1)
    ]  # fmt: skip
    return draft(
        effective_on=DRAFTED, project_kind=works.kind, title=works.title, components=components, total=total(works)
    )


def total(works: Works) -> dict[str, str]:
    return {"sum": str(sum(int(part.cost) for part in works.parts)), "money_unit": "wan_yuan"}


class FieldWorks:
    """``projects``: mechanism → its location; ``late``: title → numbers of components late, on the day after the deadline;
    ``unnamed``: mechanisms whose kind asks which households are carried along, and how it refuses a charter without them."""

    def __init__(self, handlers: Handlers, works: Mapping[str, Works] = WORKS) -> None:
        self.works = works
        self.h, self.late, self.unnamed = handlers, dict[str, list[int]](), dict[str, str]()
        self.projects = {m: done(handlers.village, PROJECTS, proposal(each)) for m, each in works.items()}

    def carry_on(self) -> None:
        self._into_the_library()
        self._to_the_charter()
        self._half_done()
        self.h.advance(OVERDUE)
        for each in self.h.auditor.get(PROJECTS, attention="late", limit=200).json()["items"]:
            self.late[each["title"]] = each["late_components"]
        self.h.advance(CLOSED)
        for mechanism, works in self.works.items():
            self._close(self.projects[mechanism], works)

    def _into_the_library(self) -> None:
        h = self.h
        asked = {m: self._library_of(works.kind) for m, works in self.works.items()}
        voted = [m for m in self.works if asked[m] != "department_library"]
        cases = {
            m: h.open(p, asked[m], DRAFTED, h.village if m in voted else h.township) for m, p in self.projects.items()
        }
        for m in voted:
            done(h.village, f"{cases[m]}/appraisals", {"on": DRAFTED, **VOTE})
            done(h.village, f"{cases[m]}/notices", {"on": DRAFTED})
        for m in cases.keys() - voted:
            done(h.township, f"{cases[m]}/notices", {"on": DRAFTED})
        h.advance(VILLAGE_OVER)
        for m in voted:
            done(h.township_reviewer, f"{cases[m]}/reviews", {"on": VILLAGE_OVER, "outcome": "passed"})
        for m in (m for m in cases if asked[m] == VOTED_TWICE):
            done(h.township, f"{cases[m]}/notices", {"on": VILLAGE_OVER})
        h.advance(TOWNSHIP_OVER)
        argued = {"on": TOWNSHIP_OVER, "favourable": True, "evidence": on_paper("argument_report")}
        for m, case in cases.items():
            if asked[m] != "income_library":
                done(h.county_reviewer, f"{case}/opinions", argued)
            assert h.decide(case, TOWNSHIP_OVER)["status"] == 201

    @staticmethod
    def _library_of(kind: str) -> str:
        of_departments = {"school_works", "teacher_dormitories", "equipment", "services_bought"}
        if kind in of_departments:
            return "department_library"
        return "income_library" if kind == "village_income" else VOTED_TWICE

    def _to_the_charter(self) -> None:
        h, decision = self.h, {**DOCUMENT, "decided_on": PLANNED}
        h.advance(CHARTERED)
        for mechanism, project in self.projects.items():
            works = self.works[mechanism]
            h.step(project, h.decider, "plans", PLANNED, year=2016, decision=decision)
            h.step(project, h.township, "baselines", DRAFTED, evidence=REPORT)
            households = [str(household_id(number)) for number in range(works.households)]
            if households:
                self.unnamed[mechanism] = refused(
                    h.decider, f"{project}/charters", charter(CHARTERED, budget=works.budget)
                )
            done(h.decider, f"{project}/charters", charter(CHARTERED, budget=works.budget, beneficiaries=households))

    def _half_done(self) -> None:
        """The first component of each is done; what its kind asks for on the way is made."""
        self.h.advance(HALF_DONE)
        for mechanism, project in self.projects.items():
            works = self.works[mechanism]
            self._progress(project, HALF_DONE, 1, works.parts[0])
            if works.supervised:
                unannounced = {"hidden": True, "passed": True, "evidence": PHOTO}
                self.h.step(project, self.h.township_reviewer, "inspections", HALF_DONE, **unannounced)
                self._evaluation(project, HALF_DONE, "stage")

    def _close(self, project: str, works: Works) -> None:
        h = self.h
        self._evaluation(project, OVERDUE, "stage")  # of the half-year since the charter
        for number, part in enumerate(works.parts[1:], start=2):
            self._progress(project, CLOSED, number, part)
        h.step(project, h.township_reviewer, "inspections", CLOSED, hidden=False, passed=True, evidence=PHOTO)
        delivered = works.kind in {"equipment", "services_bought"}
        case = h.open(project, "delivery_acceptance" if delivered else "works_acceptance", CLOSED, h.township)
        inspector = h.township_reviewer if delivered else h.county_reviewer
        done(inspector, f"{case}/inspections", {"on": CLOSED, "passed": True, "evidence": on_paper("acceptance")})
        if not delivered:
            done(h.supervisor, f"{case}/signatures", {"on": CLOSED, "signed": True, "signer": "县监委办主任"})
        assert h.decide(case, CLOSED)["status"] == 201
        notice = {"place": "村务公开栏", "until": "2016-10-27", "evidence": on_paper("notice_photo")}
        h.step(project, h.township, "results", CLOSED, **notice)
        self._evaluation(project, CLOSED, "final")
        h.step(project, h.decider, "closing", CLOSED)

    def _progress(self, project: str, on: str, number: int, part: Part) -> None:
        self.h.step(project, self.h.township, "progress", on, component=number, amount=part.amount, unit=part.unit)

    def _evaluation(self, project: str, on: str, stage: str) -> None:
        self.h.step(project, self.h.decider, "evaluations", on, stage=stage, evaluator="县扶贫办", evidence=REPORT)
