"""Labels for people, in Chinese and English, by code. A code without a label is shown as it is."""

from collections.abc import Mapping

LINES: Mapping[str, tuple[str, str]] = {
    "opening": ("期初", "opening"),
    "identified": ("＋新识别", "identified"),
    "returned": ("＋返贫", "returned"),
    "moved_in": ("＋迁入", "moved in"),
    "size_change": ("±人口增减", "size change"),
    "exited": ("－脱贫", "exited"),
    "removed": ("－剔除", "removed"),
    "cancelled": ("－销户", "cancelled"),
    "moved_out": ("－迁出", "moved out"),
    "closing": ("期末", "closing"),
    "difference": ("差额", "difference"),
}
"""Lines of a statement, in its order."""

STATUSES: Mapping[str, tuple[str, str]] = {
    "candidate": ("候选", "candidate"),
    "registered": ("建档立卡贫困户", "registered"),
    "exited": ("已脱贫", "exited"),
    "returned": ("返贫", "returned"),
    "removed": ("已剔除", "removed"),
    "cancelled": ("已销户", "cancelled"),
}

TIME_BASES: Mapping[str, tuple[str, str]] = {"proved": ("证实", "proved"), "asserted": ("原系统所述", "asserted")}

FIELDS: Mapping[str, tuple[str, str]] = {
    "line": ("项目", "line"),
    "learned": ("知悉", "learned"),
    "entered_by": ("录入", "entered by"),
    "standing_in": ("代理", "standing in"),
    "decision": ("决定", "decided by"),
    "caused_by": ("起因", "caused by"),
    "annuls": ("作废", "annuls"),
    "annulled_by": ("已作废", "void by"),
    "came_from": ("由何户分出", "came from"),
    "on_paper": ("纸质", "on paper"),
    "unread": ("未能识别", "not understood"),
}
"""Fields of a statement or history, as the HTTP interface names them."""

FACTS: Mapping[str, str] = {
    "HouseholdRecorded": "农户采集",
    "HouseholdSurveyed": "入户核查",
    "MemberSurveyed": "成员核查",
    "IncomeSurveyed": "收入核查",
    "ConditionsSurveyed": "两不愁三保障核查",
    "MemberJoined": "成员增加",
    "MemberLeft": "成员减少",
    "MemberDied": "成员去世",
    "HeadSucceeded": "户主变更",
    "HouseholdSplit": "分户",
    "HouseholdFormed": "分户新立",
    "HouseholdMoved": "迁移",
    "HouseholdEnrolled": "纳入",
    "HouseholdExited": "脱贫",
    "HouseholdReturned": "返贫",
    "HouseholdRemoved": "剔除",
    "HouseholdCancelled": "销户",
    "FactsAnnulled": "更正作废",
    "CaseOpened": "程序启动",
    "VisitMade": "入户",
    "AppraisalHeld": "民主评议",
    "ConsentGiven": "农户确认",
    "NoticePosted": "公示",
    "ObjectionRaised": "异议",
    "ObjectionResolved": "异议处理",
    "NoticeClosed": "公示期满",
    "ReviewGiven": "审核",
    "ComparisonMade": "部门比对",
    "CaseReturned": "退回补正",
    "CaseDecided": "审定",
    "CaseAnnounced": "公告",
    "CaseEnded": "程序结束",
    "PersonalDataRead": "查阅个人信息",
    "DryRunMade": "试运行",
    "WorkbookImported": "导入表册",
    "AidApplied": "资助申请",
    "AidGranted": "给予资助",
    "AidContinuedAfterExit": "脱贫后同学段延续",
    "AidEndedAtStageChange": "学段变更终止资助",
    "AidStopped": "停止资助",
    "AidTransferred": "资助随人转移",
    "PaidAidReviewOpened": "已付资助复核",
    "AidFactsAnnulled": "资助记录作废",
    "HelperAssigned": "落实帮扶责任人",
    "HelperReleased": "帮扶责任人离任",
    "PairingEnded": "结对结束",
    "DutyMissed": "应办未办",
    "DutyMissesAnnulled": "撤销未办记录",
    "PairingFactsAnnulled": "结对记录作废",
    "AssistanceReactionRefused": "后续处理被拒",
    "TargetSet": "下达任务",
    "ProgressReported": "报告进度",
    "MilestonePlanned": "计划节点",
    "MilestoneReached": "达到节点",
    "TargetStruckOff": "销号",
    "TargetOverdue": "任务逾期",
    "TargetWithdrawn": "撤销任务",
}
"""Every published fact that a history can show."""


def bilingual(labels: Mapping[str, tuple[str, str]], code: str) -> str:
    """Chinese first and English beside."""
    return " ".join(labels.get(code, (code,)))
