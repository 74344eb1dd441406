"""The command line: data on stdout, messages on stderr, exit 0 or 2, never a stack trace."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dossiers import application, line, machine, replication
from kcgrant import assess, cli
from kcgrant.law import LAW, catalogue

HALO = Path(__file__).parents[1] / "examples" / "halo-mold-tech.json"


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    code, out, err = ran(capsys, *arguments)
    assert (code, out) == (2, "")
    return err.splitlines()


def test_an_application_is_assessed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ran(capsys, "assess", str(HALO))
    assert (code, err) == (0, "")
    assert "  Ceiling           VND 300,000,000 (three hundred million dong)\n" in out
    assert "  Support at most          VND 300,000,000: the cap binds\n" in out
    assert "\x1b" not in out
    assert len(out.splitlines()) < 24  # one screen
    in_full = ran(capsys, "assess", str(HALO), "--full")[1]
    assert out.splitlines()[:9] == in_full.splitlines()[:9]
    assert "\nConditions\n" in in_full
    assert "\nConditions\n" not in out


def test_the_explanation_speaks_vietnamese_and_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ran(capsys, "assess", str(HALO), "--lang", "vi", "--markdown")
    assert "| Mức hỗ trợ tối đa | **300.000.000 đồng (Bằng chữ: Ba trăm triệu đồng)** |\n" in out


def test_the_json_document_is_that_of_the_library(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    stated = application(machine(700_000_000), line(1_000_000_000))
    file = tmp_path / "a.json"
    file.write_text(stated.to_json(), encoding="utf-8")
    code, out, _ = ran(capsys, "assess", str(file), "--json")
    assert code == 0
    assert json.loads(out) == assess(stated).to_dict() == json.loads(assess(stated).to_json())
    assert json.loads(out)["maximum_vnd"] == 450_000_000


def test_standard_input_is_a_file_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Input:
        buffer = io.BytesIO(HALO.read_bytes())

    monkeypatch.setattr(sys, "stdin", Input)
    code, out, _ = ran(capsys, "assess", "-", "--json")
    assert (code, json.loads(out)["maximum_vnd"]) == (0, 300_000_000)
    Input.buffer = io.BytesIO(b"nonsense")
    assert refused(capsys, "assess", "-") == [
        "kcgrant: <stdin>: line 1 column 1: not JSON; no dots in numbers, straight quotes, no comma before a closing bracket"
    ]


def test_another_regulation_is_taken_by_id_or_by_file(capsys: pytest.CaptureFixture[str]) -> None:
    """The cap of 200 million, and 1.5 times that if the scheme has priority, which is not stated."""
    for name in ("national-26-2014", str(LAW / "national-26-2014.toml")):
        _, out, _ = ran(capsys, "assess", str(HALO), "--regulation", name)
        assert "Ceiling if all open answers are favourable  VND 300,000,000" in out
        assert "Lowest ceiling, whatever the answers        VND 200,000,000" in out
        assert "For comparison only: 26/2014/TTLT-BTC-BCT is in force from 2014-04-08 to 2018-05-10" in " ".join(out.split())


def test_the_norms_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ran(capsys, "norms", "--lang", "vi")
    titles = [one for one in out.splitlines() if "(" in one and one[0] not in " -"]
    laws = [law for law in map(catalogue.get, catalogue.ids()) if law.norms]
    assert titles == [f"{law.title.vi} ({law.document})" for law in laws]
    assert [one.split()[-1] for one in out.splitlines() if "gõ trong lệnh là" in one] == [law.id for law in laws]
    assert "từ 08/04/2014 đến 10/05/2018" in out
    _, out, _ = ran(capsys, "norms", "hung-yen-553-2025")
    assert "not over VND 300 million per establishment" in " ".join(out.split())
    assert "national" not in out


def test_a_sound_regulation_file_passes_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(LAW / "hung-yen-553-2025.toml")
    code, out, _ = ran(capsys, "check", file)
    assert code == 0
    assert out.startswith(f"{file}: sound: hung-yen-553-2025 (norms: 4, conditions: 10), SHA-256 ")
    assert ran(capsys, "check", file, "--lang", "vi")[1].startswith(
        f"{file}: hợp lệ: hung-yen-553-2025 (nội dung hỗ trợ: 4, điều kiện: 10)"
    )


def test_a_faulty_regulation_file_fails_the_check_with_every_fault(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "law.toml"
    sound = (LAW / "hung-yen-553-2025.toml").read_text(encoding="utf-8")
    file.write_text(sound.replace("= 300_000_000", "= 30_000_000").replace('"30%"', '"35%"', 1), encoding="utf-8")
    has = "which the norm lacks (cap VND 1,000,000,000, rate 35%)"
    machinery = "which the norm lacks (cap VND 30,000,000, rate 50%, technology_line_factor 1.5)"
    assert refused(capsys, "check", str(file)) == [
        f"kcgrant: {file}: norms.demonstration-model.states.en: states 30%, {has}",
        f"kcgrant: {file}: norms.demonstration-model.states.en: does not state the rate 35%",
        f"kcgrant: {file}: norms.demonstration-model.states.vi: states 30%, {has}",
        f"kcgrant: {file}: norms.demonstration-model.states.vi: does not state the rate 35%",
        f"kcgrant: {file}: norms.advanced-machinery.states.en: states 300 million, {machinery}",
        f"kcgrant: {file}: norms.advanced-machinery.states.en: does not state the cap VND 30,000,000",
        f"kcgrant: {file}: norms.advanced-machinery.states.vi: states 300 triệu, {machinery}",
        f"kcgrant: {file}: norms.advanced-machinery.states.vi: does not state the cap VND 30,000,000",
    ]


@pytest.mark.parametrize("document", ["application", "assessment", "regulation"])
def test_the_schemas_are_printed(capsys: pytest.CaptureFixture[str], document: str) -> None:
    code, out, _ = ran(capsys, "schema", document)
    assert code == 0
    schema = json.loads(out)
    assert schema["type"] == "object" or "$ref" in schema
    if document == "application":
        assert schema["required"] == ["approved_on", "establishment", "activities"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "no such file; check the path"),
        (b"\xef\xbb\xbf{}", "begins with a byte-order mark; save it as UTF-8 without BOM"),
        (b'{"reference": "\xe1"}', "not UTF-8: byte 16 is 0xe1; save it as UTF-8"),
        (b"not json", "line 1 column 1: not JSON; no dots in numbers, straight quotes, no comma before a closing bracket"),
        (b"[" * 50_000_000, "larger than 16 MiB; not read"),
        (b"[" * 16_000_000, "not JSON: nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes | None, fault: str
) -> None:
    file = tmp_path / "a.json"
    if content is not None:
        file.write_bytes(content)
    assert refused(capsys, "assess", str(file)) == [f"kcgrant: {file}: {fault}"]


def test_a_directory_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert refused(capsys, "assess", str(tmp_path)) == [f"kcgrant: {tmp_path}: this is a directory; name a file in it"]


def test_faults_of_content_and_of_law_name_the_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    text = HALO.read_text(encoding="utf-8")
    file.write_text(text.replace("advanced-machinery", "advanced-machinary"), encoding="utf-8")
    assert refused(capsys, "assess", str(file)) == [
        f'kcgrant: {file}: activities[0].norm: given "advanced-machinary"; hung-yen-553-2025 has the norms demonstration-model, '
        "replication-model, cleaner-production-model, advanced-machinery. Did you mean advanced-machinery?"
    ]
    file.write_text(text.replace("2026-03-02", "2024-03-02"), encoding="utf-8")
    assert refused(capsys, "assess", str(file)) == [
        f"kcgrant: {file}: hung-yen on 2024-03-02: no regulation in force is known; known there: hung-yen-553-2025 (from "
        "2025-02-28). Name one to compare with (--regulation ID)"
    ]
    file.write_text(text.replace("800000000", "8e8").replace("direct_producer", "producer"), encoding="utf-8")
    assert refused(capsys, "assess", str(file), "--lang", "vi") == [
        f"kcgrant: {file}: establishment.producer: mục không có trong mẫu. Có phải ý bạn là direct_producer?",
        f"kcgrant: {file}: activities[0].cost_vnd: giá trị 800000000.0; cần một số nguyên đồng từ 1 đến 1.000.000.000.000.000; chỉ viết chữ số, "
        "ví dụ 420000000, không ngoặc kép, không dấu chấm hay phẩy",
    ]


def test_the_name_of_a_file_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, "assess", "a\x1b[2J.json") == ["kcgrant: a\\u001b[2J.json: no such file; check the path"]


@pytest.mark.parametrize("arguments", [[], ["asess"], ["assess"], ["assess", "a", "--lang", "fr"], ["schema", "x"]])
def test_wrong_usage_ends_with_two(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    assert err.startswith("usage: kcgrant")


def test_on_a_terminal_the_view_is_styled(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    _, styled, _ = ran(capsys, "assess", str(HALO))
    assert "╭" in styled
    assert "VND 300,000,000 (three hundred million dong)" in styled
    monkeypatch.setenv("NO_COLOR", "1")
    _, plain, _ = ran(capsys, "assess", str(HALO))
    assert "\x1b[3" not in plain


def test_the_command_runs_as_a_module_in_any_locale() -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "kcgrant", "assess", str(HALO), "--lang", "vi"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Ba trăm triệu đồng".encode() in done.stdout
    done = subprocess.run([sys.executable, "-m", "kcgrant", "assess", "x"], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"kcgrant: x: no such file; check the path\n")


def test_run_ends_quietly_when_interrupted_or_when_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["kcgrant.cli.main"], "main", interrupted)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO()))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO()))
    with pytest.raises(SystemExit) as ended:
        cli.run()
    assert ended.value.code == 130


def test_a_closed_pipe_leaves_no_trace() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "kcgrant", "schema", "assessment"]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_the_check_notes_what_is_never_asked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "law.toml"
    text = (LAW / "hoa-binh-20-2019.toml").read_text(encoding="utf-8")
    file.write_text(text.replace("[norms.replication-model]", "[norms.other]"), encoding="utf-8")
    _, out, _ = ran(capsys, "check", str(file))
    assert out.splitlines()[1:] == [
        f"{file}: note: the conditions performs-well are never asked, since no norm here has an id that they name"
    ]
    file.write_text(text.replace('framework = "decree-45-2012"\n', ""), encoding="utf-8")
    _, out, _ = ran(capsys, "check", str(file), "--lang", "vi")
    assert out.splitlines()[1:] == [
        f"{file}: lưu ý: không có framework, nên không hỏi điều kiện nào ngoài những điều kiện trong tệp"
    ]


def test_an_empty_regulation_is_not_taken_for_none(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["assess", str(HALO), "--regulation", ""], ["norms", ""]):
        assert "no such regulation is shipped" in refused(capsys, *arguments)[0]


def test_an_unknown_norm_or_place_is_told_together_with_other_faults(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "a.json"
    text = HALO.read_text(encoding="utf-8").replace("800000000", "8.5")
    file.write_text(text.replace("advanced-machinery", "machinery"), encoding="utf-8")
    lines = refused(capsys, "assess", str(file))
    assert [line.removeprefix(f"kcgrant: {file}: ").split(";")[0] for line in lines] == [
        "activities[0].cost_vnd: given 8.5",
        'activities[0].norm: given "machinery"',
    ]
    file.write_text(text.replace("hung-yen", "hung-yn"), encoding="utf-8")
    assert "hung-yn on 2026-03-02: no regulation of this place is known" in refused(capsys, "assess", str(file))[1]
    file.write_text("[1]", encoding="utf-8")
    assert refused(capsys, "assess", str(file)) == [f"kcgrant: {file}: given [1]; expected an object with named fields"]


def test_a_framework_is_no_regulation_to_assess_by_but_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = refused(capsys, "assess", str(HALO), "--regulation", "decree-45-2012")
    assert line.endswith("activities[0].norm: decree-45-2012 is a framework without norms; name a regulation")
    _, out, _ = ran(capsys, "norms", "decree-45-2012")
    assert "Is the establishment lawfully set up? [decree-45-2012]" in out


def test_wrong_usage_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["assess", "x", "\x1b[2J"])
    assert capsys.readouterr().err.endswith("kcgrant: unrecognized arguments: \\u001b[2J\n")


@pytest.mark.parametrize(
    ("command", "code", "err"),
    [
        ("assess - <&-", 2, "kcgrant: <stdin>: there is no standard input\n"),
        ("norms >&-", 0, ""),
        ("norms >/dev/full", 2, "kcgrant: <stdout>: cannot be written: the disk is full; free some space and run again\n"),
        ("assess none 2>&-", 2, ""),
        ("assess none 2>/dev/full", 2, ""),
    ],
)
def test_missing_and_full_streams_leave_no_trace(command: str, code: int, err: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m kcgrant {command}"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (code, err)


def test_a_total_too_large_for_words_is_shown_in_figures(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    law = tmp_path / "law.toml"
    big = (LAW / "hung-yen-553-2025.toml").read_text(encoding="utf-8")
    big = big.replace("= 100_000_000", "= 1_000_000_000_000_000").replace("VND 100 million", "VND 1 million billion")
    law.write_text(big.replace("100 triệu", "1 triệu tỷ"), encoding="utf-8")
    file = tmp_path / "a.json"
    file.write_text(application(replication(10**15), replication(10**15)).to_json(), encoding="utf-8")
    _, out, err = ran(capsys, "assess", str(file), "--regulation", str(law))
    assert "  Ceiling           VND 2,000,000,000,000,000\n" in out, err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == "kcgrant 0.1.0\n"
