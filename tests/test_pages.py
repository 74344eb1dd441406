"""Pages: what is said as HTML is whole, escaped, refers to nothing outside, fits A4, and is what a notebook shows."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers import application, demonstration, line, machine, prior
from kcgrant import Application, assess, catalogue, explain
from kcgrant.advice import advise, compare, impact, localities
from kcgrant.language import Lang, figures
from kcgrant.layout import Row, Section, Shown, as_html, as_page
from kcgrant.programme import plan, requests_from
from kcgrant.register import assess_together

HOSTILE = "<script>alert('1')</script> & \"Cơ sở\" </table><style>*{display:none}</style> {{ x }} ${y}"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


class Reader(HTMLParser):
    """The text of a page, its tags, and what it refers to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.tags: list[str] = []
        self.references: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.references += [f"{name}={value}" for name, value in attrs if name in ("src", "href", "srcset", "action")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.said.append(data)


def stated() -> Application:
    """Everything at once, for an applicant who is called what no page should obey."""
    every = (machine(10**12, name=HOSTILE), line(800_000_000), demonstration(3 * 10**12, new_to_area=None))
    return application(*every, prior_support=(prior(100_000_000),), name=HOSTILE, kind=None)


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("length", ["brief", "full"])
def test_a_page_says_what_the_text_says_and_nothing_of_an_applicant_is_obeyed(lang: Lang, length: Any) -> None:
    page = explain(assess(stated()), lang, "html", length)
    read = Reader(page)
    assert set(read.tags) <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "div",
        "h2",
        "table",
        "tr",
        "th",
        "td",
        "strong",
    }
    assert read.references == []
    assert "@import" not in page
    assert "url(" not in page
    assert page.startswith(f'<!doctype html>\n<html lang="{lang}">')
    squeezed = [" ".join(text.split()) for text in ("".join(read.said), explain(assess(stated()), lang, "text", length))]
    without = [re.sub(r"[-\s]", "", text) for text in squeezed]  # rules under titles, and where lines end
    assert without[1] in without[0]
    assert HOSTILE in squeezed[0]


@given(st.text(), st.text())
def test_whatever_a_row_holds_a_page_shows_it_and_stays_whole(label: str, value: str) -> None:
    read = Reader(as_html([Section(label, (Row(label, value), Row("", value, strong=True)))]))
    newlines = str.maketrans({"\r": "\n", "\x00": "\ufffd"})
    wanted = (label + label + value + value).translate(newlines)
    assert re.sub(r"\s", "", "".join(read.said).translate(newlines)) == re.sub(r"\s", "", wanted)


def test_every_result_shows_its_brief_part_in_a_notebook() -> None:
    answer, before, after = assess(stated()), catalogue.get("national-26-2014"), catalogue.get("national-28-2018")
    one = application(machine(800_000_000), reference="KC-1")
    results: list[Shown] = [answer, advise(one), compare(before, after), impact([one], before, after), localities()]
    together = assess_together([one])
    for result in [*results, together, plan(requests_from(together, {}), 10**9, "pro-rata")]:
        shown = str(result._repr_html_())
        assert shown.startswith('<div class="kcgrant">'), type(result)
        assert Reader(shown).tags.count("h2") >= 1
        assert "Cơ sở" not in shown or HOSTILE not in shown
    assert figures(answer.maximum_vnd) in str(answer._repr_html_())


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_page_is_no_wider_than_a4(lang: Lang, tmp_path: Path) -> None:
    """A page of A4 has 794 pixels to the inch's 96; what is wider would be cut on paper."""
    long = stated().model_copy(update={"reference": "K" * 300})
    page = tmp_path / "page.html"
    probe = "<script>document.title = document.documentElement.scrollWidth</script></body>"
    page.write_text(explain(assess(long), lang, "html").replace("</body>", probe), encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--window-size=794,1123"]
    command = [str(CHROMIUM), *flags, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()]
    dumped = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=120).stdout
    found = re.search(r"<title>(\d+)</title>", dumped)
    assert found
    assert int(found[1]) <= 794


def test_an_empty_page_is_a_page() -> None:
    assert Reader(as_page([], "vi")).tags == ["html", "head", "meta", "title", "style", "body", "div", "style"]
