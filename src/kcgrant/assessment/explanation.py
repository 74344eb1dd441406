"""Explain: an assessment in words, in English or Vietnamese, brief or in full, as plain text, Markdown or a page of HTML.

The decision taken here: every form in every language is drawn from one list of sections, and every figure in it is read
off the record, so that the explanation cannot disagree with the answer. In English what is said has the codes of fields,
conditions and sources beside it, for those who write documents and laws; in Vietnamese each is called by its name alone.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Final, Literal, get_args

from kcgrant.application import answer_name
from kcgrant.assessment.eligibility import Finding, Verdict
from kcgrant.assessment.record import AN_ASSESSMENT, Assessment, Line, Option, Question
from kcgrant.errors import InputError, expect
from kcgrant.fields import not_one_of
from kcgrant.language import NOT_ENTITLEMENT, Lang, day_in_words, decimal, figures, listed, percentage, say, value_name
from kcgrant.law.catalogue import named_law
from kcgrant.law.norms import Condition, Limit, Norm, Note, Variation, unit_name
from kcgrant.law.regulation import Regulation
from kcgrant.layout import Row, Section, as_markdown, as_page, as_text, shows
from kcgrant.money import MOST_VND, sentence, words

Form = Literal["text", "markdown", "html"]
Length = Literal["brief", "full"]


def explain(assessment: Assessment, lang: Lang = "en", form: Form = "text", length: Length = "full") -> str:
    """The assessment in words: verdict, ceiling, what fails, each line with its steps, what is open, readings, sources.

    The brief form has the verdict and the ceiling, why something fails, five rows for each line, and what is open. As HTML
    it is one page that refers to nothing outside it and prints on A4.

    Raises:
        InputError: the language is neither "en" nor "vi", the form none of "text", "markdown" and "html", or the length
            neither "brief" nor "full".

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Application, Establishment, assess
        >>> halo = Establishment(name="Halo Mold Tech", province="hung-yen", former_province="hung-yen")
        >>> drill = Activity(norm="advanced-machinery", cost_vnd=800_000_000, technology_line=False)
        >>> answer = assess(Application(approved_on=date(2026, 3, 2), establishment=halo, activities=[drill]))
        >>> for row in explain(answer, "vi", length="brief").splitlines()[5:8]:
        ...     print(row)
          Kết luận                                      chưa xác định: còn thiếu thông tin
          Mức tối đa nếu mọi câu trả lời đều thuận lợi  300.000.000 đồng (Bằng chữ: Ba trăm triệu đồng)
          Mức tối đa chắc chắn khi chưa làm rõ          0 đồng (Bằng chữ: Không đồng)
    """
    if form not in get_args(Form):
        raise InputError([not_one_of("form", form, get_args(Form))])
    parts = sections(assessment, lang, length)
    if form == "html":
        return as_page(parts, lang)
    return as_markdown(parts) if form == "markdown" else as_text(parts)


# --- what is said -----------------------------------------------------------------------------------------------------


def sections(assessment: Assessment, lang: Lang, length: Length = "full") -> list[Section]:
    """The parts of an explanation in order, without any form; empty parts are left out.

    Raises:
        InputError: the language is neither "en" nor "vi", or the length neither "brief" nor "full".
    """
    expect(Assessment, assessment, "assessment", AN_ASSESSMENT)
    if lang not in ("en", "vi"):
        raise InputError([not_one_of("lang", lang, ("en", "vi"))])
    if length not in get_args(Length):
        raise InputError([not_one_of("length", length, get_args(Length))])
    law, in_full, unsaid = assessment.regulation, length == "full", _unsaid(assessment)
    notes = [one for one in assessment.notes if one not in unsaid and (in_full or one not in law.all_notes)]
    line_rows = _line if in_full else _line_in_brief
    titled: list[tuple[str, Iterable[Row]]] = [
        ("Still open: what to find out", open_points(assessment, assessment.questions, lang))
    ]
    to_check = "What is not known, and what to check", notes_in_words(notes, lang)
    if in_full:
        cited = dict.fromkeys([line.source for line in assessment.lines] + [f.source for f in assessment.findings])
        titled += [
            ("Conditions", (Row(value_name(f.outcome, lang), finding_in_words(f, lang, law)) for f in assessment.findings)),
            ("How the law is read", notes_in_words(assessment.readings, lang)),
            to_check,
            ("Sources", (_source(law, source, lang) for source in cited)),
        ]
    else:
        titled.append(to_check)
    parts = [
        Section(f"{law.title[lang]} ({law.document})", tuple(_head(assessment, lang))),
        Section(say("What fails, and what would mend it", lang), tuple(failures(assessment, lang))),
        *(
            Section(_line_called(law, line, number, lang), tuple(line_rows(assessment, line, lang)))
            for number, line in enumerate(assessment.lines, 1)
        ),
        *(Section(say(title, lang), tuple(rows)) for title, rows in titled),
    ]
    return [part for part in parts if part.rows]


@shows(Assessment)
def _as_shown(assessment: Assessment) -> list[Section]:
    """What a notebook shows of an assessment."""
    return sections(assessment, "en", "brief")


def notes_in_words(notes: Iterable[Note], lang: Lang) -> Iterator[Row]:
    """Readings or notes, in English each with its id."""
    return (Row(note.id if lang == "en" else "–", note.text[lang]) for note in notes)


def _line_called(law: Regulation, line: Line, number: int, lang: Lang) -> str:
    return say("Support {number}: {norm}", lang, number=number, norm=title_of(law, line.norm, lang))


def _head(assessment: Assessment, lang: Lang) -> Iterator[Row]:
    maximum_vnd, assured_vnd = assessment.maximum_vnd, assessment.assured_vnd
    if assessment.reference:
        yield Row(say("Application", lang), assessment.reference)
    yield Row(say("Establishment", lang), assessment.application.establishment.name)
    yield Row(say("Plan approved on", lang), day_in_words(assessment.approved_on, lang))
    yield Row(say("Law applied", lang), law_in_words(assessment.regulation, lang))
    yield Row(say("Verdict", lang), value_name(assessment.verdict, lang), strong=True)
    ceiling = "Ceiling" if maximum_vnd == assured_vnd else "Ceiling if all open answers are favourable"
    yield Row(say(ceiling, lang), in_figures_and_words(maximum_vnd, lang), strong=True)
    if maximum_vnd != assured_vnd:
        lowest = say("Lowest ceiling, whatever the answers", lang)
        yield Row(lowest, in_figures_and_words(assured_vnd, lang), strong=True)
    yield from [Row(say("not expressed in the file", lang), note.text[lang], strong=True) for note in _unsaid(assessment)]
    if len(assessment.lines) > 1:
        parts = " + ".join(figures(line.maximum_vnd, lang) for line in assessment.lines)
        yield Row(say("Sum of the lines", lang), f"{parts} = {figures(maximum_vnd, lang)}")
    yield Row("", say(NOT_ENTITLEMENT, lang))


def _unsaid(assessment: Assessment) -> list[Note]:
    """What the text says and the file cannot, of the norms applied for: for its sake nothing of them is assured."""
    return [note for note in assessment.notes if note.id.startswith("unexpressed-")]


def in_figures_and_words(amount_vnd: int, lang: Lang) -> str:
    """An amount as it stands in a decision: its figures, and in brackets its words."""
    if amount_vnd > MOST_VND:  # the sum of several lines; beyond it nobody writes an amount in words
        return figures(amount_vnd, lang)
    said = words(amount_vnd, lang) if lang == "en" else say("In words: {amount}", lang, amount=sentence(amount_vnd, lang))
    return f"{figures(amount_vnd, lang)} ({said})"


def law_in_words(law: Regulation, lang: Lang) -> str:
    """A regulation as it is cited: its document, in English its id too, and the first digits of its content's digest."""
    if lang == "en":
        return f"{law.document} ({law.id}, SHA-256 {law.digest[:12]}…)"
    return say("{document} (version of the data: {digest})", lang, document=law.document, digest=law.digest[:12])


