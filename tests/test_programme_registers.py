"""A register is planned as it is kept: points in a column, one cap for an establishment, faults refuse the plan."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from kcgrant import cli

HEAD = (
    "Số hồ sơ;Ngày phê duyệt;Tên cơ sở;Tỉnh;Mã số thuế;Loại hình;Thành lập hợp pháp;Trực tiếp sản xuất;Ngành nghề;"
    "Cam kết vốn đối ứng;Nguồn Nhà nước khác;Mức chi;Hạng mục;Chi phí;Dây chuyền công nghệ;Điểm"
)


def row(reference: str, cost: str, points: str, *, tax: str = "0900111224", day: str = "02/03/2026", own: str = "có") -> str:
    facts = f"Halo;Hưng Yên (cũ);{tax};small-or-medium-enterprise;có;có;handicraft;{own};không"
    return f"{reference};{day};{facts};advanced-machinery;máy;{cost};không;{points}"


def register(folder: Path, *rows: str) -> str:
    file = folder / "so.csv"
    file.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return str(file)


def planned(capsys: pytest.CaptureFixture[str], file: str, *options: str) -> tuple[int, str, str]:
    code = cli.main(["plan", file, "--budget", "700 triệu", "--policy", "ranked", *options])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_register_is_planned_with_its_points_and_one_cap_for_an_establishment(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """KC-3 of another establishment: the cap of 300. KC-2 comes next by its points and takes the cap of 300; KC-1, of the same
    establishment though earlier, then gets nothing: 600 of 700 million."""
    file = register(
        tmp_path,
        row("KC-1", "400 triệu", "70"),
        row("KC-2", "900.000.000", "80,5", day="05/03/2026"),
        row("KC-3", "1 tỷ", "90", tax="0900333442"),
    )
    out_file = tmp_path / "plan.csv"
    code, out, err = planned(capsys, file, "--out", str(out_file))
    assert (code, err) == (0, "")
    assert "VND 600,000,000" in out
    lines = [line.split(";") for line in out_file.read_text(encoding="utf-8-sig").splitlines()]
    head = lines[0]
    found = [(line[head.index("Reference")], line[head.index("Awarded")]) for line in lines[1:]]
    assert found == [("KC-3", "300000000"), ("KC-2", "300000000"), ("KC-1", "0")]


def test_points_of_a_workbook_are_read_exactly(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD.split(";"))
    for text, points in ((row("KC-1", "400000000", ""), 87.5), (row("KC-2", "500000000", "", tax="0900333442"), 87.25)):
        sheet.append([*text.split(";")[:-1], points])
    book.save(tmp_path / "so.xlsx")
    code, out, err = planned(capsys, str(tmp_path / "so.xlsx"))
    assert (code, err) == (0, "")
    assert [line.split()[:2] for line in out.splitlines() if "KC-" in line] == [["1", "KC-1"], ["2", "KC-2"]]
    assert "87.5" in out
    assert "87.25" in out


def test_a_fault_of_the_register_refuses_the_plan(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = register(tmp_path, row("KC-1", "1.200", "70"), row("KC-3", "1 tỷ", "90", tax="0900333442"))
    code, out, err = planned(capsys, file)
    assert (code, out) == (2, "")
    assert err.startswith(f"kcgrant: {file}: line 2, column 14: ")
    assert "can be read as 1,200 or as 1.2" in err


def test_rows_of_a_dossier_that_state_different_points_are_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = register(tmp_path, row("KC-1", "400 triệu", "70"), row("KC-1", "100 triệu", "75"))
    code, out, err = planned(capsys, file)
    assert (code, out) == (2, "")
    assert err == (
        f"kcgrant: {file}: line 2: points: the rows, or two columns, of KC-1 say 70, 75; write the same in each, or in one alone\n"
    )


def test_missing_points_are_told_where_they_decide(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = register(tmp_path, row("KC-1", "400 triệu", ""), row("KC-2", "100 triệu", "75", tax="0900333442"))
    code, out, err = planned(capsys, file)
    assert (code, out) == (2, "")
    assert err == f"kcgrant: {file}: KC-1: points: missing; ranked needs the points that the centre gave each dossier\n"
    assert planned(capsys, file, "--by", "date")[0] == 0


def test_an_open_dossier_waits_with_the_amount_it_holds(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Whether the own share is committed is not known: nothing is assured, 200 million are held."""
    file = register(tmp_path, row("KC-1", "400 triệu", "70", own="chưa rõ"))
    code, out, _ = planned(capsys, file)
    assert code == 0
    assert "200,000,000" in out
    assert "KC-1" in out


