"""The house: which room may use which, what importing costs, and that numbers of law live in data alone."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

import pytest

from dossiers import application, machine
from kcgrant import NoRegulation
from kcgrant.assessment import Assessment, assess
from kcgrant.law import LAW, catalogue
from profiles import some

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "kcgrant"
PACKAGES = [
    *("language", "errors", "layout", "files", "fields", "money", "application", "parsing"),
    *("law", "assessment", "advice", "columns", "register", "programme", "testing"),
    *("__init__", "cli", "__main__"),
]
"""The house from the ground up: eight rooms, eight packages, and the face of it; each imports only from those before it."""


def room_of(path: Path) -> str:
    """The name of a room, as it is imported; a package's face is the package itself."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


ROOMS = {room_of(path): path for path in SOURCE.rglob("*.py")}


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def imports(room: str) -> frozenset[str]:
    """The rooms from which a room imports, wherever the import stands, and for type checkers too."""
    found = set()
    for node in ast.walk(tree(ROOMS[room])):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "kcgrant":
            named = node.module.removeprefix("kcgrant").removeprefix(".")
            for alias in node.names:
                inner = f"{named}.{alias.name}".removeprefix(".")
                found.add(inner if inner in ROOMS else named or "__init__")
    return frozenset(found - {room})


def package(room: str) -> str:
    return room.split(".", maxsplit=1)[0]


def test_the_packages_are_those_of_the_design() -> None:
    assert {package(room) for room in ROOMS} == set(PACKAGES)


@pytest.mark.no_cover
@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_imports_only_from_packages_below_its_own(room: str) -> None:
    at = PACKAGES.index(package(room))
    assert {package(other) for other in imports(room)} <= set(PACKAGES[: at + 1])


def floors() -> dict[str, int]:
    """The floor on which each package stands: one above the highest from which it imports."""
    found: dict[str, int] = {}
    for name in PACKAGES:
        below = {package(other) for room in ROOMS if package(room) == name for other in imports(room)} - {name}
        found[name] = 1 + max((found[other] for other in below), default=0)
    return found


@pytest.mark.no_cover
def test_seen_from_above_the_house_has_eighteen_rooms_on_at_most_twelve_floors() -> None:
    print(*(f"floor {floor:2}  {name}" for name, floor in reversed(floors().items())), sep="\n")  # noqa: T201 - shown with pytest -s
    assert len(PACKAGES) == 18
    assert max(floors().values()) <= 12


@pytest.mark.no_cover
def test_no_rooms_import_each_other_in_a_circle() -> None:
    """A package's face hands on what its rooms hold, so that its arrows do not count; nobody inside imports from it."""
    faces = {package(room) for room in ROOMS if "." in room}
    left = {room: imports(room) for room in ROOMS if room not in faces}
    for room, others in left.items():
        assert package(room) not in others, f"{room} imports from the face of its own package"
    while free := [room for room, others in left.items() if not others & left.keys()]:
        for room in free:
            del left[room]
    assert left == {}


def test_importing_loads_nothing_heavy_and_reads_no_law() -> None:
    script = """
import sys, kcgrant
heavy = {"rich", "hypothesis", "asyncio", "openpyxl", "xlsxwriter", "narwhals", "tempfile", "argparse"} & sys.modules.keys()
assert not heavy, heavy
assert kcgrant.catalogue.get.cache_info().currsize == 0
"""
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.no_cover
def test_no_cap_of_law_and_no_float_stands_in_the_code() -> None:
    of_law: set[float] = set()
    for file in LAW.glob("*.toml"):
        for norm in tomllib.loads(file.read_text(encoding="utf-8")).get("norms", {}).values():
            cap = norm.get("cap", 0)
            of_law |= {cap, float(norm.get("technology_line_factor", 1)) * cap, norm.get("technology_line_cap", cap)} - {0}
    assert 450_000_000 in of_law
    for file in ROOMS.values():
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
                assert node.value not in of_law, f"{file.name}:{node.lineno}"
                assert not isinstance(node.value, float), f"{file.name}:{node.lineno}: a float"


