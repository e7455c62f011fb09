"""The plan tables of the source facts (§4) that name no item list of their own office: goals, works done, phases, scattered items."""

from tests.monitoring.projects.plan_tables import (
    CONFLICT,
    CUT,
    DAYUAN,
    GUANGXI,
    JOINT,
    LEAST,
    RATIO,
    TOWNSHIP_2016,
    UNKNOWN,
    VILLAGE_7_2,
    WUHAN,
    Item,
    Table,
)
from tests.monitoring.projects.road import TOWNSHIP, VILLAGE


def plain(content: str, amount: str | None, unit: str | None, place: str | None = "全镇", **more: object) -> Item:
    """An item without day, owner or money."""
    fields = {"deadline": None, "owners": (), "cost": None, **more}
    return Item(content, amount, unit, place, **fields)  # type: ignore[arg-type]


GOALS_2020 = Table("2020年目标", TOWNSHIP, "whole_village", (
    plain("搬迁安置和危房改造", "2000", "household"),
    plain("改水改厕改厨", "2500", "household"),
    plain("村卫生室", "7", "village"),
    plain("村小校舍维修", "7", "school"),
    plain("便民代办点", "10", "site"),
    plain("家庭农场", "20", "site"),
    plain("专业合作社", "7", "site"),
    plain("电商服务站", None, None, gaps=(("quantity", RATIO, "每村1个"),)),
    plain("民主法治村", None, None, gaps=(("quantity", LEAST, "80%以上"),)),
    plain("固定资产投资", "110000000", "yuan", gaps=(("quantity", CONFLICT, "11000万元；由763.5万元年增30%只到3683万元"),)),
), "0", sums={"household": "4500", "site": "37"})  # fmt: skip

DONE_2015 = Table("2011—2015年完成", TOWNSHIP, "whole_village", (
    plain("砖厂（外来投资）", None, None, cost="450"),
    plain("集镇小区（外来投资）", None, None, cost="1500"),
    plain("通村公路", "35", "km", "8个村"),
    plain("新建公路", "3", "km"),
    plain("绕镇公路", "800", "m"),
    plain("吊桥、板桥", "3", "site", gaps=(("quantity", JOINT, "吊桥1座、板桥2座"),)),
    plain("安置房", "70", "set", gaps=(("quantity", LEAST, "70余套"),)),
    plain("水窖", "35", "household"),
    plain("水利工程", None, None, cost="802.07", serves=(None, 8000), gaps=(("serves", LEAST, "8000余人安全饮水"),)),
    plain("土地整理", "70", "mu"),
    plain("沟渠", "35.2", "km"),
    plain("机耕道", "6.3", "km"),
    plain("大棚", "1750", "m2"),
    plain("彩票公益金：厨房", "20", "set"),
    plain("彩票公益金：厕所", "40", "set"),
    plain("彩票公益金：硬化路", "8.7", "km"),
    plain("彩票公益金：碎石路", "4.27", "km"),
    plain("彩票公益金：核桃", "500", "mu"),
    plain("危房改造", "438", "household"),
    plain("卫生室", "3", "site"),
    plain("活动室", "10", "building", gaps=(("quantity", JOINT, "7个加3个"),)),
    plain("远程教育站点", "9", "site"),
    plain("农家书屋", "9", "site"),
    plain("农网改造", "9", "village", "集镇及9个村"),
    plain("大牲畜养殖户", "10", "household", gaps=(("quantity", JOINT, "养牛5户、养羊5户：牛150头、羊1000余只"),)),
), "2752.07", (0, 8000), {"km": "92.47", "household": "483", "site": "24", "set": "130"})  # fmt: skip

CITY = Table("市年度计划", TOWNSHIP, "whole_village", (
    plain("整村推进", "4", "village", "全市", deadline="2016-12-31"),
    plain("雨露计划培训", "600", "person", "全市", deadline="2016-12-31"),
    plain(
        "易地搬迁", "50", "household", "全市", deadline="2016-12-31", serves=(50, 200),
        gaps=(("serves", CONFLICT, "50户200人；目标一栏写160人"),),
    ),
    plain("到户增收项目", "4", "village", "全市", deadline="2016-12-31"),
    plain("小额信贷贴息、老区村、定点帮扶", None, None, "全市", deadline="2016-12-31"),
), "0", (50, 200), {"village": "8", "person": "600", "household": "50"})  # fmt: skip

VERY_POOR = Table("特困村计划7-1", VILLAGE, "whole_village", (
    plain("饮水管道", "5", "km", "7个组", serves=(230, 860)),
    plain("主干道", "5", "km", "主路", gaps=(("quantity", CUT, "调查数；措施文字不全，两处挡墙三段"),)),
    plain("组道", "3", "km", "各组", gaps=(("quantity", CUT, "调查数；措施文字不全"),)),
    plain("村部（旧校舍）", "430", "m2", "旧校"),
    plain("沼气池", "100", "pit", "全村", gaps=(("deadline", UNKNOWN, "两年"),)),
    plain("农网", None, None, "全村", gaps=(("quantity", UNKNOWN, "争取列入县项目"),)),
    plain("烟叶", "100", "mu", "全村", gaps=(("deadline", UNKNOWN, "今年"),)),
    plain("油茶基地", "500", "mu", "全村", gaps=(("deadline", UNKNOWN, "县项目"),)),
    plain("劳务输出", "80", "person", "全村", gaps=(("quantity", LEAST, "由近330人增加80人，人均增收400元以上"),)),
    plain("垂钓休闲", "1", "site", "水库"),
    plain("卫生室", "1", "site", "与村部合建"),
), "0", (230, 860), {"km": "13", "mu": "600", "site": "2", "pit": "100"})  # fmt: skip

