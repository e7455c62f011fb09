"""``lika``: the one program. Each command is imported when it is asked for: most are small clients of a running house, and
shall not wait until all services are loaded."""

import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import version
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from lika.garbage_collection import collect_rarely
from lika.messages import say
from services.chassis.ground.messages import ExplainedError
from services.chassis.law.yaml_text import DocumentFileError

COMMANDS = {
    "up": "lika.up:up",
    "serve": "lika.serve:serve",
    "keys": "lika.keys:keys",
    "sign-in": "lika.sign_in_cli:sign_in",
    "token": "lika.tokens:token",
    "registry": "services.registry.cli:app",
    "audit": "services.audit.cli:app",
    "documents": "lika.operations.documents.cli:app",
    "programmes": "lika.operations.programmes:app",
    "export": "services.casework.exports.cli:export_list",
    "post": "services.casework.request_cli:post",
    "get": "services.casework.request_cli:get",
    "upload": "services.casework.request_cli:upload",
    "demo": "lika.demo.command:demo",
    "simulate": "lika.simulation.cli:simulate",
    "doctor": "lika.operations.doctor:doctor",
    "rebuild": "lika.operations.rebuild:rebuild",
    "parked": "lika.operations.parked:parked",
    "bootstrap": "lika.operations.bootstrap:bootstrap",
    "vault": "lika.operations.vault:app",
    "migrate": "lika.migrations:migrate",
    "rules": "lika.rules:rules",
    "publish": "lika.publishing:publish",
}
"""In the order of the help page: name → module and function, or group of commands."""


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lika {version('lika')}")
        raise typer.Exit


def program(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The program with these commands."""
    app = typer.Typer(
        name="lika",
        no_args_is_help=True,
        pretty_exceptions_enable=False,  # they print local variables, which may be somebody's name
    )

    @app.callback()
    def lika(
        _: Annotated[
            bool, typer.Option("--version", callback=_print_version, is_eager=True, help="版本 / the version")
        ] = False,
    ) -> None:
        """立卡 Lika — 为任何一天、按任何一天所知，重建任何一户的历史和任何公布的数字。"""

    for name in names:
        module, _, attribute = COMMANDS[name].partition(":")
        command = getattr(import_module(module), attribute)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def main() -> None:
    collect_rarely()
    asked = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    try:
        program([asked] if asked in COMMANDS else () if "--version" in sys.argv else COMMANDS)()
    except ValidationError as wrong:
        from lika.wrong_settings import errors_of  # loads the settings of services, for which no client waits

        _told(str(say("setting_invalid", errors=errors_of(wrong))))
        sys.exit(1)
    except (ExplainedError, DocumentFileError) as failure:
        # It already says, in both languages, what to do; a stack would only hide it.
        _told(str(failure))
        sys.exit(1)


def _told(why: str) -> None:
    """What a file or a setting holds is never taken for markup."""
    Console(stderr=True).print(why, style="red", highlight=False, markup=False)


if __name__ == "__main__":
    main()
