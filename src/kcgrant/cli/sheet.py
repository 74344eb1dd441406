"""Command `kcgrant sheet`: the papers of dossiers, to be signed: appraisal, what is missing, or a refusal.

The decision taken here: of all dossiers of a register, those get a paper of a kind for whom it is, the others are counted
and those at fault named; a file stands in its place only when it is whole.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

from kcgrant.assessment.assess import assess
from kcgrant.assessment.record import Assessment
from kcgrant.assessment.sheet import Kind, concerns, write_sheet, writer_for
from kcgrant.cli.assess import read_application
from kcgrant.cli.register import tell_faults
from kcgrant.cli.terminal import (
    add_command,
    add_regulation,
    given_for_rows,
    given_regulation,
    kept_apart,
    named,
    text_of,
    without_rows,
)
from kcgrant.errors import Fault, InputError, fault, hint, printable, within
from kcgrant.language import Lang, say
from kcgrant.register.pooling import Dossier
from kcgrant.register.reading import read
from kcgrant.register.result import RegisterResult, assess_register

MOST_NAMED = 10


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Adds the command to a parser."""
    one = add_command(commands, common, "sheet", sheet, "papers of dossiers, to be signed, as Word files or pages")
    one.add_argument("file", metavar="FILE", help="a register: .xlsx (extra: excel) or .csv; or one application as .json")
    one.add_argument("--kind", choices=get_args(Kind), default="appraisal", help="which paper (default: appraisal)")
    which = one.add_mutually_exclusive_group()
    which.add_argument("--dossier", metavar="REFERENCE", help="the dossier of the register")
    which.add_argument("--all", action="store_true", help="every dossier for which the paper is, a file each: OUT-REFERENCE")
    one.add_argument("--out", metavar="OUT", required=True, help="the paper: .docx or .html (extra: word)")
    one.add_argument("--template", metavar="FORM.docx", help="a form of your own, with your letterhead")
    add_regulation(one, prior=True)


def sheet(options: argparse.Namespace) -> str:
    """Writes the papers and returns what is printed: their names.

    Raises:
        InputError: what is handed in cannot be read, the dossier is not there, at fault, or not one for this paper.
    """
    out, lang = Path(options.out), options.lang
    writer_for(out, options.kind, options.template)  # what cannot be written is told before the work
    if options.file == "-" or Path(options.file).suffix.lower() == ".json":
        return _of_one(options, out)
    result = assess_register(read(Path(options.file), options.prior, **given_for_rows(options)), given_regulation(options))
    if not options.all:
        dossier = _chosen(result, options)
        return _paper(options, dossier, out, _others(result).get(dossier.reference, ()))
    answered = [one for one in result.dossiers.values() if one.assessment is not None]
    written = [
        (one, out.with_name(f"{out.stem}-{_as_name(one.reference)}{out.suffix}"))
        for one in answered
        if one.planned is not None and concerns(one.planned, options.kind) is None
    ]
    names = Counter([path.name.casefold() for _, path in written])
    if twice := [path.name for _, path in written if names[path.name.casefold()] > 1]:
        told = "two dossiers would stand in {name}; write them one by one with --dossier"
        raise InputError([fault(printable(str(out)), told, name=printable(twice[0]))])
    tell_faults(result, lang)
    others = _others(result)
    papers = "".join([_paper(options, dossier, path, others.get(dossier.reference, ())) for dossier, path in written])
    told = "{papers} papers for {dossiers} dossiers; {none} need none, {faulty} are at fault"
    counts = {"papers": len(written), "dossiers": len(result.dossiers), "none": len(answered) - len(written)}
    return f"{papers}{say(told, lang, **counts, faulty=len(result.dossiers) - len(answered))}\n"


def _of_one(options: argparse.Namespace, out: Path) -> str:
    """The paper of an application in JSON."""
    if options.dossier is not None or options.all or options.prior is not None:
        told = "belongs to a register; a file in JSON holds one application"
        raise InputError([fault("--dossier" if options.dossier else "--all" if options.all else "--prior", told)])
    without_rows(options)
    law, text = given_regulation(options), text_of(options.file)
    with within(named(options.file)):
        answer = assess(read_application(text, law), law)
    return _written(answer, options, out, {})


def _chosen(result: RegisterResult, options: argparse.Namespace) -> Dossier:
    """The dossier that is asked for, or the only one there is."""
    references, reference = list(result.dossiers), options.dossier
    if reference is None:
        if len(references) != 1:
            told = "{count} dossiers in it; name one with --dossier, or write all with --all: {known}"
            known = references[:MOST_NAMED]
            raise InputError([fault(printable(options.file), told, count=len(references), known=known)])
        reference = references[0]
    if reference not in result.dossiers:
        told = "no such dossier in {file}{hint}"
        where = f"--dossier {printable(reference)}"
        raise InputError([fault(where, told, file=printable(options.file), hint=hint(reference, references))])
    dossier = result.dossiers[reference]
    if dossier.assessment is None:
        raise InputError(list(_faults(result, dossier)))
    return dossier


def _others(result: RegisterResult) -> dict[str, list[str]]:
    """For each dossier the others of its establishment."""
    return {one: [other for other in some if other != one] for _, some in result.establishments for one in some}


def _faults(result: RegisterResult, dossier: Dossier) -> Iterator[Fault]:
    """What keeps a dossier from being assessed."""
    said = [*dossier.draft.remarks, *(one for row in dossier.rows for one in result.remarks_on(row))]
    for one in dict.fromkeys(one for one in said if one.fault):
        yield Fault(one.places[0].says() if one.places else "", one.text)


def _paper(options: argparse.Namespace, dossier: Dossier, path: Path, others: Sequence[str]) -> str:
    answer, lang = dossier.planned, options.lang
    assert answer is not None  # noqa: S101 - those at fault were named before
    said = {"title": dossier.said("title"), "address": dossier.said("address"), "remark": _beside(dossier, others, lang)}
    with within(dossier.reference):
        return _written(answer, options, path, said)


def _beside(dossier: Dossier, others: Sequence[str], lang: Lang) -> str:
    """What is to be known of a dossier beside others of its establishment: nobody has been granted anything yet."""
    if not others or dossier.planned is None:
        return ""
    law = dossier.planned.regulation
    if not any(law.norms[line.norm].pooled for line in dossier.planned.lines):
        return ""
    told = "reckoned by itself; a cap per establishment is shared with {references} of the same establishment"
    return say(told, lang, references=iter(others))


def _written(answer: Assessment, options: argparse.Namespace, path: Path, said: dict[str, str]) -> str:
    kept_apart(path, options.file, options.prior, options.regulation, options.template)
    write_sheet(answer, path, options.kind, options.lang, template=options.template, **said)
    return f"{printable(str(path))}\n"


def _as_name(reference: str) -> str:
    """A reference as a part of the name of a file, on any system."""
    return re.sub(r"[^\w.\-]+", "-", reference).strip(".-") or "-"
