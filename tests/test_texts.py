"""What the engine says in sentences, word for word in both languages: questions, notes, and norms that are not there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dossiers import application, demonstration, line, machine, prior, replication
from kcgrant import Activity, Assessment, InputError, assess, catalogue
from kcgrant.cli.assess import unknown_norms_in

HOA_BINH, OLD = catalogue.get("hoa-binh-20-2019"), catalogue.get("national-26-2014")


def notes(answer: Assessment) -> dict[str, tuple[str, str]]:
    common = {note.id for note in answer.regulation.all_notes}
    return {note.id: (note.text.en, note.text.vi) for note in answer.notes if note.id not in common}


def test_the_question_whether_an_activity_is_a_technology_line() -> None:
    answer = assess(
        application(machine(1_000_000), machine(800_000_000, None), machine(900_000_000, None, name="Dây chuyền"))
    )
    assert [(q.fact, q.activity, q.prior_support, q.condition) for q in answer.questions] == [
        ("activity.technology_line", 1, None, None),
        ("activity.technology_line", 2, None, None),
    ]
    assert [(q.text.en, q.text.vi) for q in answer.questions] == [
        (
            "Is activity 2 a technology line? The cap is VND 450,000,000 when only technology lines are supported, otherwise "
            "VND 300,000,000.",
            "Hạng mục 2 có phải là dây chuyền công nghệ không? Mức trần là 450.000.000 đồng khi chỉ hỗ trợ dây chuyền công "
            "nghệ, nếu không là 300.000.000 đồng.",
        ),
        (
            "Is activity 3 (Dây chuyền) a technology line? The cap is VND 450,000,000 when only technology lines are "
            "supported, otherwise VND 300,000,000.",
            "Hạng mục 3 (Dây chuyền) có phải là dây chuyền công nghệ không? Mức trần là 450.000.000 đồng khi chỉ hỗ trợ dây "
            "chuyền công nghệ, nếu không là 300.000.000 đồng.",
        ),
    ]


def test_the_question_whether_earlier_support_was_for_a_technology_line() -> None:
    support = [prior(7, norm="demonstration-model"), prior(100_000_000, None), prior(5, technology_line=True)]
    (question,) = assess(application(line(1_000_000_000), prior_support=support)).questions
    assert (question.fact, question.activity, question.prior_support, question.condition) == (
        "prior_support.technology_line",
        None,
        1,
        None,
    )
    assert (question.text.en, question.text.vi) == (
        "Was earlier support 2, of VND 100,000,000, for a technology line? The cap of VND 450,000,000 is open only if all "
        "earlier support under this norm was.",
        "Khoản hỗ trợ trước đây số 2, 100.000.000 đồng, có phải cho dây chuyền công nghệ không? Chỉ được áp dụng mức trần "
        "450.000.000 đồng khi mọi khoản hỗ trợ trước theo nội dung hỗ trợ này đều như vậy.",
    )


def test_the_notes_of_a_comparison() -> None:
    assert notes(assess(application(demonstration(1_000_000), approved_on=date(2025, 12, 31)), HOA_BINH)) == {
        "other-province": (
            "For comparison only: 20/2019/QĐ-UBND is the law of hoa-binh, the establishment is in hung-yen.",
            "Chỉ để so sánh: 20/2019/QĐ-UBND là quy định của hoa-binh, còn cơ sở ở hung-yen.",
        )
    }
    assert notes(assess(application(demonstration(1_000_000)), OLD)) == {
        "other-day": (
            "For comparison only: 26/2014/TTLT-BTC-BCT is in force from 2014-04-08 to 2018-05-10, the plan is approved on "
            "2026-03-02.",
            "Chỉ để so sánh: 26/2014/TTLT-BTC-BCT có hiệu lực từ 08/04/2014 đến 10/05/2018, còn kế hoạch được phê duyệt ngày "
            "02/03/2026.",
        )
    }
    early = application(demonstration(1_000_000), province="hoa-binh", approved_on=date(2019, 12, 30))
    assert notes(assess(early, HOA_BINH)) == {
        "other-day": (
            "For comparison only: 20/2019/QĐ-UBND is in force from 2019-12-31 to 2025-12-31, the plan is approved on 2019-12-30.",
            "Chỉ để so sánh: 20/2019/QĐ-UBND có hiệu lực từ 31/12/2019 đến 31/12/2025, còn kế hoạch được phê duyệt ngày 30/12/2019.",
        )
    }
    assert notes(assess(application(demonstration(1_000_000)), catalogue.get("hung-yen-553-2025"))) == {}


def test_the_note_on_a_cost_that_looks_like_millions() -> None:
    assert notes(assess(application(machine(1_000_000), machine(999_999)))) == {
        "small-cost-2": (
            "Activity 2 costs VND 999,999, less than one million. Did you mean million?",
            "Hạng mục 2 có chi phí 999.999 đồng, chưa tới một triệu. Có phải ý bạn là triệu đồng?",
        )
    }


def test_the_note_on_earlier_support_for_models() -> None:
    support = [
        prior(1, norm="replication-model"),
        prior(2, norm="demonstration-model"),
        prior(3, norm="cleaner-production-model"),
    ]
    stated = application(demonstration(1_000_000), replication(2_000_000), machine(3_000_000), prior_support=support)
    assert notes(assess(stated)) == {
        "prior-per-model": (
            "Earlier support under demonstration-model, replication-model is taken from every limit of each such unit here; "
            "list it only if it was for the same unit.",
            "Khoản hỗ trợ trước đây theo demonstration-model, replication-model được trừ vào mọi giới hạn của từng đối tượng "
            "trong hồ sơ; chỉ kê khai nếu đó là hỗ trợ cho chính đối tượng này.",
        )
    }
    assert notes(assess(application(machine(1_000_000), prior_support=[prior(1)]))) == {}


EN = "hoa-binh-20-2019 has the norms demonstration-model, replication-model, cleaner-production-model"
VI = "hoa-binh-20-2019 có các nội dung hỗ trợ demonstration-model, replication-model, cleaner-production-model"


def test_a_norm_that_is_not_there_is_refused_wherever_it_is_named() -> None:
    stated = application(
        demonstration(1), machine(1), prior_support=[prior(1, norm="replication-model"), prior(1, norm="zzz")]
    )
    with pytest.raises(InputError) as refused:
        assess(stated, HOA_BINH)
    assert str(refused.value).splitlines() == [
        f'activities[1].norm: given "advanced-machinery"; {EN}',
        f'prior_support[1].norm: given "zzz"; {EN}',
    ]
    assert refused.value.message("vi").splitlines() == [
        f'activities[1].norm: giá trị "advanced-machinery"; {VI}',
        f'prior_support[1].norm: giá trị "zzz"; {VI}',
    ]
    with pytest.raises(InputError) as refused:
        assess(application(Activity(norm="replication-modell", cost_vnd=1)), HOA_BINH)
    assert str(refused.value).endswith(". Did you mean replication-model?")
    assert refused.value.message("vi").endswith(". Có phải ý bạn là replication-model?")


def test_a_framework_has_no_norms() -> None:
    with pytest.raises(InputError) as refused:
        assess(application(machine(1)), catalogue.get("decree-45-2012"))
    assert (str(refused.value), refused.value.message("vi")) == (
        "activities[0].norm: decree-45-2012 is a framework without norms; name a regulation",
        "activities[0].norm: decree-45-2012 là văn bản khung, không có nội dung hỗ trợ; hãy nêu văn bản khác",
    )


@pytest.mark.parametrize(
    ("text", "law", "where"),
    [
        ('{"establishment": {"province": "hoa-binh"}, "approved_on": "2020-01-01", "activities": [{"norm": "x"}]}', None, ["activities[0].norm"]),
        ('{"establishment": {"province": "hung-yen"}, "approved_on": "2026-01-01", "activities": [{"norm": "advanced-machinery"}]}', None, []),
        ('{"establishment": {"province": "hung-yen"}, "approved_on": "2020-01-01", "activities": []}', None, [""]),
        ('{"activities": [{"norm": "x"}, {"norm": 7}], "prior_support": [{"norm": "y"}]}', HOA_BINH, ["activities[0].norm", "prior_support[0].norm"]),
        ('{"activities": [{"cost_vnd": 1}]}', HOA_BINH, []),
        ('{"activities": 5}', HOA_BINH, []),
        ('{"activities": [{"norm": "x"}]}', None, []),
        ("[]", None, []),
        ("{", None, []),
        ('{"activities": [' + ", ".join(['{"norm": "x"}'] * 25) + "]}", HOA_BINH, [f"activities[{n}].norm" for n in range(20)]),
    ],
)  # fmt: skip
def test_unknown_norms_are_found_in_a_text_that_is_faulty_otherwise(text: str, law: Any, where: list[str]) -> None:
    assert [fault.where for fault in unknown_norms_in(text, law)] == where
