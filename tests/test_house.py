"""The house: which room may use which, what importing costs, and that numbers of law live in data alone."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import unicodedata
from pathlib import Path

import pytest

from dossiers import application, machine
from kcgrant import Assessment, assess, catalogue
from kcgrant.regulation import LAW

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "kcgrant"
ROOMS = [
    "errors",
    "door",
    "money",
    "wording",
    "application",
    "facts",
    "proofread",
    "regulation",
    "catalogue",
    "eligibility",
    "record",
    "curve",
    "questions",
    "assess",
    "repairs",
    "advise",
    "compare",
    "layout",
    "explain",
    "mend",
    "tell",
    "contrast",
    "chart",
    "picture",
    "__init__",
    "columns.names",
    "columns.rules",
    "columns.amounts",
    "columns.entry",
    "columns.intake",
    "columns.lines",
    "columns.faults",
    "columns.sweeping",
    "columns",
    "testing.strategies",
    "testing.laws",
    "testing.cases",
    "testing.counterexample",
    "testing",
    "testing.proof",
    "terminal",
    "advice_command",
    "cli_advice",
    "register.headings",
    "register.cells",
    "register.table",
    "register.rows",
    "register.text_file",
    "register.workbook_in",
    "register.reading",
    "register.dossiers",
    "register.establishments",
    "register.pooling",
    "register.result",
    "register.sheets",
    "register.ledger",
    "register.writing",
    "register.workbook_out",
    "register.blank",
    "register",
    "cli_register",
    "programme.record",
    "programme.solver",
    "programme.rules",
    "programme.requests",
    "programme.registers",
    "programme",
    "programme.files",
    "programme.command",
    "cli_plan",
    "cli",
    "__main__",
]


def imports(room: str) -> set[str]:
    """The rooms that a room imports when it runs; what only a type checker sees does not count."""
    tree = ast.parse(file_of(room).read_text(encoding="utf-8"))
    checked = {
        id(n) for i in ast.walk(tree) if isinstance(i, ast.If) and ast.unparse(i.test) == "TYPE_CHECKING" for n in i.body
    }
    found = set()
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and node.module.startswith("kcgrant")
            and id(node) not in checked
        ):
            named = [node.module.removeprefix("kcgrant").removeprefix(".")]
            found |= {alias.name for alias in node.names} if named == [""] else set(named)
    return found


def file_of(room: str) -> Path:
    path = SOURCE.joinpath(*room.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def test_every_room_is_listed() -> None:
    assert set(SOURCE.rglob("*.py")) == set(map(file_of, ROOMS))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_those_above_it(room: str) -> None:
    assert imports(room) - {room} <= set(ROOMS[: ROOMS.index(room)])


def test_importing_loads_nothing_heavy_and_reads_no_law() -> None:
    script = """
import sys, kcgrant
heavy = {"rich", "hypothesis", "asyncio", "openpyxl", "xlsxwriter", "narwhals", "tempfile", "argparse"} & sys.modules.keys()
assert not heavy, heavy
assert kcgrant.catalogue.get.cache_info().currsize == 0
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_no_cap_of_law_and_no_float_stands_in_the_code() -> None:
    of_law: set[float] = set()
    for file in LAW.glob("*.toml"):
        for norm in tomllib.loads(file.read_text(encoding="utf-8")).get("norms", {}).values():
            of_law |= {norm["cap"], float(norm.get("technology_line_factor", 1)) * norm["cap"]}
    assert 450_000_000 in of_law
    for file in SOURCE.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
                assert node.value not in of_law, f"{file.name}:{node.lineno}"
                assert not isinstance(node.value, float), f"{file.name}:{node.lineno}: a float"


def test_every_file_is_in_unicode_form_nfc_and_names_no_machine() -> None:
    folders = [ROOT / name for name in ("src", "tests", "docs", "examples", ".ci")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    for path in [*files, *(path for path in ROOT.glob("*.*") if path.is_file() and path.name != ".coverage")]:
        text = path.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), path
        assert not re.search(r"/(?:home|root|work|tmp|Users)/\w", text), path


def test_an_assessment_is_neither_true_nor_false_and_cannot_be_changed() -> None:
    answer = assess(application(machine(1_000_000)))
    with pytest.raises(TypeError, match="an assessment is neither true nor false; ask for its verdict or its maximum_vnd"):
        bool(answer)
    with pytest.raises(AttributeError):
        answer.maximum_vnd = 0  # type: ignore[misc]
    assert isinstance(answer, Assessment)


