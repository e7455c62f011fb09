"""``lika programmes``: what a programme's document says, what it leaves open, and what it would come to."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from lika.messages import heading, say
from lika.operations.documents.files import DocumentFile
from lika.operations.documents.house import Answer, house_documents
from services.assistance.programmes.answers import ProgrammeAnswer
from services.assistance.programmes.document import KIND, programme_from
from services.chassis.ground.labels import LABELS, Label
from services.chassis.ground.messages import ExplainedError
from services.chassis.law.content import as_dicts, canonical_text
from services.chassis.web.cli_client import AsJson, Token, Url, print_all, print_json

app = typer.Typer(
    name="programmes",
    no_args_is_help=True,
    help="帮扶项目：核对文件、试算 / programmes of help: check, try",
)

File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="YAML 文件 / YAML file")]
Division = Annotated[
    str, typer.Option("--division", metavar="D", help="在该区划内试算 / try it on units of that division")
]


class NoProgramme(ExplainedError):
    """The document is legal, and is of another kind."""

    def __init__(self, kind: str) -> None:
        super().__init__(say("document_no_programme", kind=kind))


@app.callback()
def programmes() -> None:
    """Nothing but its commands; without this the only one would be the program."""


@app.command()
def check(
    file: File, division: Division = "", as_json: AsJson = False, url: Url = "", token: Token = ""
) -> None:  # fmt: skip
    """说明项目文件及其缺口；有令牌时在名册上试算；不记录任何内容 / Explain a programme and its gaps; with a token, try it
    on the register; nothing is recorded."""
    found = DocumentFile.read(file, None).document
    if found.kind != KIND:
        raise NoProgramme(found.kind)
    explained: Answer = ProgrammeAnswer.of(programme_from(as_dicts(found.content))).model_dump(mode="json")
    tried: Answer | None = None
    if token:
        with house_documents(url, token) as house:
            tried = house.ask(
                "/assistance/programmes/trials", {"content": canonical_text(found.content), "division": division}
            )
        explained = tried.pop("explained")
    if as_json:
        print_json({"explained": explained, "tried": tried})
        return
    about = {"kind": found.kind, "key": found.key, "edition": found.edition, "place": found.jurisdiction}
    print_all(say("document_legal", **about, since=found.since).line, _component_table(explained))
    print_all(*(say("programme_gap", gap=Label(gap["zh"], gap["en"])).line for gap in explained["gaps"]))
    if tried is not None:
        figures = {"eligible": tried["eligible"], "tried": tried["tried"]}
        said = say("programme_tried_some", **figures) if tried["more"] else say("programme_tried", **figures)
        print_all(said.line, _reason_table(tried["reasons"]))


def _component_table(explained: Answer) -> Table:
    table = Table(*(str(LABELS.fields[name]) for name in ("component", "payee", "amounts")))
    for one in explained["components"]:
        payee = LABELS.codes["PayeeKind"].codes[one["payee"]].line
        amounts = "\n".join(f"{each['since']} {each['zh']}\n{each['en']}" for each in one["amounts"])
        table.add_row(f"{one['component']}\n{one['zh']}\n{one['en']}", payee, amounts)
    return table


def _reason_table(reasons: list[dict[str, Any]]) -> Table:
    table = Table(heading("programme_reason"), heading("programme_units"))
    for one in reasons:
        table.add_row(f"{one['zh']}\n{one['en']}", str(one["units"]))
    return table
