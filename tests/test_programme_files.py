"""The plan as a file and on the command line: amounts exact, text never a formula, old files whole, faults in words."""

from __future__ import annotations

import csv
import json
import re
import sys
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, get_args

import pytest
from openpyxl import load_workbook

from dossiers import application, demonstration, machine
from kcgrant import InputError, cli
from kcgrant.cli.plan import POLICIES, RANKINGS
from kcgrant.language import Lang
from kcgrant.programme import Programme, Request, Share, plan, write
from kcgrant.programme.plan import Policy, Ranking

MACHINES, MODELS = "advanced-machinery", "demonstration-model"


def asks(reference: str, points: object, assured_vnd: int, norm: str = MACHINES, name: str = "Halo") -> Request:
    share = Share(norm=norm, maximum_vnd=assured_vnd + 7, assured_vnd=assured_vnd)
    stated: dict[str, Any] = {"reference": reference, "points": points, "shares": (share,), "establishment": name}
    return Request(approved_on=date(2026, 3, 2), **stated)


def programme() -> Programme:
    requests = [
        asks("=1+1", "87,5", 300_000_000, name="@Halo"),
        asks("-KC-2", 80, 90_000_000, MODELS, "+84 Mạnh Hùng"),
        asks("0009", 70, 300_000_000),
    ]
    return plan(requests, 400_000_000, "ranked")


def test_the_workbook_holds_the_plan_and_no_formula(tmp_path: Path) -> None:
    write(programme(), tmp_path / "plan.xlsx")
    book = load_workbook(tmp_path / "plan.xlsx")
    assert book.sheetnames == ["Annex", "Reserve list", "Plan", "Summary"]
    rows = list(book["Plan"].iter_rows(values_only=True))
    assert rows[0] == (
        "Rank",
        "Reference",
        "Establishment",
        "Plan approved on",
        "Points",
        "Ceiling",
        "Assured",
        "Awarded",
        "Awarded: advanced-machinery",
        "Awarded: demonstration-model",
        "Open questions",
        "Outcome",
        "Why",
    )
    day = datetime(2026, 3, 2)  # noqa: DTZ001 - a day of a workbook
    full = "in full; then left 100,000,000"
    assert rows[1] == (
        1,
        "=1+1",
        "@Halo",
        day,
        87.5,
        300_000_007,
        300_000_000,
        300_000_000,
        300_000_000,
        0,
        7,
        "funded",
        full,
    )
    assert rows[3][1:3] == ("0009", "Halo")
    assert rows[3][11:] == ("reserve list", "budget left 10,000,000 of 300,000,000")
    assert rows[4][1] == "Total"
    assert rows[4][5:11] == (690_000_021, 690_000_000, 390_000_000, 300_000_000, 90_000_000, 21)
    assert {cell.data_type for row in book["Plan"].iter_rows() for cell in row} == {"s", "n", "d"}
    assert [book["Plan"][place].quotePrefix for place in ("B2", "C2", "B3", "C3", "B4")] == [True, True, True, True, False]


@pytest.mark.parametrize(
    ("lang", "day", "plan_sheet", "title"),
    [
        ("en", "yyyy-mm-dd", "Plan", "Plan of the programme"),
        ("vi", "dd/mm/yyyy", "Kế hoạch", "Kế hoạch phân bổ kinh phí khuyến công"),
    ],
)
def test_the_workbook_is_ready_to_be_printed(tmp_path: Path, lang: Lang, day: str, plan_sheet: str, title: str) -> None:
    write(programme(), tmp_path / "plan.xlsx", lang)
    book = load_workbook(tmp_path / "plan.xlsx")
    sheet = book[plan_sheet]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("C2", "A1:M4", "$1:$1")
    for one in book.worksheets:
        assert (one.page_setup.orientation, one.page_setup.paperSize) == ("landscape", 9)
        assert (one.page_setup.scale or 100) >= 91  # 10 of 11 points
        assert one.oddFooter is not None
    for one in book.worksheets[-2:]:
        assert one.oddHeader is not None
        assert one.oddHeader.center.text == title
    assert (sheet["D2"].number_format, sheet["G2"].number_format) == (day, "#,##0")
    assert sheet["A1"].font.b
    assert all(sheet.column_dimensions[letter].width >= 7 for letter in "ABCDEFGHIJKLM")


