"""The comparison of localities: ranks derived by hand from the texts, and what of it is shown on a screen, in a report, as a picture."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib.style
import pytest

from kcgrant import InputError, catalogue, cli
from kcgrant.advice import Localities, Rank, draw_levels, levels_as_csv, levels_as_markdown, levels_on_screen, localities
from kcgrant.advice.level_picture import _figure
from kcgrant.advice.picture import _STYLE
from kcgrant.law.catalogue import read_directory

HERE = "hung-yen-553-2025"
ALL = localities()
DAY = localities(date(2026, 3, 2))


def ranks(found: Localities, norm: str, text: str = HERE) -> dict[str, tuple[int, int, int]]:
    level = found.level(norm, text)
    assert level is not None
    return {measure: (one.rank, one.of, one.at_or_below) for measure, one in level.ranks.items()}


def test_where_hung_yen_stands_among_all_texts_is_that_derived_by_hand() -> None:
    """Caps in million: demonstration 1000 (Đồng Tháp, Hòa Bình), 800 (Đắk Lắk, Hải Dương), 500, 400, 300, 250; all that state
    a percentage state 30%, Hậu Giang's is not known. Replication 100 (two others), 80, 50. Cleaner production 500 (two
    others), 400. Machinery 300 (Lai Châu, Đồng Tháp, Bắc Giang), 250, 100; lines 450, as the two others that have a cap for them."""
    assert {norm.norm: ranks(ALL, norm.norm) for norm in ALL.norms} == {
        "demonstration-model": {"rate": (1, 8, 7), "cap_vnd": (1, 9, 8)},
        "replication-model": {"cap_vnd": (1, 5, 4)},
        "cleaner-production-model": {"rate": (1, 4, 3), "cap_vnd": (1, 4, 3)},
        "advanced-machinery": {"rate": (1, 4, 3), "cap_vnd": (1, 6, 5), "technology_line_cap_vnd": (1, 3, 2)},
    }


def test_others_are_ranked_too_and_equal_figures_share_a_rank() -> None:
    assert ranks(ALL, "demonstration-model", "dak-lak-2025")["cap_vnd"] == (4, 9, 5)
    assert ranks(ALL, "demonstration-model", "hai-duong")["cap_vnd"] == (4, 9, 5)
    assert ranks(ALL, "demonstration-model", "lai-chau-18-2025")["cap_vnd"] == (6, 9, 3)
    assert ranks(ALL, "demonstration-model", "hau-giang-2014") == {"cap_vnd": (9, 9, 0)}


def test_on_a_day_the_texts_in_force_count() -> None:
    """Hòa Bình's has ended, Đà Nẵng's too; of Hải Dương and Quảng Nam no day is known: they are shown, and not ranked."""
    assert [(one.law.id, one.standing) for one in DAY.texts] == [
        (HERE, "locality"),
        ("dak-lak-2025", "locality"),
        ("lai-chau-18-2025", "locality"),
        ("dong-thap-08-2024", "locality"),
        ("bac-giang-30-2019", "locality"),
        ("hau-giang-2014", "locality"),
        ("ha-noi-rural-trades-2026", "another policy"),
        ("national-28-2018", "national"),
        ("hai-duong", "days not known"),
        ("quang-nam-2014", "days not known"),
    ]
    assert [one.ranked for one in DAY.texts] == [True] * 6 + [False] * 4
    assert ranks(DAY, "demonstration-model") == {"rate": (1, 4, 3), "cap_vnd": (1, 5, 4)}
    assert ranks(DAY, "demonstration-model", "hai-duong") == {}


def test_a_locality_counts_once_and_neither_the_nation_nor_another_policy_counts() -> None:
    standing = {one.law.id: (one.standing, one.ranked) for one in ALL.texts}
    assert standing["bac-giang-734-2014"] == ("earlier text", False)
    assert standing["bac-giang-30-2019"] == ("locality", True)
    assert standing["ha-noi-rural-trades-2026"] == ("another policy", False)
    assert standing["national-28-2018"] == standing["national-26-2014"] == ("national", False)
    assert standing["hai-duong"] == standing["quang-nam-2014"] == ("days not known", True)
    assert ranks(ALL, "advanced-machinery", "ha-noi-rural-trades-2026") == {}


def written(folder: Path, name: str, **changes: str) -> None:
    """Hung Yen's text, of another place and with other words."""
    text = (catalogue._shipped().files[HERE]).read_text(encoding="utf-8")
    for old, new in {HERE: name, '"hung-yen"': f'"{name}"', **changes}.items():
        assert old in text
        text = text.replace(old, new)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def test_a_lower_level_is_told_as_such_and_a_cap_for_another_unit_is_not_compared(tmp_path: Path) -> None:
    """Here 300 and 50%; there 400 and 60%; elsewhere 400 for each enterprise, which is another cap."""
    higher = {"300 million": "400 million", "300 triệu": "400 triệu", "300_000_000": "400_000_000", "50%": "60%"}
    enterprise = {
        '"establishment"': '"enterprise"',
        "per establishment": "per enterprise",
        "đồng/cơ sở": "đồng/doanh nghiệp",
    }
    written(tmp_path, "hung-yen")
    written(tmp_path, "there", **higher)
    written(tmp_path, "elsewhere", **higher, **enterprise)
    found = localities(among=read_directory(tmp_path))
    assert found.home == "hung-yen"
    assert ranks(found, "advanced-machinery", "hung-yen") == {
        "rate": (3, 3, 0),
        "cap_vnd": (2, 2, 0),
        "technology_line_cap_vnd": (2, 2, 0),
    }
    assert ranks(found, "advanced-machinery", "elsewhere")["cap_vnd"] == (1, 1, 0)
    said = " ".join(levels_on_screen(found, "en").split())
    assert "► percentage 1 of 3; 2/2 1 of 3; 2/2 3 of 3; 0/2 ► cap" in said


