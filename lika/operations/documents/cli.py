"""``lika documents``: check, adopt, list and compare documents. Two operators are needed for each that takes force."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from lika.messages import say
from lika.operations.documents.comparing import Effect
from lika.operations.documents.files import SERVICES, DocumentFile
from lika.operations.documents.house import HouseDocuments, house_documents
from lika.operations.documents.printing import difference_table, document_table
from services.casework.documents.differences import Difference, differences
from services.chassis.ground.messages import Message
from services.chassis.law.content import canonical_text, content_of
from services.chassis.web.cli_client import AsJson, Token, Url, print_all, print_json

app = typer.Typer(
    name="documents", no_args_is_help=True,
    help="程序、标准、节假日等文件：核对、采用、查看、比较 / procedures, rates, calendars: check, adopt, list, compare",
)  # fmt: skip

File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="YAML 文件 / YAML file")]
Id = Annotated[str, typer.Argument(metavar="ID", help="如 registry/documents/7 / such as registry/documents/7")]


def _known(service: str | None) -> str | None:
    if service is not None and service not in SERVICES:
        raise typer.BadParameter(", ".join(SERVICES))
    return service


Of = Annotated[
    str | None,
    typer.Option(
        "--service", metavar="|".join(SERVICES), callback=_known, help="哪个服务的文件 / whose document it is"
    ),
]


@app.command()
def check(file: File, service: Of = None, as_json: AsJson = False, url: Url = "", token: Token = "") -> None:
    """核对文件，说明它将改变什么；不记录任何内容 / Check a file and say what it would change; nothing is recorded.

    有令牌时与运行中的系统比较，否则与本版本自带文本比较。
    With a token it is compared with the running house, else with what this release ships.
    """
    found = DocumentFile.read(file, service)
    not_asked: str | None = None
    if token:
        with house_documents(url, token) as house, found.text.located():
            not_asked = house.try_proposal(found.service, canonical_text(found.document.content))
            effect = Effect.in_house(found, house)
    else:
        effect = Effect.on_shipped(found)
    document = found.document
    if as_json:
        head = {name: getattr(document, name) for name in ("kind", "key", "edition", "jurisdiction", "source")}
        dates = {"from": document.since.isoformat(), "to": document.until and document.until.isoformat()}
        house_says = {"in_house": bool(token), "not_asked": not_asked}
        print_json({"service": found.service, **head, **dates, **house_says, **asdict(effect)})
        return
    about = {"kind": document.kind, "key": document.key, "edition": document.edition, "place": document.jurisdiction}
    print_all(say("document_legal", **about, since=document.since).line)
    if not_asked is not None:
        print_all(say("document_not_tried").line, not_asked)
    if effect.taken:
        print_all(say("document_name_taken", edition=document.edition).line)
    if effect.replaces is None:
        print_all(say("document_replaces_nothing").line)
    else:
        against = say("document_replaces", document=effect.replaces, place=effect.replaces_in or "")
        print_all(against.line, _told(effect.differences))


@app.command()
def adopt(file: File, service: Of = None, as_json: AsJson = False, url: Url = "", token: Token = "") -> None:
    """提出采用；由另一位管理员 confirm 后生效 / Propose a file's document; another operator's `confirm` puts it in force."""
    found = DocumentFile.read(file, service)
    with house_documents(url, token) as house:
        document = house.propose(found.service, canonical_text(found.document.content))
    _done(say("document_proposed", document=document), document, as_json=as_json)


@app.command()
def confirm(document: Id, as_json: AsJson = False, url: Url = "", token: Token = "") -> None:
    """确认另一位管理员提出的采用或撤回 / Confirm what another operator proposed."""
    with house_documents(url, token) as house:
        house.confirm(document)
    _done(say("document_confirmed", document=document), document, as_json=as_json)


@app.command()
def withdraw(
    document: Id,
    reason: Annotated[str, typer.Option("--reason", help="理由 / why")],
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """提出撤回（或恢复已撤回的）；尚未确认的立即收回 / Propose to withdraw an edition, or to restore a withdrawn one."""
    with house_documents(url, token) as house:
        house.withdraw(document, reason)
    _done(say("document_withdrawal_proposed", document=document), document, as_json=as_json)


@app.command("list")
def list_documents(
    service: Of = None,
    kind: Annotated[str | None, typer.Option(help="种类 / kind")] = None,
    key: Annotated[str | None, typer.Option(help="名称 / key")] = None,
    division: Annotated[str | None, typer.Option(metavar="D", help="适用于该区划的 / those that apply there")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="D", help="该日生效的 / in force that day")] = None,
    known_at: Annotated[str | None, typer.Option("--known-at", metavar="D", help="按该日所知 / as known then")] = None,
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """列出各版本及其状态 / Every edition and what became of it."""
    filters = {"kind": kind, "key": key, "division": division, "as_of": as_of, "known_at": known_at}
    with house_documents(url, token) as house:
        found = [e for name in ([service] if service else SERVICES) for e in house.list_all(name, **filters)]
    if as_json:
        print_json(found)
    else:
        print_all(document_table(found))


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="ID|FILE", help="前者 / the one before")],
    after: Annotated[str, typer.Argument(metavar="ID|FILE", help="后者 / the one after")],
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """比较两个版本或文件 / What one edition or file says otherwise than another."""
    with house_documents(url, token) as house:
        found = differences(_content(before, house), _content(after, house))
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        print_all(_told(found))


def _told(found: Sequence[Difference]) -> RenderableType:
    return difference_table(found) if found else say("documents_same").line


def _content(named: str, house: HouseDocuments) -> Any:
    file = Path(named)
    return (
        DocumentFile.read(file, None).document.content if file.is_file() else content_of(house.read(named)["content"])
    )


def _done(message: Message, document: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"id": document})
    else:
        print_all(message.line)
