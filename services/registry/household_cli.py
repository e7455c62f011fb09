"""``lika registry``: the first steps of a register by hand. A village is declared, a household recorded in it, a case opened
for the household; and households are listed and found."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from contracts.casework.cases import CaseOutcome
from contracts.registry.access import Purpose
from contracts.registry.divisions import DIGITS, Level
from contracts.registry.searches import SearchKind
from contracts.roles import Role
from services.casework.exports.cli import Export, save
from services.casework.household_numbers import household_named
from services.casework.request_cli import Form, read_form
from services.chassis.ground.labels import LABELS, Label
from services.chassis.web.cli_client import AsJson, House, Token, Url, asking, fail, print_all, print_json
from services.registry.messages import say
from services.registry.printing import found_table, households_table, members_table

HOUSEHOLDS, CASES = "/registry/households", "/registry/cases"

Day = Annotated[str, typer.Option("--on", metavar="D", help="日期，如 2014-05-20 / day")]
Named = Annotated[str, typer.Argument(metavar="户编号|ID", help="户编号或户标识 / household number or id")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="D", help="真实日期 / true by that day")]
KnownAt = Annotated[str | None, typer.Option("--known-at", metavar="D", help="按该日所知 / as known then")]


def declare(
    code: Annotated[str, typer.Argument(metavar="CODE", help="区划代码 / division code: 2, 4, 6, 9, 12 位 digits")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="名称 / name")],
    on: Day,
    url: Url = "",
    token: Token = "",
) -> None:
    """登记区划（系统管理员）/ Declare a division. Role: operator."""
    level = _level_of(code)
    with asking(url, token) as house:
        body = {"code": code, "level": level, "name": name, "effective_on": on}
        house.post("/registry/divisions", body)
    typer.echo(say("division_declared", division=code, name=name).line)


def record(
    file: Form,
    url: Url = "",
    token: Token = "",
) -> None:
    """登记一户 / Record a household from a file. Role: cadre."""
    form = read_form(file)
    with asking(url, token) as house:
        answer = house.post(HOUSEHOLDS, form)
        household = str(answer["location"]).rpartition("/")[2]
        house.get(f"{HOUSEHOLDS}/{household}")  # whoever looks for it next finds it
    typer.echo(say("household_recorded", number=form.get("national_no") or "—", household=household).line)


def open_case(
    household: Named,
    procedure: Annotated[str, typer.Argument(metavar="PROCEDURE", help="程序，如 identification / procedure")],
    on: Day,
    grounds: Annotated[str, typer.Option("--grounds", help="理由 / grounds")],
    terms: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="申请内容，YAML 或 JSON，如注销、并户 / terms, as of an end or a merge"
        ),
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="材料，lika upload 所给 / papers"),
    ] = None,
    url: Url = "",
    token: Token = "",
) -> None:
    """为一户启动程序 / Open a case for a household, and say what is due."""
    body: dict[str, Any] = {"procedure": procedure, "on": on, "grounds": grounds}
    if terms is not None:
        body["terms"] = read_form(terms)
    if evidence is not None:
        body |= read_form(evidence)
    with asking(url, token) as house:
        answer = house.post(CASES, {"subject": household_named(house, household), **body})
        case = str(answer["location"]).rpartition("/")[2]
        typer.echo(say("case_opened", case=case).line)
        _say_what_is_due(house, case)


def take_step(
    household: Named,
    step: Annotated[str, typer.Argument(metavar="STEP", help="步骤，如 visits；“下一步”给出 / step")],
    file: Form,
    procedure: Annotated[
        str | None, typer.Option(help="有几个程序在办时，是哪一个 / which procedure, where several are open")
    ] = None,
    url: Url = "",
    token: Token = "",
) -> None:
    """办理该户程序的一个步骤，并说明下一步 / Take a step of a household's open case, and say what is due."""
    # A module of the server, whose libraries the other commands shall not wait for.
    from services.casework.procedures.forms import STEPS

    if step.partition("/")[0] not in (paths := [route.path for route in STEPS]):
        fail(str(say("no_such_step", step=step, steps=paths)))
    form = read_form(file)
    with asking(url, token) as house:
        cases = house.get_all(CASES, subject=household_named(house, household), procedure=procedure, open=True)
        if not cases:
            fail(str(say("no_open_case", household=household)))
        if len(cases) > 1:
            fail(str(say("several_open_cases", procedures=[each["procedure"] for each in cases])))
        case = str(cases[0]["case_id"])
        house.post(f"{CASES}/{case}/{step}", form)
        _say_what_is_due(house, case)