WRITTEN = {".py", ".md", ".toml", ".json", ".csv", ".txt"}


def test_every_file_is_in_unicode_form_nfc_and_names_no_machine() -> None:
    folders = [ROOT / name for name in ("src", "tests", "docs", "examples", ".ci")]
    files = [path for folder in folders for path in folder.rglob("*")] + list(ROOT.iterdir())
    for path in [path for path in files if path.suffix in WRITTEN or path.parent.name == ".ci"]:
        text = path.read_text(encoding="utf-16" if "utf16" in path.name else "utf-8")
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
                    "share_left_vnd": 400_000_000,
                    "variations": [],
                }
            ],
            "chosen": "all",
            "assured": option,
            "source": "ven-57468",
        }
    ]
    assert document["findings"][1] == {
        "condition": "lawfully-established",
        "fact": "establishment.lawfully_established",
        "outcome": "met",
        "activity": None,
        "value": True,
        "source": "decree-45-2012",
    }
    assert document["findings"][0] == {
        "condition": "territory",
        "fact": "establishment.former_province",
        "outcome": "met",
        "activity": None,
        "value": "hung-yen",
        "source": "law-64-2025",
    }
    assert [reading["id"] for reading in document["readings"]] == [
        "territory",
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
from kcgrant.assessment import assess, explain
answer = assess(application(machine(800_000_000, technology_line=None), demonstration(3_333_333_334), kind=None, sector=None))
print(answer.to_json(), explain(answer), explain(answer, "vi", "markdown"))
"""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]),
        "PYTHONIOENCODING": "utf-8",
    }
    printed = {
        subprocess.run(
            [sys.executable, "-c", script], env=environment | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in some(("0", "1", "2", "3"), 2)
    }
    assert len(printed) == 1


def test_a_regulation_is_given_or_named_by_its_id() -> None:
    drill = application(machine(1_000_000))
    assert assess(drill, "hung-yen-553-2025") == assess(drill, catalogue.get("hung-yen-553-2025"))
    with pytest.raises(NoRegulation, match=r"hung-yen-553: no such regulation is shipped; shipped: "):
        assess(drill, "hung-yen-553")
    with pytest.raises(TypeError, match=r"regulation: given 553; expected a Regulation, such as catalogue"):
        assess(drill, 553)  # type: ignore[arg-type]


SCRIPTS = sorted((ROOT / "examples").glob("*.py"))


def test_an_example_runs_is_short_and_prints_amounts() -> None:
    """One after the other in one process, which has nothing of ours but what they import."""
    run_all = """
import runpy, sys
for script in sys.argv[1:]:
    print("::", script)
    runpy.run_path(script, run_name="__main__")
"""
    command = [sys.executable, "-W", "error", "-c", run_all, *map(str, SCRIPTS)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    printed = re.split(r"(?m)^:: .*\n", done.stdout)[1:]
    for script, text in zip(SCRIPTS, printed, strict=True):
        assert len(script.read_text(encoding="utf-8").splitlines()) < 40, script
        expected = EXAMPLES.get(script.stem)
        assert expected in text if expected else re.search(r"VND \d|\d đồng", text), script


# What each example must say, derived by hand: the same sums in plain integers, min(cost // 2, cap or 1.5 × cap); of 300 dossiers, 32 have an unreadable cell and 4 a merged one;
# 50% of 420 million; 300 - 80 million; the higher cap for the line alone;
# 30% of 3,333,333,333 rounded down; 50% of 820 million as a line; the cap for lines; 500 million / 30% and 250 million / 30%,
# rounded up, and 833,333,334 - 250,000,000; 300,000,001 / 50%, 320 - 300 and 525 - 450 million; the old national cap.
EXAMPLES = {
    "ask_until_answered": "Cam kết vốn đối ứng: có → 0 đồng đến 410.000.000 đồng",
    "endpoint": "Mức tối đa: 300.000.000 đồng",
    "register_of_a_year": "40 of 40 planted faults are named by their cell\n264 of 300 dossiers are assessed\n",
    "longan_drying_cabinet": "210.000.000 đồng (Bằng chữ: Hai trăm mười triệu đồng)",
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


def test_a_new_yes_no_fact_is_two_edits(tmp_path: Path) -> None:
    """The worked example of CONTRIBUTING.md, in a copy: asked for, read in a register, taken by a dataframe, drawn at random."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = page[page.index("## A new yes/no fact") :]
    (field,) = re.findall(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    (condition,) = re.findall(r"^```toml\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    copy = tmp_path / "kcgrant"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    code = (copy / "application.py").read_text(encoding="utf-8")
    before = re.search(r"^    performs_well: .*\n", code, re.MULTILINE)
    assert before
    (copy / "application.py").write_text(code[: before.end()] + field + code[before.end() :], encoding="utf-8")
    with (copy / "law" / "decree-45-2012.toml").open("a", encoding="utf-8") as law:
        law.write("\n" + condition)
    (tmp_path / "so.csv").write_text(
        "Số hồ sơ;Ngày phê duyệt;Tên cơ sở;Tỉnh;Mức chi;Chi phí;Chưa qua sử dụng\n"
        "KC-1;02/03/2026;Halo;Hưng Yên;advanced-machinery;420 triệu;không\n"
        "KC-2;02/03/2026;Hùng Phát;Hưng Yên;advanced-machinery;420 triệu;x\n",
        encoding="utf-8",
    )
    script = """
from datetime import date
from pathlib import Path
import polars as pl
from hypothesis import find
from kcgrant import Activity, Application, Establishment, assess, catalogue
from kcgrant.advice import repairs
from kcgrant.columns import assess_frame
from kcgrant.register import assess_register, read, template
from kcgrant.testing import activities, check
halo = Establishment(name="Halo", province="hung-yen")
drill = Activity(norm="advanced-machinery", cost_vnd=420_000_000)
stated = Application(approved_on=date(2026, 3, 2), establishment=halo, activities=[drill])
print([one.text.vi for one in assess(stated).questions if one.fact == "activity.unused"])
used = stated.model_copy(update={"activities": [drill.model_copy(update={"unused": False})]})
print(assess(used).verdict.value, [change.fact for one in repairs(assess(used)) for change in one.changes if change.given is False])
print([(name, one.verdict.value, one.maximum_vnd) for name, one in assess_register(read(Path("so.csv"))).dossiers.items()])
frame = pl.DataFrame({"norm": ["advanced-machinery"] * 2, "cost_vnd": [420_000_000] * 2, "unused": [False, True]})
print(assess_frame(frame, catalogue.get("hung-yen-553-2025"), approved_on=date(2026, 3, 2))["maximum_vnd"].to_list())
print(find(activities(catalogue.get("hung-yen-553-2025")), lambda one: one.unused is True).unused)
check(catalogue.get("hung-yen-553-2025"), max_examples=5)
template("mau.xlsx", "vi")
import openpyxl
print("Chưa qua sử dụng" in [cell.value for row in openpyxl.load_workbook("mau.xlsx").worksheets[0].iter_rows(max_row=6) for cell in row])
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    # 50% of 420,000,000 is 210,000,000, under the cap of 300,000,000; a machine that was used is supported with nothing.
    assert done.stdout.splitlines() == [
        "['Máy móc, thiết bị có phải chưa qua sử dụng không?']",
        "ineligible ['activity.unused']",
        "[('KC-1', 'ineligible', 0), ('KC-2', 'undetermined', 210000000)]",
        "[0, 210000000]",
        "True",
        "True",
    ]