def _line(assessment: Assessment, line: Line, lang: Lang) -> Iterator[Row]:
    law, norm = assessment.regulation, assessment.regulation.norms[line.norm]
    yield from [_activity(assessment, index, norm, lang) for index in line.activities]
    if line.chosen is None:
        yield _nothing(line, lang)
    else:
        yield from _steps(assessment, line, line.chosen, lang)
        for option in line.options:
            if option is not line.chosen:
                yield Row(say("The other lawful choice", lang), _choice(option, lang))
    if line.maximum_vnd != line.assured_vnd:
        assured = figures(0, lang) if line.assured is None else _choice(line.assured, lang)
        yield Row(say("Its part of the lowest ceiling", lang), assured)
    yield Row(say("The law", lang), states(law, norm, lang))


def _nothing(line: Line, lang: Lang) -> Row:
    """Why nothing of a line is supported."""
    shut = "no answer meets the conditions of this and of the other support; the other is worth more"
    why = say(shut if line.options else "nothing of this can be supported", lang)
    return Row(say("Support at most", lang), f"{figures(0, lang)}: {why}", strong=True)


def _line_in_brief(assessment: Assessment, line: Line, lang: Lang) -> Iterator[Row]:
    """A line in five rows: what is counted, the share, the cap with what is used of it, the support, and the law."""
    law, option = assessment.regulation, line.chosen
    if option is None:
        costs = sum([assessment.application.activities[index].cost_vnd for index in line.activities])
        yield Row(say("Cost stated", lang), figures(costs, lang))
        yield _nothing(line, lang)
    else:
        norm = law.norm_under(line.norm, option.variations)
        base = figures(option.base_vnd, lang)
        if norm.technology_line_cap_vnd is not None:
            base = f"{base}; {supposed(assessment, option, lang)}"
        yield Row(say("Cost counted", lang), base)
        yield _share(norm, option, lang)
        if option.cap_vnd is not None:
            quantity = assessment.application.activities[line.activities[0]].quantity
            cap = figures(option.cap_vnd, lang)
            if option.prior_vnd and option.cap_left_vnd is not None:
                told = "{cap}; earlier support {prior}, left {left}"
                used = figures(option.prior_vnd, lang), figures(option.cap_left_vnd, lang)
                cap = say(told, lang, cap=cap, prior=used[0], left=used[1])
            yield Row(_cap_called(option, norm, quantity, lang), cap)
        yield Row(say("Support at most", lang), bound_by(option, lang), strong=True)
    yield Row(say("The law", lang), states(law, law.norms[line.norm], lang))


