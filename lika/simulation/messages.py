"""The simulation's messages for people."""

from pathlib import Path

from services.chassis.ground.messages import Catalogue

MESSAGES = Catalogue(Path(__file__).with_name("messages.yaml"))

say = MESSAGES.say