LOW, FIVE, DEVELOPMENT = "低保户", "五保户", "扶贫开发户"
PARTNER_UNITS = Table("四个结对单位计划7-4", TOWNSHIP, "whole_village", tuple(
    plain(category, str(households), "household", unit, serves=(households, persons))
    for unit, counted in {
        "一村": ((LOW, 4, 10),),
        "二村": ((LOW, 27, 51), (FIVE, 2, 2), (DEVELOPMENT, 15, 44)),
        "三社区": ((LOW, 29, 42), (FIVE, 2, 2), (DEVELOPMENT, 14, 42)),
        "四村": ((LOW, 5, 11), (FIVE, 2, 2), (DEVELOPMENT, 21, 41)),
    }.items()
    for category, households, persons in counted
), "0", (121, 247), {"household": "121"})  # fmt: skip

TRAINED = "9所学校36人；分列10（4、4、1、1）、10（7、2、1）、6（2、2、2）只有26人"
HUANGMEI = Table("乡教育扶贫计划", TOWNSHIP, "school_works", (
    plain("校舍、食堂、操场", "3", "building", "中心学校", gaps=(("deadline", UNKNOWN, "今年"),)),
    plain("中心幼儿园", "1", "school", "集镇", gaps=(("deadline", UNKNOWN, "规划年度"),)),
    plain("民办幼儿园管理", "3", "school"),
    plain("教学点校舍", "2", "building", gaps=(("quantity", LEAST, "2处以上"),)),
    plain("师生住房", "1", "school"),
    plain("教师培训", "36", "person", gaps=(("quantity", CONFLICT, TRAINED),)),
    plain("寄宿", "301", "person", "寄宿制学校", gaps=(("quantity", JOINT, "312=301+11"),), joint=(8,)),
    plain("寄宿", "11", "person", "教学点", gaps=(("quantity", JOINT, "312=301+11"),), joint=(7,)),
), "0", sums={"building": "5", "school": "5", "person": "348"})  # fmt: skip

XINHUA = Table("驻村工作方案", VILLAGE, "key_help", (
    plain("调研阶段", "16", "course", "驻点村", deadline="2016-04-30"),
    plain("实施阶段：四本台账", "4", "set", "驻点村", deadline="2016-09-30"),
    plain("实施阶段：一个产业、一个项目", "2", "site", "驻点村", deadline="2016-09-30"),
    plain("总结阶段", None, None, "驻点村", deadline="2017-02-28", gaps=(("quantity", UNKNOWN, "总结、移交、次年提纲、考核"),)),
), "0", sums={"set": "4", "site": "2"})  # fmt: skip

RAISED = "局争取资金共65"
SCATTERED = Table("其他事项", TOWNSHIP, "key_help", (
    plain("组道硬化", "2", "site", "两个组", gaps=(("deadline", UNKNOWN, "9月前"),)),
    plain("争取资金：两个村", "2", "village", "两个村", cost="36", gaps=(("cost", JOINT, RAISED),), joint=(3, 4, 5, 6)),
    plain("争取资金：五个单位", "5", "site", "五个单位", cost="5", gaps=(("cost", JOINT, RAISED),), joint=(2, 4, 5, 6)),
    plain("争取资金：一镇", None, None, "甲镇", cost="3", gaps=(("cost", JOINT, RAISED),), joint=(2, 3, 5, 6)),
    plain("争取资金：另一镇", None, None, "乙镇", cost="1", gaps=(("cost", JOINT, RAISED),), joint=(2, 3, 4, 6)),
    plain("办公楼维修", "1", "building", "局机关", cost="20", gaps=(("cost", JOINT, RAISED),), joint=(2, 3, 4, 5)),
    plain("慰问物资", None, None, "贫困户", gaps=(("deadline", UNKNOWN, "七一、国庆、春节前"),)),
    plain("建房", "23", "building", "全村", deadline="2018-12-31"),
    plain("水井", "12", "site", "全村", serves=(27, None)),
    plain("引资", None, None, "全村", cost="3000", gaps=(("quantity", LEAST, "就业40余人"),)),
    plain("多媒体教室", "12", "set", "学校", deadline="2016-12-31"),
    plain("课桌椅", "200", "set", "学校", deadline="2016-12-31"),
    plain("科技下乡物资", None, None, "村", deadline="2016-03-20", cost="2.6"),
    plain("走访企业", "120", "site", "全县", gaps=(("deadline", UNKNOWN, "半年"),)),
), "3067.6", (27, 0), {"set": "212", "building": "24"})  # fmt: skip

TABLES = (
    TOWNSHIP_2016, GOALS_2020, DONE_2015, CITY, GUANGXI, DAYUAN, VERY_POOR, VILLAGE_7_2, PARTNER_UNITS, WUHAN, HUANGMEI, XINHUA,
    SCATTERED,
)  # fmt: skip