def _share(norm: Norm, option: Option, lang: Lang) -> Row:
    """The share of a cost, or the cost where no percentage is stated."""
    rate = say("No percentage stated: the cost itself", lang)
    if norm.rate is not None:
        rate = say("{rate} of it, rounded down", lang, rate=percentage(norm.rate, lang))
    return Row(rate, figures(option.share_vnd, lang))


def title_of(law: Regulation, name: str, lang: Lang) -> str:
    """What a norm is called: its title, or its id where it has none."""
    title = law.norms[name].title
    return title[lang] if title else name


def _activity(assessment: Assessment, index: int, norm: Norm, lang: Lang) -> Row:
    activity, verdict = assessment.application.activities[index], assessment.activity_verdicts[index]
    value = figures(activity.cost_vnd, lang)
    if verdict is Verdict.UNDETERMINED:
        value = say("{figures}, counted only if eligible", lang, figures=value)
    elif verdict is Verdict.INELIGIBLE:
        value = say("{figures}, adds nothing: not eligible", lang, figures=value)
    if norm.technology_line_cap_vnd is not None:
        value = say(_IS_LINE[activity.technology_line], lang, value=value)
    if activity.quantity is not None:
        told = "{value}; {quantity} of the unit: {unit}"
        value = say(told, lang, value=value, quantity=activity.quantity, unit=unit_name(norm.per))
    return Row(say("Activity {number}", lang, number=index + 1), f"{activity.name}: {value}" if activity.name else value)


_IS_LINE: Final = {
    True: "{value}; a technology line",
    False: "{value}; not a technology line",
    None: "{value}; whether it is a technology line is not stated",
}


def _steps(assessment: Assessment, line: Line, option: Option, lang: Lang) -> Iterator[Row]:
    law = assessment.regulation
    norm = law.norm_under(line.norm, option.variations)
    for one in law.variations:
        if one.id in option.variations:
            yield Row(say("Other numbers hold", lang), _stated(law, one, lang))
    if norm.technology_line_cap_vnd is not None:
        yield Row(say("What is supported", lang), supposed(assessment, option, lang))
    base = figures(option.base_vnd, lang)
    if len(line.activities) > 1:
        base = say("{figures} (activities {numbers})", lang, figures=base, numbers=_numbers(option.activities))
    yield Row(say("Cost counted", lang), base)
    yield _share(norm, option, lang)
    if option.cap_vnd is not None:
        quantity = assessment.application.activities[line.activities[0]].quantity
        yield Row(_cap_called(option, norm, quantity, lang), figures(option.cap_vnd, lang))
    if option.prior_vnd:
        yield Row(say("Earlier support that counts", lang), figures(option.prior_vnd, lang))
        if not norm.pooled:
            left = "Left of the cost" if norm.rate is None else "Left of the share"
            yield Row(say(left, lang), figures(option.share_left_vnd, lang))
        if option.cap_left_vnd is not None:
            yield Row(say("Left of the cap", lang), figures(option.cap_left_vnd, lang))
    elif norm.pooled and norm.cap is not None:
        yield Row(say("Earlier support that counts", lang), say("none stated, counted as none", lang))
    yield Row(say("Support at most", lang), bound_by(option, lang), strong=True)