def test_the_norms_are_those_of_the_home_text_or_those_named_or_all() -> None:
    assert [one.norm for one in ALL.norms] == list(catalogue.get(HERE).norms)
    assert [one.norm for one in localities(norms=["brand"]).norms] == ["brand"]
    every = {name for law in map(catalogue.get, catalogue.ids()) for name in law.norms}
    assert {one.norm for one in localities(full=True).norms} == every
    with pytest.raises(InputError) as refused:
        localities(date(2026, 3, 2), norms=["brnd"])
    assert str(refused.value) == (
        'norms: given "brnd"; known: demonstration-model, replication-model, cleaner-production-model, advanced-machinery, '
        "interest-support"
    )
    with pytest.raises(InputError, match=r'^home: given "hung-yn"; known: .* Did you mean hung-yen\?'):
        localities(home="hung-yn")


def test_the_record_is_one_short_line_and_a_document_of_plain_values() -> None:
    assert repr(ALL) == "Localities(on=None, home=hung-yen-553-2025, texts=14, ranked=10, norms=4)"
    document = json.loads(DAY.to_json())
    assert (document["on"], document["home"]) == ("2026-03-02", HERE)
    assert document["texts"][0]["law"]["document"] == "553/2025/NQ-HĐND"
    assert document["norms"][0]["levels"][0] == {
        "text": HERE,
        "rate": "30%",
        "cap_vnd": 1_000_000_000,
        "per": "model",
        "technology_line_cap_vnd": None,
        "certainty": "B",
        "in_part": False,
        "varies": False,
        "ranks": {"rate": [1, 4, 3], "cap_vnd": [1, 5, 4]},
    }
    assert Rank(1, 4, 3).at_or_below == 3


# --- shown ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_four_norms_of_hung_yen_are_one_screen(lang: Any) -> None:
    lines = levels_on_screen(ALL, lang).splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 120
    assert not [line for line in lines if "…" in line], "nothing is cut off"


