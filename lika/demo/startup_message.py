"""What ``lika up`` prints once the services have started."""

from lika.demo.divisions import TOWNSHIP
from lika.demo.messages import say
from lika.demo.session import SERVICES


def startup_message(url: str, sign_in: tuple[str, str] | None, example: str | None, *, has_provider: bool) -> str:
    """With ``rich`` markup. ``sign_in``: one-time links of the sample's officials, for a browser and for the command line;
    ``example``: the number of a household of the sample, ``None`` where it is not loaded; ``has_provider``: whether people sign in
    at an identity provider."""
    if sign_in is None:
        lines = ["", f"[bold]立卡 Lika[/bold]  {say('open_console').line}", f"    {url}/console/"]
        lines += [] if has_provider else [f"    {say('console_needs_provider').line}"]
    else:
        lines = ["", f"[bold]立卡 Lika[/bold]  {say('open_console_signed_in').line}", f"    {sign_in[0]}"]
    api_documentation = say("api_documentation").line
    lines += ["", *(f"  {api_documentation}   {url}/{service}/docs" for service in SERVICES)]
    if sign_in is not None:
        lines += ["", f"  {say('as_auditor').line}:", f"    .venv/bin/lika sign-in {sign_in[1]}"]
    if example:
        statement = f"--division {TOWNSHIP} --from 2014 --to 2017"
        lines += [
            f"    .venv/bin/lika audit household {example}",
            f"    .venv/bin/lika audit statement {statement} --known-at 2016-12-31",
            f"    .venv/bin/lika audit statement {statement} --known-at 2018-01-01",
            f"  {say('sample_clock').line}",
        ]
    else:
        lines += ["", f"  {say('first_household').line}"]
    lines += ["", f"  {say('how_to_stop').line}"]
    return "\n".join(lines)
