"""`print`, `table`, `plot` and `picture` as a script has them: what they are given becomes JSON that a page can draw."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from .wire import encode


class Sink(Protocol):
    """Takes what a script shows: JSON text, with the memory of tensors beside it."""

    def print(self, level: str, text: str, buffers: list[object]) -> None: ...
    def table(self, text: str, buffers: list[object]) -> None: ...
    def plot(self, text: str, buffers: list[object]) -> None: ...
    def picture(self, data: bytes, kind: str, title: str | None) -> None: ...


class Print:
    """`print` of a script: lists, dicts and tensors stay what they are, so that they can be opened and are summarised."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def __call__(self, *values: object, sep: str | None = None, end: str | None = None, file: Any = None, flush: bool = False) -> None:
        """Shows values. Tensors and arrays are summarised: shape, range, first values."""
        if file is not None and file not in (sys.stdout, sys.stderr):
            builtins.print(*values, sep=sep, end=end, file=file, flush=flush)
            return
        if sep is not None or end is not None:
            values = ((" " if sep is None else sep).join(str(value) for value in values) + (end or "").rstrip("\n"),)
        self._show("error" if file is sys.stderr and file is not None else "log", values)

    def warn(self, *values: object) -> None:
        """Shows values as a warning."""
        self._show("warn", values)

    def error(self, *values: object) -> None:
        """Shows values as an error."""
        self._show("error", values)

    def _show(self, level: str, values: Sequence[object]) -> None:
        # As Python writes them: True, None, 1.0.
        shown = [value if isinstance(value, str) or not _is_scalar(value) else str(value) for value in values]
        try:
            text, buffers = encode(shown)
        except (TypeError, ValueError, RecursionError):
            text, buffers = encode([_jsonable(value) for value in shown])
        self._sink.print(level, text, buffers)


def _is_scalar(value: object) -> bool:
    return value is None or isinstance(value, (bool, int, float, complex, str, bytes))


def _jsonable(value: object) -> object:
    """The value, or where JSON has no form for it its text."""
    try:
        encode(value)
        return value
    except (TypeError, ValueError, RecursionError):
        try:
            return str(value)
        except Exception as error:
            return f"<{type(value).__name__}, whose text could not be made: {error}>"


class Show:
    """What a script can show with, over one sink."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.print = Print(sink)

    def table(self, rows: Sequence[Mapping[str, Any] | Sequence[Any]], title: str | None = None, columns: Sequence[str] | None = None) -> None:
        """Shows rows: dicts, or lists whose columns are named.

        >>> table([{"batch": 1, "tokens_per_second": 212}, {"batch": 8, "tokens_per_second": 903}], title="Decode")
        """
        to_rows = getattr(rows, "to_dict", None)
        if callable(to_rows):  # a pandas frame
            rows = to_rows("records")
        if isinstance(rows, (str, bytes, Mapping)) or not hasattr(rows, "__iter__"):
            raise TypeError("table takes a list of rows: dicts, or lists with `columns`.")
        plain = [dict(row) if isinstance(row, Mapping) else list(row) for row in rows]
        self._sink.table(*encode({"rows": plain, "title": title, **({} if columns is None else {"columns": list(columns)})}))

    def plot(self, options: Mapping[str, Any] | None = None, **fields: Any) -> None:
        """Draws a chart, of kind `line`, `bar`, `scatter` or `heatmap`.

        >>> plot(kind="line", title="Decode", x=[1, 2, 4, 8], series={"tokens/s": speeds})
        >>> plot(kind="heatmap", values=captures["attentions.0"], at=[0, 3], labels=tokens, row_labels=tokens)
        """
        self._sink.plot(*encode({**(options or {}), **fields}))

    def picture(self, data: bytes, kind: str = "png", title: str | None = None) -> None:
        """Shows a picture: the bytes of a PNG, JPEG or WebP file, or of an SVG."""
        self._sink.picture(bytes(data), kind, title)