def test_the_summary_holds_the_sums_as_numbers(tmp_path: Path) -> None:
    requests = [asks("KC-1", "87,5", 300_000_000), asks("KC-2", 80, 5)]
    options: dict[str, Any] = {"committed_vnd": 50, "floor_vnd": 10, "envelopes": {MACHINES: 350_000_000}}
    write(plan(requests, 400_000_000, "best", **options), tmp_path / "plan.xlsx")
    rows = {row[0]: row[1] for row in load_workbook(tmp_path / "plan.xlsx")["Summary"].iter_rows(values_only=True)}
    assert rows == {
        "Plan of the programme": None,
        "Unit: đồng": None,
        "How it is shared": "the selection with the most points",
        "Budget": 400_000_000,
        "Committed before": 50,
        "Awarded": 300_000_000,
        "Left": 99_999_950,
        "Envelope advanced-machinery": "300,000,000 awarded of 350,000,000, left 50,000,000",
        "Smallest award": 10,
        "Points of the selection": "87.5",
        "Open questions": "14 more could be due if every open answer is favourable; not taken from the budget",
        "Dossiers": "funded: 1, below the floor: 1",
    }


def test_an_amount_that_a_cell_cannot_hold_exactly_is_text(tmp_path: Path) -> None:
    write(plan([asks("KC-1", 1, 2**53)], 1, "ranked"), tmp_path / "plan.xlsx")
    sheet = load_workbook(tmp_path / "plan.xlsx")["Plan"]
    assert [sheet[place].value for place in ("G2", "H2")] == ["9,007,199,254,740,992", 0]