def test_the_screen_says_level_rank_and_from_how_many_texts() -> None:
    said = [" ".join(line.split()) for line in levels_on_screen(ALL, "en").splitlines()]
    for line in (
        "► Hung Yen 2025– 30% ≤ 1,000 ≤ 100 30% ≤ 500 50% ≤ 300/450",
        "Hậu Giang 2014– ≤ 250 ? ≤ 50 – ≤ 100 ?",
        "Hải Dương ? 30% ≤ 800 – – 50% ≤ 250 days not known",
        "(Hà Nội) 2026– – – – 50% ≤ 500 another policy",
        "(National) 2014–2018 30% ≤ 500 * ≤ 100 * – 50% ≤ 200 * national",
        "► percentage 1 of 8; 7/7 1 of 4; 3/3 1 of 4; 3/3",
        "► cap 1 of 9; 8/8 1 of 5; 4/4 1 of 4; 3/3 1 of 6; 5/5",
        "► cap, lines 1 of 3; 2/2",
        "Ranked: 10 localities of 14 texts known, each by its newest; in brackets: shown, not ranked.",
    ):
        assert line in said, line
    assert not [line for line in said if line.startswith("(Bắc Giang)")]
    assert "(Bắc Giang) 2014–2020 – – – ≤ 150 ? earlier text" in " ".join(levels_on_screen(ALL, "en", full=True).split())


def test_in_vietnamese_no_english_word_and_no_code_is_left() -> None:
    said = levels_on_screen(localities(full=True), "vi", full=True)
    assert "► Hưng Yên" in said
    assert "(Quốc gia)" in said
    for word in ("National", " per ", "known", "model", "advanced", "establishment"):
        assert word not in said, word


def test_a_day_without_a_text_of_hung_yen_marks_none_and_says_so() -> None:
    found = localities(date(2016, 6, 1))
    assert found.home is None
    said = levels_on_screen(found, "en")
    assert "►" not in said
    assert "No text of the home locality is known to have been in force on that day: none is marked." in said
    assert "cleaner" not in said, "no text of that day has such a norm"


def test_the_table_for_a_report_has_the_documents() -> None:
    lines = levels_as_markdown(DAY, "vi").splitlines()
    assert lines[0] == "## Tỷ lệ trên chi phí ≤ mức trần (triệu đồng): các văn bản có hiệu lực ngày 02/03/2026"
    assert lines[2] == (
        "| Địa phương | Thời gian | Mô hình trình diễn, mỗi mô hình | Mô hình nhân rộng, mỗi mô hình | Mô hình thí điểm sản "
        "xuất sạch hơn, mỗi mô hình | Máy móc thiết bị tiên tiến, chuyển giao công nghệ, mỗi cơ sở |  |"
    )
    assert lines[4] == "| ► Hưng Yên | 2025– | 30% ≤ 1.000 | ≤ 100 | 30% ≤ 500 | 50% ≤ 300/450 |  |"
    assert lines[-1].startswith("Văn bản: Hưng Yên: 553/2025/NQ-HĐND; Đắk Lắk: Nghị quyết của HĐND tỉnh Đắk Lắk năm 2025")


def test_the_rows_for_a_spreadsheet_have_every_figure_exactly() -> None:
    rows = {(row["norm"], row["text"]): row for row in csv.DictReader(StringIO(levels_as_csv(ALL, "en")))}
    assert len(rows) == sum(len(one.levels) for one in ALL.norms)
    here = rows["advanced-machinery", HERE]
    assert here == {
        "norm": "advanced-machinery",
        "title": "Advanced machinery and technology",
        "text": HERE,
        "place": "Hung Yen",
        "document": "553/2025/NQ-HĐND",
        "from": "2025-02-28",
        "until": "",
        "remark": "",
        "ranked": "yes",
        "rate": "50%",
        "cap_vnd": "300000000",
        "per": "establishment",
        "technology_line_cap_vnd": "450000000",
        "certainty": "B",
        "in_part": "no",
        "varies": "no",
        "rate_rank": "1",
        "rate_of": "4",
        "rate_at_or_below": "3",
        "cap_rank": "1",
        "cap_of": "6",
        "cap_at_or_below": "5",
        "technology_line_cap_rank": "1",
        "technology_line_cap_of": "3",
        "technology_line_cap_at_or_below": "2",
    }
    unknown = rows["demonstration-model", "hai-duong"]
    assert (unknown["from"], unknown["remark"], unknown["certainty"]) == ("", "days not known", "C")
    assert rows["demonstration-model", "national-26-2014"]["varies"] == "yes"


