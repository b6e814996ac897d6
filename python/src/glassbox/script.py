"""Runs a script's text: the names it can use, its last value, and the place in it where something failed."""

from __future__ import annotations

import ast
import asyncio
import inspect
import linecache
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from types import CodeType, TracebackType
from typing import Any

#: Where the last statement's value is kept when it is an expression.
_RESULT = "__glassbox_result__"


def compile_script(source: str, filename: str) -> CodeType:
    """`await` may stand at the top level; the value of a last line that is an expression is the result. Raises SyntaxError."""
    tree = compile(source, filename, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        kept = ast.Assign(targets=[ast.Name(id=_RESULT, ctx=ast.Store())], value=last.value)
        tree.body[-1] = ast.fix_missing_locations(ast.copy_location(kept, last))
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    return compile(tree, filename, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


async def execute(code: CodeType, names: Mapping[str, Any]) -> Any:
    """Runs to the end; gives the value of the last line."""
    scope: dict[str, Any] = {**names, "__name__": "__main__", "__builtins__": __builtins__}
    running = eval(code, scope)  # noqa: S307 -- running it is what this is for
    if inspect.iscoroutine(running):
        await running
    return scope.get(_RESULT)


def place_in(filename: str, error: BaseException) -> tuple[int, int] | None:
    """Line and column of the script's innermost frame; of a SyntaxError in the script, where it is."""
    if isinstance(error, SyntaxError) and error.filename == filename:
        return error.lineno or 1, max(1, error.offset or 1)
    found: TracebackType | None = None
    at = error.__traceback__
    while at is not None:
        if at.tb_frame.f_code.co_filename == filename:
            found = at
        at = at.tb_next
    return None if found is None else (found.tb_lineno, _column(found))


def _column(at: TracebackType) -> int:
    code = at.tb_frame.f_code
    if sys.version_info < (3, 11):
        return 1
    for index, (line, _, column, _) in enumerate(code.co_positions()):
        if index == at.tb_lasti // 2 and line is not None and column is not None:
            # Columns are counted in bytes of UTF-8.
            text = linecache.getline(code.co_filename, line).encode()
            return len(text[:column].decode(errors="ignore")) + 1
    return 1


def message_of(error: BaseException) -> str:
    """As the last line of a traceback."""
    if isinstance(error, SystemExit):
        return f"the script ended itself: sys.exit({error.code!r})"
    if isinstance(error, MemoryError) and not error.args:
        return "MemoryError: Python's memory does not hold this"
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"ModuleNotFoundError: {error}"
    try:
        text = str(error)
    except Exception:
        text = "<its text could not be made>"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def innermost(error: BaseException) -> BaseException:
    """Of a group the first that is none."""
    while hasattr(error, "exceptions"):
        error = error.exceptions[0]
    return error


#: The run that the code at hand belongs to; tasks that a script starts inherit it.
current: ContextVar[Any] = ContextVar("glassbox_run", default=None)


def tasks_of(run: object) -> list[asyncio.Task[Any]]:
    """What a run has started and what has not ended."""
    if sys.version_info < (3, 12):
        return []
    return [task for task in asyncio.all_tasks() if task.get_context().get(current) is run and task is not asyncio.current_task()]
