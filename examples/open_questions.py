"""Hồ sơ còn thiếu thông tin: a dossier with open questions gives an interval, and asks only what can change it.

The establishment is real (Vy Dung Trading and Production, Kim Dong); the cost is invented.
"""

from datetime import date

from kcgrant import Activity, Application, Establishment, assess
from kcgrant.language import figures

vy_dung = Establishment(
    name="Vy Dung, Kim Động",
    province="hung-yen",
    former_province="hung-yen",
    lawfully_established=True,
    direct_producer=True,
)
machine = Activity(norm="advanced-machinery", name="Máy cắt (chi phí giả định)", cost_vnd=820_000_000)
application = Application(approved_on=date(2026, 3, 2), establishment=vy_dung, activities=(machine,))


def tell(application: Application) -> None:
    """Prints the interval and the questions that are left."""
    answer = assess(application)
    print(f"{answer.verdict}: từ {figures(answer.assured_vnd, 'vi')} đến {figures(answer.maximum_vnd, 'vi')}")
    for question in answer.questions:
        print(f"  ? {question.text['vi']}")


tell(application)

print("\nSau khi hỏi cơ sở:")
sector = "mechanical-electrical-electronic-and-it-equipment"
asked = vy_dung.model_copy(update={"kind": "small-or-medium-enterprise", "sector": sector})
facts = {"establishment": asked, "own_capital_committed": True, "other_state_support": False}
tell(application.model_copy(update=facts))
