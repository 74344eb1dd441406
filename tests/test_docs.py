"""Documentation runs: Python blocks as doctests, console blocks as commands, with their output as it is printed."""

from __future__ import annotations

import doctest
import os
import re
import shlex
from pathlib import Path

import pytest

import api
from kcgrant import cli
from kcgrant.testing import LAWS

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def matches(expected: str, printed: str) -> bool:
    """Whether the output is the expected one, where `...` stands for anything."""
    pattern = ".*".join(re.escape(part) for part in re.sub(r"(?m)^\.\.\.\n", "...", expected).split("..."))
    return re.fullmatch(pattern, printed, re.DOTALL) is not None


def prepare(folder: Path, kind: str, text: str) -> None:
    """Files that a reader of the page would have written by then."""
    if kind == "toml" and (named := re.match(r"# (\S+\.toml)\n", text)):
        with (folder / named[1]).open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    if kind == "csv":
        (folder / "so-theo-doi.csv").write_text(text, encoding="utf-8")
    if kind == "json":
        (folder / "KC-2026-021.json").write_text(text, encoding="utf-8")
        faulty = text.replace('"2026-03-02"', '"02/03/2026"').replace("820000000", '"820 triệu"')
        (folder / "sai.json").write_text(faulty, encoding="utf-8")


def mend(folder: Path) -> None:
    """The corrections that the guide asks for between two of its checks."""
    file = folder / "kim-bang.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("= 25_000_000", "= 250_000_000").replace("1.2 lần", "1,2 lần"), encoding="utf-8")


@pytest.mark.usefixtures("_few_cases")
@pytest.mark.no_cover  # the pages try laws at random, too
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_says_what_the_code_does(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    names: dict[str, object] = {}
    for kind, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        prepare(tmp_path, kind, text)
        if kind == "python":
            example = doctest.DocTestParser().get_doctest(text, names, page.name, str(page), 0)
            doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF | doctest.ELLIPSIS).run(example, clear_globs=False)
            names = example.globs
            assert "Failed example" not in capsys.readouterr().out
        for ran in re.split(r"(?m)^\$ ", text)[1:] if kind == "console" else ():
            command, expected = ran.split("\n", 1)
            if "sound" in expected:
                mend(tmp_path)
            cli.main(shlex.split(command)[1:])
            printed = capsys.readouterr()
            assert matches(expected, printed.out + printed.err), printed.out + printed.err


def test_the_table_of_laws_is_that_of_the_code() -> None:
    page = (ROOT / "docs" / "test-your-own-regulation.md").read_text(encoding="utf-8")
    for name, (law, _) in LAWS.items():
        assert f"| `{name}` | {(law.__doc__ or '').splitlines()[0]} |" in page


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]:
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_result_in_the_first_lines_of_the_readme_is_real(capsys: pytest.CaptureFixture[str]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = BLOCK.findall(readme)[0][1]
    assert readme.splitlines().index("```text") < 10
    cli.main(["assess", str(ROOT / "examples" / "halo-mold-tech.json")])
    assert shown in capsys.readouterr().out


def test_the_two_commands_of_the_readme_are_one_line_each() -> None:
    blocks = [text for kind, text in BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8")) if kind == "sh"]
    assert len(blocks) == 2
    assert all(len(block.splitlines()) == 1 for block in blocks)
    assert blocks[0].strip().endswith("kcgrant assess examples" + os.sep + "halo-mold-tech.json")
    assert blocks[1].strip().endswith("pytest -n auto --cov")


def test_the_page_of_public_names_is_that_of_the_code() -> None:
    assert api.PAGE.read_text(encoding="utf-8") == api.page(), "write it anew: python tests/api.py"
    lines = [line for line in api.page().splitlines() if line.startswith("| `")]
    assert [line for line in lines if line.endswith("|  |")] == []


def test_whatever_the_documentation_and_the_examples_import_is_public() -> None:
    known = {(section, name) for section in (*api.PACKAGES, *api.ROOMS) for name, _ in api.public(section)}
    used = set()
    for page in [*PAGES, *(ROOT / "examples").glob("*.py")]:
        for module, names in re.findall(
            r"^(?:>>> )?from (kcgrant[\w.]*) import (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE
        ):
            used |= {(module, name) for name in names.split(", ")}
    assert ("kcgrant", "assess") in used
    assert used - known == {("kcgrant", "testing")}