def _say_what_is_due(house: House, case: str) -> None:
    """The step that is due, the clock of a notice that hangs, or how the case ended."""
    found = house.get(f"{CASES}/{case}/steps")
    if found["outcome"] is not None:
        typer.echo(say("case_over", outcome=LABELS.code(CaseOutcome(found["outcome"]))).line)
    for step in found["steps"]:
        if step["state"] == "posted":
            typer.echo(Label(step["clock"]["zh"], step["clock"]["en"]).line)
        elif step["state"] == "due":
            level, role = LABELS.code(Level(step["office"]["level"])), LABELS.code(Role(step["office"]["role"]))
            due = Label(step["zh"], step["en"])
            # A step's path is the plural of its kind.
            typer.echo(say("step_is_due", step=due, path=f"{step['kind']}s", level=level, role=role).line)


def list_households(
    division: Annotated[str, typer.Option(help="区划代码前缀，缺省为本人辖区 / division")] = "",
    status: Annotated[str | None, typer.Option(help="贫困状态，如 registered / poverty status")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    export: Export = None,
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """辖区内的农户 / Households of your area."""
    with asking(url, token) as house:
        asked = {"division": division, "status": status, "as_of": as_of, "known_at": known_at}
        if export is not None:
            save(house, HOUSEHOLDS, export, **asked)
            return
        found = house.get_all(HOUSEHOLDS, **asked, limit=200)
        names = {} if as_json else _division_names(house)
    if as_json:
        print_json(found)
    else:
        print_all(households_table(found, names))


def find(
    household: Annotated[
        str | None, typer.Argument(metavar="户编号|ID", help="户编号或户标识 / household number or id")
    ] = None,
    by: Annotated[
        SearchKind | None,
        typer.Option(help="按人查找，内容提示后输入 / search for a person; the value is asked for"),
    ] = None,
    division: Annotated[str, typer.Option(help="查找范围，缺省为本人辖区 / division")] = "",
    purpose: Annotated[Purpose, typer.Option(help="查找目的 / purpose of a search")] = Purpose.CASE,
    case: Annotated[str | None, typer.Option(help="在办程序，按电话等查时必填 / open case")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """查一户，或按人查找 / One household, personal data masked; or a search for a person."""
    if (household is None) == (by is None):
        fail(str(say("find_what")))
    if by is not None:
        _search(by, {"division": division, "purpose": purpose, "case_id": case}, as_json, url, token)
        return
    assert household is not None
    with asking(url, token) as house:
        household_id = household_named(house, household)
        found = house.get(f"{HOUSEHOLDS}/{household_id}", as_of=as_of, known_at=known_at)
        names = {} if as_json else _division_names(house)
    if as_json:
        print_json(found)
    else:
        line = {**found, "persons": len(found["members"])}
        print_all(households_table([line], names), members_table(found["members"]))


def _search(by: SearchKind, scope: Mapping[str, Any], as_json: bool, url: str, token: str) -> None:
    # Arguments stay in the shell's history and in the list of processes: what is searched for is no argument.
    value = typer.prompt(LABELS.code(by).line, hide_input=by is SearchKind.ID_NUMBER, err=True)
    with asking(url, token) as house:
        found = house.post("/registry/searches", {by.value: value, **scope})
        names = {} if as_json else _division_names(house)
    if as_json:
        print_json({"items": found["items"], "more": found["more"]})
    else:
        print_all(found_table(found["items"], names))
        if found["more"]:
            typer.echo(say("more_found").line)


def _division_names(house: House) -> dict[str, str]:
    return {each["code"]: each["name"] for each in house.get_all("/registry/divisions", limit=200)}


def _level_of(code: str) -> Level:
    level = next((level for level, digits in DIGITS.items() if digits == len(code) and code.isdecimal()), None)
    if level is None:
        fail(str(say("code_of_no_level", digits=[str(digits) for digits in DIGITS.values()])))
    return level
