"""Wording: the words of an explanation in English and Vietnamese, side by side.

The decision taken here: both languages fill the same places with the same values, so that no figure can stand in one and
be missing in the other. Rates, caps and factors never stand here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kcgrant.errors import Lang, Text


def both(table: Mapping[str, tuple[str, str]]) -> dict[str, Text]:
    """Phrases by name, each in English and Vietnamese.

    Example:
        >>> both({"yes": ("yes", "có")})["yes"]["vi"]
        'có'
    """
    return {key: Text(en=en, vi=vi) for key, (en, vi) in table.items()}


PHRASES: Final = both(
    {
        # the head
        "application": ("Application", "Hồ sơ"),
        "establishment": ("Establishment", "Cơ sở"),
        "approved_on": ("Plan approved on", "Ngày phê duyệt kế hoạch"),
        "law": ("Law applied", "Văn bản áp dụng"),
        "law_value": ("{document} ({id}, SHA-256 {digest}…)", "{document} ({id}, SHA-256 {digest}…)"),
        "verdict": ("Verdict", "Kết luận"),
        "ceiling": ("Ceiling", "Mức hỗ trợ tối đa"),
        "ceiling_open": ("Ceiling if all open answers are favourable", "Mức tối đa nếu mọi câu trả lời đều thuận lợi"),
        "assured": (
            "Lowest ceiling, whatever the answers",
            "Mức tối đa thấp nhất, dù trả lời thế nào",
        ),
        "sum": (
            "Sum of the lines",
            "Tổng các nội dung",
        ),
        "amount": ("{figures} ({words})", "{figures} ({words})"),
        "not_entitlement": (
            "This is the most that the law allows, not an entitlement: the authority decides what it grants.",
            "Đây là mức cao nhất mà quy định cho phép, không phải mức đương nhiên được hưởng: cấp có thẩm quyền quyết định.",
        ),
        # verdicts and outcomes
        "eligible": ("eligible", "đủ điều kiện"),
        "ineligible": ("not eligible", "không đủ điều kiện"),
        "undetermined": ("not determined: facts are missing", "chưa xác định: còn thiếu thông tin"),
        "partly-eligible": ("partly eligible", "đủ điều kiện một phần"),
        "met": ("met", "đạt"),
        "unmet": ("NOT MET", "KHÔNG ĐẠT"),
        "unknown": ("not stated", "chưa nêu"),
        # lines
        "line": (
            "Support {number}: {norm}",
            "Nội dung hỗ trợ {number}: {norm}",
        ),
        "activity": ("Activity {number}", "Hạng mục {number}"),
        "activity_eligible": ("{figures}", "{figures}"),
        "activity_undetermined": ("{figures}, counted only if eligible", "{figures}, chỉ tính nếu đủ điều kiện"),
        "activity_ineligible": ("{figures}, adds nothing: not eligible", "{figures}, không được tính: không đủ điều kiện"),
        "is_line": ("{value}; a technology line", "{value}; là dây chuyền công nghệ"),
        "is_not_line": ("{value}; not a technology line", "{value}; không phải dây chuyền công nghệ"),
        "line_open": (
            "{value}; whether it is a technology line is not stated",
            "{value}; chưa nêu có phải dây chuyền công nghệ",
        ),
        "choice": ("What is supported", "Phương án hỗ trợ"),
        "all": ("everything that counts, under the cap", "toàn bộ phần được tính, theo mức trần thường"),
        "technology-lines": (
            "only the technology lines, under the raised cap",
            "chỉ dây chuyền công nghệ, theo mức trần nâng cao",
        ),
        "supposing": (
            "{choice}, supposing that activity {numbers} is one",
            "{choice}, giả định hạng mục {numbers} là dây chuyền công nghệ",
        ),
        "base": ("Cost counted", "Chi phí được tính"),
        "base_of": (
            "{figures} (activities {numbers})",
            "{figures} (hạng mục {numbers})",
        ),
        "share": ("{rate} of it, rounded down", "{rate} chi phí, làm tròn xuống"),
        "no_rate": ("No percentage stated: the cost itself", "Không quy định tỷ lệ: chính chi phí"),
        "cap_model": ("Cap per model", "Mức trần mỗi mô hình"),
        "cap_establishment": ("Cap per establishment", "Mức trần mỗi cơ sở"),
        "raised_cap_model": (
            "Cap per model, {factor} times {cap}",
            "Mức trần mỗi mô hình, {factor} lần {cap}",
        ),
        "raised_cap_establishment": (
            "Cap per establishment, {factor} times {cap}",
            "Mức trần mỗi cơ sở, {factor} lần {cap}",
        ),
        "prior": ("Earlier support that counts", "Hỗ trợ trước đây phải trừ"),
        "no_prior": (
            "none stated, counted as none",
            "không kê khai, coi như không có",
        ),
        "cap_left": ("Left of the cap", "Mức trần còn lại"),
        "support": ("Support at most", "Hỗ trợ tối đa"),
        "binds": ("{figures}: {limit}", "{figures}: {limit}"),
        "binds_rate": ("the rate binds", "giới hạn bởi tỷ lệ"),
        "binds_cost": ("the cost binds", "giới hạn bởi chính chi phí"),
        "binds_cap": ("the cap binds", "giới hạn bởi mức trần"),
        "binds_both": ("{first} and {second}", "{first} và {second}"),
        "other_choice": ("The other lawful choice", "Phương án hợp lệ khác"),
        "choice_value": (
            "{choice}: cost {base}; limits {share} (rate) and {left} (cap); at most {amount}",
            "{choice}: chi phí {base}; giới hạn {share} (tỷ lệ) và {left} (mức trần); tối đa {amount}",
        ),
        "assured_line": (
            "Its part of the lowest ceiling",
            "Phần trong mức thấp nhất",
        ),
        "shut_out": (
            "no answer meets the conditions of this and of the other support; the other is worth more",
            "không thể đồng thời đạt điều kiện của nội dung này và nội dung khác; nội dung khác có lợi hơn",
        ),
        "nothing": ("nothing of this can be supported", "không phần nào được hỗ trợ"),
        "states": ("The law", "Quy định"),
        "states_value": ("{sentence} [{source}, certainty {certainty}]", "{sentence} [{source}, độ tin cậy {certainty}]"),
        # the sections that follow
        "conditions": ("Conditions", "Điều kiện"),
        "finding": ("{fact}: {value} [{source}]", "{fact}: {value} [{source}]"),
        "finding_activity": (
            "Activity {number}, {fact}: {value} [{source}]",
            "Hạng mục {number}, {fact}: {value} [{source}]",
        ),
        "questions": ("Still open: what to find out", "Còn bỏ ngỏ: cần làm rõ"),
        "question": (
            "{text} [{fact}]",
            "{text} [{fact}]",
        ),
        "question_values": (
            "{text} [{fact}: {values}]",
            "{text} [{fact}: {values}]",
        ),
        "failures": ("What fails, and what would mend it", "Điều kiện không đạt và cách khắc phục"),
        "needed": (
            "{finding}. Needed: {needed}. It bars activity {numbers}. {mend}",
            "{finding}. Yêu cầu: {needed}. Vì vậy không được tính: hạng mục {numbers}. {mend}",
        ),
        "changeable": ("The applicant can still change this.", "Cơ sở còn có thể khắc phục."),
        "unchangeable": ("The applicant cannot change this.", "Cơ sở không thể thay đổi điều này."),
        "changeable_open": ("Whether this can be changed is not known.", "Chưa rõ có thể khắc phục hay không."),
        "readings": ("How the law is read", "Cách hiểu quy định"),
        "notes": ("What is not known, and what to check", "Điều chưa rõ và cần kiểm tra"),
        "sources": ("Sources", "Nguồn"),
        "source": ("{title}; {publisher}", "{title}; {publisher}"),
        "source_address": ("{title}; {publisher}; {address}", "{title}; {publisher}; {address}"),
        "certainty": ("{source} ({certainty})", "{source} ({certainty})"),
        "in_force": ("In force", "Hiệu lực"),
        "period": ("from {since} to {until}", "từ {since} đến {until}"),
        "period_open": ("from {since}", "từ {since}"),
        "yes": ("yes", "có"),
        "no": ("no", "không"),
    }
)

FACT_NAMES: Final = both(
    {
        "establishment.lawfully_established": ("lawfully set up", "được thành lập hợp pháp"),
        "establishment.direct_producer": (
            "itself invests and produces",
            "trực tiếp đầu tư, sản xuất",
        ),
        "establishment.kind": ("kind of establishment", "loại hình cơ sở"),
        "establishment.area": ("place", "địa bàn"),
        "establishment.sector": ("sector", "ngành nghề"),
        "application.own_capital_committed": ("own share invested or committed", "đã đầu tư hoặc cam kết đủ vốn đối ứng"),
        "application.other_state_support": (
            "whether another source of the State has paid",
            "nguồn kinh phí khác của Nhà nước đã hỗ trợ nội dung này",
        ),
        "activity.new_to_area": ("new to its area", "mới đối với địa phương"),
        "activity.performs_well": ("performs well", "hoạt động hiệu quả"),
        "activity.technology_line": ("is a technology line", "là dây chuyền công nghệ"),
        "prior_support.technology_line": ("was for a technology line", "đã hỗ trợ cho dây chuyền công nghệ"),
    }
)

VALUE_NAMES: Final = both(
    {
        "small-or-medium-enterprise": ("small or medium enterprise", "doanh nghiệp nhỏ và vừa"),
        "large-enterprise": ("large enterprise", "doanh nghiệp lớn"),
        "cooperative": ("cooperative", "hợp tác xã"),
        "cooperative-group": ("cooperative group", "tổ hợp tác"),
        "union-of-cooperatives": ("union of cooperatives", "liên hiệp hợp tác xã"),
        "household-business": ("household business", "hộ kinh doanh"),
        "commune": ("commune", "xã"),
        "township": ("township", "thị trấn"),
        "district-town": ("district town", "thị xã"),
        "ward-class-2-or-3-city": ("ward of a class 2 or 3 city", "phường thuộc thành phố loại 2 hoặc loại 3"),
        "ward-class-1-city-former-commune": (
            "ward of a class 1 city that was a commune less than five years ago",
            "phường thuộc thành phố loại 1 chuyển lên từ xã chưa quá năm năm",
        ),
        "other-ward": ("other ward", "phường khác"),
        "special-zone": ("special zone", "đặc khu"),
        "craft-village": ("recognised craft village", "làng nghề được công nhận"),
        "agricultural-forestry-aquatic-and-food-processing": (
            "agricultural, forestry, aquatic and food processing",
            "chế biến nông, lâm, thủy sản và thực phẩm",
        ),
        "consumer-export-or-import-substituting-goods": (
            "consumer, export or import-substituting goods",
            "hàng tiêu dùng, hàng xuất khẩu hoặc thay thế hàng nhập khẩu",
        ),
        "agricultural-chemicals": ("agricultural chemicals", "hóa chất phục vụ nông nghiệp"),
        "building-materials": ("building materials", "vật liệu xây dựng"),
        "mechanical-electrical-electronic-and-it-equipment": (
            "mechanical, electrical, electronic and IT equipment; parts, repair, subcontracting, supporting industry",
            "thiết bị cơ khí, điện, điện tử, công nghệ thông tin; linh kiện, sửa chữa, gia công, công nghiệp hỗ trợ",
        ),
        "handicraft": ("handicraft", "tiểu thủ công nghiệp"),
        "mining-in-disadvantaged-area": (
            "mining and mineral processing in a disadvantaged area",
            "khai thác, chế biến khoáng sản tại địa bàn khó khăn",
        ),
        "mining-elsewhere": ("mining and mineral processing elsewhere", "khai thác, chế biến khoáng sản tại địa bàn khác"),
        "cleaner-production-and-pollution-treatment": (
            "cleaner production and pollution treatment",
            "sản xuất sạch hơn và xử lý ô nhiễm môi trường",
        ),
        "high-technology": ("high technology", "công nghệ cao"),
        "clean-industry": ("clean industry", "công nghiệp sạch"),
        "energy-saving": ("energy saving", "tiết kiệm năng lượng"),
        "environmental-industry": ("environmental industry", "công nghiệp môi trường"),
        "environment-friendly-energy": ("environment-friendly energy", "năng lượng thân thiện với môi trường"),
        "other": ("other", "ngành nghề khác"),
    }
)


def say(phrase: str, lang: Lang, **values: object) -> str:
    """A phrase in the language asked for, its places filled.

    Example:
        >>> say("line", "vi", number=1, norm="Mô hình trình diễn")
        'Nội dung hỗ trợ 1: Mô hình trình diễn'
    """
    return PHRASES[phrase][lang].format(**values)


def fact_name(fact: str, lang: Lang) -> str:
    """A fact as an officer would call it."""
    return FACT_NAMES[fact][lang]


def value_name(value: str | bool | None, lang: Lang) -> str:
    """An answer as an officer would write it; None is "not stated"."""
    if value is None:
        return say("unknown", lang)
    if isinstance(value, bool):
        return say("yes" if value else "no", lang)
    return VALUE_NAMES[value][lang]
