"""Fuzz: every door, with what nobody would write: a fault or a result, soon, and never an error of our own.

What is drawn has the structure of what is read: cells under known headings in any order, sheets' names, documents and
regulations with parts replaced; so that each case comes past the first check.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from kcgrant import cli
from kcgrant.law import LAW
from profiles import cases
from registers import NAMES, ROW

SECONDS, MEBIBYTES = 20, 400  # for one case, on a machine that others use as well

_CONTROL = [
    "\x1b[2J",
    "\x00",
    "\x9b31m",
    "\u202e",
    "\ud800",
    "\ufffe",
    "_x000D_",
    "_x0041_",
    "a\r\nb",
    "\t",
    "\u2028",
    "\x7f",
]
_BLANK = ["", " ", "\u00a0", "\u200b", "\u3000", "'", '"', "—", "…", "0", "-0", "+", "=", "@"]
_FORMULAS = ["=1+1", '=HYPERLINK("x")', "＝1", "-1", "@x", "=A1:XFD1048576", "{=1}", "#REF!", "#N/A", "=" * 300]
_AMOUNTS = [
    "1.250",
    "1,5 tỷ",
    "420000.000",
    "1e9",
    "1E+999",
    "NaN",
    "inf",
    "9" * 400,
    "½",
    "٣",
    "１２",
    "0x10",
    "-5 tỷ",
    "10^15",
]
_DAYS = ["31/02/2026", "2026-13-01", "00/00/0000", "1/1/1", "29/02/2100", "02/03/26", "99999999", "2026-03-02T25:00"]
_LONG = [
    "A" * 40_000,
    "ạ̣̣" * 500,
    "\U0001f600" * 50,
    "a\u0301" * 2000,
    "<b>&amp;~~|`*_[x](y)",
    "../../x",
    "C:\\x",
    "%s{0}{x}$",
]
_KINDS: list[Any] = [None, True, False, 0, -1, 1.5, 10**15, 10**15 + 1, 2**63, 1e300, 0.1 + 0.2, 1e-320]
_TIMES: list[Any] = [date(1900, 1, 1), date(9999, 12, 31), datetime(2026, 3, 2, 23, 59), time(1, 2), timedelta(days=400)]  # noqa: DTZ001
TEXTS = [*_CONTROL, *_BLANK, *_FORMULAS, *_AMOUNTS, *_DAYS, *_LONG]
WORDS = (
    st.sampled_from(TEXTS) | st.text(max_size=20) | st.builds(str.__add__, st.sampled_from(TEXTS), st.sampled_from(TEXTS))
)
HEADINGS = [
    *NAMES,
    "points",
    "Điểm",
    "place",
    "title",
    "address",
    "requested_vnd",
    "TT",
    "Số hồ sơ",
    "Kinh phí (tr.đ)",
    "",
    "A",
    "B",
]


def plain(cell: Any) -> str:
    """A cell as a text file has it; half of a character there is in none."""
    return "" if cell is None else str(cell).encode("utf-8", "replace").decode()


def in_workbook(cell: Any) -> Any:
    """A cell as openpyxl writes it; what it refuses, no workbook holds as such."""
    if isinstance(cell, str):
        kept = "".join(one for one in cell if one.isprintable() or one in "\t\n\r\u202e\u200b\u00a0\u3000\u2028\x7f\x9b")
        return kept.encode("utf-8", "replace").decode()[:32_000]
    return cell if not isinstance(cell, int | float) or abs(cell) < 1e308 else str(cell)


@st.composite
def tables(draw: st.DrawFn) -> list[list[Any]]:
    """Rows that are sound but for a few cells, under headings in any order, some of them others, blank or twice."""
    headings = draw(st.permutations(NAMES))
    sound = [[(ROW | {"reference": f"KC-{number}"})[name] for name in headings] for number in range(draw(st.integers(1, 4)))]
    rows: list[list[Any]] = [list(headings), *sound]
    for _ in range(draw(st.integers(0, 6))):
        row = rows[draw(st.integers(0, len(rows) - 1))]
        place = draw(st.integers(0, len(row) - 1))
        row[place] = draw(st.sampled_from(HEADINGS) if row is rows[0] else WORDS | st.sampled_from([*_KINDS, *_TIMES]))
    for row in rows if draw(st.booleans()) else ():
        row.append(draw(WORDS))
    above = draw(st.lists(st.lists(WORDS, max_size=3), max_size=2))
    return [*above, *rows, *draw(st.lists(st.lists(WORDS, max_size=5), max_size=2))]


@st.composite
def titles(draw: st.DrawFn, count: int) -> list[str]:
    """Names of sheets, as a file may hold them: openpyxl takes all but a few characters."""
    names = st.sampled_from(
        ["So", "Questions", "Summary", "'", "a'", "History", "kcgrant – x", "A!1", "=1", " ", "Đ" * 31, "\u202e"]
    )
    taken = st.text(st.characters(exclude_characters="[]:*?/\\", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=31)
    return draw(st.lists(names | taken, min_size=count, max_size=count, unique_by=str.casefold))


def written(folder: Path, sheets: Sequence[tuple[str, list[list[Any]]]], suffix: str) -> Path:
    """A register of these sheets, or of the first as text."""
    file = folder / f"so{suffix}"
    if suffix == ".csv":
        quoted = [[f'"{plain(cell)}"' if '"' not in plain(cell) else plain(cell) for cell in row] for row in sheets[0][1]]
        file.write_text("\n".join(";".join(cells) for cells in quoted), encoding="utf-8", newline="")
        return file
    book = Workbook()
    for number, (title, rows) in enumerate(sheets):
        sheet = book.create_sheet() if number else book.active
        assert sheet is not None
        sheet.title = title
        for row in rows:
            sheet.append([in_workbook(cell) for cell in row])
    book.save(file)
    return file


def answered(capsys: pytest.CaptureFixture[str], *command: str | Path) -> int:
    """The code with which a command ends: never that of an error of ours; what it prints is harmless, a fault a line."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    code = cli.main([*map(str, command)])
    out, err = capsys.readouterr()
    assert code in (0, 1, 2), err
    assert {one for one in out + err if not one.isprintable()} <= {"\n", "\t"}
    assert all(line.startswith("kcgrant: ") for line in err.splitlines()), err
    assert "Traceback" not in err
    assert code != 2 or (err and not out)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEBIBYTES * 1024
    return code


