"""Words of a programme: why a dossier was paid or not, and the headings of its list, in English and Vietnamese.

The decision taken here: a reason is a sentence with the amounts that decided, the same ones in both languages.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kcgrant.errors import Lang, Text
from kcgrant.money import figures

_PHRASES: Final[dict[str, tuple[str, str]]] = {
    # reasons
    "full": ("in full; then left {left} of {available}", "cấp đủ; sau đó còn {left} trên {available}"),
    "short": ("budget left {left} of {needed}", "kinh phí còn {left} trên mức cần {needed}"),
    "short_part": ("in part: budget left {left} of {needed}", "cấp một phần: kinh phí còn {left} trên mức cần {needed}"),
    "behind": ("after {reference}, where the budget ended", "xếp sau {reference}, nơi kinh phí không còn đủ"),
    "envelope": ("envelope {norm} left {left} of {needed}", "hạn mức {norm} còn {left} trên mức cần {needed}"),
    "envelope_part": (
        "in part: envelope {norm} left {left} of {needed}",
        "cấp một phần: hạn mức {norm} còn {left} trên mức cần {needed}",
    ),
    "behind_in": (
        "after {reference}, where the envelope {norm} ended",
        "xếp sau {reference}, nơi hạn mức {norm} không còn đủ",
    ),
    "behind_in_part": (
        "in part: after {reference}, where the envelope {norm} ended",
        "cấp một phần: xếp sau {reference}, nơi hạn mức {norm} không còn đủ",
    ),
    "remnant": (
        "what is left for it, {left} of {needed}, is below the floor of {floor}",
        "phần còn lại cho hồ sơ này là {left} trên mức cần {needed}, dưới mức cấp tối thiểu {floor}",
    ),
    "ratio_full": ("in full; {pot} for {asked} asked", "cấp đủ; có {pot} cho tổng nhu cầu {asked}"),
    "ratio_down": (
        "{needed} × {pot} / {asked}, rounded down",
        "{needed} × {pot} / {asked}, làm tròn xuống",
    ),
    "ratio_up": (
        "{needed} × {pot} / {asked}, with one đồng of the remainder",
        "{needed} × {pot} / {asked}, cộng một đồng từ phần lẻ",
    ),
    "ratio_exact": ("{needed} × {pot} / {asked}", "{needed} × {pot} / {asked}"),
    "ratio_floor": (
        "{needed} × {pot} / {asked} is below the floor of {floor}",
        "{needed} × {pot} / {asked} dưới mức cấp tối thiểu {floor}",
    ),
    "ratio_little": (
        "its shares of the envelopes come to {left} together, below the floor of {floor}",
        "các phần được chia từ các hạn mức cộng lại là {left}, dưới mức cấp tối thiểu {floor}",
    ),
    "in_envelope": ("envelope {norm}: {text}", "hạn mức {norm}: {text}"),
    "chosen": ("in the selection with the most points ({points})", "thuộc phương án có tổng điểm cao nhất ({points})"),
    "passed": (
        "not in the selection with the most points ({points}), which leaves {left} of {needed}",
        "không thuộc phương án có tổng điểm cao nhất ({points}), còn {left} trên mức cần {needed}",
    ),
    "pointless": ("adds no points to the selection", "không thêm điểm cho phương án"),
    "small": (
        "assured {assured}, below the floor of {floor}",
        "mức chắc chắn {assured}, dưới mức cấp tối thiểu {floor}",
    ),
    "open": (
        "nothing assured yet; {held} is open",
        "chưa có mức chắc chắn; còn bỏ ngỏ {held}",
    ),
    "none": ("nothing can be supported", "không có nội dung nào được hỗ trợ"),
    # outcomes
    "funded": ("funded", "cấp đủ"),
    "partly-funded": ("partly funded", "cấp một phần"),
    "reserve": ("reserve list", "dự phòng"),
    "below-floor": ("below the floor", "dưới mức tối thiểu"),
    "waiting": ("waiting", "chờ làm rõ"),
    "nothing": ("nothing to fund", "không được hỗ trợ"),
    # policies
    "ranked": ("ranked by {by}, whole awards only", "xếp hạng theo {by}, chỉ cấp trọn mức"),
    "ranked_partial": (
        "ranked by {by}, the last award may be partial",
        "xếp hạng theo {by}, hồ sơ cuối có thể cấp một phần",
    ),
    "pro-rata": ("pro rata to the assured amounts", "chia theo tỷ lệ mức chắc chắn"),
    "best": ("the selection with the most points", "phương án có tổng điểm cao nhất"),
    "by_points": ("points", "điểm"),
    "by_place": ("the stated order", "thứ tự đã nêu"),
    "by_date": ("day of approval", "ngày phê duyệt"),
    # the head
    "title": ("Plan of the programme", "Kế hoạch phân bổ kinh phí khuyến công"),
    "policy": ("How it is shared", "Cách phân bổ"),
    "budget_vnd": ("Budget", "Tổng kinh phí"),
    "committed_vnd": ("Committed before", "Đã cam kết trước"),
    "awarded_vnd": ("Awarded", "Phân bổ"),
    "left_vnd": ("Left", "Còn lại"),
    "held_vnd": ("Open questions", "Chờ làm rõ"),
    "held_value": (
        "{amount} more could be due if every open answer is favourable; not taken from the budget",
        "có thể phát sinh thêm {amount} nếu mọi câu trả lời đều thuận lợi; chưa trừ vào kinh phí",
    ),
    "floor_vnd": ("Smallest award", "Mức cấp tối thiểu"),
    "points_total": ("Points of the selection", "Tổng điểm của phương án"),
    "envelope_title": ("Envelope {norm}", "Hạn mức {norm}"),
    "envelope_value": ("{awarded} awarded of {amount}, left {left}", "phân bổ {awarded} trên {amount}, còn lại {left}"),
    "dossiers": ("Dossiers", "Số hồ sơ"),
    # columns
    "rank": ("Rank", "Hạng"),
    "reference": ("Reference", "Số hồ sơ"),
    "establishment": ("Establishment", "Cơ sở"),
    "approved_on": ("Plan approved on", "Ngày phê duyệt"),
    "points": ("Points", "Điểm"),
    "place": ("Stated order", "Thứ tự đã nêu"),
    "maximum_vnd": ("Ceiling", "Mức tối đa"),
    "assured_vnd": ("Assured", "Mức chắc chắn"),
    "outcome": ("Outcome", "Kết quả"),
    "reason": ("Why", "Lý do"),
    "total": ("Total", "Tổng cộng"),
    "sheet_plan": ("Plan", "Kế hoạch"),
    "sheet_summary": ("Summary", "Tổng hợp"),
    "unit": ("Unit: đồng", "Đơn vị: đồng"),
}


def because(key: str, **values: int | str | Text) -> Text:
    """A phrase in both languages, amounts grouped as each language does.

    Example:
        >>> because("short", left=120_000_000, needed=300_000_000)
        Text(en='budget left 120,000,000 of 300,000,000', vi='kinh phí còn 120.000.000 trên mức cần 300.000.000')
    """
    en, vi = _PHRASES[key]
    return Text(en=en.format(**_filled(values, "en")), vi=vi.format(**_filled(values, "vi")))


def label(key: str, lang: Lang) -> str:
    """A heading or an outcome in the language asked for."""
    return _PHRASES[key][lang == "vi"]


def grouped(amount_vnd: int, lang: Lang) -> str:
    """An amount in figures without its currency, where a heading says it.

    Example:
        >>> grouped(300_000_000, "en"), grouped(300_000_000, "vi")
        ('300,000,000', '300.000.000')
    """
    return figures(amount_vnd, lang).removeprefix("VND ").removesuffix(" đồng")


def together(texts: Iterable[Text]) -> Text:
    """Several reasons in one line."""
    every = list(texts)
    return Text(en="; ".join(text.en for text in every), vi="; ".join(text.vi for text in every))


def _filled(values: dict[str, int | str | Text], lang: Lang) -> dict[str, str]:
    return {
        key: grouped(value, lang) if isinstance(value, int) else value[lang] if isinstance(value, Text) else value
        for key, value in values.items()
    }
