"""The lines printed when the house stands."""

from lika.demo.divisions import TOWNSHIP
from lika.demo.officials import AUDITOR, Officials


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
