"""What a newcomer sees first: the page at ``/`` and the lines printed when the house stands."""

from collections.abc import Sequence

from services.demo.officials import AUDITOR, TOWNSHIP_REVIEWER, Officials
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


def where_to_look(url: str, officials: Officials, sample: bool) -> str:
    """The lines printed by ``lika up``."""
    lines = [
        "",
        f"[bold]立卡 Lika[/bold]  {url}",
        f"  接口 / OpenAPI   {url}/registry/docs · /assistance/docs · /monitoring/docs · /audit/docs",
    ]
    if sample:
        lines += [
            "  样例乡，时钟为模拟 / sample township on a simulated clock",
            f"  审计员令牌 / auditor's token:   export LIKA_URL={url} LIKA_TOKEN={officials.token(AUDITOR)}",
            f"  对账单 / statement:   lika audit statement --division {TOWNSHIP} --from 2014 --to 2017 --known-at 2018-01-01",
            f"  一户 / a household:   curl -H \"Authorization: Bearer $LIKA_TOKEN\" '{url}/registry/households?limit=1'",
            f"  乡镇审核员令牌 / township reviewer's token:   {officials.token(TOWNSHIP_REVIEWER)}",
        ]
    lines.append("  Ctrl-C 停止，数据保留 / stops; the data stay")
    return "\n".join(lines)
