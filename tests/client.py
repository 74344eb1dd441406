"""What somebody who imports kcgrant writes; it runs as a test, and mypy --strict and pyright have nothing to say of it."""

from __future__ import annotations

from datetime import date

import kcgrant
from kcgrant import (
    Activity,
    Application,
    Assessment,
    Establishment,
    InputError,
    PriorSupport,
    assess,
    catalogue,
    ceiling,
    explain,
)
from kcgrant.programme import Request, Share, plan
from kcgrant.register import assess_together
from kcgrant.testing import agree


def described() -> Application:
    """An application with lists, as the docstrings write them."""
    halo = Establishment(name="Halo Mold Tech", province="hung-yen", former_province="hung-yen", kind="cooperative")
    drill = Activity(norm="advanced-machinery", cost_vnd=800_000_000, technology_line=False)
    before = PriorSupport(norm="advanced-machinery", amount_vnd=100_000_000)
    return Application(
        reference="KC-1", approved_on=date(2026, 3, 2), establishment=halo, activities=[drill], prior_support=[before]
    )


def answered(application: Application) -> Assessment:
    """The weightiest question is asked until nothing is open."""
    answer = assess(application)
    while answer.questions:
        question, prospects = next(iter(kcgrant.worth(answer).items()))
        best = max(prospects, key=lambda one: one.after.assured_vnd)
        application = application.answer(question, best.answers[0])
        answer = assess(application)
    return answer


def mine(application: Application, law: kcgrant.Regulation) -> tuple[str, int, int]:
    """An engine of somebody's own."""
    answer = assess(application, law)
    return answer.verdict.value, answer.assured_vnd, answer.maximum_vnd


def main() -> list[str]:
    """What it prints, line by line."""
    answer = answered(described())
    lines: list[str] = [f"{answer.maximum_vnd:,}", explain(answer, "vi", length="brief").splitlines()[0]]
    short = ceiling(norm="advanced-machinery", cost_vnd=800_000_000, province="hung-yen", on="2026-03-02")
    lines.append(f"{short.assured_vnd} {short.maximum_vnd}")
    advice = kcgrant.advise(cost_vnd=1_200_000_000, province="hung-yen", on=date(2026, 3, 2))
    lines.append(advice.best.norm)
    higher = catalogue.get("hung-yen-553-2025").variant("advanced-machinery", cap=350_000_000)
    lines.append(str(kcgrant.compare("hung-yen-553-2025", higher).differences[0].after))
    share = Share(norm="advanced-machinery", maximum_vnd=300_000_000, assured_vnd=300_000_000)
    requests = [Request(reference="KC-1", approved_on=date(2026, 3, 2), shares=[share])]
    lines.append(str(plan(requests, 400_000_000, "pro-rata").left_vnd))
    lines.append(str([dossier.maximum_vnd for dossier in assess_together([described()]).dossiers.values()]))
    try:
        Application.from_dict({"approved_on": "today"})
    except InputError as error:
        lines += [fault.line("vi") for fault in error.faults]
    agree(mine, "hung-yen-553-2025", max_examples=20)
    return lines


if __name__ == "__main__":
    print("\n".join(main()))  # noqa: T201
