"""Words: what is said in English where it is said, and its Vietnamese in the catalogue, fill the same places."""

from __future__ import annotations

import argparse
import ast
import inspect
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import kcgrant
from kcgrant import catalogue, cli, language
from kcgrant.cli import spoken
from kcgrant.language import Lang, vietnamese
from kcgrant.law.proofreading import numbers_in

SOURCE = Path(kcgrant.__file__).parent
SAYING = {"say", "both", "word", "axis", "fault", "remark", "Expected"}
PHRASE_AT = {"fault": 1, "remark": 2}


def places(phrase: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(phrase) if name)


def constants(tree: ast.AST) -> set[str]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def either(node: ast.expr) -> Iterator[str]:
    """The text that stands there, or the two of which one is chosen."""
    for one in (node.body, node.orelse) if isinstance(node, ast.IfExp) else (node,):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def said(tree: ast.AST) -> Iterator[str]:
    """The phrases that stand where they are said, or are kept for a line as `told`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(isinstance(name, ast.Name) and name.id == "told" for name in node.targets):
            yield from either(node.value)
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SAYING:
                yield from either(node.args[min(PHRASE_AT.get(name, 0), len(node.args) - 1)])


@pytest.mark.no_cover
def test_every_phrase_has_its_vietnamese_and_none_is_an_orphan() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py")]
    spoken = {phrase for tree in trees for phrase in said(tree)}
    assert spoken - vietnamese().keys() == set()
    assert vietnamese().keys() - set().union(*map(constants, trees)) == set()


def test_both_languages_fill_the_same_places() -> None:
    assert {en: vi for en, vi in vietnamese().items() if places(en) != places(vi)} == {}


def test_the_vietnamese_is_in_unicode_form_nfc_and_differs_from_the_english() -> None:
    assert all(unicodedata.is_normalized("NFC", vi) and vi != en for en, vi in vietnamese().items())


def test_a_list_is_whole_in_both_languages_whatever_it_is_given_as() -> None:
    told = "each word once, not {repeated} twice"
    for given in (["x", "y"], ("x", "y"), map(str, ["x", "y"]), (word for word in "xy"), dict.fromkeys("xy"), iter("xy")):
        said = language.both(told, repeated=given)
        assert (said.en, said.vi) == ("each word once, not x, y twice", "mỗi mã một lần, x, y bị lặp")


def test_no_cap_of_law_stands_among_the_words() -> None:
    caps = {norm.cap for name in catalogue.ids() for norm in catalogue.get(name).norms.values()} - {None}
    assert caps
    both: list[tuple[str, Lang]] = [(en, "en") for en in vietnamese()]
    both += [(vi, "vi") for vi in vietnamese().values()]
    for phrase, lang in both:
        assert not caps & {one.value for one in numbers_in(phrase, lang)}, phrase


@pytest.mark.no_cover
def test_one_term_has_one_word_in_official_vietnamese() -> None:
    """What the term table of the design replaces stands nowhere in what is printed, nor on the officers' pages."""
    never = (
        *(
            "đã thẩm định",
            "chưa thẩm định",
            "Mức tối đa thấp nhất",
            "mức thấp nhất",
            "công thức sống",
            "Giới hạn quyết định",
        ),
        *("bỏ ngỏ", "sau đó còn", "Cơ sở không thể thay đổi", "có mức chi", "theo mức chi", "Mức chi\n", "cấp đủ"),
    )
    pages = [page.read_text(encoding="utf-8") for page in (SOURCE.parents[1] / "docs").glob("*.md")]
    for text in (*vietnamese().values(), *pages):
        assert [term for term in never if term in text] == [], text[:80]


# --- the command line -------------------------------------------------------------------------------------------------


def parsers() -> list[argparse.ArgumentParser]:
    top = sys.modules["kcgrant.cli.main"]._parser(None)
    (commands,) = [one for one in top._actions if isinstance(one, argparse._SubParsersAction)]
    return [top, *commands.choices.values()]


@pytest.mark.no_cover
def test_every_help_text_and_every_place_to_fill_in_has_its_vietnamese_and_none_is_an_orphan() -> None:
    helped, filled = set(), set()
    for parser in parsers():
        helped |= {parser.description, parser.epilog, *(group.title for group in parser._action_groups)}
        for action in parser._actions:
            filled |= {action.metavar} if isinstance(action.metavar, str) else set()
            helped |= {action.help} if action.help else set()
            if isinstance(action, argparse._SubParsersAction):
                helped |= {told.help for told in action._choices_actions}
    helped -= {None, "positional arguments", "options"}  # which argparse says itself
    assert helped == spoken.catalogue()["help"].keys()
    assert filled == spoken.catalogue()["places"].keys()


def test_what_argparse_says_is_known_to_it() -> None:
    """A phrase that a version of argparse words otherwise would stay English: nothing more, and it is seen here."""
    source = inspect.getsource(argparse)
    missing = [one for one in spoken.catalogue()["argparse"] if one not in source]
    assert len(missing) <= (0 if sys.version_info < (3, 12) else 6), missing


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (["plan", "x", "--lang", "vi"], "còn thiếu: --budget, --policy"),
        (["--lang=vi", "assess"], "còn thiếu: TỆP"),
        (["assess", "x", "--lang", "vi", "--nothing"], "không hiểu: --nothing; xem các tùy chọn bằng --help"),
        (["assess", "x", "--lang", "vi", "--json", "--markdown"], "--markdown: không dùng cùng với --json"),
        (["route", "--lang", "vi", "--cost"], "--cost: cần một giá trị phía sau"),
    ],
)
def test_a_call_that_is_wrong_is_told_so_in_vietnamese(
    call: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(call)
    printed = capsys.readouterr()
    assert (ended.value.code, printed.out) == (2, "")
    assert printed.err.startswith("cách dùng: kcgrant")
    assert printed.err.endswith(f"kcgrant: {told}\n")


def test_help_is_vietnamese_and_english_again_afterwards(capsys: pytest.CaptureFixture[str]) -> None:
    for lang, begun in (("vi", "cách dùng: "), ("en", "usage: ")):
        with pytest.raises(SystemExit):
            cli.main(["register", "--help", "--lang", lang])
        assert capsys.readouterr().out.startswith(begun)
    assert cli.main(["--lang", "vi", "assess", "no-such-file.json"]) == 2
    assert capsys.readouterr().err == "kcgrant: no-such-file.json: không có tệp này; hãy kiểm tra đường dẫn\n"
