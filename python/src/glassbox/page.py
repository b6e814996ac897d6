"""The other end of a script in the page: its transport is a call into the worker, and it gives way to what else the worker does."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from pyodide.ffi import can_run_sync, run_sync, to_js  # type: ignore[import-not-found]

from . import script
from .client import Client
from .errors import GlassboxError
from .figures import show_figures
from .roles import Designer, Researcher, Tester
from .show import Show
from .wire import decode, encode

#: A depth that ends in a RecursionError and not in the end of the interpreter.
MAX_RECURSION = 5000
#: How often a script that catches what stops it is told before it is left where it is.
MAX_TOLD = 25
#: So many objects are made before cycles among them are looked for.
GARBAGE = 100_000
#: And that takes at most this part of the time.
GARBAGE_SHARE = 0.05


class Stopped(BaseException):
    """The script was stopped."""


def _memory(source: Any) -> memoryview:
    """Of a typed array of the page: copied into Python's memory, which is another one."""
    return source.to_memoryview() if hasattr(source, "to_memoryview") else memoryview(source)


def _given(buffers: list[object]) -> Any:
    return to_js([buffer if hasattr(buffer, "to_memoryview") else to_js(_flat(buffer)) for buffer in buffers])


def _flat(buffer: Any) -> Any:
    """In one dimension: the shape goes as text."""
    return buffer.cast("B").cast(buffer.format) if isinstance(buffer, memoryview) and buffer.ndim > 1 else buffer


def _taken(answer: Any) -> Any:
    """Text, or an object with the memories beside it; raises what the service refused."""
    if isinstance(answer, str):
        return json.loads(answer)
    problem = answer.problem
    if problem is not None:
        raise GlassboxError.from_problem(json.loads(problem))
    return decode(answer.text, answer.buffers, _memory)


class _Garbage:
    """Collects cycles, all generations at once.

    Python's own collector, which does so bit by bit, looks into the frames of suspended tasks, whose memory may be another's by then, and ends
    the interpreter (pyodide#6464); collecting everything does not.
    """

    def __init__(self) -> None:
        self._not_before = 0.0
        gc.disable()
        gc.enable = gc.disable

    def collect(self) -> None:
        start = time.monotonic()
        if gc.get_count()[0] < GARBAGE or start < self._not_before:
            return
        gc.collect()
        end = time.monotonic()
        self._not_before = end + (end - start) / GARBAGE_SHARE


class PageTransport:
    """Calls into the worker."""

    def __init__(self, host: Any) -> None:
        self._host = host
        # Looking a method of the page's up takes longer than calling it.
        self._quick = host.quick
        #: Streams that were begun and are not at their end: kept, so that what is left of them can be named.
        self.open: dict[_Events, str] = {}

    async def call(self, method: str, service: str, path: str, data: Mapping[str, Any], restful: bool) -> Any:
        text, buffers = encode(data) if data else ("{}", [])
        host = self._host
        if can_run_sync() and not restful:
            quick = self._quick
            answer = quick(method, service, path, text, _given(buffers)) if buffers else quick(method, service, path, text)
            if isinstance(answer, int):
                # What settles without a turn of the event loop needs none of ours either.
                soon = run_sync(host.soon(answer))
                answer = await host.later(answer) if soon is None else soon
            return _taken(answer)
        return _taken(await (host.call(method, service, path, text, restful, _given(buffers)) if buffers else host.call(method, service, path, text, restful)))

    def stream(self, service: str, path: str, data: Mapping[str, Any], restful: bool) -> AsyncIterator[tuple[str, Any]]:
        events = _Events(self, service, path, *encode(data), restful)
        self.open[events] = f"{service}/{path}"
        return events

    def end_streams(self) -> list[str]:
        """Ends what was begun and left open, and names it."""
        left = [what for events, what in self.open.items() if events.is_begun]
        for events in list(self.open):
            events.end()
        return left


class _Events:
    """The events of one stream; begun when the first is asked for."""

    def __init__(self, transport: PageTransport, service: str, path: str, text: str, buffers: list[object], restful: bool) -> None:
        self._transport = transport
        self._begin = lambda: transport._host.stream(service, path, text, restful, _given(buffers))
        self._events: Any = None

    @property
    def is_begun(self) -> bool:
        return self._events is not None

    def __aiter__(self) -> _Events:
        return self

    async def __anext__(self) -> tuple[str, Any]:
        if self not in self._transport.open:
            raise StopAsyncIteration
        if self._events is None:
            self._events = self._begin()
        try:
            answer = await self._events.next()
            value = None if answer is None else _taken(answer)
        except BaseException:
            self.end()
            raise
        if value is None:
            self.end()
            raise StopAsyncIteration
        return value[0], value[1]

    def end(self) -> None:
        self._transport.open.pop(self, None)
        if self._events is not None:
            self._events.end()

    async def aclose(self) -> None:
        self.end()


class _Sink:
    """What a script shows, handed to the page before the next statement runs."""

    def __init__(self, host: Any) -> None:
        self._host = host

    def print(self, level: str, text: str, buffers: list[object]) -> None:
        self._host.print(level, text, _given(buffers))

    def table(self, text: str, buffers: list[object]) -> None:
        self._host.table(text, _given(buffers))

    def plot(self, text: str, buffers: list[object]) -> None:
        self._host.plot(text, _given(buffers))

    def picture(self, data: bytes, kind: str, title: str | None) -> None:
        self._host.picture(to_js(data), kind, title)


