"""Words: what the result of a register says in English and Vietnamese, sheet by sheet.

The decision taken here: both languages fill the same places, as in an explanation; a sheet of ours begins with the same
mark in every language, so that a result can be read again as a register.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kcgrant.errors import Lang, Text

OWN: Final = "kcgrant – "
"""How the first cell of every sheet begins that is written, and not the officer's."""


def _both(table: Mapping[str, tuple[str, str]]) -> dict[str, Text]:
    return {key: Text(en=en, vi=vi) for key, (en, vi) in table.items()}


PHRASES: Final = _both(
    {
        # states of a row
        "assessed": ("assessed", "đã thẩm định"),
        "not-assessed": ("NOT ASSESSED: see the faults", "CHƯA THẨM ĐỊNH: xem cột lỗi"),
        "above": ("above the headings", "phía trên tiêu đề"),
        "heading": ("headings repeated; no dossier", "tiêu đề lặp lại; không phải hồ sơ"),
        "total": ("a total; no dossier", "dòng tổng; không phải hồ sơ"),
        # cells of a row
        "limit": ("{norm}: {what}, {amount}", "{norm}: {what}, {amount}"),
        "rate": ("{rate} of the cost", "{rate} chi phí"),
        "cost": ("the cost itself", "chính chi phí"),
        "cap": ("the cap", "mức trần"),
        "raised-cap": ("the raised cap for technology lines", "mức trần nâng cao cho dây chuyền công nghệ"),
        "nothing": ("nothing can be supported", "không được hỗ trợ"),
        "use": ("{reference}: {amount} of the cap for {norm}", "{reference}: {amount} thuộc mức trần {norm}"),
        "listed-use": (
            "{amount} of the cap for {norm}, as listed for another dossier",
            "{amount} thuộc mức trần {norm}, kê khai ở hồ sơ khác",
        ),
        "open-use": ("{use} (a technology line? not stated)", "{use} (chưa rõ có phải dây chuyền công nghệ)"),
        "held": (
            "{references} comes before it under the same cap and is not assessed: the lowest ceiling takes it as used up",
            "{references} đứng trước, dùng chung mức trần mà chưa được thẩm định: mức thấp nhất coi như mức trần đã hết",
        ),
        # sheets
        "register": ("Register", "Sổ theo dõi"),
        "summary": ("Summary", "Tổng hợp"),
        "remarks": ("Faults and findings", "Lỗi và lưu ý"),
        "questions": ("Questions", "Cần hỏi thêm"),
        "pools": ("Establishments and caps", "Cơ sở và mức trần"),
        "calculation": ("Calculation", "Tính toán"),
        "regulation": ("Regulation", "Quy định"),
        "guide": ("Guide", "Hướng dẫn"),
        "lists": ("Lists", "Danh mục"),
        "prior": ("prior_support", "Hỗ trợ trước đây"),
        # summary
        "rows": ("Rows that are not blank, the headings left out", "Số dòng có dữ liệu, không kể tiêu đề"),
        "rows-assessed": ("of these: rows of dossiers assessed", "trong đó: dòng của hồ sơ đã thẩm định"),
        "rows-not-assessed": ("of these: rows of dossiers not assessed", "trong đó: dòng của hồ sơ chưa thẩm định"),
        "rows-aside": ("of these: titles, headings repeated, totals", "trong đó: tên sổ, tiêu đề lặp lại, dòng tổng"),
        "dossiers": ("Dossiers", "Số hồ sơ"),
        "dossiers-assessed": ("Dossiers assessed", "Hồ sơ đã thẩm định"),
        "establishments": ("Establishments", "Số cơ sở"),
        "sharing": ("Establishments with several dossiers", "Cơ sở có nhiều hồ sơ"),
        "eligible": ("Dossiers eligible", "Hồ sơ đủ điều kiện"),
        "partly-eligible": ("Dossiers partly eligible", "Hồ sơ đủ điều kiện một phần"),
        "undetermined": ("Dossiers not determined", "Hồ sơ chưa xác định"),
        "ineligible": ("Dossiers not eligible", "Hồ sơ không đủ điều kiện"),
        "maximum": ("Sum of the ceilings (VND)", "Tổng mức tối đa (đồng)"),
        "assured": ("Sum of the lowest ceilings (VND)", "Tổng mức tối đa thấp nhất (đồng)"),
        "faults": ("Faults", "Số lỗi"),
        "findings": ("Findings", "Số điều cần lưu ý"),
        "ceiling-not-entitlement": (
            "A ceiling is the most that the law allows, not an entitlement: the authority decides what it grants.",
            "Đây là mức cao nhất quy định cho phép, không phải mức đương nhiên được hưởng; cấp có thẩm quyền quyết định.",
        ),
        "pooled": (
            "Dossiers of one establishment share its cap, in order of approval: what an earlier one may get counts first.",
            "Các hồ sơ của một cơ sở dùng chung mức trần, theo thứ tự phê duyệt: phần tối đa của hồ sơ trước trừ trước.",
        ),
        "sharing-only": (
            "Only establishments with several dossiers in the register stand here.",
            "Trang này chỉ liệt kê các cơ sở có nhiều hồ sơ trong sổ.",
        ),
        "first-row": (
            "Amounts stand on the first row of each dossier, so that a column can be summed.",
            "Số tiền chỉ ghi ở dòng đầu của mỗi hồ sơ để có thể cộng cả cột.",
        ),
        "formulas": (
            "The live formulas follow the sheets Calculation and Regulation; they should show what stands beside them.",
            "Các công thức sống lấy số liệu ở trang Tính toán và Quy định; kết quả phải bằng cột bên cạnh.",
        ),
        # headings of our own sheets
        "where": ("Where", "Vị trí"),
        "kind": ("Kind", "Loại"),
        "fault": ("fault", "lỗi"),
        "finding": ("finding", "lưu ý"),
        "what": ("What it is, and what to do", "Nội dung và cách xử lý"),
        "item": ("Counts and sums", "Nội dung"),
        "count": ("Number", "Số liệu"),
        "reference": ("Reference", "Số hồ sơ"),
        "approved_on": ("Approved on", "Ngày phê duyệt"),
        "establishment": ("Establishment", "Cơ sở"),
        "tax_code": ("Tax code", "Mã số thuế"),
        "question": ("Question", "Câu hỏi"),
        "answer": ("Answer", "Trả lời"),
        "same-by": ("Known by", "Nhận biết theo"),
        "tax-code": ("tax code", "mã số thuế"),
        "name": ("name", "tên"),
        "norm": ("Norm", "Mức chi"),
        "earlier": ("Used before it (VND)", "Đã dùng trước đó (đồng)"),
        "at-most": ("May use at most (VND)", "Được dùng tối đa (đồng)"),
        "used": ("Used with it (VND)", "Cộng dồn (đồng)"),
        "cap-vnd": ("Cap (VND)", "Mức trần (đồng)"),
        "standing": ("For technology lines only", "Chỉ cho dây chuyền công nghệ"),
        "yes": ("yes", "có"),
        "no": ("no", "không"),
        "unknown": ("not stated", "chưa nêu"),
        "choice": ("What is supported", "Phương án hỗ trợ"),
        "choice-all": ("everything", "toàn bộ"),
        "choice-technology-lines": ("technology lines only", "chỉ dây chuyền công nghệ"),
        "end": ("For", "Dùng cho"),
        "end-ceiling": ("ceiling", "mức tối đa"),
        "end-lowest": ("lowest ceiling", "mức thấp nhất"),
        "base": ("Cost counted (VND)", "Chi phí được tính (đồng)"),
        "share": ("Share of the cost (VND)", "Phần theo tỷ lệ (đồng)"),
        "prior-vnd": ("Earlier support (VND)", "Hỗ trợ trước (đồng)"),
        "amount": ("At most (VND)", "Tối đa (đồng)"),
        "law": ("Regulation", "Văn bản"),
        "id": ("Id", "Mã"),
        "title": ("Title", "Tên"),
        "numerator": ("Rate: numerator", "Tỷ lệ: tử số"),
        "denominator": ("Rate: denominator", "Tỷ lệ: mẫu số"),
        "factor-numerator": ("Factor for lines: numerator", "Hệ số dây chuyền: tử số"),
        "factor-denominator": ("Factor: denominator", "Hệ số: mẫu số"),
        "raised": ("Raised cap (VND)", "Mức trần nâng cao (đồng)"),
        "per": ("Per", "Tính cho"),
        "per-model": ("model", "mô hình"),
        "per-establishment": ("establishment", "cơ sở"),
        "states": ("What the law says", "Quy định"),
        "source": ("Source", "Nguồn"),
        # template
        "guide-1": (
            "One row is one machine or one model. The rows of one dossier share its reference.",
            "Mỗi dòng là một máy hoặc một mô hình. Các dòng của một hồ sơ ghi cùng số hồ sơ.",
        ),
        "guide-2": (
            "A blank cell means: not stated. It is neither zero nor “no”.",
            "Ô trống nghĩa là chưa nêu, không phải số 0 và không phải “không”.",
        ),
        "guide-3": (
            "Amounts: 420000000, 420.000.000 or 420 triệu. 1.200 is refused, since it can be read in two ways.",
            "Số tiền: 420000000, 420.000.000 hoặc 420 triệu. Không ghi 1.200 vì hiểu được hai cách.",
        ),
        "guide-4": (
            "Days: 02/03/2026, the day first. Yes or no: x, có, không, chưa rõ.",
            "Ngày: 02/03/2026, ngày trước tháng sau. Có hay không: x, có, không, chưa rõ.",
        ),
        "guide-5": (
            "Earlier support that counts stands on the second sheet, under the reference of the dossier.",
            "Hỗ trợ trước đây phải trừ ghi ở trang thứ hai, theo số hồ sơ.",
        ),
        "guide-6": (
            "Columns of your own may be added; they are kept as they are.",
            "Có thể thêm cột riêng; các cột đó được giữ nguyên.",
        ),
        "guide-7": (
            "Overwrite the example before use, in both sheets.",
            "Hãy ghi đè dòng ví dụ trước khi dùng, ở cả hai trang.",
        ),
        "lists-of": ("Words for “{column}”", "Các từ dùng cho “{column}”"),
        "not-known": ("not stated", "chưa rõ"),
        "note-reference": ("The same on every row of the dossier", "Giống nhau ở mọi dòng của hồ sơ"),
        "note-approved_on": ("The day whose law applies, dd/mm/yyyy", "Ngày xác định quy định áp dụng, ngày/tháng/năm"),
        "note-tax_code": ("As text: a leading zero stays", "Định dạng Text để không mất số 0 ở đầu"),
        "note-cost_vnd": (
            "In đồng: 420000000, 420.000.000 or 420 triệu",
            "Bằng đồng: 420000000, 420.000.000 hoặc 420 triệu",
        ),
        "note-needed": ("Needed", "Bắt buộc"),
        "page": ("Page &P of &N", "Trang &P/&N"),
        "reading": ("reading and assessing", "đang đọc và thẩm định"),
        "writing": ("writing", "đang ghi"),
        "more": ("… and {count} more", "… và {count} lỗi nữa"),
        "to": ("to {path}", "ghi vào {path}"),
    }
)


def say(phrase: str, lang: Lang, **values: object) -> str:
    """A phrase in the language asked for, its places filled.

    Example:
        >>> say("rate", "vi", rate="50%")
        '50% chi phí'
    """
    said = PHRASES[phrase][lang]
    return said.format(**values) if values else said
