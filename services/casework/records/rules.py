"""Why a record is refused."""

from services.casework.dates import FUTURE_DAY, require_not_future
from services.casework.records.commands import RecordContext
from services.casework.records.value_rules import (
    choices_listed,
    fields_filled,
    fields_known,
    numbers_fit,
    shares_reached,
    values_of_their_type,
)
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused, rule
from services.chassis.ground.rule_checks import RuleCheck, checks

DOCUMENT = "record kind document in force on the day"

UNKNOWN_KIND = rule(
    "record_kind_unknown",
    zh="没有这一类记录，请核对“kind”的代码。",
    en="There is no such kind of record; check the code given as ``kind``.",
    source="record kind documents of this installation",
)
KIND_NOT_IN_FORCE = rule(
    "record_kind_not_in_force",
    zh="该类记录当日在该地没有生效的文件；请核对日期，或请管理员补录文件。",
    en="No document of this kind of record was in force there on that day; check the day, or have an operator adopt one.",
    source="record kind documents of this installation",
)
NOT_YOUR_OFFICE = rule(
    "record_of_another_office",
    zh="该类记录由其他岗位或层级填报、确认；由谁办理，见该类记录的文件。",
    en="Another role or level makes, or confirms, records of this kind; its document says which.",
    source=DOCUMENT,
    status=403,
)
SUBJECT_NOT_KNOWN_THEN = rule(
    "record_subject_not_known_then",
    zh="登记中当日没有该对象；请核对日期，或先补录登记。",
    en="The register has no such subject on that day; check the day, or enter the register's facts first.",
    source="Lika design: two times",
)
SUBJECT_OF_OTHER_KIND = rule(
    "record_subject_of_other_kind",
    zh="该类记录不是关于这种对象的；请改选对象，或改用另一类记录。",
    en="Records of this kind are not about such a subject; name another, or use another kind.",
    source=DOCUMENT,
)
ONLY_BY_ONESELF = rule(
    "record_only_by_oneself",
    zh="该类记录只能由本人填报，不能代填；请由办理人本人登录填报。",
    en="A record of this kind is entered by whoever did it, signed in themselves, and by nobody for them.",
    source=DOCUMENT,
)
ATTENDANCE_MISSING = rule(
    "record_attendance_missing",
    zh="须填报到场人员（attendance），至少一人。",
    en="Say who attended (``attendance``): at least one.",
    source="M148, M161; source facts §5 rule 36",
)
ATTENDANCE_NOT_TAKEN = rule(
    "record_attendance_not_taken",
    zh="该类记录不填到场人员，请删去“attendance”，或改用另一类记录。",
    en="Records of this kind take no attendance: leave ``attendance`` out, or use another kind.",
    source=DOCUMENT,
)
ATTENDANT_OF_OTHER_KIND = rule(
    "record_attendant_of_other_kind",
    zh="该类记录不按此种到场单位（人、户，或不记名人次）填报；请按文件所列填报。",
    en="Attendance of this kind of record is not told so (persons, households, unnamed heads); tell it as its document says.",
    source="source facts §9: 人次 and 人, 户次 and 户",
)
ATTENDANT_TWICE = rule(
    "record_attendant_twice",
    zh="同一到场人员填了两次；请删去重复的。",
    en="Somebody is named twice among those who attended; leave one out.",
    source="source facts §9: 人次 and 人",
)
ATTENDANT_UNKNOWN = rule(
    "record_attendant_unknown",
    zh="到场人员中有登记中没有的，或不在您的管辖范围内；请核对编号，其他人只计人次。",
    en="The register does not know one of those who attended, or not in your area; check the ids, and count the others as"
    " ``unnamed``.",
    source="Lika access rules",
)
EVIDENCE_MISSING = rule(
    "record_evidence_missing",
    zh="缺少该类记录必须附上的材料；请补附 missing 所列的材料。",
    en="Evidence that a record of this kind must have is missing; attach what ``missing`` names.",
    source=DOCUMENT,
)
EVIDENCE_ON_PAPER = rule(
    "record_evidence_must_be_uploaded",
    zh="这类材料须上传，不能只注明存于纸质档案；请上传 uploaded 所列的材料。",
    en="Evidence of this kind must be uploaded; that the archive holds it is not enough: upload what ``uploaded`` names.",
    source=DOCUMENT,
)
KEY_DESTROYED = rule(
    "record_subject_shredded",
    zh="该对象的密钥已依法销毁，不能再写入个人信息（shredded）；请不填文字栏目，或记在纸质档案中。",
    en="The key of this subject was lawfully destroyed (shredded) and no text is kept of them any more; leave text out, or"
    " keep it on paper.",
    source="docs/privacy.md",
    status=410,
)
ONCE_PER_DAY = rule(
    "record_made_already_that_day",
    zh="该办理人当日对该对象已有一条此类记录；请更正那一条，不要重填。",
    en="There is a record of this kind by the same person about this subject on that day; correct that one instead.",
    source=DOCUMENT,
)
SOMETHING_COMES_FIRST = rule(
    "record_something_comes_first",
    zh="该类记录须以 missing 所列的记录为前提（例如先摸底、后定计划）；请先补登前项。",
    en="A record of this kind follows upon those named in ``missing`` (a plan upon a survey of needs): enter these first.",
    source="M084, M030; source facts §5 rule 43",
)
OF_ANOTHER_STREAM = rule(
    "record_correction_of_other_work",
    zh="更正不能改变记录的种类和所在年份；请撤销该记录，另填一条。",
    en="A correction leaves kind and year of the record as they are; annul the record and make another.",
    source="docs/decisions/0029-records.md",
)