class Run:
    """One run of a script."""

    def __init__(self, host: Any, source: str, filename: str) -> None:
        self._host = host
        self._source = source
        self._filename = filename
        self._told = 0
        self._lines: dict[str, str] = {}
        self._is_begun = False
        self._is_over = False
        self._transport = PageTransport(host)
        client = Client(self._transport)
        self.show = Show(_Sink(host))
        self._names = {
            "client": client,
            "designer": Designer(client),
            "researcher": Researcher(client),
            "tester": Tester(client),
            "print": self.show.print,
            "table": self.show.table,
            "plot": self.show.plot,
            "picture": self.show.picture,
        }
        context = contextvars.copy_context()
        context.run(script.current.set, self)
        self._task = asyncio.get_running_loop().create_task(self._outcome(), context=context)

    async def outcome(self) -> str:
        """JSON: `result`, or `error` with its place."""
        return await self._task

    def stop(self) -> None:
        """Ends what waits; what computes is told when it next gives way."""
        for task in [self._task, *script.tasks_of(self)]:
            task.cancel()

    def turn(self) -> None:
        """Gives way to the worker; ends the script if it was told to stop meanwhile."""
        if self._is_over or not self._is_begun:
            return
        # Where a stack can't be put aside, the host says how long a script may compute before it gives way itself.
        why = run_sync(self._host.breathe()) if can_run_sync() else self._host.without_breath()
        if why is None or self._is_over:
            return
        self._told += 1
        if self._told > MAX_TOLD and can_run_sync():
            run_sync(self._host.never())
        raise Stopped(why)

    def write(self, level: str, text: str) -> None:
        """What goes to stdout or stderr, line by line."""
        *lines, self._lines[level] = (self._lines.get(level, "") + text).split("\n")
        for line in lines:
            self._host.print(level, json.dumps([line]), to_js([]))

    def failed(self, error: BaseException, where: str) -> None:
        """Of what nobody waits for."""
        place = script.place_in(self._filename, error)
        at = f" (line {place[0]})" if place else ""
        self.show.print.error(f"{where}: {script.message_of(error)}{at}")

    async def _outcome(self) -> str:
        try:
            code = script.compile_script(self._source, self._filename)
            # Whoever waits for the outcome does so by then: no other task of ours has its first step while this one is put aside.
            await asyncio.sleep(0)
            self._is_begun = True
            value = await script.execute(code, self._names)
            show_figures(self.show)
            self._is_over = True
            try:
                text, buffers = encode(value)
            except (TypeError, ValueError, RecursionError):
                text, buffers = encode(repr(value))
            self._host.result(text, _given(buffers))
            return "{}"
        except BaseException as error:  # noqa: BLE001 -- SystemExit and Stopped too: they end the script and not the worker
            self._is_over = True
            if isinstance(error, SystemExit) and error.code in (None, 0):
                self._host.result("null", to_js([]))
                return "{}"
            return self._told_error(script.innermost(error))
        finally:
            for what in self._transport.end_streams():
                self.show.print.warn(f"The stream of {what} was left open; it was ended.")
            self._flush()
            left = script.tasks_of(self)
            for task in left:
                task.cancel()
            if left:
                await asyncio.wait(left, timeout=1)

    def _told_error(self, error: BaseException) -> str:
        problem: dict[str, Any] = {"message": script.message_of(error), "place": script.place_in(self._filename, error)}
        if isinstance(error, GlassboxError):
            problem.update(message=str(error), errors=[item._asdict() for item in error.errors])
        elif isinstance(error, Stopped):
            problem.update(message=str(error))
        elif isinstance(error, SyntaxError) and error.filename == self._filename:
            problem.update(message=f"{type(error).__name__}: {error.msg}")
        elif isinstance(error, ModuleNotFoundError):
            problem.update(missing=error.name)
        return json.dumps({"error": problem})

    def _flush(self) -> None:
        for level, line in self._lines.items():
            if line:
                self._host.print(level, json.dumps([line]), to_js([]))
        self._lines = {}


class _Output:
    """`sys.stdout` and `sys.stderr`: lines go to the run that writes them."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, level: str) -> None:
        self._level = level

    def write(self, text: str) -> int:
        run = script.current.get()
        if run is not None:
            run.write(self._level, text)
        return len(text)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True


def _giving_way() -> Callable[[int, object], None]:
    garbage = _Garbage()

    def give_way(signum: int, frame: object) -> None:
        garbage.collect()
        run = script.current.get()
        if run is not None:
            run.turn()

    return give_way


def _unhandled(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    task, handle = context.get("task") or context.get("future"), context.get("handle")
    of = task.get_context() if isinstance(task, asyncio.Task) else getattr(handle, "_context", None)
    run = script.current.get() if of is None else of.get(script.current)
    if run is not None and isinstance(error, BaseException) and not isinstance(error, (Stopped, asyncio.CancelledError)):
        run.failed(error, "In a callback or a task that nobody awaits")


def _within(limit: int, inner: Callable[[int], None]) -> Callable[[int], None]:
    return lambda depth: inner(min(depth, limit))


def _exit(code: int = 0) -> None:
    raise SystemExit(code)


def start(host: Any, source: str, filename: str) -> Run:
    """Begins a run; `outcome` of it gives how it ended."""
    return Run(host, source, filename)


def install() -> Callable[[Any, str, str], Run]:
    """Makes this interpreter one for scripts: they give way, and can't end it."""
    os.environ.setdefault("MPLBACKEND", "agg")
    signal.signal(signal.SIGINT, _giving_way())
    sys.stdout = _Output("log")  # type: ignore[assignment]
    sys.stderr = _Output("error")  # type: ignore[assignment]
    sys.setrecursionlimit = _within(MAX_RECURSION, sys.setrecursionlimit)
    os._exit = os.abort = _exit  # type: ignore[assignment]
    asyncio.get_event_loop().set_exception_handler(_unhandled)
    return start
