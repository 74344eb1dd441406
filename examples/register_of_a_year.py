"""A register of 300 dossiers with 40 planted faults: each is named by its cell, and every other dossier is assessed.

All names and costs are invented. Needs the extra excel: pip install 'kcgrant[excel]'.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook

from kcgrant.register import assess_register, read, write

HEADINGS = ["Số hồ sơ", "Ngày phê duyệt", "Tên cơ sở", "Tỉnh", "Mã số thuế", "Loại hình", "Mức chi", "Hạng mục", "Chi phí"]
FAULTS = {"I": ("1.200", "#REF!", "=1+1", -5), "B": ("31/02/2026", "03/2026"), "G": ("máy bay",), "F": ("hội quán",)}
PLANTED = [(column, value) for column, values in FAULTS.items() for value in values]  # eight, each four times
book = Workbook()
sheet = book.create_sheet("2026")
sheet.append(HEADINGS)
for number in range(1, 301):
    name, code, cost = f"Cơ sở số {number}", f"09{number:08}", f"{100 + number} triệu"
    norm = "Máy móc thiết bị tiên tiến, chuyển giao công nghệ"
    sheet.append([f"KC-{number:03}", "02/03/2026", name, "Hưng Yên", code, "HTX", norm, f"Máy số {number}", cost])
places = [f"{column}{7 * (place + 1)}" for place, (column, _) in enumerate(PLANTED * 4)]
for place, (_, value) in zip(places, PLANTED * 4, strict=True):
    sheet[place] = value
for row in (240, 250, 260, 270):  # and eight more: numbers that lost their zero, provinces lost to a merge
    sheet[f"E{row}"] = 900_000_000 + row
    sheet.merge_cells(f"C{row + 3}:D{row + 3}")
    places += [f"E{row}", f"D{row + 3}"]

with TemporaryDirectory() as folder:
    book.save(file := Path(folder) / "register.xlsx")
    result = assess_register(read(file))
    write(result, Path(folder) / "result.xlsx", "vi")
named = {place.says().partition("!")[2] for remark in result.remarks for place in remark.places}
print(f"{len(named.intersection(places))} of {len(places)} planted faults are named by their cell")
print(f"{result.summary['dossiers-assessed']} of {result.summary['dossiers']} dossiers are assessed")