# --- the picture ------------------------------------------------------------------------------------------------------


@pytest.mark.no_cover  # most of it is in matplotlib
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_in_the_picture_no_text_overlaps_another_and_none_is_cut_off(lang: Any) -> None:
    for found in (ALL, localities(full=True)):
        with matplotlib.style.context(_STYLE, after_reset=True):
            figure = _figure(found, lang)
            figure.draw_without_rendering()
            boxes = [(one.get_text(), one.get_window_extent()) for one in figure.axes[0].texts]
        for text, box in boxes:
            assert figure.bbox.x0 <= box.x0 <= box.x1 <= figure.bbox.x1, text
            assert figure.bbox.y0 <= box.y0 <= box.y1 <= figure.bbox.y1, text
        for (one, first), (other, second) in combinations(boxes, 2):
            assert not first.overlaps(second), (one, other)


def test_the_picture_has_every_cap_with_the_rank_of_hung_yen(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        draw_levels(ALL, tmp_path / name, "vi")
    texts = ["".join(one.itertext()) for one in ET.parse(tmp_path / "a.svg").iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314
    assert "Mô hình trình diễn, mỗi mô hình: 1 trên 9; 8/8" in texts
    assert {"► Hưng Yên 2025–", "30% ≤ 1.000", "(Hà Nội) 2026–", "50% ≤ 300/450", "(Bắc Giang) 2014–2020"} <= set(texts)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


# --- the command ------------------------------------------------------------------------------------------------------


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(("compare", *arguments))
    return (code, *capsys.readouterr())


def test_the_command_prints_each_form(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert ran(capsys, "--all") == (0, levels_on_screen(ALL, "en"), "")
    assert ran(capsys, "--all", "--on", "02/03/2026", "--lang", "vi") == (0, levels_on_screen(DAY, "vi"), "")
    assert ran(capsys, "--all", "--markdown") == (0, levels_as_markdown(ALL, "en"), "")
    assert ran(capsys, "--all", "--csv", "--norms", "brand") == (0, levels_as_csv(localities(norms=["brand"]), "en"), "")
    assert json.loads(ran(capsys, "--all", "--json")[1]) == json.loads(ALL.to_json())
    assert ran(capsys, "--all", "--full")[1] == levels_on_screen(localities(full=True), "en", full=True)
    file = tmp_path / "levels.png"
    assert ran(capsys, "--all", "--plot", str(file)) == (0, f"{file}\n", "")
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "expected BEFORE and AFTER, or --all; for example: kcgrant compare --all"),
        ([HERE], "expected BEFORE and AFTER, or --all; for example: kcgrant compare --all"),
        ([HERE, HERE, "--csv"], "--csv: used with --all only"),
        ([HERE, HERE, "--on", "2026-03-02", "--full"], "--on: used with --all only\nkcgrant: --full: used with --all only"),
        ([HERE, "--all"], "--all: takes neither regulations nor applications; leave them out"),
        (["--all", "--applications", "a.json"], "--all: takes neither regulations nor applications; leave them out"),
        (["--all", "--plot", "a.pdf"], "a.pdf: expected a name that ends in .svg or .png"),
    ],
)
def test_what_does_not_go_together_is_told(capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    assert ran(capsys, *arguments) == (2, "", f"kcgrant: {told}\n")
