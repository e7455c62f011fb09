"""Plan tables of the source facts (§4) as drafts: what a table leaves open is a gap, in the table's own words. Money in 万元."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tests.monitoring.projects.road import TOWNSHIP, VILLAGE

UNKNOWN, LEAST, JOINT, RATIO, CUT, CONFLICT = "unknown", "at_least", "joint", "ratio", "truncated", "conflict"


class Item(NamedTuple):
    """One line of a table. ``deadline`` and ``cost``: ``None`` where it has none; ``gaps``: (field, kind, as written) besides what
    is missing; ``joint``: items that share its sum; ``serves``: households and persons."""

    content: str
    amount: str | None
    unit: str | None
    place: str | None
    deadline: str | None
    owners: Sequence[str]
    cost: str | None
    gaps: Sequence[tuple[str, str, str]] = ()
    joint: Sequence[int] = ()
    serves: tuple[int | None, int | None] = (None, None)


class Table(NamedTuple):
    """``cost``: what the table's sums come to, in 万元; ``figures``: the households and persons served, as its sum line or text has
    them; ``sums``: unit → what its items come to."""

    plan: str
    division: str
    kind: str
    items: Sequence[Item]
    cost: str
    figures: tuple[int, int] = (0, 0)
    sums: Mapping[str, str] = {}


def draft_of(table: Table, on: str) -> dict[str, Any]:
    components, gaps = [], []
    for number, item in enumerate(table.items, start=1):
        components.append(
            {
                "component": number, "content": item.content,
                "quantity": None if item.amount is None else {"amount": item.amount, "unit": item.unit},
                "place": item.place, "deadline": item.deadline, "owners": [{"label": o} for o in item.owners],
                "cost": None if item.cost is None else {"sum": item.cost, "money_unit": "wan_yuan"},
                "households": item.serves[0], "persons": item.serves[1],
            }
        )  # fmt: skip
        said = {field for field, _, _ in item.gaps}
        missing = (
            ("quantity", item.amount), ("place", item.place), ("deadline", item.deadline), ("cost", item.cost),
            ("owner", item.owners or None), ("serves", True if item.serves.count(None) != 1 else None),
        )  # fmt: skip
        open_ = [(field, UNKNOWN, "？") for field, value in missing if value is None and field not in said]
        gaps += [
            {
                "component": number, "gap_field": field, "gap": kind, "as_written": text,
                "with_components": list(item.joint) if kind == JOINT else [],
            }
            for field, kind, text in (*item.gaps, *open_)
        ]  # fmt: skip
    return {
        "effective_on": on, "division": table.division, "project_kind": table.kind, "title": table.plan, "plan": table.plan,
        "item": "1", "components": components, "gaps": gaps,
    }  # fmt: skip


def work(content: str, amount: str, unit: str, place: str, deadline: str, *owners: str, gaps: Any = ()) -> Item:
    """An item of the township's list, which names no money."""
    return Item(content, amount, unit, place, deadline, owners, None, gaps)


ROADS_CONFLICT = (("quantity", CONFLICT, "3公里+13公里；同一报告另写8.2公里"),)
TOWNSHIP_2016 = Table("2016年具体工作安排", TOWNSHIP, "whole_village", (
    work("村道公路改建", "3", "km", "青龙咀村", "2016-03-31", "R1", "R2", "R3", gaps=ROADS_CONFLICT),
    work("村道公路改建", "13", "km", "青山村", "2016-03-31", "R1", "R2", "R3", gaps=ROADS_CONFLICT),
    work("整村推进", "1.5", "km", "铜佛寺村", "2016-10-31", "R1", "R4", "R2"),
    work("整村推进", "3.2", "km", "油坪村", "2016-10-31", "R1", "R4", "R2"),
    work("卫生院职工周转房", "1", "building", "全镇", "2016-11-20", "R2"),
    work("农网改造", "4", "village", "桂花、三角寺、青龙咀、青山", "2016-12-31", "R2", "R3"),
    work("活动室、社区活动中心", "2", "building", "青山村、关庙坝社区", "2016-05-31", "R5", "R1"),
    work("饮水管网入户", "6", "village_group", "青山村", "2016-05-31", "R3"),
    work("宽带入户", "2", "village", "铜佛寺村、油坪村", "2016-08-31", "R2"),
    work("烟叶", "1500", "mu", "全镇", "2016-12-10", "R5", "R3", gaps=(("deadline", CUT, "年份被水印遮断"),)),
    Item("廉租房", None, None, "全镇", None, (), None),
), "0")  # fmt: skip

