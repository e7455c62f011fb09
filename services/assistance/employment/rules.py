"""Every rule of employment: one code, two languages, its source. What asks them is ``work`` and ``domain``."""

from services.chassis.ground.refusals import rule

WORK, KIND = "work of one person in the order of its days (M146–M163)", "post kind documents of this installation"

KIND_NOT_IN_FORCE = rule(
    "employment_kind_not_in_force", zh="当日当地没有这一生效的岗位类别；请查看岗位类别文件。",
    en="No such kind of post is in force there on that day; see the documents of post kinds.", source=KIND,
)  # fmt: skip
WORKER_UNKNOWN = rule(
    "employment_person_not_on_register", zh="该日该人不在登记的户中；请先在登记系统办理。",
    en="The person lived in no household of the register on that day; enter that there first.", source=WORK,
)  # fmt: skip
NOT_ELIGIBLE = rule(
    "employment_not_eligible", zh="不符合该类岗位的安置条件（原因见 reasons）。",
    en="Not whom this kind of post is for, for the ``reasons`` given.", source=KIND,
)  # fmt: skip
PAPERS_MISSING = rule(
    "employment_papers_missing", zh="以证明材料为条件的，须附证明材料。",
    en="What is proved by papers needs the papers: attach them.", source=KIND,
)  # fmt: skip
ONE_PER_HOUSEHOLD = rule(
    "employment_one_post_per_household", zh="该户已有人在公益性岗位（自 since 起）；每户只安排一人，请先结束原安置。",
    en="The household has a public-welfare post already (``since``): one for each household; end that placement first.",
    source="M153; " + KIND,
)  # fmt: skip
TWO_FULL_TIME = rule(
    "employment_two_full_time_posts", zh="该人当日已在另一全职岗位（自 since 起）；请先结束原安置。",
    en="The person is in another full-time post on that day (``since``); end that placement first.", source=WORK,
)  # fmt: skip
TERM_MISSING = rule(
    "employment_term_missing", zh="该类岗位有期限，请填写期满日期。", en="Posts of this kind have a term: give its last day.",
    source=KIND,
)  # fmt: skip
TERM_TOO_LONG = rule(
    "employment_term_too_long", zh="期满日期超过该类岗位的最长期限（最迟 last）。",
    en="The term is longer than posts of this kind may last (``last`` at the latest).", source=KIND,
)  # fmt: skip
BEFORE_CERTIFICATE = rule(
    "employment_before_certificate", zh="该类培训取得证书后方可安置；该人在该日尚未取证，请先登记证书。",
    en="Courses of this kind place nobody before the certificate, and the person had none by that day: enter it first.",
    source="M146; R36",
)  # fmt: skip
NOT_A_TRAINEE = rule(
    "employment_not_a_trainee", zh="该人不是所填培训班的学员；请核对培训班。",
    en="The person is no trainee of the course named; check the course.", source=WORK,
)  # fmt: skip
OFFER_NOT_OPEN = rule(
    "employment_offer_not_open", zh="该岗位信息当日不存在或已关闭。", en="There was no such offer on that day, or it was closed.",
    source=WORK,
)  # fmt: skip
OFFER_OF_ANOTHER_KIND = rule(
    "employment_offer_of_another_kind", zh="岗位类别或用工单位与岗位信息不一致；请核对。",
    en="The kind of post or the employer is not that of the offer; check them.", source=WORK,
)  # fmt: skip
OFFER_FULL = rule(
    "employment_offer_full", zh="该岗位的名额（见 places）已满。", en="All places of the offer (``places``) are filled.", source=WORK,
)  # fmt: skip
DEAD = rule(
    "employment_worker_died", zh="该人已于 on 所示日期去世。", en="The person had died by then (``on``).", source=WORK,
)  # fmt: skip
NOT_AT_WORK = rule(
    "employment_not_at_work_then", zh="该安置在该日不存在或已结束；请核对日期或安置。",
    en="No such placement ran on that day; check the day or the placement.", source=WORK,
)  # fmt: skip
KEPT_TOO_EARLY = rule(
    "employment_kept_too_early", zh="安置尚未满规定月数（最早 first_day），不能登记稳定就业。",
    en="The months are not over yet (``first_day`` at the earliest), so nothing is kept for so long.", source=WORK,
)  # fmt: skip
KEPT_ALREADY = rule(
    "employment_kept_already", zh="该月数的稳定就业已登记。", en="That the job was kept for so long is on record already.",
    source=WORK,
)  # fmt: skip
ENDED_ALREADY = rule(
    "employment_ended_already", zh="该安置已登记结束；有误的请先作废。",
    en="The end of this placement is on record already; if it is wrong, annul it first.", source=WORK,
)  # fmt: skip
NOT_A_PUBLIC_POST = rule(
    "employment_not_a_public_post", zh="只有公益性岗位和按出勤补贴的岗位按月登记出勤；工资请登记为务工收入。",
    en="Attendance is told by the month for public posts and for those that a programme pays by it; report a wage instead.",
    source=KIND,
)  # fmt: skip
MONTH_TOLD_ALREADY = rule(
    "employment_month_told_already", zh="该月已登记；有误的请先作废。",
    en="This month is on record already; if it is wrong, annul it first.", source=WORK,
)  # fmt: skip
MONTH_OUTSIDE = rule(
    "employment_month_outside_placement", zh="该月不在安置期间，或不是某月的第一天，或尚未结束；请核对。",
    en="The month is not within the placement, does not begin on a first, or is not over; check it.", source=WORK,
)  # fmt: skip
MORE_DAYS_THAN_HELD = rule(
    "employment_more_days_than_held", zh="出勤天数多于该月在岗天数（见 days）。",
    en="More days than the person was in the post in that month (``days``).", source=WORK,
)  # fmt: skip
NOT_SENT_OUT = rule(
    "employment_not_sent_out", zh="该安置没有填写输出地，不能办理对接。",
    en="The placement names no destination, so there is nobody to hand the case to.", source="M082",
)  # fmt: skip
NOT_HANDED_OVER = rule(
    "employment_not_handed_over", zh="尚未移交，或已接收；请核对。", en="It was not handed over, or is accepted already.",
    source="M082",
)  # fmt: skip
NOT_ITS_ENTRY = rule(
    "employment_not_its_entry", zh="该记录不是该人的有效就业登记；请在详情中选取。",
    en="This is no standing entry of the person's work; take one from its answer.", source=WORK,
)  # fmt: skip
