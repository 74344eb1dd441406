"""The words of officers: each with its answer, what leaves a fact open, and what is refused, in which words."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

import kcgrant
from kcgrant import Establishment, InputError, catalogue, parsing
from kcgrant.application import COLUMNS, FACTS, Answer, Area, Kind, Sector
from kcgrant.language import value_name
from kcgrant.parsing import (
    amount,
    code,
    day,
    folded,
    former_province,
    kind_from_name,
    norm_named,
    norm_near,
    place_of_province,
    province,
    reader_of,
    tax_code,
    unsettled,
    yes,
)

KIND, AREA, SECTOR = (FACTS[f"establishment.{name}"] for name in ("kind", "area", "sector"))
WORDS = tomllib.loads((Path(kcgrant.__file__).parent / "words.toml").read_text(encoding="utf-8"))
COMPANY = ("doanh nghiệp nhỏ và vừa", "doanh nghiệp lớn")
FOOD, GOODS, MACHINES = (str(SECTOR[at]) for at in (0, 1, 4))


def refusal(read: Callable[[Any], object], value: Any) -> tuple[str, str]:
    with pytest.raises(InputError) as caught:
        read(value)
    return caught.value.message("en"), caught.value.message("vi")


# --- kinds, areas, sectors --------------------------------------------------------------------------------------------

SETTLED: dict[tuple[Answer, ...], dict[str, tuple[str, ...]]] = {
    KIND: {
        "cooperative": (
            "HTX",
            "Hợp tác xã",
            "hop tac xa",
            "HTX nông nghiệp",
            "Hợp tác xã dịch vụ nông nghiệp",
            "HTXNN Minh Tiến",
        ),
        "household-business": ("Hộ KD", "HKD", "hộ kinh doanh", "hộ kinh doanh cá thể", "Hộ KD cá thể", "hộ cá thể"),
        "union-of-cooperatives": ("Liên hiệp HTX", "liên hiệp hợp tác xã", "Liên hiệp HTX nông sản"),
        "cooperative-group": ("Tổ hợp tác", "THT", "THT miến dong"),
        "small-or-medium-enterprise": (
            *(
                "DNNVV",
                "doanh nghiệp nhỏ và vừa",
                "DN nhỏ và vừa",
                "doanh nghiệp vừa và nhỏ",
                "Doanh nghiệp nhỏ và vừa (TNHH)",
            ),
            *("DN nhỏ", "DN vừa", "DN siêu nhỏ", "doanh nghiệp siêu nhỏ", "small-or-medium-enterprise"),
        ),
        "large-enterprise": ("doanh nghiệp lớn", "DN lớn", "Doanh nghiệp lớn (FDI)"),
    },
    AREA: {
        "commune": ("xã", "xã Yên Mỹ", "Xã Yên Mỹ, huyện Yên Mỹ", "x. Yên Mỹ", "xa Yen My", "thôn Nghĩa Trai, xã Như Quỳnh"),
        "township": ("thị trấn", "Thị trấn Khoái Châu", "TT Văn Giang", "TT. Văn Giang"),
        "district-town": ("thị xã", "thị xã Mỹ Hào", "TX Mỹ Hào"),
        "special-zone": ("đặc khu", "Đặc khu Cát Hải"),
        "craft-village": ("làng nghề được công nhận", "làng nghề Lộng Thượng"),
        "other-ward": ("phường khác",),
    },
    SECTOR: {
        FOOD: (
            *("Chế biến nông sản", "chế biến lâm sản", "Chế biến nông lâm thủy sản", "chế biến nông, lâm, thủy sản"),
            *("Thực phẩm", "chế biến thực phẩm", "sản xuất thực phẩm", "công nghiệp chế biến nông sản"),
        ),
        GOODS: ("May mặc", "dệt may", "Dệt - may", "da giày", "da giầy", "ngành may mặc"),
        "agricultural-chemicals": ("hoá chất phục vụ nông nghiệp", "phân bón", "hóa chất nông nghiệp"),
        "building-materials": ("vật liệu xây dựng", "VLXD", "SX VLXD", "gạch không nung", "Gốm sứ xây dựng"),
        MACHINES: (
            *("Cơ khí", "Cơ khí nông nghiệp", "điện", "điện tử", "Điện - điện tử", "CNHT", "công nghiệp hỗ trợ", "CNTT"),
            *("công nghệ thông tin", "ngành cơ khí"),
        ),
        "handicraft": (
            *("Tiểu thủ CN", "TTCN", "tiểu thủ công nghiệp", "thủ công mỹ nghệ", "Mộc mỹ nghệ", "Gốm sứ", "SX gốm sứ"),
            *("mây tre đan", "chạm bạc", "thêu ren"),
        ),
        "cleaner-production-and-pollution-treatment": ("sản xuất sạch hơn", "SXSH", "xử lý ô nhiễm"),
        "environment-friendly-energy": ("năng lượng tái tạo", "điện mặt trời"),
        "high-technology": ("công nghệ cao",),
    },
}


@pytest.mark.parametrize(
    ("answers", "typed", "meant"),
    [(answers, word, meant) for answers, said in SETTLED.items() for meant, words in said.items() for word in words],
)
def test_a_word_is_one_answer(answers: tuple[Answer, ...], typed: str, meant: str) -> None:
    assert (code(typed, answers), unsettled(typed, answers)) == (meant, None)


WARDS = (
    "phường thuộc thành phố loại 2 hoặc loại 3",
    "phường thuộc thành phố loại 1 chuyển lên từ xã chưa quá năm năm",
    "phường khác",
)
OPEN: dict[tuple[Answer, ...], dict[tuple[str, ...], tuple[str, ...]]] = {
    KIND: {
        COMPANY: (
            *(
                "Công ty TNHH",
                "Cty",
                "Cty CP",
                "Công ty cổ phần",
                "Công ty CP",
                "DNTN",
                "Doanh nghiệp tư nhân",
                "Doanh nghiệp",
            ),
            *("DN", "Công ty TNHH MTV Đúc đồng", "cong ty TNHH Minh Phat", "cổ phần", "C.ty TNHH"),
        ),
        ("hộ kinh doanh", *COMPANY): ("Cơ sở sản xuất", "Cơ sở SX", "CSSX", "cơ sở"),
    },
    AREA: {WARDS: ("phường", "phường Mỹ Hào", "P. Lam Sơn", "Số 5 phố Hiến, phường Sơn Nam")},
    SECTOR: {
        (GOODS, "handicraft"): ("mộc", "đồ gỗ", "nghề mộc", "dệt"),
        (FOOD, GOODS): ("dược liệu", "chế biến gỗ"),
        ("mining-in-disadvantaged-area", "mining-elsewhere"): ("khai thác khoáng sản",),
        ("building-materials", "handicraft"): ("gốm",),
        (MACHINES, "handicraft"): ("đúc đồng",),
        (MACHINES, "environment-friendly-energy"): ("sản xuất điện",),
        ("agricultural-chemicals", "other"): ("hóa chất",),
        ("cleaner-production-and-pollution-treatment", "environmental-industry"): ("xử lý chất thải",),
    },
}


@pytest.mark.parametrize(
    ("answers", "typed", "left"),
    [(answers, word, left) for answers, said in OPEN.items() for left, words in said.items() for word in words],
)
def test_a_word_that_leaves_the_answer_open_is_not_stated_and_that_is_told(
    answers: tuple[Answer, ...], typed: str, left: tuple[str, ...]
) -> None:
    told = unsettled(typed, answers)
    assert code(typed, answers) is None
    assert told
    names = left if answers is not SECTOR else [value_name(one, "vi") for one in left]
    assert told.vi == f'"{typed}" chưa nói rõ là {" hay ".join(f"“{name}”" for name in names)}: coi là chưa nêu'


def test_what_is_left_open_is_told_in_english_too() -> None:
    told = unsettled("DNTN", KIND)
    assert told
    assert told.en == (
        '"DNTN" does not say whether “small or medium enterprise” or “large enterprise”: counted as not stated'
    )
    assert unsettled(5, KIND) is None


@pytest.mark.parametrize("typed", ["chưa rõ", "?", "-", "–", "N/A", "chưa biết", "không áp dụng"])
def test_what_is_said_not_to_be_known_is_none_and_leaves_nothing_to_tell(typed: str) -> None:
    assert (code(typed, KIND), unsettled(typed, KIND), yes(typed), tax_code(typed), former_province(typed)) == (None,) * 5


@pytest.mark.parametrize(
    ("answers", "typed", "en", "vi"),
    [
        (KIND, "hợp tác xả hội", ". Did you mean “cooperative”?", ". Có phải ý bạn là “hợp tác xã”?"),
        (KIND, "hộ kinh danh", ". Did you mean “household business”?", ". Có phải ý bạn là “hộ kinh doanh”?"),
        (KIND, "cá nhân", "", ""),
        (KIND, 5, "", ""),
        (AREA, "xá Yên Mỹ", "", ""),
        (AREA, "TP Hưng Yên", "", ""),
        (SECTOR, "may", "", ""),
        (SECTOR, "xxx", "", ""),
        (
            *(SECTOR, "nông sản", ". Did you mean “agricultural, forestry, aquatic and food processing”?"),
            ". Có phải ý bạn là “chế biến nông, lâm, thủy sản và thực phẩm”?",
        ),
        (
            *(
                SECTOR,
                "khai thác khoáng sàng",
                ". Did you mean “mining and mineral processing in a disadvantaged area” or “mining and mineral processing elsewhere”?",
            ),
            ". Có phải ý bạn là “khai thác, chế biến khoáng sản tại địa bàn khó khăn” hay “khai thác, chế biến khoáng sản tại địa bàn khác”?",
        ),
    ],
)
def test_what_is_no_answer_is_refused_without_a_list_and_the_nearest_is_offered_by_its_name(
    answers: tuple[Answer, ...], typed: Any, en: str, vi: str
) -> None:
    given = typed if isinstance(typed, int) else f'"{typed}"'
    assert refusal(lambda value: code(value, answers), typed) == (
        f"given {given}; choose from the list in the form{en}",
        f"giá trị {given}; hãy chọn trong danh sách ở mẫu{vi}",
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("HTX nông nghiệp Minh Tiến", "cooperative"),
        ("HỢP TÁC XÃ mây tre đan Tiên Lữ", "cooperative"),
        ("Hộ kinh doanh Nguyễn Thị Mơ", "household-business"),
        ("Tổ hợp tác miến dong Lai Trạch", "cooperative-group"),
        ("Liên hiệp HTX nông sản", "union-of-cooperatives"),
        ("Công ty TNHH Cơ khí Halo", None),
        ("Cơ sở chạm bạc Đồng Xâm", None),
        ("Nguyễn Văn A", None),
    ],
)
def test_a_name_may_begin_with_the_kind(name: str, kind: str | None) -> None:
    assert kind_from_name(name) == kind


# --- norms ------------------------------------------------------------------------------------------------------------

HUNG_YEN = catalogue.get("hung-yen-553-2025")
NORMS: dict[str | None, tuple[str, ...]] = {
    "advanced-machinery": (
        *(
            "Ứng dụng máy móc thiết bị tiên tiến",
            "Hỗ trợ ứng dụng máy móc, thiết bị tiên tiến vào sản xuất",
            "Ứng dụng MMTB",
        ),
        *("Ứng dụng MMTB tiên tiến", "Máy móc thiết bị tiên tiến", "Chuyển giao công nghệ", "advanced-machinery"),
        "Đề án hỗ trợ ứng dụng máy móc thiết bị tiên tiến vào sản xuất công nghiệp nông thôn",
    ),
    "demonstration-model": (
        *("Mô hình trình diễn", "Mô hình trình diễn kỹ thuật", "Xây dựng mô hình trình diễn", "MHTD kỹ thuật"),
        "Đề án hỗ trợ xây dựng mô hình trình diễn kỹ thuật",
    ),
    "replication-model": (
        "Nhân rộng mô hình",
        "Mô hình nhân rộng",
        "Đề án nhân rộng mô hình",
        "Nhân rộng mô hình sấy long nhãn",
    ),
    "cleaner-production-model": (
        *("Sản xuất sạch hơn", "Hỗ trợ mô hình sản xuất sạch hơn", "Hỗ trợ mô hình thí điểm sản xuất sạch hơn", "SXSH"),
        *("áp dụng sản xuất sạch hơn trong công nghiệp", "Đề án hỗ trợ áp dụng sản xuất sạch hơn"),
    ),
    None: (
        *(
            "Đề án mô hình",
            "máy móc",
            "mô hình",
            "",
            "máy bay",
            "Nhân rộng mô hình trình diễn",
            "Tập huấn sản xuất sạch hơn",
        ),
        "Mô hình trình diễn ứng dụng máy móc thiết bị tiên tiến",
    ),
}


@pytest.mark.parametrize(("norm", "typed"), [(norm, typed) for norm, every in NORMS.items() for typed in every])
def test_a_title_names_one_norm_or_none(norm: str | None, typed: str) -> None:
    assert norm_named(typed) == norm


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_titles_of_every_shipped_norm_name_it(lang: Any) -> None:
    """The kinds of support that Hung Yen knows are named by their titles in every text of industrial promotion."""
    for law in map(catalogue.get, catalogue.ids()):
        titles = {name: norm.title for name, norm in law.norms.items() if law.framework and name in HUNG_YEN.norms}
        assert {name: norm_named(str(title and title[lang])) for name, title in titles.items()} == {n: n for n in titles}


@pytest.mark.parametrize(
    ("typed", "norm"),
    [
        ("máy móc", "advanced-machinery"),
        ("MMTB", "advanced-machinery"),
        ("máy móc thiết bị tiến tién hiện đại", "advanced-machinery"),
        ("mô hình thí điểm", "cleaner-production-model"),
        ("Đề án mô hình", None),
        ("máy bay", None),
        ("", None),
    ],
)
def test_the_likeliest_norm_is_offered_where_there_is_one(typed: str, norm: str | None) -> None:
    assert norm_near(typed) == norm


# --- yes and no, days, provinces, amounts -----------------------------------------------------------------------------

SAID: dict[bool | None, tuple[Any, ...]] = {
    True: ("x", "X", "có", "Có", "C", "đã cam kết", "v", "V", "đạt", "Đạt", "+", "✔", "Đúng", "rồi", "đã", "co", 1, True),
    False: ("Không", "K", "ko", "chưa", "chưa đạt", "chưa có", "không có", "chưa cam kết", 0, 0.0),
    None: ("chưa rõ", "chưa biết", "-", "N/A", "n/a", "?"),
}


@pytest.mark.parametrize(("answer", "typed"), [(answer, typed) for answer, every in SAID.items() for typed in every])
def test_yes_and_no_are_read(answer: bool | None, typed: Any) -> None:
    assert yes(typed) is answer


@pytest.mark.parametrize(
    ("typed", "given"), [("50%", '"50%"'), ("500 triệu", '"500 triệu"'), (425_250_000, "425250000"), (0.5, "0.5"), (2, "2")]
)
def test_an_amount_is_no_yes(typed: Any, given: str) -> None:
    assert refusal(yes, typed) == (
        f"given {given}, which looks like an amount or a share; expected yes or no: write có or không",
        f"giá trị {given} giống số tiền hoặc tỷ lệ; cần có hoặc không: hãy ghi có hoặc không",
    )


@pytest.mark.parametrize(
    "typed",
    [
        *("2/3/26", "02.03.2026", "02-03-2026", "02 / 03 / 2026", "２/３/２０２６", "2.3.26", " 02/03/2026 ", "2026-03-02"),
        *("ngày 02 tháng 3 năm 2026", "Ngày 2/3/2026", "02/03/2026 00:00", "2026-03-02T00:00:00", 46083, 46083.0, "46083"),
    ],
)
def test_a_day_is_read(typed: Any) -> None:
    assert day(typed) == date(2026, 3, 2)


def test_numbers_of_days_end_with_the_years_1990_and_2100() -> None:
    assert (day(32874), day(73415)) == (date(1990, 1, 1), date(2100, 12, 31))
    for number in (32873, 73416):
        assert refusal(day, number)[0].startswith(f"given {number}; expected a day")


@pytest.mark.parametrize(
    "typed", ["03/2026", "quý II/2026", "Quý 2 năm 2026", "Q2/2026", "tháng 3/2026", "năm 2026", "2026-03"]
)
def test_a_month_or_a_quarter_is_no_day(typed: str) -> None:
    assert refusal(day, typed) == (
        f'given "{typed}"; the day is missing; write day, month and year: 02/03/2026',
        f'giá trị "{typed}"; còn thiếu ngày; hãy ghi đủ ngày, tháng, năm: 02/03/2026',
    )


@pytest.mark.parametrize(
    "typed", ["31/02/2026", "26-03-02", "2/3/98", "6 tháng đầu năm 2026", True, 46083.5, "20260302", "2/3"]
)
def test_what_is_no_day_is_refused(typed: Any) -> None:
    given = f'"{typed}"' if isinstance(typed, str) else str(typed).lower()
    assert refusal(day, typed) == (
        f"given {given}; expected a day, such as 02/03/2026 (day, month, year) or 2026-03-02",
        f"giá trị {given}; cần một ngày, ví dụ 02/03/2026 (ngày, tháng, năm) hoặc 2026-03-02",
    )


@pytest.mark.parametrize(
    ("typed", "now", "former"),
    [
        *(
            (typed, "hung-yen", None)
            for typed in ("Hưng Yên", "Hưng yên", "HY", "TP Hưng Yên", "T. Hưng Yên", "tỉnh Hưng Yên")
        ),
        *((typed, "hung-yen", None) for typed in ("hung-yen", "HƯNG YÊN", "Hưng Yên (mới)", "thành phố Hưng Yên")),
        *(
            (typed, "hung-yen", "thai-binh")
            for typed in ("Thái Bình", "TB", "tỉnh Thái Bình", "thai-binh", "Thái Bình (cũ)")
        ),
        ("Hưng Yên cũ", "hung-yen", "hung-yen"),
        ("Hải Dương", "hai-phong", "hai-duong"),
        ("Bà Rịa - Vũng Tàu", "ho-chi-minh", "ba-ria-vung-tau"),
        ("Hòa Bình", "phu-tho", "hoa-binh"),
        ("Nghệ An", "nghe-an", None),
    ],
)
def test_a_province_is_that_of_today_and_the_former_one_is_kept(typed: str, now: str, former: str | None) -> None:
    assert (place_of_province(typed), province(typed)) == ((now, former), now)
    assert former_province(typed) == former or now


def test_no_province_is_merged_into_one_that_ceased() -> None:
    merged = parsing._merged()
    assert len(merged) == 29  # 52 were merged into 23
    assert len({*merged.values()}) == 23
    assert not merged.keys() & {*merged.values()}


def test_what_is_no_name_of_a_province_is_refused() -> None:
    told = 'given "?"; expected the name of a province, such as Hưng Yên', 'giá trị "?"; cần tên tỉnh, ví dụ Hưng Yên'
    assert refusal(province, "?") == told


def test_a_cell_that_names_a_merged_province_is_refused_since_it_holds_one_code() -> None:
    """Which law holds depends on the former province, so that it is not dropped in silence."""
    assert reader_of(COLUMNS["province"])("HY") == "hung-yen"
    assert refusal(reader_of(COLUMNS["province"]), "Thái Bình") == (
        'given "Thái Bình", merged on 2025-07-01; write the province of today here, and this one as the former province',
        'giá trị "Thái Bình" là tỉnh đã sáp nhập từ ngày 01/07/2025; hãy ghi tỉnh hiện nay ở đây và ghi tỉnh này vào mục Tỉnh cũ',
    )


def test_the_former_province_is_a_column_of_the_flat_form() -> None:
    column = COLUMNS["former_province"]
    assert (column.label.en, column.label.vi, column.also) == ("Former province", "Tỉnh cũ", ("Tỉnh trước sáp nhập",))
    assert reader_of(column)("Thái Bình") == "thai-binh"
    assert Establishment(name="A", province="hung-yen", former_province="thai-binh").former_province == "thai-binh"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *((typed, 850_500_000) for typed in ("850.500.000đ", "850.500.000 đ", "850,5 triệu", "850,5 tr", "850,500,000")),
        *((typed, 850_500_000) for typed in ("850.500.000 VNĐ", "850.500.000,-", "850.500.000,00", "850.500.000đ,-")),
        *((typed, 850_500_000) for typed in ("850 500 000", "850 500 000 đ", 850_500_000)),
        *((typed, 850_000_000) for typed in ("850tr", "850 triệu đồng")),
        *((typed, 1_250_000_000) for typed in ("1 tỷ 250 triệu", "1,25 tỷ")),
        *(("1,2345 tỷ", 1_234_500_000), ("850500", 850_500), ("0,0005 tỷ", 500_000)),
    ],
)
def test_an_amount_is_read(typed: Any, meant: int) -> None:
    assert amount(typed) == meant


ABOUT = (
    'not an exact amount; write the amount itself, such as "850 triệu"',
    'không phải số tiền chính xác; hãy viết đúng số tiền, ví dụ "850 triệu"',
)
PRICE = (
    'a price for one; write the whole amount of the row, such as 1200000000 or "1,2 tỷ"',
    'là đơn giá; hãy viết tổng số tiền của dòng, ví dụ 1200000000 hoặc "1,2 tỷ"',
)
SUM = (
    'a calculation; write its result, such as 1200000000 or "1,2 tỷ"',
    'là phép tính; hãy viết kết quả, ví dụ 1200000000 hoặc "1,2 tỷ"',
)
NEITHER = (
    'not an amount; write 1200000000, "1.200.000.000", "1,2 tỷ" or "850 triệu"',
    'không phải số tiền; hãy viết 1200000000, "1.200.000.000", "1,2 tỷ" hoặc "850 triệu"',
)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        *((typed, ABOUT) for typed in ("khoảng 850 triệu", "~850 triệu", "hơn 1 tỷ", "850 - 900 triệu", "Tối đa 300 triệu")),
        *((typed, PRICE) for typed in ("850.500.000đ/máy", "850.500.000 đ / 1 máy", "300 triệu mỗi máy")),
        *((typed, SUM) for typed in ("2 x 300.000.000", "2×300 triệu", "2*300000000", "300 triệu + 200 triệu")),
        *((typed, NEITHER) for typed in ("850 500", "x", "-5", "theo dự toán")),
    ],
)
def test_what_is_no_single_amount_is_refused_with_what_to_write(typed: str, told: tuple[str, str]) -> None:
    assert refusal(amount, typed) == (f'given "{typed}": {told[0]}', f'giá trị "{typed}": {told[1]}')


@pytest.mark.parametrize(
    ("typed", "large", "small", "example"),
    [
        ("1.250", "1.250", "1,25", "1,25 tỷ"),
        ("850.500", "850.500", "850,5", "850,5 triệu"),
        ("420000.000", "420.000.000", "420.000", "420 triệu"),
        ("1200.000", "1.200.000", "1.200", "1,2 tỷ"),
        ("420.000000", "420.000.000", "420", "420 triệu"),
        ("4200000,000", "4.200.000.000", "4.200.000", "4,2 tỷ"),
    ],
)
def test_an_amount_with_two_readings_is_refused_with_both(typed: str, large: str, small: str, example: str) -> None:
    swapped = str.maketrans(".,", ",.")
    assert refusal(amount, typed) == (
        f'given "{typed}": can be read as {large.translate(swapped)} or as {small.translate(swapped)}; write the unit, such as '
        f'"{example.translate(swapped)}", or the full number of đồng',
        f'giá trị "{typed}": có thể hiểu là {large} hoặc là {small}; hãy viết kèm đơn vị, ví dụ "{example}", hoặc viết đủ số đồng',
    )
    assert amount(example) > 1_000_000, "what is advised is read"


# --- the table itself -------------------------------------------------------------------------------------------------


def test_the_table_names_answers_that_there_are_and_no_word_twice() -> None:
    codes = {*get_args(Kind), *get_args(Area), *get_args(Sector)}
    assert {one for entry in WORDS["answers"] for one in entry["are"]} <= codes
    for answers in map(set, (KIND, AREA, SECTOR)):
        words = [folded(word) for entry in WORDS["answers"] if answers >= {*entry["are"]} for word in entry["words"]]
        assert sorted(words) == sorted(set(words))
    said = [folded(word) or word for words in WORDS["yes-or-no"].values() for word in words]
    assert sorted(said) == sorted(set(said))
    assert WORDS["norms"].keys() == catalogue.get("hung-yen-553-2025").norms.keys()