def variations_in_words(law: Regulation, held: Iterable[str], lang: Lang) -> str:
    """The facts by which variations hold, each with the answers by which they do; empty where none is named."""
    told = [
        f"{(column := law.fact_columns[one.fact]).said[lang]}: "
        + say(" or ", lang).join(answer_name(column, answer, lang) for answer in one.values or (one.is_ == "yes",))
        for one in law.variations
        if one.id in set(held)
    ]
    return "; ".join(told)


def _cap_called(option: Option, norm: Norm, quantity: int | None, lang: Lang) -> str:
    """What the cap of an option is called, with what it is a multiple of."""
    cap, ordinary = say("Cap per {unit}", lang, unit=unit_name(norm.per)), figures(norm.cap or 0, lang)
    if option.id == "technology-lines" and norm.technology_line_factor is not None:
        factor = decimal(norm.technology_line_factor, lang)
        cap = say("{raised}, {factor} times {cap}", lang, raised=cap, factor=factor, cap=ordinary)
    elif option.id == "technology-lines" and norm.technology_line_cap is not None:
        cap = say("{cap}, for technology lines alone", lang, cap=cap)
    if quantity is None:
        return cap
    units = quantity if norm.at_most is None else min(norm.at_most, quantity)
    return say("{cap}, times {units}", lang, cap=cap, units=units)


def supposed(assessment: Assessment, option: Option, lang: Lang) -> str:
    """What is supported, and which activities are taken for technology lines although that is not stated."""
    choice, activities = value_name(option.id, lang), assessment.application.activities
    taken = [index for index in option.activities if activities[index].technology_line is None]
    if option.id == "all" or not taken:
        return choice
    told = "{choice}, supposing that activity {numbers} is one"
    return say(told, lang, choice=choice, numbers=_numbers(taken))


def _numbers(indices: Iterable[int]) -> str:
    return ", ".join(str(index + 1) for index in indices)


def _choice(option: Option, lang: Lang) -> str:
    """An option in one row: what it counts, its limits, and its amount."""
    steps = {
        "choice": value_name(option.id, lang),
        "base": figures(option.base_vnd, lang),
        "share": figures(option.share_left_vnd, lang),
        "amount": bound_by(option, lang),
    }
    if option.cap_left_vnd is None:
        return say("{choice}: cost {base}; limit {share}; at most {amount}", lang, **steps)
    told = "{choice}: cost {base}; limits {share} (rate) and {left} (cap); at most {amount}"
    return say(told, lang, left=figures(option.cap_left_vnd, lang), **steps)


def bound_by(option: Option, lang: Lang) -> str:
    """The amount of an option, and which of its limits binds."""
    phrases: dict[Limit, str] = {"rate": "the rate binds", "cost": "the cost binds", "cap": "the cap binds"}
    bound = [say(phrase, lang) for limit, phrase in phrases.items() if limit in option.binding]
    told = bound[0] if len(bound) == 1 else say("{first} and {second}", lang, first=bound[0], second=bound[1])
    return f"{figures(option.amount_vnd, lang)}: {told}"


def finding_in_words(finding: Finding, lang: Lang, law: Regulation) -> str:
    """A finding in one line: the fact, what is stated, and the source of the condition."""
    return f"{fact_in_words(finding, lang, law)} [{_cited(law, finding.source, lang)}]"


def why_nothing(assessment: Assessment, lang: Lang, activities: Container[int] | None = None) -> str:
    """Why nothing is supported of an application, or of some activities: the conditions that fail, with their sources."""
    reasons = [
        finding_in_words(one, lang, assessment.regulation)
        for one in assessment.findings
        if one.outcome == "unmet" and (activities is None or one.activity is None or one.activity in activities)
    ]
    if not reasons:
        return say("nothing can be supported", lang)
    return say("not eligible: {reasons}", lang, reasons=listed(dict.fromkeys(reasons)))


def fact_in_words(finding: Finding, lang: Lang, law: Regulation) -> str:
    """The fact of a finding, and what is stated."""
    column = law.fact_columns[finding.fact]
    fact = column.said[lang]
    if finding.activity is not None:
        fact = f"{say('Activity {number}', lang, number=finding.activity + 1)}, {fact}"
    return f"{fact}: {answer_name(column, finding.value, lang)}"


def _cited(law: Regulation, source: str, lang: Lang) -> str:
    """A source as it is cited: in English by its id, under which it is listed; in Vietnamese by its title."""
    return source if lang == "en" else law.all_sources[source].title


