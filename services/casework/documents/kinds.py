"""Which kinds of documents a service decides by, and what a legal document of each is."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

import msgspec

from contracts.casework.documents import DocumentProposed
from services.casework.documents.lookup import Lookup
from services.chassis.law.content import DocumentError, Path, as_dicts, canonical_text, content_of, digest_of, path_of
from services.chassis.law.documents import Document, document_from

DocumentKinds = Mapping[str, Callable[[Mapping[str, Any]], object]]
"""Kind → what reads a document of it. Reading raises ``DocumentError`` or ``msgspec.ValidationError``."""


@runtime_checkable
class NamesOthers(Protocol):
    """A reader of documents that name other documents."""

    def require(self, content: Mapping[str, Any], documents: Lookup) -> None:
        """Raises ``DocumentError`` for a name that none of those known has."""


WHERE = re.compile(r" - at `(?:key in )?\$?(?P<path>[^`]*)`$")


def checked(content: Mapping[str, Any], kinds: DocumentKinds) -> Document:
    """The document with this content, legal in every part. Raises ``DocumentError``."""
    document = document_from(content, kinds)
    try:
        kinds[document.kind](as_dicts(content_of(canonical_text(content))))
    except msgspec.ValidationError as error:
        raise _located(error) from error
    except DocumentError:
        raise
    except ValueError as error:  # a library's own
        raise DocumentError((), OTHERWISE, str(error)) from error
    return document


def proposal_of(document: Document, by: str, shipped_with: str | None = None) -> DocumentProposed:
    """The fact that proposes this document. Raises ``DocumentError``."""
    text = canonical_text(document.content)
    return DocumentProposed(
        effective_on=document.since,
        entered_by=by,
        kind=document.kind,
        key=document.key,
        edition=document.edition,
        jurisdiction=document.jurisdiction,
        in_force_to=document.until,
        content=text,
        digest=digest_of(text),
        shipped_with=shipped_with,
    )


IN_CHINESE = {
    "Object contains unknown field": "没有这一项，请核对拼写",
    "Object missing required field": "缺少这一项",
    "Invalid enum value": "不是可用的取值（名称见 docs/rules/labels.md）",
    "Invalid value": "不是可用的取值",
    "Expected": "种类或长短不对",
}
"""Beginnings of what msgspec complains of."""
OTHERWISE = "不合这类文件的规定，请按英文说明更正"


def _located(error: msgspec.ValidationError) -> DocumentError:
    """msgspec says where behind what: ``Expected `int`, got `str` - at `$.steps[0].days```. What a part found wrong itself is
    its cause."""
    complaint, cause = str(error), error.__cause__
    found = WHERE.search(complaint)
    en = complaint if found is None else complaint[: found.start()]
    zh = next((told for beginning, told in IN_CHINESE.items() if complaint.startswith(beginning)), OTHERWISE)
    inner: Path = ()
    if isinstance(cause, DocumentError):
        inner, zh, en = cause.path, cause.zh, cause.en
    if found is None:
        return DocumentError(inner, zh, en)
    return DocumentError((*path_of(found["path"]), *inner), zh, en)
