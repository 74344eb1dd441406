"""The catalogue: exactly one regulation in force, or an error that names what is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dossiers import application, machine, shipped
from kcgrant import NoRegulation, assess, catalogue, explain
from kcgrant.law import LAW


@pytest.mark.parametrize(
    ("province", "on", "found"),
    [
        ("hung-yen", date(2025, 2, 28), "hung-yen-553-2025"),
        ("hung-yen", date(2030, 1, 1), "hung-yen-553-2025"),
        ("hoa-binh", date(2019, 12, 31), "hoa-binh-20-2019"),
        (None, date(2014, 4, 8), "national-26-2014"),
        (None, date(2018, 5, 10), "national-26-2014"),
        (None, date(2018, 5, 11), "national-28-2018"),
        ("dong-thap", date(2024, 7, 11), "dong-thap-08-2024"),
        ("lai-chau", date(2026, 3, 2), "lai-chau-18-2025"),
        ("dak-lak", date(2025, 7, 26), "dak-lak-2025"),
        ("phu-yen", date(2026, 3, 2), "dak-lak-2025"),  # whose territory belongs to the new province
        ("da-nang", date(2017, 1, 1), "da-nang-33-2016"),
        ("da-nang", date(2020, 12, 18), "da-nang-33-2016"),
        ("hau-giang", date(2014, 9, 18), "hau-giang-2014"),
        ("bac-giang", date(2020, 1, 8), "bac-giang-734-2014"),
        ("bac-giang", date(2020, 1, 9), "bac-giang-30-2019"),
    ],
)
def test_the_law_of_a_place_and_a_day_is_found(province: str | None, on: date, found: str) -> None:
    assert catalogue.find(province, on).id == found


@pytest.mark.parametrize(
    ("province", "on", "en", "vi"),
    [
        (
            "hung-yen",
            date(2025, 2, 27),
            "hung-yen on 2025-02-27: no regulation in force is known; known there: hung-yen-553-2025 (from 2025-02-28). "
            "Name one to compare with",
            "hung-yen, ngày 27/02/2025: chưa có văn bản nào đang có hiệu lực; tại đây đã có hung-yen-553-2025 (từ 28/02/2025). "
            "Hãy nêu một văn bản để so sánh",
        ),
        (
            None,
            date(2014, 4, 7),
            "national on 2014-04-07: no regulation in force is known; known there: national-26-2014 (from 2014-04-08 to "
            "2018-05-10), national-28-2018 (from 2018-05-11). Name one to compare with",
            "toàn quốc, ngày 07/04/2014: chưa có văn bản nào đang có hiệu lực; tại đây đã có national-26-2014 (từ 08/04/2014 "
            "đến 10/05/2018), national-28-2018 (từ 11/05/2018). Hãy nêu một văn bản để so sánh",
        ),
        (
            "vinh-phuc",
            date(2026, 3, 2),
            "vinh-phuc on 2026-03-02: no rule of the former vinh-phuc is known (there is 23/2025/NQ-HĐND, in force "
            "from 2026-01-01, in place of the rules of the former Hòa Bình, Vĩnh Phúc and Phú Thọ; its figures were not found); known: "
            f"{shipped()}. Name one to compare with",
            "vinh-phuc, ngày 02/03/2026: chưa có quy định áp dụng trên địa bàn vinh-phuc cũ (có 23/2025/NQ-HĐND, có hiệu lực từ "
            "01/01/2026, thay các quy định của Hòa Bình, Vĩnh Phúc và Phú Thọ cũ; chưa tìm được mức cụ thể); "
            f"đã có {shipped('vi')}. "
            "Hãy nêu một văn bản để so sánh",
        ),
        (
            "hung-yn",
            date(2026, 3, 2),
            f"hung-yn on 2026-03-02: no regulation of this place is known; known: {shipped()}. Name one to compare with. "
            "Did you mean hung-yen?",
            f"hung-yn, ngày 02/03/2026: chưa có văn bản của địa phương này; đã có {shipped('vi')}. "
            "Hãy nêu một văn bản để so sánh. Có phải ý bạn là hung-yen?",
        ),
    ],
)
def test_where_no_law_is_known_what_is_known_is_named(province: str | None, on: date, en: str, vi: str) -> None:
    with pytest.raises(NoRegulation) as refused:
        catalogue.find(province, on)
    assert str(refused.value) == en
    assert refused.value.message("vi") == vi


@pytest.mark.parametrize(
    ("province", "on", "told"),
    [
        (
            "ha-noi",
            date(2026, 3, 2),
            "ha-noi on 2026-03-02: no regulation in force is known (no text with norms of industrial promotion was found); known "
            "there: ha-noi-rural-trades-2026 (from 2026-01-01). Name one to compare with",
        ),
        ("hai-duong", date(2024, 3, 2), "hai-duong on 2024-03-02: no regulation of this place is known; known: "),
        (
            "da-nang",
            date(2020, 12, 19),
            "da-nang on 2020-12-19: no regulation in force is known (there is 324/2020/NQ-HĐND, of 2020-12-09, in place of "
            "Decision 33/2016; its figures were not found); known there: da-nang-33-2016 (from 2017-01-01 to 2020-12-18). Name "
            "one to compare with",
        ),
    ],
)
def test_a_text_for_comparison_only_or_one_that_was_replaced_is_never_found(province: str, on: date, told: str) -> None:
    with pytest.raises(NoRegulation) as refused:
        catalogue.find(province, on)
    assert str(refused.value).startswith(told)


@pytest.mark.parametrize(
    ("province", "on", "former", "found"),
    [
        ("hung-yen", date(2025, 6, 30), None, "hung-yen-553-2025"),
        ("hung-yen", date(2025, 7, 1), "hung-yen", "hung-yen-553-2025"),
        ("hung-yen", date(2025, 7, 1), None, "hung-yen-553-2025"),  # and asked for
        ("phu-tho", date(2025, 12, 31), "hoa-binh", "hoa-binh-20-2019"),
        ("hoa-binh", date(2025, 12, 31), None, "hoa-binh-20-2019"),
        ("phu-tho", date(2020, 1, 1), "hoa-binh", "hoa-binh-20-2019"),  # the place by its names of today
    ],
)
def test_an_older_text_holds_where_its_own_province_lay(province: str, on: date, former: str | None, found: str) -> None:
    assert catalogue.find(province, on, former).id == found


LISTED = f"; known: {shipped()}. Name one to compare with"


@pytest.mark.parametrize(
    ("province", "on", "former", "told"),
    [
        (
            "hung-yen",
            date(2025, 7, 1),
            "thai-binh",
            "hung-yen on 2025-07-01: no rule of the former thai-binh is known (its own rule still holds in its "
            f"territory; a draft of 2024 is known, its adoption and its figures were not found){LISTED}",
        ),
        (
            "phu-tho",
            date(2025, 7, 1),
            None,
            "phu-tho on 2025-07-01: which rule holds depends on the former province, one of phu-tho, vinh-phuc, hoa-binh "
            "(there is 23/2025/NQ-HĐND, in force from 2026-01-01, in place of the rules of the former Hòa Bình, Vĩnh Phúc and "
            f"Phú Thọ; its figures were not found); known: {shipped()}",
        ),
        (
            "quang-ninh",
            date(2025, 7, 1),
            None,
            "quang-ninh on 2025-07-01: no regulation of this place is known (there is 41/2018/QĐ-UBND, of 2018-12-28; its "
            f"figures were not found){LISTED}",
        ),
        (
            "ha-noi",
            date(2025, 7, 1),
            None,
            "ha-noi on 2025-07-01: no regulation in force is known (no text with norms of industrial promotion was found); known "
            "there: ha-noi-rural-trades-2026 (from 2026-01-01). Name one to compare with",
        ),
        (
            "hung-yen",
            date(2025, 7, 1),
            "ha-nam",
            'hung-yen: given the former province "ha-nam"; its former provinces are hung-yen, thai-binh',
        ),
    ],
)
def test_where_no_rule_is_known_the_texts_that_exist_are_named(
    province: str, on: date, former: str | None, told: str
) -> None:
    with pytest.raises(NoRegulation) as refused:
        catalogue.find(province, on, former)
    assert str(refused.value) == told
    assert len(refused.value.message("vi").splitlines()) == 1


def test_where_it_lies_is_a_finding_with_its_source_and_a_question_where_it_is_not_stated() -> None:
    """50% of 420 million is 210 million; in the former Thái Bình the text does not hold, and grants nothing."""
    law, amounts = catalogue.get("hung-yen-553-2025"), {}
    for former in ("hung-yen", None, "thai-binh"):
        answer = assess(application(machine(420_000_000), former_province=former), law)
        finding = answer.findings[0]
        amounts[former] = (finding.outcome, answer.verdict.value, answer.maximum_vnd, answer.assured_vnd)
        assert (finding.condition, finding.value, finding.source) == ("territory", former, "law-64-2025")
        assert law.all_sources[finding.source].certainty == "A"
        assert [question.condition for question in answer.questions] == ([] if former else ["territory"])
    assert amounts == {
        "hung-yen": ("met", "eligible", 210_000_000, 210_000_000),
        None: ("unknown", "undetermined", 210_000_000, 0),
        "thai-binh": ("unmet", "ineligible", 0, 0),
    }
    assert "former province: Thai Binh [law-64-2025]" in explain(
        assess(application(machine(1), former_province="thai-binh"), law)
    )
    assert "tỉnh cũ: Hưng Yên [Luật Ban hành văn bản quy phạm pháp luật" in " ".join(
        explain(assess(application(machine(1)), law), "vi").split()
    )


def test_before_the_merger_and_in_a_comparison_nothing_is_asked_of_the_territory() -> None:
    law = catalogue.get("hung-yen-553-2025")
    before = application(machine(420_000_000), former_province=None, approved_on=date(2025, 6, 30))
    elsewhere = application(machine(420_000_000), province="ha-noi", former_province=None)
    for stated in (before, elsewhere):
        answer = assess(stated, law)
        assert (answer.assured_vnd, answer.questions) == (210_000_000, ())
        assert "territory" not in [finding.condition for finding in answer.findings]


def test_an_application_of_the_former_thai_binh_is_told_whose_law_holds() -> None:
    with pytest.raises(NoRegulation, match="no rule of the former thai-binh is known"):
        assess(application(machine(420_000_000), former_province="thai-binh"))


def test_an_unknown_id_is_refused_with_the_nearest() -> None:
    with pytest.raises(NoRegulation) as refused:
        catalogue.get("hung-yen-553")
    assert str(refused.value) == (
        f"hung-yen-553: no such regulation is shipped; shipped: {', '.join(catalogue.ids())}. Did you mean hung-yen-553-2025?"
    )


def test_two_laws_in_force_at_once_are_an_error_not_a_choice(tmp_path: Path) -> None:
    text = (LAW / "national-28-2018.toml").read_text(encoding="utf-8")
    for name in ("one", "two"):
        other = text.replace('id        = "national-28-2018"', f'id        = "{name}"')
        (tmp_path / f"{name}.toml").write_text(other, encoding="utf-8")
    with pytest.raises(NoRegulation) as refused:
        catalogue.find(None, date(2027, 7, 7), among=catalogue.read_directory(tmp_path))
    told = "national on 2027-07-07: 2 regulations are in force: one (from 2018-05-11), two (from 2018-05-11). Name the one"
    assert str(refused.value).startswith(told)
