"""What a service refuses, as an exception with the fields of its problem document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class ErrorItem(NamedTuple):
    """One thing that was wrong: where in the input, and what."""

    path: str
    message: str


class GlassboxError(Exception):
    """A call that a service refused.

    `code` names the kind (`validation_failed`, `not_found`, ...), `status` is its HTTP status, `errors` says what was wrong where.
    """

    def __init__(self, code: str, status: int, message: str, errors: Iterable[ErrorItem] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message
        self.errors = list(errors)

    @classmethod
    def from_problem(cls, problem: Mapping[str, object]) -> GlassboxError:
        """From an RFC 9457 problem: `code`, `status`, `detail`, `errors`."""
        items = problem.get("errors")
        errors = [ErrorItem(str(item["path"]), str(item["message"])) for item in items] if isinstance(items, list) else []
        status = problem.get("status")
        return cls(str(problem.get("code", "internal")), status if isinstance(status, int) else 500, str(problem.get("detail", "")), errors)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
