"""Edges: nothing that came in is dropped without a word, nothing is written over, and nothing ends in a stack trace."""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from kcgrant import Application, InputError, assess, catalogue, cli
from kcgrant.advice.chart import Drawn
from kcgrant.advice.curve import curves
from kcgrant.advice.picture import draw
from kcgrant.cli import assess as commands
from kcgrant.files import atomically
from kcgrant.layout import Row, Section, as_markdown
from kcgrant.register import assess_register, pages, proving, read, write
from kcgrant.testing import LawsBroken, check
from registers import NAMES, csv_file, row, workbook

LAW = catalogue.get("hung-yen-553-2025")
PRIOR = ["reference", "norm", "amount_vnd", "technology_line"]
SUPPORT = ["KC-1", "advanced-machinery", "100 triệu", "không"]
A_SECOND = ["reference", "approved_on", "establishment", "province", "norm", "cost_vnd"]


def told(capsys: pytest.CaptureFixture[str], *command: str | Path) -> tuple[int, str, str]:
    code = cli.main([*map(str, command)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def plan(register: Path, *more: str | Path) -> list[str | Path]:
    return ["plan", register, "--budget", "4 tỷ", "--policy", "ranked", *more]


# --- dropped or written over ------------------------------------------------------------------------------------------


def test_earlier_support_in_a_second_workbook_stands_in_the_result(tmp_path: Path) -> None:
    """210 million of a share, of 300 million less 100: 200. Its sheet is named as one of the officer's, which stays."""
    register = workbook(tmp_path / "so.xlsx", [row()], Sheet2=[["Ghi chú"]])
    prior = tmp_path / "truoc.xlsx"
    book = Workbook()
    book.active.title = "Sheet2"  # type: ignore[union-attr]
    for cells in (PRIOR, SUPPORT):
        book.active.append(cells)  # type: ignore[union-attr]
    book.save(prior)
    result = assess_register(read(register, prior))
    assert result.dossiers["KC-1"].maximum_vnd == 200_000_000
    write(result, tmp_path / "ra.xlsx")
    found = load_workbook(tmp_path / "ra.xlsx")
    assert found["Sheet2"]["A1"].value == "Ghi chú"
    assert [[*cells] for cells in found["Sheet2 (2)"].iter_rows(values_only=True)] == [PRIOR, SUPPORT]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_an_empty_file_of_earlier_support_is_refused(tmp_path: Path, suffix: str) -> None:
    prior = tmp_path / f"truoc{suffix}"
    if suffix == ".csv":
        prior.touch()
    else:
        Workbook().save(prior)
    with pytest.raises(InputError) as refusal:
        read(csv_file(tmp_path / "so.csv", [row()]), prior)
    assert str(refusal.value) == f"{prior}: empty; expected a list of earlier support, or leave it out"


@pytest.mark.parametrize(
    ("headings", "names"),
    [
        (["B", "B"], ["B", "(B)"]),
        (["", "A"], ["(A)", "A"]),
        (["x", "x", "x"], ["x", "B", "C"]),
        (["C", "", "C", "(C)"], ["C", "B", "((C))", "(C)"]),
    ],
)
def test_no_cell_is_lost_in_json_lines_whatever_the_headings(tmp_path: Path, headings: list[str], names: list[str]) -> None:
    cells = [f"cell {index}" for index in range(len(headings))]
    file = csv_file(tmp_path / "so.csv", [[*cells, *row()]], [*headings, *NAMES])
    result = assess_register(read(file))
    write(result, tmp_path / "ra.jsonl")
    [line] = (tmp_path / "ra.jsonl").read_text(encoding="utf-8").splitlines()
    found = json.loads(line)["cells"]
    assert [found[name] for name in names] == cells
    named = {cell for cell, heading in zip(cells, headings, strict=True) if heading}
    assert named <= {*result.dossiers["KC-1"].others.values()}


@pytest.mark.parametrize("headings", [("Điểm", "Điểm"), ("points", "Tổng điểm (thang 100)"), ("Thứ tự", "Xếp hạng")])
def test_two_columns_of_points_that_differ_are_refused_by_a_plan(
    tmp_path: Path, headings: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    for given, code in ((["7", "8"], 2), (["7", "7"], 0), (["7", ""], 0)):
        file = csv_file(tmp_path / "so.csv", [[*row(), *given]], [*NAMES, *headings])
        by = ("--by", "points" if "i" in headings[0][:3] else "place")
        found = told(capsys, *plan(file, *by))
        assert found[0] == code, found
        if code:
            expected = "the rows, or two columns, of KC-1 say 7, 8; write the same in each, or in one alone"
            assert expected in found[2]


@pytest.mark.parametrize("title", ["kcgrant – sổ của tôi", "kcgrant – Questions, mine", "kcgrant – "])
def test_a_sheet_of_the_officer_whose_title_begins_as_ours_is_read(tmp_path: Path, title: str) -> None:
    more = [[title], A_SECOND, ["KC-2", "02/03/2026", "Halo", "hung-yen", "advanced-machinery", "100 triệu"]]
    file = workbook(tmp_path / "so.xlsx", [row()], So2=more)
    result = assess_register(read(file))
    assert [one.maximum_vnd for one in result.dossiers.values()] == [210_000_000, 50_000_000]
    write(result, tmp_path / "ra.xlsx")
    assert load_workbook(tmp_path / "ra.xlsx")["So2"]["A1"].value == title


def test_rows_below_the_last_of_a_sheet_are_refused_and_not_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = assess_register(read(csv_file(tmp_path / "so.csv", [row(reference=f"KC-{n}") for n in range(12)])))
    monkeypatch.setattr(pages, "LAST_ROW", 12)
    with pytest.raises(InputError) as refusal:
        write(result, tmp_path / "ra.xlsx", "vi")
    told = "Sổ theo dõi sẽ có 13 dòng, mà một trang tính chứa nhiều nhất 12 dòng; hãy ghi ra .csv hoặc .jsonl"
    assert refusal.value.message("vi") == told
    assert not (tmp_path / "ra.xlsx").exists()
    monkeypatch.setattr(pages, "LAST_ROW", 60)
    write(result, tmp_path / "ra.xlsx", "vi")


def test_what_is_read_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register = workbook(tmp_path / "so.xlsx", [[*row(), 9]], [*NAMES, "points"])
    prior = workbook(tmp_path / "truoc.xlsx", [SUPPORT], PRIOR)
    (tmp_path / "khac.xlsx").symlink_to(register)
    (tmp_path / "cung.xlsx").hardlink_to(register)
    before = register.read_bytes(), prior.read_bytes()
    for command in (
        ["register", register, register],
        ["register", register, tmp_path / "khac.xlsx"],
        ["register", register, prior, "--prior", prior],
        plan(register, "--out", register),
        plan(register, "--out", tmp_path / "cung.xlsx"),
        plan(register, "--prior", prior, "--out", prior),
    ):
        code, out, err = told(capsys, *command)
        assert (code, out) == (2, "")
        assert err.endswith(": this file is read as well; name another for the result\n")
    assert (register.read_bytes(), prior.read_bytes()) == before


def test_markdown_shows_every_character_as_it_is() -> None:
    """`&lt;` would be `<`, and two tildes strike through."""
    assert r"\&lt; \~\~x\~\~ \*" in as_markdown([Section("s", (Row("", "&lt; ~~x~~ *"),))])


def test_a_number_without_end_is_no_number_in_json_lines(tmp_path: Path) -> None:
    file = csv_file(tmp_path / "so.csv", [[*row(), "x"]], [*NAMES, "y"])
    register = read(file)
    [sheet] = register.sheets
    sheet.rows[0].cells = [*sheet.rows[0].cells[:-1], float("inf")]
    write(assess_register(register), tmp_path / "ra.jsonl")
    text = (tmp_path / "ra.jsonl").read_text(encoding="utf-8")
    assert json.loads(text, parse_constant=pytest.fail)["cells"]["y"] == "inf"


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_result_keeps_the_mode_of_the_file_that_it_replaces_and_the_link_that_leads_to_it(tmp_path: Path) -> None:
    target, link = tmp_path / "ra.csv", tmp_path / "link.csv"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    result = assess_register(read(csv_file(tmp_path / "so.csv", [row()])))
    write(result, link)
    assert link.is_symlink()
    assert (target.stat().st_mode & 0o777, target.read_text(encoding="utf-8-sig")[:9]) == (0o640, "reference")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.csv", "ra.csv", "so.csv"]


def test_threads_that_write_one_file_do_not_tear_it(tmp_path: Path) -> None:
    target, failed = tmp_path / "ra.txt", []

    def run(letter: str) -> None:
        try:
            for _ in range(20):
                atomically(target, lambda beside: beside.write_text(letter * 100_000))
        except InputError as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(letter,)) for letter in "abcd"]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not failed
    assert len(set(target.read_text())) == 1
    assert len(target.read_text()) == 100_000
    assert [path.name for path in tmp_path.iterdir()] == ["ra.txt"]


COMMANDS: dict[str, Callable[[Path], list[str | Path]]] = {
    "a copy": lambda to: ["register", to / "so.xlsx", to / "ra.xlsx"],
    "a workbook": lambda to: ["register", to / "so.csv", to / "ra.xlsx"],
    "lines": lambda to: ["register", to / "so.xlsx", to / "ra.jsonl"],
    "text": lambda to: ["register", to / "so.csv", to / "ra.csv"],
    "a plan": lambda to: plan(to / "so.xlsx", "--out", to / "ra.xlsx"),
    "a paper": lambda to: ["sheet", to / "so.xlsx", "--dossier", "KC-1", "--out", to / "ra.docx"],
}


def files(folder: Path) -> None:
    rows = [[*row(reference=f"KC-{n}", technology_line="", kind="", area=""), 80 - n] for n in range(3)]
    workbook(folder / "so.xlsx", rows, [*NAMES, "points"])
    csv_file(folder / "so.csv", rows, [*NAMES, "points"])


@pytest.mark.parametrize("command", COMMANDS)
def test_two_runs_give_the_same_bytes(tmp_path: Path, command: str) -> None:
    """In two processes, each with its own order of what has none; and no part says when it was written."""
    files(tmp_path)
    found = []
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        run = [sys.executable, "-m", "kcgrant", *map(str, COMMANDS[command](tmp_path))]
        subprocess.run(run, env=environment, check=True, capture_output=True)
        [written] = tmp_path.glob("ra.*")
        found.append(written.read_bytes())
        if zipfile.is_zipfile(written):
            with zipfile.ZipFile(written) as packed:
                assert {one.date_time[0] for one in packed.infolist()} == {1980}
                times = re.findall(rb"<dcterms:modified[^>]*>([^<]*)", packed.read("docProps/core.xml"))
                assert times in ([], [b"1980-01-01T00:00:00Z"])
        written.unlink()
    assert found[0] == found[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_disk_that_is_full_is_told_and_the_old_file_is_whole(tmp_path: Path, command: str) -> None:
    """No file may grow beyond 200 bytes, neither the result nor what is kept beside it for the time being."""
    resource = pytest.importorskip("resource")
    files(tmp_path)
    given = COMMANDS[command](tmp_path)
    target = tmp_path / f"ra{Path(given[-1]).suffix}"
    target.write_text("old")

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))

    run = [sys.executable, "-B", "-m", "kcgrant", *map(str, given)]
    done = subprocess.run(run, check=False, capture_output=True, encoding="utf-8", preexec_fn=small)
    assert (done.returncode, done.stdout) == (2, "")
    dossier = "KC-1: " if command == "a paper" else ""
    assert done.stderr == f"kcgrant: {dossier}{target}: cannot be written: File too large\n"
    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([target.name, "so.csv", "so.xlsx"])


