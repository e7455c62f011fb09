"""A document in a file, and the services that have documents of its kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lika.messages import say
from services.assistance.document_kinds import FIRST_TEXTS as ASSISTANCE
from services.casework.documents.first_texts import FirstTexts
from services.casework.documents.kinds import checked
from services.chassis.ground.messages import ExplainedError
from services.chassis.law.content import DocumentError
from services.chassis.law.documents import Document, document_from
from services.chassis.law.yaml_text import YamlText
from services.monitoring.service import FIRST_TEXTS as MONITORING
from services.registry.document_kinds import FIRST_TEXTS as REGISTRY

SERVICES: Mapping[str, FirstTexts] = {"registry": REGISTRY, "assistance": ASSISTANCE, "monitoring": MONITORING}


class WhichService(ExplainedError):
    """Several services have documents of this kind."""

    def __init__(self, services: Sequence[str]) -> None:
        super().__init__(say("document_of_which_service", services=list(services)))


@dataclass(frozen=True)
class DocumentFile:
    """A legal document, whose it is, and the text that it was read from."""

    service: str
    document: Document
    text: YamlText

    @classmethod
    def read(cls, file: Path, service: str | None) -> "DocumentFile":
        """Raises ``DocumentFileError``, which names the line, and ``WhichService``."""
        text = YamlText.of(file)
        having = [name for name, texts in SERVICES.items() if not texts.kinds.keys().isdisjoint(text.content)]
        asked = [service] if service is not None else having or list(SERVICES)
        legal: list[DocumentFile] = []
        wrong: list[DocumentError] = []
        for name in asked:
            try:
                legal.append(cls(name, checked(text.content, SERVICES[name].kinds), text))
            except DocumentError as error:
                wrong.append(error)
        if not legal:
            with text.located():
                if service is None and not having:
                    document_from(text.content, sorted({kind for texts in SERVICES.values() for kind in texts.kinds}))
                raise wrong[0]
        if len(legal) > 1:
            raise WhichService([of.service for of in legal])
        return legal[0]
