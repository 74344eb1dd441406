"""The catalogue: exactly one regulation in force, or an error that names what is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dossiers import shipped
from kcgrant import NoRegulation, catalogue
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
            "vinh-phuc on 2026-03-02: no regulation of this place is known (there is 23/2025/NQ-HĐND, in force from 2026-01-01, "
            "in place of the rules of the former Hòa Bình, Vĩnh Phúc and Phú Thọ; its figures were not found); known: "
            f"{shipped()}. Name one to compare with",
            "vinh-phuc, ngày 02/03/2026: chưa có văn bản của địa phương này (có 23/2025/NQ-HĐND, có hiệu lực từ 01/01/2026, "
            "thay các quy định của Hòa Bình, Vĩnh Phúc và Phú Thọ cũ; chưa tìm được mức cụ thể); "
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