def quietly(command: list[str]) -> int:
    """The code with which a command ends; an error of ours is raised with what was printed of it."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.main(command)
    assert code != 3, (command, err.getvalue())
    return code


pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
few = settings(max_examples=cases(60), deadline=timedelta(seconds=SECONDS))


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_registers(suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    @few
    @given(st.data())
    def fuzz(data: st.DataObject) -> None:
        sheets = [(title, data.draw(tables())) for title in data.draw(titles(2))]
        with TemporaryDirectory() as name:
            folder = Path(name)
            file, target = (
                written(folder, sheets, suffix),
                folder / f"ra{data.draw(st.sampled_from(['.csv', '.xlsx', '.jsonl']))}",
            )
            code = answered(capsys, "register", file, target, "--lang", data.draw(st.sampled_from(["en", "vi"])))
            assert target.exists() == (code == 0)
            told = data.draw(st.sampled_from([["--policy", "ranked"], ["--policy", "pro-rata", "--without-faulty"]]))
            plan = folder / f"ke-hoach{data.draw(st.sampled_from(['.csv', '.xlsx', '.json']))}"
            code = answered(capsys, "plan", file, "--budget", "4 tỷ", *told, "--out", plan)
            assert plan.exists() == (code == 0)
            answered(capsys, "sheet", file, "--all", "--out", folder / "phieu.html")
            assert {one.suffix for one in folder.iterdir()} <= {suffix, target.suffix, plan.suffix, ".html"}

    fuzz()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.sampled_from(_KINDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


def replaced(draw: st.DrawFn, value: Any) -> Any:
    """A document with a part replaced, left out, or set beside another."""
    if isinstance(value, dict) and value and draw(st.integers(0, 3)):
        key = draw(st.sampled_from(sorted(value)))
        changed = dict(value)
        if draw(st.integers(0, 5)):
            changed[key] = replaced(draw, value[key])
        else:
            changed[draw(WORDS)] = changed.pop(key)
        return changed
    if isinstance(value, list) and value and draw(st.integers(0, 3)):
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], replaced(draw, value[place]), *value[place + 1 :]]
    return draw(VALUES)


@st.composite
def documents(draw: st.DrawFn) -> str:
    document: Any = {
        "approved_on": "2026-03-02",
        "reference": "KC-1",
        "establishment": {"name": "Halo", "province": "hung-yen", "tax_code": "0900123452", "facts": {}},
        "activities": [{"norm": "advanced-machinery", "cost_vnd": 10**9, "technology_line": True, "quantity": None}],
        "prior_support": [{"norm": "advanced-machinery", "amount_vnd": 10**7, "granted_on": "2025-01-01"}],
    }
    for _ in range(draw(st.integers(1, 3))):
        document = replaced(draw, document)
    text = json.dumps(document, ensure_ascii=draw(st.booleans()))
    place = draw(st.integers(0, len(text)))
    return text if draw(st.integers(0, 3)) else text[:place] + draw(WORDS) + text[place:]


@few
@given(
    documents(), st.sampled_from([["assess"], ["assess", "--json"], ["assess", "--html"], ["route"], ["plan"], ["sheet"]])
)
def test_documents(text: str, command: list[str]) -> None:
    with TemporaryDirectory() as name:
        file = Path(name) / "a.json"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        more = {"plan": ["--budget", "1 tỷ", "--policy", "pro-rata"], "sheet": ["--out", str(Path(name) / "a.html")]}
        told = [command[0], str(file), *command[1:], *more.get(command[0], ())]
        assert quietly(told) in (0, 1, 2)


@st.composite
def laws(draw: st.DrawFn) -> str:
    """A regulation with a line of it replaced, doubled or left out, or with something set into it."""
    lines = (LAW / "hung-yen-553-2025.toml").read_text(encoding="utf-8").splitlines()
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(lines) - 1))
        key = lines[place].partition("=")[0]
        value = draw(
            st.sampled_from(
                ["{", "[[", '"""', "nan", "-inf", "1e400", "0x1", "1979-05-27", "''", "[1, {a.b = 2}]", "9" * 5000]
            )
        )
        written_so = [
            f"{key}= {value}",
            lines[place] * 2,
            "",
            f"[{draw(WORDS)}]",
            json.dumps(draw(WORDS)) + " = 1",
            draw(WORDS),
        ]
        lines[place] = draw(st.sampled_from(written_so))
    return "\n".join(lines)


@few
@given(laws())
def test_regulations(text: str) -> None:
    with TemporaryDirectory() as name:
        file = Path(name) / "law.toml"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        assert quietly(["check", str(file)]) in (0, 1, 2)
