"""The package over a transport that replays what a real workbench answered."""

from __future__ import annotations

import array
import asyncio
import json
import math
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from glassbox import Client, Designer, GlassboxError, Researcher, Tensor, Tester, Transport
from glassbox.script import compile_script, execute, innermost, message_of, place_in
from glassbox.show import Show
from glassbox.wire import decode, encode

RECORDED = json.loads((Path(__file__).parent / "recorded.json").read_text())


class Replay:
    """Answers as recorded, and keeps what it was asked."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.ended = 0

    async def call(self, method: str, service: str, path: str, data: Mapping[str, Any], restful: bool) -> Any:
        asked = {"method": method, "service": service, "path": path, "data": json.loads(encode(data)[0])}
        self.calls.append(asked)
        for record in RECORDED["answers"]:
            if {key: record[key] for key in asked} == asked:
                if "problem" in record:
                    raise GlassboxError.from_problem(record["problem"])
                return {"data": record["answer"], "metadata": {}, "examples": {}} if restful else record["answer"]
        return None

    async def stream(self, service: str, path: str, data: Mapping[str, Any], restful: bool) -> AsyncIterator[tuple[str, Any]]:
        try:
            for n in range(100):
                yield "token", {"n": n}
        finally:
            self.ended += 1


def run(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


def test_the_roles_make_the_calls_that_those_in_typescript_make() -> None:
    transport = Replay()
    client = Client(transport)
    roles = {"designer": Designer(client), "researcher": Researcher(client), "tester": Tester(client)}
    for record in RECORDED["roles"]:
        role, method = record["name"].split(".")
        run(getattr(roles[role], method)(*record["args"]))
        assert transport.calls[-1] == record["call"], record["name"]
    assert len(RECORDED["roles"]) == 7


def test_the_modes() -> None:
    transport: Transport = Replay()
    client = Client(transport)
    bare = run(client.post("tokenizer", "tokenize", {"text": "Hello world"}))
    assert bare["input_ids"] and not client.restful_mode
    client.enable_restful_mode(True)
    assert run(client.post("tokenizer", "tokenize", {"text": "Hello world"})) == {"data": bare, "metadata": {}, "examples": {}}
    client.enable_restful_mode(False)
    assert run(client.post("tokenizer", "tokenize", {"text": "Hello world"})) == bare


def test_a_refused_call_is_an_exception_with_the_fields_of_its_problem() -> None:
    with pytest.raises(GlassboxError, match="validation_failed") as caught:
        run(Client(Replay()).post("tokenizer", "tokenize", {"text": 5}))
    assert (caught.value.code, caught.value.status) == ("validation_failed", 422)
    assert caught.value.errors[0].path.endswith("text")


def test_a_stream_ends_when_its_context_is_left() -> None:
    transport = Replay()

    async def first_three() -> list[int]:
        seen = []
        async with Client(transport).stream("model", "generate", {"prompt": "a"}) as events:
            async for event, data in events:
                assert event == "token"
                seen.append(data["n"])
                if len(seen) == 3:
                    break
        return seen

    assert run(first_three()) == [0, 1, 2]
    assert transport.ended == 1


def tensor(shape: list[int], count: int) -> tuple[Tensor, list[int]]:
    fetched: list[int] = []
    values = array.array("f", range(count))

    def fetch() -> memoryview:
        fetched.append(1)
        return memoryview(values)

    return Tensor("float32", shape, fetch), fetched


def test_a_tensor_is_fetched_once_and_looked_at_without_a_copy() -> None:
    values, fetched = tensor([2, 3], 6)
    assert (fetched, values.size, len(values), repr(values)) == ([], 6, 2, "Tensor(float32, shape=[2, 3])")
    assert (values.data.shape, values.data.format, values[1, 2], values[1].tolist()) == ((2, 3), "f", 5.0, [3.0, 4.0, 5.0])
    assert values.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    assert fetched == [1]
    numpy = pytest.importorskip("numpy")
    seen = numpy.asarray(values)
    assert seen.shape == (2, 3) and seen.dtype == "float32"
    seen[1, 2] = 50
    assert values[1, 2] == 50.0 and values.numpy().base is not None


@pytest.mark.parametrize(("shape", "count"), [([0], 0), ([2, 0], 0), ([1], 1), ([1, 1, 4], 4)])
def test_tensors_of_other_shapes(shape: list[int], count: int) -> None:
    values, _ = tensor(shape, count)
    assert len(values.data.cast("B")) == 4 * count
    assert values.shape == tuple(shape)


def test_values_cross_as_they_are() -> None:
    value = {"a": [1, 2.5, None, True, "ü"], "nan": math.nan, "far": [-math.inf]}
    back = decode(encode(value)[0])
    assert back["a"] == value["a"] and math.isnan(back["nan"]) and back["far"] == [-math.inf]
    text, buffers = encode({"t": tensor([2, 2], 4)[0], "view": array.array("i", [1, 2])})
    back = decode(text.replace('{"$buffer": 0, "dtype": "float32"}', '{"$buffer": 0, "dtype": "float32", "length": 4}'), buffers)
    assert back["view"] == [1, 2] and back["t"].tolist() == [[0.0, 1.0], [2.0, 3.0]]
    with pytest.raises(TypeError, match="object has no form in JSON"):
        encode([object()])
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises((ValueError, RecursionError)):
        encode(loop)


@pytest.mark.parametrize(
    ("source", "place", "message"),
    [
        ("raise ValueError('no')", (1, 1), "ValueError: no"),
        ("x = 1\n\ny = 'ü' + x.z", (3, 11), "AttributeError: 'int' object has no attribute 'z'"),
        ("import asyncio\nasync def f():\n  [][1]\nawait f()", (3, 3), "IndexError: list index out of range"),
        ("import sys\nsys.exit(4)", (2, 1), "the script ended itself: sys.exit(4)"),
        ("raise ExceptionGroup('g', [TypeError('t')])", None, "TypeError: t"),
        ("x = (", (1, 5), "SyntaxError"),
        ("def f(:\n  1", (1, 7), "SyntaxError"),
    ],
)
def test_what_fails_is_told_with_its_place(source: str, place: tuple[int, int] | None, message: str) -> None:
    with pytest.raises(BaseException) as caught:  # noqa: B017, PT011 -- SystemExit too
        run(execute(compile_script(source, "a_script.py"), {}))
    error = innermost(caught.value)
    assert place_in("a_script.py", error) == place
    assert message_of(error).startswith(message)


@pytest.mark.parametrize(("source", "value"), [("1 + 1", 2), ("x = 5", None), ("", None), ("import asyncio\nawait asyncio.sleep(0, 'late')", "late"), ("give", 7)])
def test_the_last_line_is_the_result(source: str, value: object) -> None:
    assert run(execute(compile_script(source, "b_script.py"), {"give": 7})) == value


class Shown:
    def __init__(self) -> None:
        self.seen: list[Any] = []

    def print(self, level: str, text: str, buffers: list[object]) -> None:
        self.seen.append((level, json.loads(text)))

    def table(self, text: str, buffers: list[object]) -> None:
        self.seen.append(json.loads(text))

    plot = table

    def picture(self, data: bytes, kind: str, title: str | None) -> None:
        self.seen.append((data, kind, title))


def test_what_is_shown() -> None:
    sink = Shown()
    show = Show(sink)
    show.print("a", 1, None, [1, {"b": True}], object)
    show.print("x", "y", sep="")
    show.print.warn({(1, 2): 3})
    show.table(({"a": n} for n in range(2)), title="T")
    show.plot({"kind": "line"}, series={"s": (1, 2)})
    show.picture(b"x", "png")
    assert sink.seen == [
        ("log", ["a", "1", "None", [1, {"b": True}], "<class 'object'>"]),
        ("log", ["xy"]),
        ("warn", ["{(1, 2): 3}"]),
        {"rows": [{"a": 0}, {"a": 1}], "title": "T"},
        {"kind": "line", "series": {"s": [1, 2]}},
        (b"x", "png", None),
    ]
    with pytest.raises(TypeError, match="list of rows"):
        show.table({"a": 1})  # type: ignore[arg-type]


def test_figures_of_matplotlib_are_pictures() -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot")
    from glassbox.figures import show_figures

    sink = Shown()
    pyplot.switch_backend("agg")
    pyplot.plot([1, 2, 3])
    pyplot.title("Three")
    show_figures(Show(sink))
    [(data, kind, title)] = sink.seen
    assert data.startswith(b"\x89PNG") and (kind, title) == ("png", "Three")
    assert pyplot.get_fignums() == []