UNIT = ("后盾单位",)
GUANGXI = Table("驻村局2016年计划", VILLAGE, "whole_village", (
    Item("服务中心主体工程", "1", "building", "村部", "2016-06-30", UNIT, "35"),
    Item(
        "饮水工程（两屯）", "600", "person", "两屯", "2016-12-31", UNIT, "30", (("quantity", LEAST, "600多人"),),
        serves=(None, 600),
    ),
    Item("灌溉渠12公里（8条）及道路1.6公里", "13.6", "km", "全村", "2016-07-31", UNIT, "480"),
    Item("屯级道路0.3+3+0.5+0.8公里", "4.6", "km", "各屯", "2016-08-31", UNIT, "92"),
    Item("道路硬化", "4.8", "km", "全村", "2016-10-31", UNIT, "200"),
    Item("防护堤", "3", "km", "沿河", "2016-11-30", UNIT, "600"),
    Item("桥梁维修", "1", "site", "村口", "2016-02-29", UNIT, "15"),
    Item("自筹道路水泥", "50", "t", "各屯", "2016-12-31", UNIT, None),
    Item("油茶低改", "500", "mu", "全村", "2016-12-31", UNIT, None),
    Item("学校厕所、操场", "1", "school", "村小", "2016-12-31", UNIT, "5"),
    Item("矛盾纠纷和普法", None, None, "全村", "2016-12-31", UNIT, None),
    Item("局属学校招生", None, None, "全村", "2016-12-31", UNIT, None),
    Item("春节慰问", None, None, "全村", None, UNIT, None, (("deadline", UNKNOWN, "春节前"),)),
), "1457", (0, 600), {"km": "26"})  # fmt: skip

TWO_ROADS = ("cost", JOINT, "两条路共75，每公里30")
USERS = ("serves", JOINT, "三项合写：8个组465户1378人出行，4个组258户682人出行安全")
DAYUAN = Table("大院村计划", VILLAGE, "roads", (
    Item("主组新桥", "1", "site", "主组", None, (), "82", (USERS,), (2, 3), (258, 682)),
    Item("小带坊至塔院水泥路", "1.5", "km", "小带坊—塔院", None, (), "45", (TWO_ROADS, USERS), (1, 3), (465, 1378)),
    Item("北下至路院水泥路", "1", "km", "北下—路院", None, (), "30", (TWO_ROADS, USERS), (1, 2)),
    Item("桑园", "100", "mu", "一个组", None, (), None),
    Item("烤烟炉", None, None, None, None, (), None, (("deadline", UNKNOWN, "每年轮换"),)),
    Item("烤烟、养蚕培训", None, None, None, None, (), None),
), "157", (723, 2060), {"km": "2.5", "mu": "100", "site": "1"})  # fmt: skip

VILLAGE_7_2 = Table("村计划7-2", VILLAGE, "roads", (
    Item("道路拓宽：作物、路基、电杆、石料", "3", "km", "村道", None, (), "10"),
    Item("道路拓宽：路面、边沟、边坡", "3", "km", "村道", None, (), "52"),
    Item("渠道维修", "1", "site", None, None, (), None),
    Item("烟叶", "500", "mu", None, None, (), None),
    Item("制茶机", "10", "household", None, None, (), "1", (("cost", CONFLICT, "10户×1000元=1万元"),)),
    Item("春、秋季课程", "2", "course", None, None, (), None),
), "63", sums={"mu": "500", "household": "10", "course": "2"})  # fmt: skip

WUHAN = Table("武汉市教育扶贫计划", TOWNSHIP, "school_works", (
    Item("改造薄弱学校", "91", "school", "5个区", "2016-12-31", ("市教育局",), "30200"),
    Item("标准化学校", "30", "school", None, None, ("市教育局",), None),
    Item("教师周转宿舍", "30", "set", None, None, ("市教育局",), None),
    Item("指导的托管站", "30", "site", None, None, ("市教育局",), None),
    Item("资源教室", None, None, None, None, ("市教育局",), None, (("quantity", RATIO, "每区1间"),)),
    Item("培训校长", "100", "person", "6个区", None, ("市教育局",), None),
    Item("职教中心", "4", "school", None, None, ("市教育局",), None),
    Item("高中阶段毛入学率", None, None, None, None, ("市教育局",), None, (("quantity", RATIO, "不低于90%；学前不低于87%"),)),
    Item("网络空间", None, None, None, None, ("市教育局",), None, (("quantity", RATIO, "教师100%，学生60%"),)),
    Item("村级承包收入", "180000", "yuan", "结对村", None, ("市教育局",), None, (("quantity", LEAST, "每年18万元"),)),
    Item("局机关帮扶资金", "50000", "yuan", None, None, ("市教育局",), None, (("quantity", LEAST, "每年不少于5万元"),)),
    Item("脱贫", "7", "household", "结对村", None, ("市教育局",), None, serves=(7, 27)),
    Item("计算机", None, None, None, None, ("市教育局",), None, (("quantity", RATIO, "7名学生：1台"),)),
    Item("村组渠、路", "900", "m", "结对村", None, ("市教育局",), None),
    Item("松树", "12000", "tree", "结对村", None, ("市教育局",), None),
    Item("第六轮三万活动", "10", "village", None, None, ("市教育局",), "20", (("cost", LEAST, "每村不少于2万元，共不少于20万元"),)),
), "30220", (7, 27), {"school": "125", "household": "7", "tree": "12000", "person": "100"})  # fmt: skip