def _conditions(assessment: Assessment) -> dict[str, Condition]:
    """The conditions that were asked, by id."""
    norms, on = {activity.norm for activity in assessment.application.activities}, assessment.approved_on
    asked = [c for c in assessment.regulation.all_conditions if any(c.applies(norm, on) for norm in norms)]
    return {condition.id: condition for condition in asked}


def open_points(assessment: Assessment, questions: Iterable[Question], lang: Lang) -> Iterator[Row]:
    """Questions of a record, numbered, each with the answers that meet its condition."""
    conditions = _conditions(assessment)
    for number, question in enumerate(questions, 1):
        condition = conditions.get(question.condition or "")
        fact = question.fact
        if lang == "vi":
            yield Row(f"{number}.", question.text[lang])
            continue
        if condition is not None and condition.values is not None:
            column = assessment.regulation.fact_columns[fact]
            fact += ": " + ", ".join(f"{value} ({answer_name(column, value, lang)})" for value in condition.values)
        yield Row(f"{number}.", f"{question.text[lang]} [{fact}]")


def failures(assessment: Assessment, lang: Lang) -> Iterator[Row]:
    """The conditions that fail: what is needed, what it bars, and whether it can be changed."""
    conditions, on, law = _conditions(assessment), assessment.approved_on, assessment.regulation
    unmet = [finding for finding in assessment.findings if finding.outcome == "unmet"]
    for number, finding in enumerate(unmet, 1):
        condition, activities = conditions[finding.condition], enumerate(assessment.application.activities)
        bars = [index for index, activity in activities if condition.applies(activity.norm, on)]
        told = say(
            "{finding}. Needed: {needed}. It bars activity {numbers}. {mend}",
            lang,
            finding=finding_in_words(finding, lang, law),
            needed=", ".join(
                answer_name(law.fact_columns[condition.fact], value, lang)
                for value in condition.values or (condition.is_ == "yes",)
            ),
            numbers=_numbers(bars if finding.activity is None else [finding.activity]),
            mend=say(_MEND[condition.changeable], lang),
        )
        yield Row(f"{number}.", told)


_MEND: Final = {
    True: "The applicant can still change this.",
    False: "The applicant cannot change this.",
    None: "Whether this can be changed is not known.",
}


def source_in_words(law: Regulation, name: str, lang: Lang) -> str:
    """A source in one line, with how certain it is."""
    source = law.all_sources[name]
    titled = ", ".join(filter(None, (source.title, source.publisher)))
    return say("{source} (certainty {certainty})", lang, source=titled, certainty=source.certainty)


def _source(law: Regulation, name: str, lang: Lang) -> Row:
    source = law.all_sources[name]
    label = f"{name} ({source.certainty})" if lang == "en" else source.certainty
    return Row(label, "; ".join(filter(None, (source.title, source.publisher, source.address))))


def norms_of(law: Regulation | str, lang: Lang) -> list[Section]:
    """The norms of a regulation, or the conditions of a framework, as sections like those of an explanation.

    Example:
        >>> from kcgrant import catalogue
        >>> [row.label for row in norms_of(catalogue.get("national-28-2018"), "en")[0].rows][:3]
        ['In force', 'demonstration-model', 'replication-model']
    """
    law = named_law(law)
    rows = [Row(say("In force", lang), law.in_force.in_words()[lang])] if law.in_force else []
    rows += [Row(name if lang == "en" else "–", states(law, norm, lang)) for name, norm in law.norms.items()]
    rows += [Row(one.id if lang == "en" else "–", _stated(law, one, lang)) for one in law.variations]
    rows += [Row(say("not expressed in the file", lang), one.text[lang]) for one in law.unexpressed]
    if not law.norms:
        asked = [(c.id if lang == "en" else "–", c) for c in law.conditions]
        rows += [Row(label, f"{c.question[lang]} [{_cited(law, c.source, lang)}]") for label, c in asked]
    rows += notes_in_words(law.notes, lang)
    rows += [Row(say("typed in commands as", lang), law.id)] if lang == "vi" else []
    title = f"{law.title[lang]} ({law.document})"
    return [Section(f"{law.id}: {title}" if lang == "en" else title, tuple(rows))]


def states(law: Regulation, norm: Norm, lang: Lang) -> str:
    """What the law says of a norm, with its clause, source and certainty."""
    said = _stated(law, norm, lang)
    return f"{norm.clause}: {said}" if norm.clause else said


def _stated(law: Regulation, one: Norm | Variation, lang: Lang) -> str:
    told, certainty = "{sentence} [{source}, certainty {certainty}]", law.all_sources[one.source].certainty
    return say(told, lang, sentence=one.states[lang], source=_cited(law, one.source, lang), certainty=certainty)
