"""``lika post``, ``lika get`` and ``lika upload``: any request that the services' documentation pages or a refusal name, from
the command line. A household in its path may be named by its 户编号."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from services.casework.household_numbers import household_named
from services.casework.media_types import XLSX
from services.casework.messages import say
from services.chassis.law.yaml_text import DocumentFileError, YamlText
from services.chassis.web.cli_client import READ_SECONDS, House, Token, Url, asking, fail, print_json
from services.chassis.web.idempotency_keys import KEY_HEADER

Form = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="表单，YAML 或 JSON / a form, YAML or JSON")
]
Filters = Annotated[
    list[str] | None, typer.Option("--with", metavar="NAME=VALUE", help="条件，可多次 / a filter, repeatable")
]
LISTS: Mapping[str, str] = {".csv": "text/csv", ".xlsx": XLSX}
"""Files that are a request's body themselves."""
FILE_SECONDS = 600.0
"""How long an answer may take that says what became of each row."""
RequestPath = Annotated[
    str, typer.Argument(metavar="PATH", help="地址，农户可写户编号 / path, with a 户编号 for a household")
]


def post(
    path: RequestPath,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="表单（YAML、JSON），或名单文件（xlsx、csv） / a form in YAML or JSON, or a list as xlsx or csv",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只试运行，不记录 / record nothing")] = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """提交任何一项办理：拒绝后的“→”和 /docs 给出地址 / Send any command, as a refusal or /docs names it."""
    sent = sent_as(file)
    with asking(url, token, read_seconds=FILE_SECONDS if "content" in sent else READ_SECONDS) as house:
        at = _with_ids(house, path)
        if not dry_run and "content" not in sent:
            print_json(house.post(at, sent["json"]))
            return
        if dry_run:
            sent["params"] = {"dry_run": True}
        answer = house.send("POST", at, **{**sent, "headers": {KEY_HEADER: str(uuid4()), **sent.get("headers", {})}})
    print_json(answer.json())


def get(
    path: RequestPath,
    asked: Filters = None,
    url: Url = "",
    token: Token = "",
) -> None:
    """读取任何一项，输出 JSON / Read anything that /docs names, as JSON."""
    filters = dict(name_and_value(text) for text in asked or ())
    with asking(url, token) as house:
        print_json(house.get(_with_ids(house, path), **filters))


def upload(
    service: Annotated[str, typer.Argument(metavar="SERVICE", help="registry 或 assistance / the service")],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="扫描件 / the scanned paper")
    ],
    kind: Annotated[str, typer.Option("--kind", help="材料种类，如 minutes / kind of paper")],
    households: Annotated[
        list[str] | None, typer.Option("--household", metavar="户编号|ID", help="涉及的户，可多次 / whom it concerns")
    ] = None,
    subjects: Annotated[
        list[str] | None, typer.Option("--subject", metavar="ID", help="其他对象，可多次 / person, case: an id")
    ] = None,
    url: Url = "",
    token: Token = "",
) -> None:
    """上传材料，给出表单中引用它的写法 / Upload a paper; how a form cites it."""
    with asking(url, token) as house:
        about = [*(household_named(house, each) for each in households or ()), *(subjects or ())]
        answer = house.send(
            "POST", f"/{service}/evidence", data={"kind": kind, "subjects": about},
            files={"file": (file.name, file.read_bytes())}, headers={KEY_HEADER: str(uuid4())},
        ).json()  # fmt: skip
    typer.echo(say("evidence_cited").line, err=True)
    print_json({"evidence": [answer["evidence"]]})


def sent_as(file: Path | None) -> dict[str, Any]:
    """A list goes as it is, a form as JSON."""
    if file is None or (kind := LISTS.get(file.suffix.lower())) is None:
        return {"json": None if file is None else read_form(file)}
    return {"content": file.read_bytes(), "headers": {"Content-Type": kind}}


def read_form(file: Path) -> dict[str, Any]:
    """A form as it is sent. Ends the command where the file cannot be read."""
    try:
        return {name: _as_json(value) for name, value in YamlText.of(file).content.items()}
    except DocumentFileError as error:
        fail(str(error))


def name_and_value(text: str) -> tuple[str, str]:
    name, between, value = text.partition("=")
    if not between:
        raise typer.BadParameter("NAME=VALUE")
    return name, value


def _with_ids(house: House, path: str) -> str:
    before, of_households, rest = path.partition("/households/")
    if not of_households:
        return path
    named, slash, after = rest.partition("/")
    return f"{before}{of_households}{household_named(house, named)}{slash}{after}"


def _as_json(value: Any) -> Any:
    """YAML reads days; JSON has none."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _as_json(each) for name, each in value.items()}
    return [_as_json(each) for each in value] if isinstance(value, tuple) else value