@pytest.mark.parametrize("number", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_signal_leaves_nothing_behind(tmp_path: Path, number: str) -> None:
    (tmp_path / "ra.csv").write_text("old")
    script = (
        "import signal, sys, time\nfrom kcgrant import cli, files\nfrom kcgrant.register import writing\n"
        "def slow(*_):\n    print(flush=True); time.sleep(60)\nwriting.write_csv = slow\n"
        "sys.argv = ['kcgrant', 'register', 'so.csv', 'ra.csv']\ncli.run()\n"
    )
    files(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout
        run.stdout.readline()
        assert len([*tmp_path.glob(".*.part")]) == 1
        run.send_signal(getattr(signal, number))
        _, err = run.communicate(timeout=30)
    assert err == b""
    assert run.returncode == (130 if number == "SIGINT" else 128 + getattr(signal, number))
    assert not [*tmp_path.glob(".*.part")]
    assert (tmp_path / "ra.csv").read_text() == "old"


# --- the terminal -----------------------------------------------------------------------------------------------------

DOCUMENT: dict[str, Any] = {
    "approved_on": "2026-03-02",
    "establishment": {"name": "Cơ sở A", "province": "hung-yen"},
    "activities": [{"norm": "advanced-machinery", "cost_vnd": 10**9, "name": "<b>"}],
}
NASTY = "A\x1b[2J\x1b]0;owned\x07\u202egnp\u200b\x9b31m\x7f\U000e0041"


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_nothing_that_is_printed_is_obeyed_by_a_terminal(
    tmp_path: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [[*row(establishment=NASTY, reference=NASTY, activity=NASTY, tax_code=NASTY), NASTY], [*row(cost_vnd=NASTY), 5]]
    file = csv_file(tmp_path / "so.csv", [*rows, [*row(reference="KC-3", norm=NASTY), 6]], [*NAMES, "Điểm\u202e"])
    document: dict[str, Any] = DOCUMENT | {"establishment": {"name": "A &lt; ~~B~~", "province": "hung-yen"}}
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps(document | {"reference": NASTY, NASTY: 1}), encoding="utf-8")
    printed = ""
    forms = [
        ["assess", tmp_path / f"{name}.json", form] for name in "ab" for form in ("--lang=en", "--json", "--html", "--full")
    ]
    every: list[list[str | Path]] = [
        ["register", file],
        ["register", file, tmp_path / "ra.jsonl"],
        ["register", file, tmp_path / f"{NASTY}.csv"],
        ["register", tmp_path / f"{NASTY}.csv"],
        plan(file, "--without-faulty"),
        plan(file),
        plan(file, "--envelope", f"{NASTY}=1 tỷ"),
        ["sheet", file, "--out", tmp_path / "ra.html", "--dossier", NASTY],
        *forms,
        ["route", "--cost", NASTY],
        ["check", tmp_path / f"{NASTY}.toml"],
        ["norms", NASTY],
    ]
    for command in every:
        _, out, err = told(capsys, *command, "--lang", lang)
        printed += out + err
    assert "\\u001b[2J" in printed
    assert {one for one in printed if not one.isprintable()} == {"\n"}


def test_a_view_in_colour_holds_no_codes_but_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where stdout is a terminal: rich writes its codes around the texts, in which there are none."""
    file = csv_file(tmp_path / "so.csv", [[*row(), "x"]], [*NAMES, NASTY])
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    code, out, err = told(capsys, "register", file)
    assert (code, err) == (0, "")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out)
    assert plain != out
    assert "\\u001b[2J" in plain
    assert {one for one in plain if not one.isprintable()} == {"\n"}


def test_a_view_in_colour_is_one_with_faults_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    file = csv_file(tmp_path / "so.csv", [row(cost_vnd="x")])
    code, out, _ = told(capsys, "register", file, "--strict")
    assert code == 1
    assert "\x1b[" in out
    assert "\\u001b" not in out


def test_an_answer_that_a_fact_of_the_law_does_not_have_is_refused() -> None:
    """Hà Nội's text asks for a fact of its own in a condition, which could not even be looked up."""
    document = DOCUMENT | {
        "activities": [{"norm": next(iter(catalogue.get("ha-noi-rural-trades-2026").norms)), "cost_vnd": 10**9}]
    }
    for value, fails in (("nonsense", True), ("yes", True), (True, False), (False, False)):
        establishment = DOCUMENT["establishment"] | {"facts": {"rural-trade": value}}
        application = Application.from_dict(document | {"establishment": establishment})
        if fails:
            with pytest.raises(InputError, match=f'^establishment.facts.rural-trade: given "{value}"; known: true, false'):
                assess(application, "ha-noi-rural-trades-2026")
        else:
            assert assess(application, "ha-noi-rural-trades-2026").verdict == ("undetermined" if value else "ineligible")


def test_a_document_that_is_printed_is_the_same_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A character that a terminal would obey stands by its number, which is the same in JSON."""
    (tmp_path / "a.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    code, out, _ = told(capsys, "assess", tmp_path / "a.json", "--json")
    assert code == 0
    assert json.loads(out) == assess(Application.from_dict(DOCUMENT)).to_dict()


# --- what nobody foresaw ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [KeyError("x"), RecursionError(), MemoryError(), ZeroDivisionError("a\nb")])
def test_an_error_that_nobody_foresaw_is_told_in_one_line(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> object:
        raise error

    monkeypatch.setattr(commands, "norms_of", fails)
    code, out, err = told(capsys, "norms", "hung-yen-553-2025")
    kind = type(error).__name__
    assert (code, out) == (3, "")
    assert re.fullmatch(
        rf"kcgrant: kcgrant itself has failed \({kind}, assess\.py \d+\); a file that was being written is as it was before\. .*\n",
        err,
    )
    code, _, err = told(capsys, "norms", "hung-yen-553-2025", "--lang", "vi")
    assert re.fullmatch(rf"kcgrant: kcgrant gặp lỗi của chính nó \({kind}, assess\.py \d+\); .*\n", err)


def test_a_framework_has_no_cases(capsys: pytest.CaptureFixture[str]) -> None:
    expected = "kcgrant: regulation: decree-45-2012 is a framework without norms; name a regulation\n"
    assert told(capsys, "cases", "decree-45-2012") == (2, "", expected)


def test_a_picture_of_costs_beyond_64_bits_is_drawn(tmp_path: Path) -> None:
    law = LAW.variant("demonstration-model", cap=10**15, rate=Fraction(1, 10**9))
    draw([Drawn(law, curve) for curve in curves(law)], tmp_path / "a.svg", mark_vnd=10**15)
    assert "</svg>" in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_a_broken_law_comes_back_whole_from_another_process() -> None:
    with pytest.raises(LawsBroken) as error:
        check(LAW, amounts=lambda *_: ("eligible", 0, 0), max_examples=5)
    broken = error.value
    assert str(pickle.loads(pickle.dumps(broken))) == str(broken)  # noqa: S301 - our own


def test_the_first_documents_may_be_written_by_many_threads_at_once() -> None:
    script = (
        "import sys, threading\nsys.setswitchinterval(1e-6)\nfrom kcgrant import ceiling\nfailed, start = [], threading.Barrier(8)\n"
        "def run():\n    start.wait()\n    try:\n        ceiling(norm='advanced-machinery', cost_vnd=10**9, province='hung-yen',"
        " on='2026-03-02').to_json()\n    except Exception as error:\n        failed.append(error)\n"
        "threads = [threading.Thread(target=run) for _ in range(8)]\n[one.start() for one in threads]\n[one.join() for one in threads]\n"
        "assert not failed, failed\n"
    )
    for _ in range(3):
        subprocess.run([sys.executable, "-c", script], check=True)


# --- small files that would fill the memory ---------------------------------------------------------------------------

_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
MANY = "more than 1,500,000 cells that are filled in, formatted, merged or linked; delete the empty rows and columns behind the list and save"
ENTITIES = "defines entities of its own, which no workbook needs; open it in Excel and save it anew as .xlsx"
BOMBS = {
    "a merge of all": ("xl/worksheets/sheet1.xml", _SHEET.format('<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), MANY),
    "merges of much": ("xl/worksheets/sheet1.xml", _SHEET.format('<x:mergeCell xmlns:x="y" ref="$B$2:$GS$9000"/>'), MANY),
    "an area by letters": ("xl/worksheets/sheet1.xml", _SHEET.format("<mergeCell ref='A1&#58;XFD9'/>" * 11), MANY),
    "a merge of columns": ("xl/worksheets/sheet1.xml", _SHEET.format('<mergeCell ref="A:XFD"/>'), MANY),
    "a link on all": ("xl/worksheets/sheet1.xml", _SHEET.format('<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>'), MANY),
    "blank cells": ("xl/worksheets/sheet1.xml", _SHEET.format("<c/>" * 1_500_001), MANY),
    "texts": ("xl/sharedStrings.xml", "<sst>" + "<si/>" * 1_500_001 + "</sst>", MANY),
    "styles": ("xl/styles.xml", "<styleSheet>" + "<xf/>" * 300_001 + "</styleSheet>", "more formats and drawings than a register can have; copy the list into a new workbook"),
    "stretches of a text": ("xl/sharedStrings.xml", "<sst><si>" + "<r/>" * 4_500_001 + "</si></sst>", MANY),
    "entities": ("xl/worksheets/sheet1.xml", '<!DOCTYPE a [<!ENTITY b "c">]>' + _SHEET.format("&b;"), ENTITIES),
    "entities in UTF-16": ("xl/worksheets/sheet1.xml", ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'), ENTITIES),
    "unpacked": ("xl/worksheets/sheet1.xml", " " * (2**28 + 1), "too large for a register; not read"),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_small_workbook_that_would_fill_the_memory_is_refused(tmp_path: Path, bomb: str) -> None:
    part, content, expected = BOMBS[bomb]
    file = workbook(tmp_path / "so.xlsx", [row()])
    with zipfile.ZipFile(file) as packed:
        parts = {one: packed.read(one) for one in packed.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, old in parts.items():
            packed.writestr(name, old if name != part else content.encode("utf-16" if "UTF-16" in content else "utf-8"))
        if part not in parts:
            packed.writestr(part, content)
    with pytest.raises(InputError) as refusal:
        read(file)
    assert str(refusal.value) == f"{file}: {expected}"
    assert file.stat().st_size < 2**19


def test_a_workbook_as_officers_have_it_is_read_whole(tmp_path: Path) -> None:
    """2,000 rows of 19 cells, and a title merged over all columns."""
    file = workbook(tmp_path / "so.xlsx", [row(reference=f"KC-{n}") for n in range(2000)])
    book = load_workbook(file)
    book["Sheet1"].merge_cells("A2003:S2003")
    book.save(file)
    proving.prove(file, "so.xlsx")
    assert len(read(file).rows) == 2000


@pytest.mark.parametrize("cut", [0, 4, 100, 3000, -30])
def test_a_workbook_that_is_cut_off_is_named(tmp_path: Path, cut: int) -> None:
    file = workbook(tmp_path / "so.xlsx", [row()])
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(InputError, match=r"so\.xlsx: (not an \.xlsx workbook, or protected|the workbook is damaged)"):
        read(file)
