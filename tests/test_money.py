"""Money: the rounding rule, figures and words in both languages, and what a person may type."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from kcgrant import InputError
from kcgrant.language import Lang, decimal, figures, percentage
from kcgrant.money import VND, Factor, Rate, share_of, words
from kcgrant.parsing import parse
from profiles import THOROUGH

langs = st.sampled_from(["en", "vi"])


@given(st.integers(1, 10**15), st.fractions(min_value=0, max_value=1))
def test_a_share_is_the_largest_whole_amount_within_the_rate(cost: int, rate: Fraction) -> None:
    assert share_of(cost, rate) <= cost * rate < share_of(cost, rate) + 1


@pytest.mark.parametrize(
    ("amount", "vi", "en"),
    [
        (0, "không", "zero"),
        (1, "một", "one"),
        (4, "bốn", "four"),
        (5, "năm", "five"),
        (10, "mười", "ten"),
        (14, "mười bốn", "fourteen"),
        (15, "mười lăm", "fifteen"),
        (20, "hai mươi", "twenty"),
        (21, "hai mươi mốt", "twenty-one"),
        (24, "hai mươi tư", "twenty-four"),
        (25, "hai mươi lăm", "twenty-five"),
        (50, "năm mươi", "fifty"),
        (101, "một trăm lẻ một", "one hundred one"),
        (104, "một trăm lẻ bốn", "one hundred four"),
        (105, "một trăm lẻ năm", "one hundred five"),
        (110, "một trăm mười", "one hundred ten"),
        (555, "năm trăm năm mươi lăm", "five hundred fifty-five"),
        (1_000, "một nghìn", "one thousand"),
        (1_001, "một nghìn không trăm lẻ một", "one thousand one"),
        (1_020, "một nghìn không trăm hai mươi", "one thousand twenty"),
        (300_000_000, "ba trăm triệu", "three hundred million"),
        (1_000_005, "một triệu không trăm lẻ năm", "one million five"),
        (1_005_000_000, "một tỷ không trăm lẻ năm triệu", "one billion five million"),
        (1_000_000_000_000, "một nghìn tỷ", "one trillion"),
        (1_001_000_000_000, "một nghìn không trăm lẻ một tỷ", "one trillion one billion"),
        (1_000_000_000_000_000, "một triệu tỷ", "one quadrillion"),
    ],
)
def test_words_are_those_of_a_decision(amount: int, vi: str, en: str) -> None:
    assert words(amount, "vi") == f"{vi} đồng"
    assert words(amount) == f"{en} dong"


@pytest.mark.parametrize("amount", [-1, 10**15 + 1])
def test_words_end_at_ten_to_the_fifteenth(amount: int) -> None:
    with pytest.raises(InputError) as refused:
        words(amount)
    assert str(refused.value) == f"{amount}: expected an amount from 0 to 10^15 đồng"


@pytest.mark.no_cover
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_words_of_amounts_to_a_million_parse_back(lang: Lang) -> None:
    """Every amount to ten thousand, and of the others each 37th in the profile `thorough`; KCGRANT_EXAMPLES=8000 takes each."""
    step = 1 + 36 * THOROUGH // settings().max_examples
    for amount in [*range(10**4), *range(10**4, 10**6 + 1, step)]:
        assert parse(words(amount, lang)) == amount


@given(st.integers(0, 10**15), langs)
def test_the_words_of_any_amount_parse_back(amount: int, lang: Lang) -> None:
    assert parse(words(amount, lang)) == amount
    assert parse(words(amount, lang).upper()) == amount


@given(st.integers(0, 10**15), langs)
def test_the_figures_of_any_amount_parse_back_or_are_refused_as_ambiguous(amount: int, lang: Lang) -> None:
    if 1_000 <= amount < 1_000_000:
        with pytest.raises(InputError, match="can be read as"):
            parse(figures(amount, lang))
    else:
        assert parse(figures(amount, lang)) == amount


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("420000000", 420_000_000),
        ("850 triệu", 850_000_000),
        ("850tr", 850_000_000),
        ("1,2 tỷ", 1_200_000_000),
        ("1.2 tỉ", 1_200_000_000),
        ("1.200.000.000", 1_200_000_000),
        ("1,200,000,000 đồng", 1_200_000_000),
        ("1200000000vnd", 1_200_000_000),
        ("VND1,200,000,000", 1_200_000_000),
        ("VND 1.2 billion", 1_200_000_000),
        ("1 tỷ 200 triệu", 1_200_000_000),
        ("1.200,5 triệu", 1_200_500_000),
        ("1,200.5 million", 1_200_500_000),
        ("0.200 tỷ", 200_000_000),
        ("2 nghìn tỷ", 2_000_000_000_000),
        ("500 ngàn", 500_000),
        ("năm trăm ngàn", 500_000),
        ("một tỉ", 1_000_000_000),
        ("một trăm linh năm", 105),
        ("một triệu tỷ", 10**15),
        ("1000000 tỷ", 10**15),
        (" " * 100 + "5" + " " * 99, 5),
        ("0", 0),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed: str, amount: int) -> None:
    assert parse(typed) == amount


EXAMPLES = 'write 1200000000, "1.200.000.000", "1,2 tỷ" or "850 triệu"'


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("1.200", '"1.200": can be read as 1,200 or as 1.2; write the unit, such as "1.2 tỷ", or the full number of đồng'),
        (
            "420,000",
            '"420,000": can be read as 420,000 or as 420; write the unit, such as "420 triệu", or the full number of đồng',
        ),
        ("1.250 tỷ", '"1.250 tỷ": can be read as 1,250 or as 1.25; write 1250 tỷ, or the full number of đồng'),
        ("1.5", '"1.5": expected a whole number of đồng; is a unit missing, such as triệu or tỷ?'),
        ("1000001 tỷ", '"1000001 tỷ": expected a whole number of đồng up to 10^15'),
        *(
            (typed, f'"{typed}": not an amount; {EXAMPLES}')
            for typed in ("", "tỷ", "1 triệu 1 triệu", "-5", "5 5", "1 tỷ 2", "1.20.000")
        ),
        *((typed, f'"{typed}": not an amount; {EXAMPLES}') for typed in ("1.000,000", "1,000.000", "01.000")),
        *((typed, f'"{typed}": not an amount; {EXAMPLES}') for typed in ("1e9", "²", "mươi", "hai mươi một", "một hai")),
        ("9" * 201, f'"{"9" * 59}…: not an amount; {EXAMPLES}'),
    ],
)
def test_what_is_no_amount_or_two_amounts_is_refused(typed: str, refusal: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(typed)
    assert str(refused.value) == refusal


@pytest.mark.parametrize(
    ("typed", "vi"),
    [
        ("1.5", '"1.5": cần một số nguyên đồng; có thiếu đơn vị, ví dụ triệu hoặc tỷ không?'),
        ("x", '"x": không phải số tiền; hãy viết 1200000000, "1.200.000.000", "1,2 tỷ" hoặc "850 triệu"'),
        ("1.250 tỷ", '"1.250 tỷ": có thể hiểu là 1.250 hoặc là 1,25; hãy viết 1250 tỷ hoặc viết đủ số đồng'),
    ],
)
def test_every_refusal_has_its_vietnamese(typed: str, vi: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(typed)
    assert refused.value.message("vi") == vi


def test_words_outside_their_range_are_refused_in_vietnamese() -> None:
    with pytest.raises(InputError) as refused:
        words(-1)
    assert refused.value.message("vi") == "-1: cần số tiền từ 0 đến 1.000.000.000.000.000 đồng"


def test_a_refusal_speaks_vietnamese_too() -> None:
    with pytest.raises(InputError) as refused:
        parse("1.200")
    assert (
        refused.value.message("vi")
        == '"1.200": có thể hiểu là 1.200 hoặc là 1,2; hãy viết kèm đơn vị, ví dụ "1,2 tỷ", hoặc viết đủ số đồng'
    )


@pytest.mark.parametrize("value", [1.0, True, "5", 0, -1, 10**15 + 1, None, float("nan")])
def test_only_whole_numbers_of_dong_are_money(value: object) -> None:
    with pytest.raises(ValidationError, match="expected a whole number of đồng from 1 to 10"):
        TypeAdapter(VND).validate_python(value)


@pytest.mark.parametrize(("text", "rate"), [("50%", Fraction(1, 2)), ("12.5%", Fraction(1, 8)), ("100%", Fraction(1))])
def test_a_rate_is_a_percentage_in_text(text: str, rate: Fraction) -> None:
    assert TypeAdapter(Rate).validate_python(text) == rate
    assert TypeAdapter(Rate).dump_python(rate) == text
    assert TypeAdapter(Rate).validate_python(rate) == rate


@pytest.mark.parametrize("value", ["50", "0%", "100.1%", "12,5%", "-5%", 0.5, 50, "٥٠%", "1/2", Fraction(3, 2), Fraction(0)])
def test_what_is_no_percentage_is_no_rate(value: object) -> None:
    with pytest.raises(ValidationError, match='expected a percentage above 0% and up to 100%, as text: "50%"'):
        TypeAdapter(Rate).validate_python(value)


@pytest.mark.parametrize("value", ["0.9", "1,5", 1.5, "-2", Fraction(1, 2)])
def test_what_is_below_one_or_no_text_is_no_factor(value: object) -> None:
    with pytest.raises(ValidationError, match=r'expected a factor of at least 1, as text: "1\.5"'):
        TypeAdapter(Factor).validate_python(value)


def test_numbers_are_shown_in_the_style_of_the_language() -> None:
    assert (figures(1_234_567), figures(1_234_567, "vi")) == ("VND 1,234,567", "1.234.567 đồng")
    assert (percentage(Fraction(1, 3)), percentage(Fraction(1, 8), "vi")) == ("100/3%", "12,5%")
    assert (decimal(Fraction(3, 2), "vi"), decimal(Fraction(2))) == ("1,5", "2")
    assert TypeAdapter(Factor).validate_python(Fraction(3, 2)) == Fraction(3, 2)
    assert TypeAdapter(Factor).validate_python(Fraction(1)) == TypeAdapter(Factor).validate_python("1") == 1
