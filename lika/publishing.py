"""``lika publish``: what is generated from the code of the whole house for those who build on it: the labels, and each
service's OpenAPI document."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from contracts.publishing.catalogue import load
from contracts.publishing.schemas import rendered
from lika.access import ACCESS
from lika.databases import FOLDER, databases
from lika.house import build
from lika.labels_check import figures_of_refusals, label_problems
from lika.labels_page import labels_document
from lika.messages import say
from services.assistance.programmes.amounts.rates import LEVELS
from services.chassis.ground.labels import LABELS
from services.chassis.ground.refusals import RULES
from services.chassis.ground.settings import Settings
from services.console.forms import EVIDENCE_KINDS
from services.registry.intake.layout import FIELDS, LABELLED_UNDER

FORM_CODE_LISTS = (
    "Health", "DisabilityLevel", "YesNo", "StatusEvent", "DisabilityCategory", "MilitaryService", "Nation", "PoliticalStatus",
)  # fmt: skip
"""Code lists of the collection form that stand in no fact and no document."""


def publish(
    folder: Annotated[Path, typer.Argument(help="写入的文件夹 / folder to write to")] = Path("contracts/generated"),
    check: Annotated[
        bool, typer.Option("--check", help="只核对是否最新、有无缺漏 / only check that all is current and labelled")
    ] = False,
) -> None:
    """发布标签与各服务的 OpenAPI / Publish the labels and the OpenAPI document of every service."""
    documents = openapi_documents()
    others = {
        *figures_of_refusals(FOLDER),
        *((LABELLED_UNDER.get((sheet, key), ""), key) for sheet, columns in FIELDS.items() for key in columns),
    }
    problems = list(
        label_problems(LABELS, load(), documents.values(), others, (*FORM_CODE_LISTS, EVIDENCE_KINDS, LEVELS))
    )
    made = {folder / "openapi" / f"{name}.json": document for name, document in documents.items()}
    made[folder / "labels.json"] = labels_document(LABELS, RULES, ACCESS)
    for path, document in made.items():
        content = rendered(document)
        if path.exists() and path.read_bytes() == content:
            continue
        if check:
            problems.append(say("not_current", path=path).line)
        elif not problems:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            typer.echo(path)
    for line in problems:
        typer.echo(line, err=True)
    raise typer.Exit(1 if problems else 0)


def openapi_documents() -> Mapping[str, dict[str, Any]]:
    """By service, from the services as they are put together, on databases that are thrown away."""
    with tempfile.TemporaryDirectory(prefix="lika-publish-") as folder:
        # The database's own account must be able to pass through.
        Path(folder).chmod(0o711)
        settings = Settings(data_dir=Path(folder), database_url=None)
        with databases(settings) as conninfo:
            house = build(settings, conninfo, None)
            return {app.state.service: app.openapi() for app in house.interfaces}
