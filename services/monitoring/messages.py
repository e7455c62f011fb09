"""What monitoring says to people: the texts are in ``messages.yaml``."""

from pathlib import Path

from services.chassis.ground.messages import Catalogue

say = Catalogue(Path(__file__).with_name("messages.yaml")).say
