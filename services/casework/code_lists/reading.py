"""The words of a form looked up before its command, and held against the edition in force in the unit of work."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar

import anyio
import msgspec
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from contracts.facts import Fact
from services.casework.code_lists.domain import CodeList
from services.casework.code_lists.fields import Word
from services.casework.code_lists.repository import CodeLists
from services.casework.documents.editions import STREAM
from services.casework.documents.reading import Documents
from services.casework.messages import say
from services.chassis.ground.refusals import Refused, rule
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.web.commands import Command
from services.chassis.web.field_readers import ReadAs

WORD_UNKNOWN = rule(
    "word_unknown",
    zh="代码表中没有这个词；请改用 nearest 中的词，或请管理员在代码表中增加别名。",
    en="The code list has no such word: use the one in `nearest`, or have an operator add an alias to the list.",
    source="code list documents of this installation",
    status=422,
)
WORDS_CHANGED = rule(
    "code_list_changed",
    zh="代码表刚刚更新，所填的词含义已变；请重新提交。",
    en="The code list has just changed, and a word of the form means another code: send the form again.",
    source="code list documents of this installation",
)

Form = TypeVar("Form", bound=BaseModel)
F = TypeVar("F", bound=Fact)
Handler = Callable[[Tx], Reply]
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class ReadForm(Generic[Form]):
    """``form``: with codes only; ``command``: says in its answer which words were read; ``streams``: that the unit of work
    reads for them."""

    form: Form
    command: Command
    lists: Callable[[Tx], CodeLists] | None = None
    words: tuple[tuple[Word, tuple[str, ...]], ...] = ()

    @property
    def streams(self) -> tuple[str, ...]:
        return (STREAM,) if self.words else ()

    def deciding(self, fact: F, handler: Callable[[F], Handler]) -> Handler:
        """The handler of this fact, once every word still means the same in the unit of work; the fact then names the
        editions that were looked at. Raises ``Refused``."""
        return self.deciding_all((fact,), lambda facts: handler(facts[0]))

    def deciding_all(self, facts: Sequence[F], handler: Callable[[Sequence[F]], Handler]) -> Handler:
        """``deciding`` of several facts."""
        if self.lists is None:
            return handler(facts)
        find = self.lists

        def work(tx: Tx) -> Reply:
            lists = find(tx)
            if any(word.codes(lists[word.field.key]) != codes for word, codes in self.words):
                raise Refused(WORDS_CHANGED)
            basis = lists.basis(tx.log, tx.head)
            return handler([msgspec.structs.replace(fact, decided_from=basis) for fact in facts])(tx)

        return work


class FormWords:
    """``documents``: those that hold the code lists."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def read(self, form: Form, command: Command, day: date, place: str | None = None) -> ReadForm[Form]:
        """``place``: whose words are meant, that of the caller where none is given. Raises ``RequestValidationError`` for a
        word that the lists in force on that day do not have, and ``Refused`` where none is in force."""
        found = list(_words(form, ()))
        if not found:
            return ReadForm(form, command)
        where = place or command.actor.division
        current = CodeLists(await anyio.to_thread.run_sync(self._documents.current), day, where)
        codes = {path: word.codes(current[word.field.key]) for path, word in found}
        if unknown := [(path, word) for path, word in found if codes[path] is None]:
            raise RequestValidationError([_unknown(path, word, current[word.field.key]) for path, word in unknown])
        read = [(path, word, codes[path] or ()) for path, word in found]
        told = tuple(_read_as(path, word, each, current[word.field.key]) for path, word, each in read)
        return ReadForm(
            _with_codes(form, {path: ",".join(each) for path, _, each in read}),
            replace(command, read_as=(*command.read_as, *told)),
            lambda tx: CodeLists(self._documents.in_unit(tx), day, where),
            tuple((word, each) for _, word, each in read),
        )


def _words(value: Any, path: Place) -> Iterator[tuple[Place, Word]]:
    if isinstance(value, Word):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _words(getattr(value, name), (*path, name))
    elif isinstance(value, tuple | list):
        for number, each in enumerate(value):
            yield from _words(each, (*path, number))


def _with_codes(form: Form, codes: dict[Place, str]) -> Form:
    """The form validated anew with codes in the place of words: two may mean one code, or contradict each other. Raises
    ``RequestValidationError``."""
    content = form.model_dump(exclude_unset=True)
    for path, code in codes.items():
        inner: Any = content
        for step in path[:-1]:
            inner[step] = inner = list(inner[step]) if isinstance(inner[step], tuple) else inner[step]
        inner[path[-1]] = code
    try:
        return type(form).model_validate(content)
    except ValidationError as error:
        raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in error.errors()]) from None


def _unknown(path: Place, word: Word, words: CodeList) -> dict[str, Any]:
    title = words.title
    note = {} if title is None else {"ctx": {"note": say("word_of_list", list=title)}}
    return {"type": WORD_UNKNOWN.code, "loc": ("body", *path), "nearest": words.nearest(word.text), **note}


def _read_as(path: Place, word: Word, codes: tuple[str, ...], words: CodeList) -> ReadAs:
    labels = [words.labels[code] for code in codes]
    change = say("word_read_silently") if word.field.personal else say("word_read", labels=labels)
    pointer = "#/" + "/".join(map(str, path))
    return ReadAs(pointer=pointer, changes=[change.code], zh=change.zh, en=change.en)
