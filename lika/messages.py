"""What the program ``lika`` says to people, from ``messages.yaml``."""

from pathlib import Path

from services.chassis.ground.messages import Catalogue

MESSAGES = Catalogue(Path(__file__).with_name("messages.yaml"))

say = MESSAGES.say


def heading(code: str) -> str:
    """A heading or label, in both languages side by side."""
    message = say(code)
    return f"{message.zh} {message.en}"
