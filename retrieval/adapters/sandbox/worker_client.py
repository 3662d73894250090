"""Asks a worker process and decodes its answers strictly: a page that took a worker over can send valid values at most.

Whatever kills a worker (a crash, a loop, a bomb) becomes an error, and the next request
starts another worker.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, FailFast, ValidationError

from retrieval.adapters.sandbox.worker_process import (
    WorkerClosed,
    WorkerFailed,
    WorkerNotStarted,
    WorkerProcess,
    WorkerTooSlow,
)
from retrieval.domain.cancellation import NOT_CANCELLED
from retrieval.errors import FeedKilledWorker, Stopping, WorkerKilled, WorkerUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.domain.cancellation import Cancellation

_T = TypeVar("_T")
_MOST_COMMAS: Final = 500_000
"""Bounds the number of values, and so the memory that decoding takes. The longest article has 100,000 commas."""
_log = logging.getLogger(__name__)


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Many = Annotated[tuple[_T, ...], FailFast()]
"""Values of which the first wrong one refuses all: millions of errors would take more memory than the answer."""


class Strict(BaseModel):
    """A part of an answer: each field of its exact type, other fields ignored."""

    model_config = ConfigDict(strict=True, frozen=True, hide_input_in_errors=True)


class WorkerClient(WorkerProcess):
    """A worker of one kind, whose answers are decoded and whose failures become errors."""

    work: ClassVar[str]
    """What the worker reads: `articles`."""
    not_started: ClassVar[str]
    """The code of the error where the worker cannot be started; the next ones: of what was too slow, or killed it."""
    too_slow: ClassVar[str]
    damaged: ClassVar[str]
    killed: ClassVar[type[WorkerKilled | FeedKilledWorker]]

    def request(
        self,
        message: bytes,
        decode: Callable[[bytes], _T],
        *,
        name: str,
        seconds: float,
        cancellation: Cancellation = NOT_CANCELLED,
    ) -> _T:
        """The decoded answer; `decode` raises ValueError for a wrong one. `name` stands for the request in the log.

        Raises `killed` where the worker crashed, was too slow or answered nonsense, WorkerUnavailable and Stopping;
        WorkCancelled before the worker has seen the request.
        """
        try:
            line = self.ask(message, seconds=seconds, cancellation=cancellation)
            if line.count(b",") > _MOST_COMMAS:
                problem = "an answer of too many values"
                raise ValueError(problem)  # noqa: TRY301  # refused like every other wrong answer
            return decode(line)
        except WorkerClosed as error:
            raise Stopping from error
        except WorkerNotStarted as error:
            _log.warning("the worker that reads %s: %s", self.work, error)
            raise WorkerUnavailable(self.not_started) from error
        except WorkerTooSlow as error:
            _log.warning("the worker was stopped at %s: %s", name, error)
            raise self.killed(self.too_slow) from error
        except (WorkerFailed, ValueError) as error:
            _log.warning("the worker failed at %s: %s", name, _reason(error))
            self.release()  # a worker that answers nonsense may have been taken over
            raise self.killed(self.damaged) from error


def _reason(error: Exception) -> object:
    """What the log says of an error: of a wrong answer the first wrong field, never its value."""
    if isinstance(error, ValidationError):
        return error.errors(include_url=False, include_context=False, include_input=False)[0]
    return error
