"""The sample told to a running house."""

import subprocess
import sys

import typer

from services.chassis.ground.settings import Settings
from services.chassis.security.tokens import SIGNING_KEY


def tell_story(what: str, url: str, settings: Settings) -> str:
    """Let the sample's officials act, from a process of their own: they are users, and share nothing with the house
    but its address and the key that signs their tokens."""
    told = subprocess.run(
        [sys.executable, "-m", "lika.demo", what, url, str(settings.keys_dir / SIGNING_KEY)],
        stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if told.returncode:
        raise typer.Exit(told.returncode)
    return told.stdout
