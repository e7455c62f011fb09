"""``lika rules``: the rule book with its pages on access and labels."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

# Each declares rules of its own.
import lika.house
import lika.http_server  # noqa: F401
import services.assistance.service
import services.audit.service
import services.console.service
import services.monitoring.service
import services.registry.service
import services.registry.vault.service  # noqa: F401
from contracts.publishing.catalogue import load
from lika.access import ACCESS
from lika.access_page import access_page
from lika.labels_page import labels_page
from lika.messages import say
from lika.rulebook import rule_book
from services.chassis.ground.labels import LABELS
from services.chassis.ground.refusals import RULES


def rules(
    book: Annotated[
        Path | None, typer.Argument(help="写入的文件，缺省输出到屏幕 / file to write, else printed")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="只核对文件是否最新 / only check that the file is current")
    ] = False,
) -> None:
    """规则手册：每条拒绝规则，以及谁可以做什么、各项名称 / The rule book, with its pages on access and labels.

    Every rule a command can be refused by; beside it access.md says who may do what, and labels.md what codes are called.
    """
    if book is None:
        sys.stdout.write(rule_book(RULES))
        return
    pages = {
        book: rule_book(RULES),
        book.with_name("access.md"): access_page(ACCESS),
        book.with_name("labels.md"): labels_page(LABELS, load()),
    }
    for page, text in pages.items():
        if not check:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, encoding="utf-8")
        elif not page.exists() or page.read_text(encoding="utf-8") != text:
            Console(stderr=True).print(say("rule_book_outdated", book=page).line)
            raise typer.Exit(1)