def test_the_record_is_one_document() -> None:
    answer = assess(application(machine(800_000_000), reference="KC-1"))
    document = answer.to_dict()
    assert list(document) == [
        "reference",
        "regulation",
        "approved_on",
        "verdict",
        "maximum_vnd",
        "assured_vnd",
        "activity_verdicts",
        "lines",
        "findings",
        "questions",
        "readings",
        "notes",
    ]
    law = catalogue.get("hung-yen-553-2025")
    assert document["regulation"] == {
        "id": "hung-yen-553-2025",
        "document": "553/2025/NQ-HĐND",
        "title": {"en": law.title.en, "vi": law.title.vi},
        "digest": law.digest,
    }
    assert document["lines"] == [
        {
            "norm": "advanced-machinery",
            "activities": [0],
            "maximum_vnd": 300_000_000,
            "assured_vnd": 300_000_000,
            "options": [
                option := {
                    "id": "all",
                    "activities": [0],
                    "base_vnd": 800_000_000,
                    "share_vnd": 400_000_000,
                    "cap_vnd": 300_000_000,
                    "prior_vnd": 0,
                    "cap_left_vnd": 300_000_000,
                    "amount_vnd": 300_000_000,
                    "binding": ["cap"],
                }
            ],
            "chosen": "all",
            "assured": option,
            "source": "ven-57468",
        }
    ]
    assert document["findings"][0] == {
        "condition": "lawfully-established",
        "fact": "establishment.lawfully_established",
        "outcome": "met",
        "activity": None,
        "value": True,
        "source": "decree-45-2012",
    }
    assert [reading["id"] for reading in document["readings"]] == [
        "line-rate",
        "line-only",
        "per-establishment",
        "rounding",
        "date",
        "tax",
    ]


def test_the_same_bytes_come_out_of_every_process() -> None:
    """The order of sets and dictionaries changes with the seed of a process; documents and explanations must not."""
    script = """
from dossiers import *
from kcgrant import assess, explain
answer = assess(application(machine(800_000_000, technology_line=None), demonstration(3_333_333_334), kind=None, sector=None))
print(answer.to_json(), explain(answer), explain(answer, "vi", "markdown"))
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests"), "PYTHONIOENCODING": "utf-8"}
    printed = {
        subprocess.run(
            [sys.executable, "-c", script], env=environment | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "2", "3")
    }
    assert len(printed) == 1


def test_a_regulation_is_not_named_but_given() -> None:
    with pytest.raises(TypeError, match=r'regulation: given "hung-yen-553-2025"; expected a Regulation, such as catalogue'):
        assess(application(machine(1_000_000)), "hung-yen-553-2025")  # type: ignore[arg-type]


@pytest.mark.parametrize("script", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.stem)
def test_an_example_runs_is_short_and_prints_amounts(script: Path) -> None:
    assert len(script.read_text(encoding="utf-8").splitlines()) < 40
    done = subprocess.run([sys.executable, "-W", "error", script], capture_output=True, encoding="utf-8", check=True)
    assert done.stderr == ""
    assert EXAMPLES[script.stem] in done.stdout


# What each example must say, derived by hand: the same sums in plain integers, min(cost // 2, cap or 1.5 × cap); of 300 dossiers, 32 have an unreadable cell and 4 a merged one;
# 50% of 420 million; 300 - 80 million; the higher cap for the line alone;
# 30% of 3,333,333,333 rounded down; 50% of 820 million as a line; the cap for lines; 500 million / 30% and 250 million / 30%,
# rounded up, and 833,333,334 - 250,000,000; 300,000,001 / 50%, 320 - 300 and 525 - 450 million; the old national cap.
EXAMPLES = {
    "register_of_a_year": "40 of 40 planted faults are named by their cell\n264 of 300 dossiers are assessed\n",
    "longan_drying_cabinet": "210.000.000 đồng (hai trăm mười triệu đồng)",
    "mixers_and_packaging_machine": "support at most    VND 220,000,000, bound by the cap",
    "technology_line": "-> support technology-lines: VND 450,000,000",
    "demonstration_model": "VND 3,333,333,333       VND 999,999,999  rate",
    "open_questions": "từ 300.000.000 đồng đến 410.000.000 đồng",
    "best_route": "  1. Advanced machinery and technology  VND 450,000,000  to show: nothing",
    "turning_points": "VND 1,666,666,667    VND 833,333,334  VND 583,333,334",
    "compare_regulations": "first cost that gains: VND 600,000,002\nKC-1: +0 đồng\nKC-2: +20,000,000 đồng\nKC-3: +75,000,000",
    "cap_of_350_million": " 350 triệu   10456   11403     590.838.500.000 đồng\n",
    "years_programme": "KC-2  VND 220,000,000  budget left 220,000,000 of 300,000,000",
    "another_regulation": "2017-06-01  national-26-2014: VND 500,000,000",
}
