"""Sheet: an assessment as a paper that is signed: the appraisal of a dossier, a request for what is missing, a refusal.

The decision taken here: the paper is a form of Word, ours or the centre's own with its letterhead, whose places are filled
with what the explanation says; a form that names a place which does not exist, or leaves out what has to be said, is
refused. A page of HTML is drawn from the filled form, so that both say the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from kcgrant.assessment.eligibility import Verdict
from kcgrant.assessment.explanation import fact_in_words, failures, source_in_words, supposed, title_of
from kcgrant.assessment.record import Assessment, Line
from kcgrant.errors import Fault, InputError, fault, nearest, printable, within
from kcgrant.fields import not_one_of
from kcgrant.files import MOST_BYTES, atomically, not_a_file, packed_anew, require, unreadable
from kcgrant.language import NOT_ENTITLEMENT, Lang, Text, both, day_in_words, figures, grouped, percentage, say, value_name
from kcgrant.law.regulation import Regulation
from kcgrant.law.territory import merger, province_name
from kcgrant.money import MOST_VND, sentence

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

Kind = Literal["appraisal", "supplement", "refusal"]

FORMS: Final = Path(__file__).parent / "forms"
"""The forms that are shipped, `KIND.LANG.docx`."""

NEEDED: Final[Mapping[Kind, frozenset[str]]] = {
    "appraisal": frozenset({"co_so", "cac_dong", "bang_chu", "dieu_kien", "luu_y"}),
    "supplement": frozenset({"co_so", "can_bo_sung", "luu_y"}),
    "refusal": frozenset({"co_so", "ly_do", "luu_y"}),
}
"""The places without which a form of a kind would not say what it is for."""

PLACES: Final = frozenset(
    {
        *(
            "so_ho_so",
            "co_so",
            "ma_so_thue",
            "dia_chi",
            "tinh",
            "ten_de_an",
            "ngay_phe_duyet",
            "van_ban",
            "nguon",
            "ket_luan",
        ),
        *("cac_dong", "tong_chi_phi", "tong_da_ho_tro", "tong_muc_toi_da", "muc_toi_da", "bang_chu", "chua_chac_chan"),
        *("muc_chac_chan", "dieu_kien", "can_bo_sung", "ly_do", "ghi_chu", "luu_y"),
    }
)
"""What a form can name; `places` fills them."""

LISTS: Final = frozenset({"cac_dong", "dieu_kien", "can_bo_sung", "ly_do", "ghi_chu"})
"""Those of them that are lists."""

_BLANK: Final = "…" * 8
_ROW: Final = ("noi_dung", "chi_phi", "ty_le", "muc_tran", "da_ho_tro", "muc_toi_da")


def write_sheet(
    assessment: Assessment,
    file: str | Path,
    kind: Kind = "appraisal",
    lang: Lang = "en",
    *,
    template: str | Path | None = None,
    **said: str,
) -> None:
    """Writes the paper of a dossier to a `.docx` or a `.html` file (extra `word`).

    `template` is a form of the centre's own, with places such as `{{ co_so }}`, for a `.docx`. `said` is what no application
    states: its `title`, the `address`, and a `remark`.

    Raises:
        InputError: the kind or the ending is none, nothing is open (`supplement`) or something is supported (`refusal`), the
            form is no Word file, or names a place that does not exist or lacks one that it needs, the file cannot be
            written, or the extra `word` is not installed.

    Example:
        >>> from datetime import date
        >>> from tempfile import TemporaryDirectory
        >>> from kcgrant import Activity, Application, Establishment, assess
        >>> halo = Establishment(name="Halo Mold Tech", province="hung-yen", former_province="hung-yen")
        >>> drill = Activity(norm="advanced-machinery", cost_vnd=800_000_000, technology_line=False)
        >>> answer = assess(Application(approved_on=date(2026, 3, 2), establishment=halo, activities=[drill]))
        >>> with TemporaryDirectory() as folder:
        ...     write_sheet(answer, Path(folder) / "a.html", "supplement", "vi")
        ...     "ĐỀ NGHỊ BỔ SUNG" in (Path(folder) / "a.html").read_text(encoding="utf-8").upper()
        True
    """
    path = Path(file)
    write = writer_for(path, kind, template)
    if why_not := concerns(assessment, kind):
        raise InputError([Fault("", why_not)])
    form = FORMS / f"{kind}.{lang}.docx" if template is None else Path(template)
    with within("" if template is None else printable(str(template))):
        content = _filled(form, places(assessment, lang, **said))
    atomically(path, lambda beside: beside.write_bytes(write(content, lang)))


def writer_for(path: Path, kind: Kind, template: str | Path | None) -> Callable[[bytes, Lang], bytes]:
    """What makes a file with such an ending of a filled form.

    Raises:
        InputError: the kind or the ending is none, a template is given for a page, or is no form for the kind, or the extra
            `word` is not installed.
    """
    if kind not in get_args(Kind):
        raise InputError([not_one_of("kind", kind, get_args(Kind))])
    ending = path.suffix.lower()
    if ending not in (".docx", ".html"):
        raise InputError([not_a_file(path, (".docx", ".html"))])
    if ending == ".html" and template is not None:
        told = "a form of your own makes a .docx; name such a file, or leave the form out"
        raise InputError([fault(printable(str(path)), told)])
    require("word", "docxtpl")
    if template is not None:
        with within(printable(str(template))):
            check_form(Path(template), kind)
    return _page if ending == ".html" else lambda content, _: content


# --- what is said -----------------------------------------------------------------------------------------------------


def places(assessment: Assessment, lang: Lang = "en", **said: str) -> dict[str, Any]:
    """What a form can name: every place with its text, its list of texts, or its rows.

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Application, Establishment, assess
        >>> halo = Establishment(name="Halo Mold Tech", province="hung-yen", former_province="hung-yen")
        >>> drill = Activity(norm="advanced-machinery", cost_vnd=800_000_000, technology_line=False)
        >>> answer = assess(Application(approved_on=date(2026, 3, 2), establishment=halo, activities=[drill]))
        >>> places(answer, "vi")["bang_chu"], places(answer, "vi")["cac_dong"][0]["muc_tran"]
        ('Ba trăm triệu đồng', '300.000.000')
    """
    application, law = assessment.application, assessment.regulation
    where = application.establishment.province
    lines = [_row(assessment, line, lang) for line in assessment.lines]
    costs = [_counted_vnd(assessment, line) for line in assessment.lines]
    names = [activity.name or title_of(law, activity.norm, lang) for activity in application.activities]
    prior = [line.chosen.prior_vnd for line in assessment.lines if line.chosen is not None]
    return {
        "so_ho_so": assessment.reference or _BLANK,
        "co_so": application.establishment.name,
        "ma_so_thue": application.establishment.tax_code or _BLANK,
        "dia_chi": said.get("address") or _BLANK,
        "tinh": province_name(where)[lang] if where else _BLANK,
        "ten_de_an": said.get("title") or "; ".join(dict.fromkeys(names)),
        "ngay_phe_duyet": day_in_words(assessment.approved_on, lang),
        "van_ban": f"{_document(law) if lang == 'vi' else law.document} ({law.title[lang]})",
        "nguon": "; ".join(dict.fromkeys([source_in_words(law, line.source, lang) for line in assessment.lines])),
        "ket_luan": value_name(assessment.verdict, lang),
        "cac_dong": lines,
        "tong_chi_phi": grouped(sum(costs), lang),
        "tong_da_ho_tro": grouped(sum(prior), lang),
        "tong_muc_toi_da": grouped(assessment.maximum_vnd, lang),
        "muc_toi_da": figures(assessment.maximum_vnd, lang),
        "bang_chu": _in_words(assessment.maximum_vnd, lang),
        "chua_chac_chan": assessment.maximum_vnd != assessment.assured_vnd,
        "muc_chac_chan": figures(assessment.assured_vnd, lang),
        "dieu_kien": list(_conditions(assessment, lang)),
        "can_bo_sung": [question.text[lang] for question in assessment.questions],
        "ly_do": list(_reasons(assessment, lang)),
        "ghi_chu": list(filter(None, (said.get("remark"), *_unexpressed(assessment, lang)))),
        "luu_y": say(NOT_ENTITLEMENT, lang),
    }


_KINDS: Final = {"NQ": "Nghị quyết", "QĐ": "Quyết định", "TTLT": "Thông tư liên tịch", "TT": "Thông tư", "NĐ": "Nghị định"}
_ORGANS: Final = {"HĐND": "Hội đồng nhân dân", "UBND": "Ủy ban nhân dân"}


def _document(law: Regulation) -> str:
    """A document as official papers cite it: what it is, its number, its day and the organ that issued it.

    What it is and whose stands in the letters of its number; where these are not there, it is the number alone.
    """
    letters = re.search(r"/(\w+)-(\w+)$", law.document)
    if letters is None or letters[1] not in _KINDS:
        return law.document
    said = f"{_KINDS[letters[1]]} số {law.document}"
    said += f" ngày {day_in_words(law.issued, 'vi')}" if law.issued else ""
    if letters[2] in _ORGANS and law.province:
        place = "thành phố" if law.province in merger().centrally_run else "tỉnh"
        said += f" của {_ORGANS[letters[2]]} {place} {province_name(law.province).vi}"
    return said


def _in_words(amount_vnd: int, lang: Lang) -> str:
    return sentence(amount_vnd, lang) if amount_vnd <= MOST_VND else figures(amount_vnd, lang)


def _supposes(assessment: Assessment, line: Line) -> bool:
    """Whether the choice that was made matters: it leaves something out, or is worth more than the ordinary cap allows."""
    option, norm = line.chosen, assessment.regulation.norms[line.norm]
    if option is None or option.id == "all" or norm.cap is None or norm.counted:
        return option is not None and option.id != "all"
    count = [i for i in line.activities if assessment.activity_verdicts[i] is not Verdict.INELIGIBLE]
    return list(option.activities) != count or option.amount_vnd > norm.cap - option.prior_vnd


def _counted_vnd(assessment: Assessment, line: Line) -> int:
    """The cost that counts for a line; where nothing can be supported, the cost that is stated."""
    option, activities = line.chosen, assessment.application.activities
    return sum(activities[index].cost_vnd for index in line.activities) if option is None else option.base_vnd


def _row(assessment: Assessment, line: Line, lang: Lang) -> dict[str, str]:
    """A row of the table: what is supported, its cost, rate, cap, earlier support, and the most that it can receive."""
    law, option = assessment.regulation, line.chosen
    norm = law.norm_under(line.norm, option.variations) if option else law.norms[line.norm]
    activities = [assessment.application.activities[index] for index in (option.activities if option else line.activities)]
    said = [title_of(law, line.norm, lang), *dict.fromkeys(one.name for one in activities if one.name)]
    cap_vnd = norm.cap
    if option and _supposes(assessment, line):
        said.append(supposed(assessment, option, lang))
        cap_vnd = option.cap_vnd
    elif option and option.id == "all":
        cap_vnd = option.cap_vnd
    return {
        "noi_dung": ": ".join([said[0], "; ".join(said[1:])]) if said[1:] else said[0],
        "chi_phi": grouped(_counted_vnd(assessment, line), lang),
        "ty_le": percentage(norm.rate, lang) if norm.rate is not None else "–",
        "muc_tran": grouped(cap_vnd, lang) if cap_vnd is not None else "–",
        "da_ho_tro": grouped(option.prior_vnd if option else 0, lang),
        "muc_toi_da": grouped(line.maximum_vnd, lang),
    }


def _conditions(assessment: Assessment, lang: Lang) -> Iterator[dict[str, str]]:
    """The conditions by outcome, what fails first; those with one source together, and the source behind them."""
    law = assessment.regulation
    for outcome in ("unmet", "unknown", "met"):
        found: dict[str, list[str]] = {}
        for one in assessment.findings:
            if one.outcome == outcome:
                said = fact_in_words(one, lang, law) if one.value is not None else law.fact_columns[one.fact].said[lang]
                found.setdefault(law.all_sources[one.source].title, []).append(said)
        facts = [f"{', '.join(dict.fromkeys(said))} ({source})" for source, said in found.items()]
        if facts:
            yield {"ket_qua": value_name(outcome, lang).capitalize(), "noi_dung": "; ".join(facts)}


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _reasons(assessment: Assessment, lang: Lang) -> Iterator[str]:
    """Why nothing is supported: the conditions that fail, or the caps that earlier support has used up."""
    yield from [_begun(row.value) for row in failures(assessment, lang)]
    for line in assessment.lines:
        if line.chosen is not None and not line.maximum_vnd:
            told = "{norm}: earlier support of {prior} has used the cap of {cap} [{source}]"
            amounts = {"prior": line.chosen.prior_vnd, "cap": line.chosen.cap_vnd or 0}
            called, source = title_of(assessment.regulation, line.norm, lang), assessment.regulation.document
            yield say(told, lang, norm=called, source=source, **amounts)


def _unexpressed(assessment: Assessment, lang: Lang) -> Iterator[str]:
    return (note.text[lang] for note in assessment.notes if note.id.startswith("unexpressed-"))


# --- the form ---------------------------------------------------------------------------------------------------------


def concerns(assessment: Assessment, kind: Kind) -> Text | None:
    """Why a paper of a kind is not for a dossier; None where it is."""
    if kind == "supplement" and not assessment.questions:
        return both("nothing is open; this letter asks for what is missing")
    if kind == "refusal" and assessment.maximum_vnd:
        told = "{amount} can be supported; this letter is for a dossier that cannot be supported"
        return both(told, amount=assessment.maximum_vnd)
    return None


def _filled(form: Path, values: Mapping[str, Any]) -> bytes:
    """A form with its places filled, as the content of a `.docx`."""
    from jinja2.exceptions import UndefinedError

    document, surroundings = _opened(form)
    try:
        document.render(dict(values), surroundings, autoescape=True)
    except UndefinedError as error:  # of a row, since the places themselves were looked at
        wrong = (re.findall(r"'([^']+)'(?: is undefined)?$", str(error)) or [str(error)])[0]
        raise InputError([_no_such_place(wrong, (*_ROW, "ket_qua"))]) from None
    content = BytesIO()
    document.save(content)
    return packed_anew(content)


def check_form(form: Path, kind: Kind) -> None:
    """Refuses a form that is no Word file, names a place which does not exist, or lacks one that its kind needs.

    Nothing else than places, lists that are gone through and what is there or not can stand in it: a form is no program.
    """
    from jinja2.exceptions import TemplateError

    document, surroundings = _opened(form)
    pieces = list(dict.fromkeys(_pieces(document)))
    told = "a place is not written well: {place}; write it as {{{{ co_so }}}}, in one piece"
    faults = [fault("", told, place=printable(" ".join(piece.split()))) for piece in pieces if not _WELL.fullmatch(piece)]
    if faults:
        raise InputError(faults)
    said = " ".join(pieces)
    named = set(re.findall(r"\{\{-?\s*([a-z]\w*)\s*-?\}\}|in (\w+)|if (?:not )?(\w+)", said))
    of_lists = {name for names in re.findall(r"for (\w+) in", said) for name in (names,)} | {"loop"}
    places_named = {name for names in named for name in names if name} - of_lists
    faults = [_no_such_place(name, PLACES) for name in sorted(places_named - PLACES)]
    told = "{place} is a list; write it as {written}"
    bare = {name for name in LISTS if re.search(rf"\{{\{{-?\s*{name}\s*-?\}}\}}", said)}
    written = "{{%p for x in {name} %}} … {{%p endfor %}}"
    faults += [fault("", told, place=name, written=written.format(name=name)) for name in sorted(bare)]
    told = "the form does not have the place {place}; put it where it is to stand"
    faults += [fault("", told, place=f"{{{{ {name} }}}}") for name in sorted(NEEDED[kind] - places_named)]
    if faults:
        raise InputError(faults)
    try:
        document.get_undeclared_template_variables(surroundings)
    except TemplateError:
        told = "what begins with for or if is not closed in the form; put {first} or {second} behind it"
        raise InputError([fault("", told, first="{% endfor %}", second="{% endif %}")]) from None


_WELL: Final = re.compile(
    r"\{\{-?\s*[a-z]\w*(\.[a-z]\w*)?\s*-?\}\}"
    r"|\{%-?(p|tr|tc|r)?\s+(for \w+ in \w+|endfor|if (not )?\w+|else|endif)\s*-?%\}"
)


def _pieces(document: Any) -> Iterator[str]:
    """Whatever stands in the braces of a place, in the text, the headings, the feet, the notes and the properties."""
    document.init_docx()
    for part in document.docx.part.package.iter_parts():
        if part.content_type.endswith("xml"):
            text = unescape(re.sub(r"<[^>]*>", "", part.blob.decode("utf-8", "replace")))
            yield from re.findall(r"\{\{[^{}]{0,60}\}{0,2}|\{%[^{}]{0,60}\}?|\{#[^{}]{0,60}", text)


def _opened(form: Path) -> tuple[Any, Any]:
    """A form, and what its places are filled by: nothing that is typed there does more than show a text."""
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return DocxTemplate(BytesIO(_content(form))), ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def _content(form: Path) -> bytes:
    """The bytes of a form, if that is a `.docx`.

    Raises:
        InputError: it cannot be read, is too large, an old `.doc`, or something else.
    """
    from zipfile import BadZipFile, ZipFile

    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        with form.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InputError([unreadable("", error)]) from None
    if len(content) > MOST_BYTES:
        raise InputError([fault("", "larger than {size}; not read", size=f"{MOST_BYTES // 2**20} MiB")])
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError([fault("", "an old file of Word (.doc); in Word, save it as .docx, and name that")])
    try:
        with ZipFile(BytesIO(content)) as package:
            unpacked = sum(one.file_size for one in package.infolist())
        if unpacked <= 4 * MOST_BYTES:
            Document(BytesIO(content))
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError, OSError, EOFError, NotImplementedError):
        raise InputError([fault("", "no Word file; a form is a .docx, saved in Word")]) from None
    except Exception as error:  # a broken package fails in as many ways as there are libraries below
        if type(error).__module__.partition(".")[0] in ("zipfile", "zlib", "lxml", "docx"):
            raise InputError([fault("", "no Word file; a form is a .docx, saved in Word")]) from None
        raise
    if unpacked > 4 * MOST_BYTES:
        raise InputError([fault("", "larger than {size}; not read", size=f"{4 * MOST_BYTES // 2**20} MiB")])
    return content


def _no_such_place(name: str, known: Iterable[str]) -> Fault:
    told = "there is no place {place}; did you mean {nearest}?"
    close = nearest(name, list(known))
    if close is None:
        told = "there is no place {place}; those that there are: {known}"
        return fault("", told, place=printable(name), known=iter(sorted(known)))
    return fault("", told, place=printable(name), nearest=close)


# --- the page ---------------------------------------------------------------------------------------------------------

_STYLE: Final = """
@page { size: A4; margin: 16mm 16mm 14mm 26mm }
body { font: 13pt/1.08 "Times New Roman", "Liberation Serif", serif; overflow-wrap: anywhere }
body { max-width: 168mm; margin: 8mm auto }
@media print { body { margin: 0 } }
p { margin: 0 0 .15em; white-space: pre-wrap } table { width: 100%; border-collapse: collapse; margin: .3em 0 }
td { vertical-align: top; padding: 0 .2em } td p { margin: 0 } table.ruled td { border: .6pt solid #000 }
tr, .kept { break-inside: avoid }
"""


def _page(content: bytes, lang: Lang) -> bytes:
    """A filled form as a page of HTML: its paragraphs and tables with what is bold, slanted, centred and ruled."""
    from docx import Document
    from docx.table import Table

    document = Document(BytesIO(content))
    blocks = [
        _table_html(block) if isinstance(block, Table) else _paragraph_html(block) for block in document.iter_inner_content()
    ]
    title = escape(document.core_properties.title or "")
    head = f'<!doctype html>\n<html lang="{lang}">\n<head><meta charset="utf-8"><title>{title}</title>'
    return "\n".join([f"{head}\n<style>{_STYLE}</style></head>\n<body>", *blocks, "</body>\n</html>\n"]).encode()


def _paragraph_html(paragraph: Paragraph) -> str:
    spans = []
    for run in paragraph.runs:
        text = escape(run.text)
        for flag, tag in ((run.bold, "b"), (run.italic, "i"), (run.underline, "u")):
            text = f"<{tag}>{text}</{tag}>" if flag and text else text
        size = f' style="font-size: {run.font.size.pt:g}pt"' if run.font.size else ""
        spans.append(f"<span{size}>{text}</span>")
    aligned = {1: "center", 2: "right", 3: "justify"}.get(int(paragraph.alignment or 0), "left")
    return f'<p style="text-align: {aligned}">{"".join(spans) or "&nbsp;"}</p>'


def _table_html(table: Table) -> str:
    ruled = table.style is not None and table.style.name == "Table Grid"
    widths = [column.width or 1 for column in table.columns]
    shares = [f"{100 * width // sum(widths)}%" for width in widths]
    rows = [
        "".join(
            f'<td style="width: {share}">{"".join(map(_paragraph_html, cell.paragraphs))}</td>'
            for cell, share in zip(row.cells, shares, strict=True)
        )
        for row in table.rows
    ]
    return f'<table class="{"ruled" if ruled else "kept"}">{"".join(f"<tr>{cells}</tr>" for cells in rows)}</table>'