def test_a_second_file_of_earlier_support_is_refused_beside_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("[]", encoding="utf-8")
    code, _, err = planned(capsys, str(file), "--prior", "prior.csv")
    assert code == 2
    assert err == (
        "kcgrant: --prior: a second file of earlier support belongs to a register in CSV; in JSON it stands in each "
        "application\n"
    )


def test_faulty_dossiers_are_left_out_and_named_where_that_is_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """KC-1 half of 400 million; KC-2 has no readable cost."""
    file = register(tmp_path, row("KC-1", "400 triệu", "70"), row("KC-2", "1.200", "80", tax="0900333442"))
    assert planned(capsys, file)[0] == 2
    code, out, err = planned(capsys, file, "--without-faulty", "--lang", "vi")
    assert code == 0
    assert "Chưa đưa vào: KC-2" in out
    assert "200.000.000" in out
    assert err.startswith('kcgrant: dòng 3, cột 14: giá trị "1.200": có thể hiểu là')
    code, out, _ = planned(capsys, file, "--without-faulty", "--out", str(tmp_path / "plan.json"))
    assert code == 0
    document = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert [(one["reference"], one["establishment"]) for one in document["left_out"]] == [("KC-2", "Halo")]
    assert "1.200" in document["left_out"][0]["reason"]["vi"]


def test_awards_are_rounded_and_envelopes_named_as_officers_do(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Half of 401.5 million is 200.75, to the million 200. 4.000 triệu is four billion."""
    file = register(tmp_path, row("KC-1", "401.500.000", "70"))
    envelope = ("--envelope", "Máy móc thiết bị tiên tiến=1.000 triệu")
    code, out, err = planned(capsys, file, "--round-to", "1 triệu", "--budget", "4.000 triệu", *envelope, "--lang", "vi")
    assert (code, err) == (0, "")
    said = " ".join(out.split())
    assert "Tổng kinh phí 4.000.000.000 đồng" in said
    assert "Phân bổ 200.000.000 đồng" in said
    assert "Làm tròn xuống theo bội số của 1.000.000 đồng" in said
    assert "Hạn mức Máy móc thiết bị tiên tiến, chuyển giao công nghệ" in said
    assert "advanced-machinery" not in out


@pytest.mark.parametrize("heading", ["Tổng điểm", "TỔNG ĐIỂM", "Điểm", "Tổng số điểm", "Điểm chấm"])
def test_the_points_stand_under_any_of_their_headings(
    heading: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = Path(register(tmp_path, row("KC-1", "400 triệu", "70"), row("KC-2", "400 triệu", "71", tax="0900333442")))
    file.write_text(file.read_text(encoding="utf-8").replace(";Điểm", f";{heading}"), encoding="utf-8")
    code, out, _ = planned(capsys, str(file))
    assert code == 0
    assert out.index("KC-2") < out.index("KC-1")
    assert "Halo" in out


def test_a_table_of_very_many_is_printed_in_one_pass(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [row(f"KC-{number:05}", "400 triệu", str(number % 90), tax="") for number in range(3000)]
    file = Path(register(tmp_path, *(one.replace("Halo", f"Cơ sở số {number}") for number, one in enumerate(rows))))
    code, out, _ = planned(capsys, str(file), "--budget", "4 tỷ")
    assert code == 0
    assert len(out.splitlines()) >= 3000
    assert all(f"KC-{number:05}" in out for number in range(0, 3000, 97))