def test_the_table_holds_plain_digits_and_no_formula(tmp_path: Path) -> None:
    write(programme(), tmp_path / "plan.csv", "vi")
    content = (tmp_path / "plan.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert rows[0][:3] == ["Hạng", "Số hồ sơ", "Cơ sở"]
    assert rows[1][:9] == ["1", "'=1+1", "'@Halo", "2026-03-02", "87.5", "300000007", "300000000", "300000000", "300000000"]
    assert rows[2][1:3] == ["'-KC-2", "'+84 Mạnh Hùng"]
    assert rows[3][1] == "0009"
    assert len(rows) == 4


def test_a_plan_in_proportion_has_no_rank_and_one_norm_no_columns_of_its_own(tmp_path: Path) -> None:
    write(plan([asks("KC-1", None, 3)], 2, "pro-rata"), tmp_path / "plan.csv")
    rows = list(csv.reader((tmp_path / "plan.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows == [
        [
            "Reference",
            "Establishment",
            "Plan approved on",
            "Ceiling",
            "Assured",
            "Awarded",
            "Open questions",
            "Outcome",
            "Why",
        ],
        ["KC-1", "Halo", "2026-03-02", "10", "3", "2", "7", "partly funded", "3 × 2 / 3"],
    ]


def test_points_that_are_no_decimal_are_text(tmp_path: Path) -> None:
    from fractions import Fraction

    write(plan([asks("KC-1", Fraction(1, 3), 3)], 2, "ranked"), tmp_path / "plan.csv")
    assert ",1/3," in (tmp_path / "plan.csv").read_text(encoding="utf-8-sig")


def test_the_document_is_that_of_the_library_and_the_same_bytes_twice(tmp_path: Path) -> None:
    write(programme(), tmp_path / "plan.json")
    write(programme(), tmp_path / "again.json", "vi")
    assert json.loads((tmp_path / "plan.json").read_bytes()) == programme().to_dict()
    assert (tmp_path / "plan.json").read_bytes() == (tmp_path / "again.json").read_bytes()


def test_an_interrupted_run_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "plan.csv"
    file.write_text("old", encoding="utf-8")

    def full(file: IO[str], **_: object) -> None:
        file.write("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(csv, "writer", full)
    monkeypatch.setattr("sys.unraisablehook", lambda _: None)
    with pytest.raises(InputError, match=r"plan\.csv: cannot be written: the disk is full; free some space"):
        write(programme(), file)
    assert [path.name for path in tmp_path.iterdir()] == ["plan.csv"]
    assert file.read_text(encoding="utf-8") == "old"


def test_a_file_of_another_kind_or_in_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"plan\.pdf: expected a name that ends in .xlsx, .csv, .json"):
        write(programme(), tmp_path / "plan.pdf")
    with pytest.raises(InputError, match=r"plan\.csv: cannot be written: there is no such folder"):
        write(programme(), tmp_path / "nowhere" / "plan.csv")


# --- the command line -------------------------------------------------------------------------------------------------


def listed(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Three applications as they stand in a file: machines at the cap, a model of 30%, a machine whose kind is open."""
    stated = [
        application(machine(800_000_000), reference="KC-1", name="Halo"),
        application(demonstration(400_000_000), reference="KC-2", name="Mạnh Hùng"),
        application(machine(700_000_000), reference="KC-3", name="Vy Dung", kind=None),
    ]
    return [json.loads(one.to_json()) | extra for one, extra in zip(stated, rows, strict=True)]


SCORED = listed({"points": 70}, {"points": "87,5"}, {})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "year.json"
    path.write_text(json.dumps(SCORED), encoding="utf-8")
    return path


def ran(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = cli.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_plan_is_a_table_in_the_terminal(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    code, out, err = ran(capsys, "plan", file, "--budget", "400 triệu", "--policy", "ranked")
    assert (code, err) == (0, "")
    # KC-2: 30% of 400 million is 120; 280 are left for KC-1, which needs 300; KC-3 could receive 300.
    assert (
        out
        == """\
Plan of the programme
---------------------
  How it is shared  ranked by points, whole awards only
  Budget            VND 400,000,000
  Committed before  VND 0
  Awarded           VND 120,000,000
  Left              VND 280,000,000
  Open questions    300,000,000 more could be due if every open answer is favourable; not taken from
                    the budget
  Dossiers          funded: 1, reserve list: 1, waiting: 1

Rank  Reference  Establishment  Points      Assured      Awarded  Outcome       Why
   1  KC-2       Mạnh Hùng        87.5  120,000,000  120,000,000  funded        in full; then left 280,000,000
   2  KC-1       Halo               70  300,000,000            0  reserve list  budget left 280,000,000 of 300,000,000
      KC-3       Vy Dung                          0            0  waiting       nothing assured yet; 300,000,000 is
                                                                                open: Kind of establishment
"""
    )


def test_the_command_knows_every_policy_and_every_order() -> None:
    assert (get_args(Policy), get_args(Ranking)) == (POLICIES, RANKINGS)


def test_every_option_reaches_the_plan(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    options = [
        "--budget",
        "500 triệu",
        "--policy",
        "ranked",
        "--partial-last",
        "--committed",
        "50 triệu",
        "--floor",
        "1 triệu",
    ]
    envelopes = ["--envelope", f"{MODELS}=100 triệu", "--envelope", f"{MACHINES}=200 triệu"]
    out = file.with_suffix(".out.json")
    code, said, _ = ran(capsys, "plan", file, *options, *envelopes, "--by", "date", "--out", out, "--lang", "vi")
    assert (code, said.splitlines()[0]) == (0, "Kế hoạch phân bổ kinh phí khuyến công")
    assert "KC-1" not in said
    document = json.loads(out.read_bytes())
    amounts = [document[key] for key in ("budget_vnd", "committed_vnd", "floor_vnd", "awarded_vnd", "left_vnd")]
    assert amounts == [500_000_000, 50_000_000, 1_000_000, 300_000_000, 150_000_000]
    assert (document["by"], document["partial_last"]) == ("date", True)
    assert [(one["norm"], one["amount_vnd"]) for one in document["envelopes"]] == [(MODELS, 10**8), (MACHINES, 2 * 10**8)]


@pytest.mark.parametrize("form", ["lines", "array", "lines with a gap"])
def test_applications_stand_in_an_array_or_one_a_line(capsys: pytest.CaptureFixture[str], file: Path, form: str) -> None:
    gap = "\n\n" if form == "lines with a gap" else "\n"
    text = json.dumps(SCORED, indent=1) if form == "array" else gap.join(map(json.dumps, SCORED))
    file.write_text(text, encoding="utf-8")
    code, out, _ = ran(capsys, "plan", file, "--budget", "4 tỷ", "--policy", "pro-rata")
    assert (code, "VND 420,000,000" in out) == (0, True)


def test_one_application_over_several_lines_is_a_file_too(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    file.write_text(json.dumps(SCORED[0], indent=2), encoding="utf-8")
    code, out, _ = ran(capsys, "plan", file, "--budget", "4 tỷ", "--policy", "best")
    assert (code, "VND 300,000,000" in out) == (0, True)


FAULTY = [
    ('{"a": 1, "a": 2}', "year.json: line 1: a: written twice in one object, 1 and 2; keep one"),
    ("[1]", "year.json: [0]: given 1; expected an object with named fields"),
    ("[", "year.json: line 1 column 2: not JSON; no dots in numbers, straight quotes, no comma before a closing bracket"),
    ("[" * 100_000, "year.json: not JSON: nested too deeply"),
    (" \n", "year.json: no applications in it; expected at least one"),
    ("[]", "year.json: no applications in it; expected at least one"),
    ("7", "year.json: line 1: given 7; expected an object with named fields"),
]


@pytest.mark.parametrize(("text", "said"), FAULTY, ids=[said[11:40] for _, said in FAULTY])
def test_a_file_that_holds_no_applications_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, file: Path, text: str, said: str
) -> None:
    file.write_text(text, encoding="utf-8")
    monkeypatch.chdir(file.parent)
    code, out, err = ran(capsys, "plan", "year.json", "--budget", "4 tỷ", "--policy", "best")
    assert (code, out, err) == (2, "", f"kcgrant: {said}\n")


def test_every_faulty_application_is_named_and_nothing_is_shared_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    rows = [{**SCORED[0], "approved_on": "today"}, SCORED[1], {**SCORED[2], "activities": [{"norm": "x", "cost_vnd": 1.5}]}]
    file.write_text(json.dumps(rows), encoding="utf-8")
    monkeypatch.chdir(file.parent)
    code, out, err = ran(capsys, "plan", "year.json", "--budget", "4 tỷ", "--policy", "ranked", "--out", "plan.csv")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        'kcgrant: year.json: [0]: approved_on: given "today"; expected a day as "YYYY-MM-DD", such as "2026-03-02"',
        "kcgrant: year.json: [2]: activities[0].cost_vnd: given 1.5; expected a whole number of đồng from 1 to 10^15; write it in digits alone, as 420000000, without quotes, point or comma",
    ]
    assert not Path("plan.csv").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--budget", "-5"], '--budget: "-5": not an amount; write 1200000000, "1.200.000.000", "1,2 tỷ" or "850 triệu"'),
        (["--budget", "0"], "--budget: given 0; expected a whole number of đồng from 1 to 10^15"),
        (["--budget", "1 tỷ", "--committed", "2 tỷ"], "--committed: given 2,000,000,000, more than the budget of 1,000,000,000; check both amounts"),
        (
            ["--budget", "1 tỷ", "--envelope", "demostration-model=1 tỷ"],
            "--envelope demostration-model: no such norm here; known: advanced-machinery, cleaner-production-model, demonstration-model, replication-model. Did you mean demonstration-model?",
        ),
        (["--budget", "1 tỷ", "--envelope", "x"], '--envelope: "x": expected NORM=AMOUNT, such as advanced-machinery="2 tỷ"'),
        (["--budget", "1 tỷ", "--envelope", "x=1", "--envelope", "x=2"], '--envelope: "x=2": named twice; keep one'),
        (["--budget", "1 tỷ", "--envelope", "x=y"], '--envelope x: "y": not an amount; write 1200000000, "1.200.000.000", "1,2 tỷ" or "850 triệu"'),
        (["--budget", "1 tỷ", "--by", "place"], "year.json: KC-1: place: missing; ranked needs the place that the centre gave each dossier"),
        (["--budget", "1 tỷ", "--policy", "best", "--partial-last"], "--partial-last: a partial last award belongs to ranked, not to best; leave it out"),
        (["--budget", "1 tỷ", "--policy", "best", "--by", "points"], "--by: an order belongs to ranked, not to best; leave it out"),
        (["--budget", "1 tỷ", "--policy", "pro-rata", "--by", "date", "--lang", "vi"], "--by: chỉ dùng với ranked, không dùng với pro-rata; hãy bỏ mục này"),
        (
            ["--budget", "1 tỷ", "--envelope", "đào tạo=1 tỷ", "--lang", "vi"],
            "--envelope đào tạo: không có nội dung hỗ trợ này; các nội dung hỗ trợ: Mô hình trình diễn; Mô hình nhân rộng; Mô hình thí điểm sản xuất sạch hơn; Máy móc thiết bị tiên tiến, chuyển giao công nghệ",
        ),
        (["--budget", "1 tỷ", "--out", "plan.pdf"], "plan.pdf: expected a name that ends in .xlsx, .csv, .json"),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_the_words_of_the_command_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, file: Path, options: list[str], said: str
) -> None:
    monkeypatch.chdir(file.parent)
    code, out, err = ran(capsys, "plan", "year.json", "--policy", "ranked", *options)
    assert (code, out, err.splitlines()[0]) == (2, "", f"kcgrant: {said}")


@pytest.mark.parametrize(
    "missing", [("ortools", "best", "--policy best"), ("xlsxwriter", "excel", "--policy pro-rata --out plan.xlsx")]
)
def test_a_missing_extra_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, file: Path, missing: tuple[str, str, str]
) -> None:
    module, extra, arguments = missing
    for name in [name for name in sys.modules if name.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.chdir(file.parent)
    code, out, err = ran(capsys, "plan", "year.json", "--budget", "1 tỷ", *arguments.split())
    assert (code, out) == (2, "")
    assert err.startswith(
        f'kcgrant: this needs the extra {extra}: install kcgrant[{extra}], as with: {sys.executable} -m pip install "'
    )
    assert not Path("plan.xlsx").exists()


def test_a_cap_is_not_paid_twice_by_the_command_either(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    file.write_text(json.dumps([SCORED[0], {**SCORED[0], "reference": "KC-9"}]), encoding="utf-8")
    monkeypatch.chdir(file.parent)
    code, out, err = ran(capsys, "plan", "year.json", "--budget", "1 tỷ", "--policy", "pro-rata")
    assert (code, err) == (0, "")
    assert re.search(r"Awarded +VND 300,000,000\n", out)
