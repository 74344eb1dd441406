"""Words: what is said in English where it is said, and its Vietnamese in the catalogue, fill the same places."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import kcgrant
from kcgrant import catalogue
from kcgrant.language import Lang, vietnamese
from kcgrant.law.proofreading import numbers_in

SOURCE = Path(kcgrant.__file__).parent
SAYING = {"say", "both", "word", "axis", "fault", "Expected"}


def places(phrase: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(phrase) if name)


def constants(tree: ast.AST) -> set[str]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def said(tree: ast.AST) -> Iterator[str]:
    """The phrases that stand where they are said."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[1 if name == "fault" and len(node.args) > 1 else 0]
            for one in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                if name in SAYING and isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value


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


def test_no_cap_of_law_stands_among_the_words() -> None:
    caps = {norm.cap for name in catalogue.ids() for norm in catalogue.get(name).norms.values()}
    assert caps
    both: list[tuple[str, Lang]] = [(en, "en") for en in vietnamese()]
    both += [(vi, "vi") for vi in vietnamese().values()]
    for phrase, lang in both:
        assert not caps & {one.value for one in numbers_in(phrase, lang)}, phrase
