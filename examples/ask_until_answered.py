"""Hỏi cho đến khi rõ: ask the weightiest question, take the answer, assess again, until nothing is open.

The establishment and the cost are invented; a form would take the answers that are written down here.
"""

from kcgrant import Application, assess, worth
from kcgrant.language import figures

ANSWERS: dict[str, str | bool] = {
    "sector": "handicraft",
    "kind": "cooperative",
    "former_province": "hung-yen",
    "other_state_support": False,
}
stated = Application.of(norm="advanced-machinery", cost_vnd=820_000_000, province="hung-yen", on="2026-03-02", name="HTX A")

answer = assess(stated)
while answer.questions:
    question = next(iter(worth(answer)))
    value = ANSWERS.get(question.fact.partition(".")[2], True)
    said = next(choice.label.vi for choice in question.answers if choice.value == value)
    stated = stated.answer(question, value)
    answer = assess(stated)
    print(f"{question.label.vi}: {said} → {figures(answer.assured_vnd, 'vi')} đến {figures(answer.maximum_vnd, 'vi')}")

print(f"\nMức tối đa: {figures(answer.maximum_vnd, 'vi')}")