RecordRule = RuleCheck[RecordContext]


@checks(OF_ANOTHER_STREAM)
def correction_of_same_work(context: RecordContext) -> None:
    if (before := context.corrected) is not None:
        kept = before.fact.kind, before.fact.effective_on.year
        if (context.kind.record_kind, context.command.on.year) != kept:
            raise Refused(OF_ANOTHER_STREAM, kind=kept[0], year=kept[1])


@checks(FUTURE_DAY)
def not_in_future(context: RecordContext) -> None:
    require_not_future(context.command.on, context.today)


@checks(SUBJECT_NOT_KNOWN_THEN)
def subject_known_then(context: RecordContext) -> None:
    if not context.known_then:
        raise Refused(SUBJECT_NOT_KNOWN_THEN, on=context.command.on.isoformat())


@checks(SUBJECT_OF_OTHER_KIND)
def subject_of_the_kind(context: RecordContext) -> None:
    if context.command.subject.kind not in context.kind.subjects:
        raise Refused(SUBJECT_OF_OTHER_KIND, subjects=sorted(context.kind.subjects))


@checks(ONLY_BY_ONESELF)
def by_oneself(context: RecordContext) -> None:
    before = context.corrected
    whose = {context.command.done_by, *(() if before is None else (before.fact.done_by,))}
    if not context.kind.on_behalf and whose != {context.command.by}:
        raise Refused(ONLY_BY_ONESELF)


@checks(ATTENDANCE_MISSING, ATTENDANCE_NOT_TAKEN)
def attendance_told(context: RecordContext) -> None:
    taken, given = context.kind.attendance, context.command.attendance
    if taken is None and given is not None:
        raise Refused(ATTENDANCE_NOT_TAKEN)
    if taken is not None and (given is None or not (given.persons or given.households or given.unnamed)):
        raise Refused(ATTENDANCE_MISSING)


@checks(ATTENDANT_OF_OTHER_KIND, given=(attendance_told,))
def attendants_of_the_kind(context: RecordContext) -> None:
    taken, given = context.kind.attendance, context.command.attendance
    if taken is not None and given is not None:
        told = {"person": given.persons, "household": given.households}
        if any(ids and kind not in taken.of for kind, ids in told.items()) or (given.unnamed and not taken.unnamed):
            raise Refused(ATTENDANT_OF_OTHER_KIND, of=sorted(taken.of), unnamed=taken.unnamed)


@checks(ATTENDANT_TWICE, ATTENDANT_UNKNOWN, given=(attendance_told,))
def attendants_known(context: RecordContext) -> None:
    given = context.command.attendance
    named = [*given.persons, *given.households] if given is not None else []
    if len(set(named)) != len(named):
        raise Refused(ATTENDANT_TWICE)
    if context.unknown:
        raise Refused(ATTENDANT_UNKNOWN, attendants=sorted(map(str, context.unknown)))


@checks(EVIDENCE_MISSING, EVIDENCE_ON_PAPER)
def evidence_attached(context: RecordContext) -> None:
    cited = {e.kind for e in context.command.evidence}
    if missing := tuple(kind for kind in context.kind.evidence if kind not in cited):
        raise Refused(EVIDENCE_MISSING, missing=missing)
    uploaded = {e.kind for e in context.command.evidence if e.file is not None}
    if on_paper := tuple(kind for kind in context.kind.uploaded if kind not in uploaded):
        raise Refused(EVIDENCE_ON_PAPER, uploaded=on_paper)


@checks(ONCE_PER_DAY)
def once_per_day(context: RecordContext) -> None:
    command = context.command
    work = command.kind, command.done_by, command.on
    told = {(o.fact.kind, o.fact.done_by, o.fact.effective_on) for o in context.others}
    if context.kind.once_per_day and work in told:
        raise Refused(ONCE_PER_DAY, on=command.on.isoformat())


@checks(SOMETHING_COMES_FIRST)
def what_comes_first(context: RecordContext) -> None:
    kind, before = context.kind, context.before
    missing = [first for first in kind.after if not before.get(first)]
    own = before.get(kind.record_kind, 0)
    if missing := missing + [each for each in kind.each_after if before.get(each, 0) <= own]:
        made_by = Office(context.kind.made_by.roles, context.kind.made_by.levels)
        raise Refused(SOMETHING_COMES_FIRST, missing=missing).advising(
            NextStep("make_record", made_by, form={"kind": missing[0]})
        )


RECORDING_RULES: tuple[RecordRule, ...] = (
    correction_of_same_work, not_in_future, subject_known_then, subject_of_the_kind, by_oneself, fields_known,
    fields_filled, values_of_their_type, choices_listed, numbers_fit, shares_reached, attendance_told, attendants_of_the_kind,
    attendants_known, evidence_attached, once_per_day, what_comes_first,
)  # fmt: skip
