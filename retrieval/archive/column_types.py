"""The types of the archive's columns.

Damage can leave a value of any type in a column. Each type reads such a value as one of its own, so that it stops no
answer; a check finds it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from typing_extensions import override

from retrieval.domain.articles import LinkedWords

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Dialect

UNREADABLE: Final = datetime(1970, 1, 1, tzinfo=UTC)
NO_NUMBER: Final = -1


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware time, stored in UTC and read back in UTC; damaged: `UNREADABLE`. Refuses a naive one with ValueError."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"{value.isoformat()} does not say in which time zone"
            raise ValueError(message)
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    @override
    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        process = super().result_processor(dialect, coltype)
        assert process is not None  # there is a `process_result_value`
        return lambda stored: _or_else(process, stored, UNREADABLE)


class Text(sa.types.TypeDecorator[str]):
    """A text; damaged: the text that comes nearest."""

    impl: type[sa.types.TypeEngine[str]] = sa.Text
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(self.impl_instance if dialect.name == "sqlite" else sa.Text())

    @override
    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None] | None:
        return None if dialect.name == "sqlite" else _storable

    @override
    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], str | None] | None:
        return _text


class Short(Text):
    """A text of a limited number of characters."""

    impl = sa.String
    cache_ok = True


class Number(sa.types.TypeDecorator[int]):
    """A whole number of 64 bits; damaged: `NO_NUMBER`. SQLite hands out row ids only to columns declared as INTEGER."""

    impl = sa.BigInteger
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(sa.Integer() if dialect.name == "sqlite" else sa.BigInteger())

    @override
    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], int | None] | None:
        return lambda stored: stored if stored is None or isinstance(stored, int) else NO_NUMBER


class BigNumber(Number):
    """A number that may need all 64 bits, such as Discord's ids."""

    cache_ok = True


class PersonId(BigNumber):
    """A Discord user's id, in a column that may be empty. Every column that holds one has this type.

    Forgetting a user empties it; of a follow without a channel the whole row goes.
    """

    cache_ok = True


class RowOfPerson(PersonId):
    """The id of a user with whom the whole row is forgotten."""

    cache_ok = True


class Share(sa.types.TypeDecorator[float]):
    """A number from 0 to 1; damaged: 0."""

    impl = sa.Float
    cache_ok = True

    @override
    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], float | None] | None:
        return lambda stored: stored if stored is None or isinstance(stored, (int, float)) else 0.0


class Names(sa.types.TypeDecorator[list[str]]):
    """A list of texts, stored as JSON; damaged: an empty list."""

    impl = sa.JSON
    cache_ok = True

    @override
    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], list[str] | None] | None:
        process = super().result_processor(dialect, coltype) or (lambda stored: stored)

        def names(stored: Any) -> list[str]:  # noqa: ANN401 - whatever the driver gives
            listed: Any = _or_else(process, stored, [])
            return [str(name) for name in listed] if isinstance(listed, list) else []

        return names


class Linked(sa.types.TypeDecorator[tuple[LinkedWords, ...]]):
    """What linked data says of words, stored as JSON, null for nothing; damaged: nothing."""

    impl = sa.JSON(none_as_null=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: tuple[LinkedWords, ...] | None, dialect: Dialect) -> list[Any] | None:
        return [[each.words, each.speaker, each.disputed] for each in value] if value else None

    @override
    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], tuple[LinkedWords, ...]]:
        process = self.impl_instance.result_processor(dialect, coltype) or (lambda stored: stored)

        def linked(stored: Any) -> tuple[LinkedWords, ...]:  # noqa: ANN401 - whatever the driver gives
            listed: Any = process(stored)
            return tuple(LinkedWords(str(words), speaker, bool(disputed)) for words, speaker, disputed in listed)

        return lambda stored: () if stored is None else _or_else(linked, stored, ())


def _text(stored: Any) -> str | None:  # noqa: ANN401 - as above
    if stored is None or isinstance(stored, str):
        return stored
    return stored.decode(errors="replace") if isinstance(stored, bytes) else str(stored)


def _storable(text: str | None) -> str | None:
    """Return the text without what PostgreSQL refuses: the character 0, and half a pair of surrogates."""
    return None if text is None else text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _or_else(process: Callable[[Any], Any], stored: Any, otherwise: Any) -> Any:  # noqa: ANN401 - as above
    try:
        return process(stored)
    except (ValueError, TypeError, RecursionError):
        return otherwise
