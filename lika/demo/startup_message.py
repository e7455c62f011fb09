"""What ``lika up`` prints once the services have started."""

from lika.demo.divisions import TOWNSHIP
from lika.demo.messages import say
from lika.demo.session import SERVICES


def startup_message(url: str, sign_in: str, example: str | None) -> str:
    """With ``rich`` markup. ``sign_in``: a one-time link of the sample's auditor; ``example``: the id of a household of the
    sample, ``None`` where it is not loaded."""
    lines = ["", f"[bold]立卡 Lika[/bold]  {url}"]
    api_documentation = say("api_documentation").line
    lines += [f"  {api_documentation}   {url}/{service}/docs" for service in SERVICES]
    if example:
        statement = f"--division {TOWNSHIP} --from 2014 --to 2017"
        lines += [
            "",
            f"  {say('sample_clock').line}",
            f"  {say('as_auditor').line}:",
            f"    .venv/bin/lika sign-in {sign_in}",
            f"    .venv/bin/lika audit household {example}",
            f"    .venv/bin/lika audit statement {statement} --known-at 2016-12-31",
            f"    .venv/bin/lika audit statement {statement} --known-at 2018-01-01",
        ]
    else:
        lines += ["", f"  {say('first_household').line}"]
    lines += ["", f"  {say('how_to_stop').line}"]
    return "\n".join(lines)
