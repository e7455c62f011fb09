"""What a newcomer sees first: the page at ``/`` and the lines printed when the house stands."""

from collections.abc import Sequence

from services.demo.officials import AUDITOR, Officials
from services.demo.places import TOWNSHIP

PAGE = """<!doctype html>
<html lang="zh"><meta charset="utf-8"><title>立卡 Lika</title>
<style>body{{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}}
h1{{font-weight:600}}small{{color:#555}}</style>
<h1>立卡 <small>Lika</small></h1>
<p>任何一户的历史、任何公布的数字，都能按任何一天、按另一天所知重建。<br>
<small>Any household's history and any published total, for any day, as it was known on any other.</small></p>
<ul>{links}</ul></html>"""


def front_page(services: Sequence[str]) -> str:
    """Links to each service's interface."""
    links = "".join(
        f'<li><a href="/{s}/docs">/{s}/docs</a> · <a href="/{s}/openapi.json">OpenAPI</a></li>' for s in services
    )
    return PAGE.format(links=links)


def where_to_look(url: str, officials: Officials, example: str | None) -> str:
    """The lines printed by ``lika up``; ``example`` is the id of a household of the sample, where it is loaded."""
    lines = ["", f"[bold]立卡 Lika[/bold]  {url}"]
    lines += [
        f"  接口 / OpenAPI   {url}/{service}/docs" for service in ("registry", "assistance", "monitoring", "audit")
    ]
    if example:
        statement = f"--division {TOWNSHIP} --from 2014 --to 2017"
        lines += [
            "",
            "  样例乡，时钟为模拟，停在 2018-01-02 / the sample township, on a simulated clock that stands at 2018-01-02",
            "  以审计员身份查看 / look around as its auditor:",
            f"    export LIKA_URL={url} LIKA_TOKEN={officials.token(AUDITOR)}",
            f"    .venv/bin/lika audit household {example}",
            f"    .venv/bin/lika audit statement {statement} --known-at 2016-12-31",
            f"    .venv/bin/lika audit statement {statement} --known-at 2018-01-01",
        ]
    lines += ["", "  Ctrl-C 停止，数据保留 / stops; the data stay"]
    return "\n".join(lines)
