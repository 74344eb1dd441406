"""The commands route and compare: what an owner types, what is answered, and what is refused in which words."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers import application, cleaner_production, demonstration, machine, prior, shipped
from kcgrant import assess, catalogue, cli
from kcgrant.advice import advise, best_by_cost, compare, curves, impact, words
from kcgrant.advice.repairs import mending
from kcgrant.cli import advice as advice_command
from kcgrant.law import Regulation
from kcgrant.testing import applications, regulations

ROOT = Path(__file__).parents[1]
HALO = str(ROOT / "examples" / "halo-mold-tech.json")
ROUTE = ("route", "--full", "--on", "2026-03-02")


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code = cli.main(arguments)
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    code = cli.main(arguments)
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    return err.splitlines()


def unwrapped(text: str) -> str:
    return " ".join(text.split())


# --- route ------------------------------------------------------------------------------------------------------------


def test_an_owner_is_told_the_best_the_next_where_it_changes_and_what_to_show(capsys: pytest.CaptureFixture[str]) -> None:
    """The amounts are derived in test_advise; the crossovers in test_curve."""
    said = unwrapped(ran(capsys, *ROUTE, "--cost", "1,2 tỷ"))
    for sentence in (
        "Which support for a project of VND 1,200,000,000?",
        "Best if it is a technology line Advanced machinery and technology: at most VND 450,000,000",
        "Next Demonstration model; Cleaner production model: at most VND 360,000,000",
        "Best if it is not Demonstration model; Cleaner production model: at most VND 360,000,000",
        "Next Advanced machinery and technology: at most VND 300,000,000",
        "cost from VND 200 million to VND 1.5 billion Advanced machinery and technology: at least as much as any other "
        "← this project",
        "cost from VND 1 billion Demonstration model: at least as much as any other ← this project",
        "To be shown former province; lawfully set up; itself invests and produces; kind of establishment; sector; own share invested or "
        "committed; whether another source of the State has paid Next",
        "Mind Cleaner production is open to any industrial establishment",
        "Province hung-yen (taken, since no other was given)",
        "If a technology line VND 450,000,000: the cap binds; own share at least VND 750,000,000; the cap is reached from a "
        "cost of VND 900,000,000",
        "9. Does the establishment that others are to copy perform well? [activity.performs_well]",
        "One and the same cost is supported once: choose one of these; their amounts do not add up.",
    ):
        assert sentence in said, sentence


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("flags", [(), ("--technology-line", "có"), ("--technology-line", "không")])
def test_a_route_in_brief_is_one_screen(capsys: pytest.CaptureFixture[str], lang: str, flags: Sequence[str]) -> None:
    """At 1.2 billion a line gets 450 million, else 30% of it is 360; half of 200 million is the 100 of a replication model,
    half of 2 × 300 and of 2 × 450 million the caps, which 30% passes from 1 billion and from 1.5 billion on."""
    printed = ran(capsys, "route", "--on", "2026-03-02", "--cost", "1,2 tỷ", "--lang", lang, *flags)
    assert len(printed.splitlines()) <= 25
    said = unwrapped(printed)
    edges = {
        "en": ("VND 200 million", "VND 1 billion", "VND 1.5 billion"),
        "vi": ("200 triệu đồng", "1 tỷ đồng", "1,5 tỷ đồng"),
    }
    on, _, off = (edge in said for edge in edges[lang])
    assert on
    assert off is (flags != ("--technology-line", "không"))
    amounts = {"en": ("VND 450,000,000", "VND 360,000,000"), "vi": ("450.000.000 đồng", "360.000.000 đồng")}
    assert [amount in said for amount in amounts[lang]] == [flags != ("--technology-line", "không"), True]
    assert not re.search(r"\d{1,3}(?:[.,]\d{3})*[.,]00[1-9]\b", said)  # no crossover to the đồng


@given(st.sampled_from([law for law in map(catalogue.get, catalogue.ids()) if law.norms]), st.integers(1, 4 * 10**9))
def test_the_costs_told_are_those_at_which_a_norm_is_no_worse_than_any_other(law: Regulation, cost_vnd: int) -> None:
    every = curves(law)
    starts = words.starts_of(best_by_cost(every))
    norms = [segment.curve for start, segment in starts.items() if start <= cost_vnd]
    assert norms[-1].support(cost_vnd) == max(curve.support(cost_vnd) for curve in every)
    for start, before in zip(list(starts)[1:], starts.values(), strict=False):
        assert starts[start].curve.support(start) >= before.curve.support(start)
        assert start == 1 or starts[start].curve.support(start - 1) < before.curve.support(before.most_vnd)


def test_an_owner_is_told_in_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    said = unwrapped(ran(capsys, *ROUTE, "--cost", "850 triệu", "--technology-line", "không", "--lang", "vi"))
    assert "Dự án 850.000.000 đồng nên đề nghị nội dung hỗ trợ nào?" in said
    assert "Ngày phê duyệt kế hoạch 02/03/2026" in said
    # 50% of 850 million is over the cap of 300 million; 30% of it is 255 million
    assert "Có lợi nhất Máy móc thiết bị tiên tiến, chuyển giao công nghệ: tối đa 300.000.000 đồng" in said
    assert "Tiếp theo Mô hình trình diễn; Mô hình thí điểm sản xuất sạch hơn: mỗi nội dung tối đa 255.000.000 đồng" in said


def test_without_a_day_today_is_taken_and_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Calendar(date):
        @classmethod
        def today(cls) -> Calendar:
            return cls(2026, 5, 4)

    monkeypatch.setattr(advice_command, "date", Calendar)
    assert "2026-05-04 (today, since no day was given)" in ran(capsys, "route", "--cost", "1 tỷ")


def test_what_is_typed_is_what_a_file_would_state(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    flags = {
        "--lawfully-established": "yes",
        "--direct-producer": "có",
        "--kind": "Hợp tác xã",
        "--area": "commune",
        "--sector": "handicraft",
        "--own-capital-committed": "yes",
        "--other-state-support": "no",
        "--new-to-area": "yes",
        "--performs-well": "no",
        "--technology-line": "no",
        "--difficult-area": "không",
        "--former-province": "Hưng Yên",
        "--priority": "no",
        "--cost": "1.200.000.000",
        "--on": "02/03/2026",
    }
    typed = json.loads(ran(capsys, "route", "--json", *(word for pair in flags.items() for word in pair)))
    stated = application(
        machine(1_200_000_000, new_to_area=True, performs_well=False), kind="cooperative", sector="handicraft"
    )
    file = tmp_path / "a.json"
    file.write_text(stated.to_json(), encoding="utf-8")
    filed = json.loads(ran(capsys, "route", str(file), "--json"))
    advice = json.loads(json.dumps(advise(stated).to_dict()))
    assert filed == advice | json.loads(json.dumps(mending(assess(stated))))
    for document in (typed, filed):
        document["application"]["establishment"]["name"] = document["application"]["activities"][0]["norm"] = ""
        for route in document["rankings"][0]["routes"]:
            del route["assessment"]
    assert typed == {key: filed[key] for key in typed}


def test_a_file_is_told_what_would_mend_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    stated = application(
        machine(820_000_000, technology_line=None),
        cleaner_production(500_000_000),
        kind="large-enterprise",
        lawfully_established=False,
        own_capital_committed=None,
    )
    file = tmp_path / "a.json"
    file.write_text(stated.to_json(), encoding="utf-8")
    said = unwrapped(ran(capsys, "route", str(file), "--full"))
    # 30% of 500 million is 150 million
    assert "Now not eligible; VND 0" in said
    assert (
        "Proposal 2 change: lawfully set up, from no to yes; answer: own share invested or committed = yes; leave out "
        "activity 1. Then: eligible; maximum VND 150,000,000 (+VND 150,000,000), assured VND 150,000,000 (+VND 150,000,000)"
    ) in said
    assert "Cannot be changed kind of establishment: large enterprise [decree-235-2025]" in said


def test_of_very_many_answers_and_changes_the_first_twenty_are_told() -> None:
    answer = assess(application(*(demonstration(1_000_000, None) for _ in range(25))))
    proposal, worths = words.repairs_in_words(answer, "en")
    assert "activity 20, answer: new to its area = yes; and 5 more changes. Then: eligible" in proposal.rows[-1].value
    assert worths.rows[-1].value == "… and 5 more questions"
    document = mending(answer)
    assert (len(document["worth"]), len(document["repairs"][-1]["changes"])) == (20, 25)


def test_the_worth_of_each_answer_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(application(machine(820_000_000, technology_line=None), kind=None).to_json(), encoding="utf-8")
    said = unwrapped(ran(capsys, "route", str(file), "--full"))
    assert (
        "kind of establishment small or medium enterprise or cooperative or cooperative group …: VND 300,000,000 to" in said
    )
    assert "large enterprise: VND 0, not eligible" in said
    assert "is a technology line (1) yes: VND 0 to VND 410,000,000" in said


def test_which_costs_yield_a_wanted_support(capsys: pytest.CaptureFixture[str]) -> None:
    said = unwrapped(ran(capsys, *ROUTE, "--want", "300 triệu", "--lang", "vi"))
    assert "Văn bản áp dụng 553/2025/NQ-HĐND" in said
    assert "Áp dụng cho một hạng mục đủ mọi điều kiện, chưa được hỗ trợ trước đây theo nội dung hỗ trợ đó." in said
    assert "chi phí từ 600 triệu đồng trở lên Máy móc thiết bị tiên tiến, chuyển giao công nghệ, dây" in said
    assert "không mức chi phí nào Mô hình nhân rộng: tối đa là 100.000.000 đồng" in said
    document = json.loads(ran(capsys, *ROUTE, "--want", "300 triệu", "--json"))
    assert list(document) == ["regulation", "approved_on", "targets"]
    assert document["targets"][0] == {
        "norm": "demonstration-model",
        "technology_lines": False,
        "wanted_vnd": 300_000_000,
        "least_vnd": 1_000_000_000,
        "most_vnd": 1_000_000_003,
        "own_share_vnd": 700_000_000,
        "below_vnd": 300_000_000,
        "above_vnd": 300_000_000,
    }


def test_a_regulation_without_notes_has_no_part_about_them() -> None:
    law = catalogue.get("hung-yen-553-2025").model_copy(update={"framework": None, "notes": ()})
    (part,) = words.targets_in_words(law, curves(law), 300_000_000, date(2026, 3, 2), "en")
    assert part.title == "Which cost yields a support of VND 300,000,000?"


def test_a_promise_that_would_open_a_kind_of_support_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--own-capital-committed", "no", "--kind", "large-enterprise", "--technology-line", "no"]
    said = unwrapped(ran(capsys, *ROUTE, "--cost", "1,2 tỷ", *flags))
    assert (
        "Best none as it stands If mended Cleaner production model: at most VND 360,000,000 after this change: own share "
        "invested or committed, from no to yes; answers open besides: 4 Earlier support"
    ) in said
    assert "Alternatives" not in said


def test_earlier_support_is_told_with_what_is_left_of_the_cap(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """300 - 100 = 200 million is left, which half of 400 million reaches; the model keeps its 30% of 1.2 billion."""
    file = tmp_path / "a.json"
    helped = application(machine(1_200_000_000, new_to_area=True), prior_support=(prior(100_000_000),))
    file.write_text(helped.to_json(), encoding="utf-8")
    said = unwrapped(ran(capsys, "route", str(file), "--full"))
    assert (
        "VND 200,000,000: the cap binds; earlier support of VND 100,000,000 is deducted from the cap of VND 300,000,000, "
        "VND 200,000,000 is left; own share at least VND 1,000,000,000; what is left of the cap is reached from a cost of "
        "VND 400,000,000"
    ) in said
    used_up = application(machine(1_200_000_000), prior_support=(prior(400_000_000),))
    file.write_text(used_up.to_json(), encoding="utf-8")
    said = unwrapped(ran(capsys, "route", str(file), "--full"))
    assert "VND 0: the cap binds; earlier support of VND 400,000,000 is deducted" in said
    assert "is reached from a cost of VND 1 " not in said


def test_the_notes_of_every_route_are_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    support = (prior(100_000_000, norm="demonstration-model"),)
    file.write_text(application(machine(500_000_000), prior_support=support).to_json(), encoding="utf-8")
    assert "prior-per-model" in ran(capsys, "route", str(file), "--full")


def test_several_activities_have_no_routes_and_that_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(application(machine(1_000_000), machine(2_000_000)).to_json(), encoding="utf-8")
    said = unwrapped(ran(capsys, "route", str(file), "--full"))
    assert "2 activities: kinds of support are compared for one project only, an application of one activity." in said
    document = json.loads(ran(capsys, "route", str(file), "--json"))
    assert (document["repairs"], document["assessment"]["maximum_vnd"]) == ([], 1_500_000)


def test_a_name_of_a_province_is_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(
        ran(
            capsys,
            *ROUTE,
            "--cost",
            "1 tỷ",
            "--province",
            "Phú Thọ",
            "--former-province",
            "Hòa Bình",
            "--on",
            "31/12/2025",
            "--json",
        )
    )
    assert document["regulation"]["id"] == "hoa-binh-20-2019"
    by_law = json.loads(ran(capsys, *ROUTE, "--cost", "1 tỷ", "--regulation", "hoa-binh-20-2019", "--json"))
    assert by_law["application"]["establishment"]["province"] == "phu-tho", "no other province was stated"


def test_markdown_is_for_reports(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(capsys, *ROUTE, "--cost", "1 tỷ", "--markdown").startswith(
        "## Which support for a project of VND 1,000,000,000?"
    )


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (["route"], ['kcgrant: expected one of FILE, --cost or --want; for example: kcgrant route --cost "1,2 tỷ"']),
        (
            ["route", HALO, "--cost", "1 tỷ"],
            ['kcgrant: expected one of FILE, --cost or --want; for example: kcgrant route --cost "1,2 tỷ"'],
        ),
        (["route", HALO, "--kind", "cooperative"], ["kcgrant: --kind: not used beside a FILE; write it into the file"]),
        (
            ["route", "--cost", "1.200", "--on", "31/02/2026", "--technology-line", "maybe", "--kind", "cooperatve"],
            [
                'kcgrant: --kind: given "cooperatve"; choose from the list in the form. Did you mean “cooperative”?',
                'kcgrant: --technology-line: given "maybe"; expected yes (x), no or unknown; leave it out if it is not stated',
                'kcgrant: --cost: given "1.200": can be read as 1,200 or as 1.2; write the unit, such as "1.2 tỷ", or the full number of đồng',
                'kcgrant: --on: given "31/02/2026"; expected a day, such as 02/03/2026 (day, month, year) or 2026-03-02',
            ],
        ),
        (["route", "--cost", "0"], ['kcgrant: --cost: given "0"; expected an amount of at least 1 đồng']),
        (
            ["route", "--cost", "-5"],
            ['kcgrant: --cost: given "-5": not an amount; write 1200000000, "1.200.000.000", "1,2 tỷ" or "850 triệu"'],
        ),
        (
            ["route", HALO, "--province", "hung-yen", "--on", "2026-03-02"],
            [
                "kcgrant: --on: not used beside a FILE; write it into the file",
                "kcgrant: --province: not used beside a FILE; write it into the file",
            ],
        ),
        (
            ["route", "--want", "1 tỷ", "--on", "2026-03-02", "--province", "?"],
            ['kcgrant: --province: given "?"; expected the name of a province, such as Hưng Yên'],
        ),
        (["route", "--want", "1 tỷ", "--kind", "cooperative"], ["kcgrant: --kind: not used beside --want"]),
        (
            ["route", "--cost", "1 tỷ", "--on", "20260302"],
            ['kcgrant: --on: given "20260302"; expected a day, such as 02/03/2026 (day, month, year) or 2026-03-02'],
        ),
        (
            ["route", "--cost", "1 tỷ", "--on", "2026-03-02", "--province", "?"],
            ['kcgrant: --province: given "?"; expected the name of a province, such as Hưng Yên'],
        ),
        (
            ["route", "--cost", "1 tỷ", "--on", "2026-03-02", "--province", "hung-ye"],
            [
                f"kcgrant: hung-ye on 2026-03-02: no regulation of this place is known; known: {shipped()}. "
                "Name one to compare with. Did you mean hung-yen?"
            ],
        ),
        (
            ["route", "--want", "1 tỷ", "--on", "2026-03-02", "--regulation", "decree-45-2012"],
            ["kcgrant: --regulation: decree-45-2012 is a framework without norms; name a regulation"],
        ),
        (["route", "no-such-file.json"], ["kcgrant: no-such-file.json: no such file; check the path"]),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_line_each(
    capsys: pytest.CaptureFixture[str], arguments: list[str], lines: list[str]
) -> None:
    assert refused(capsys, *arguments) == lines


@pytest.mark.parametrize(
    ("typed", "cost_vnd"),
    [
        ("850 triệu", 850_000_000),
        ("1,2 tỷ", 1_200_000_000),
        ("VND 1.2 billion", 1_200_000_000),
        ("1.200.000.000", 1_200_000_000),
    ],
)
def test_amounts_are_typed_as_people_write_them(capsys: pytest.CaptureFixture[str], typed: str, cost_vnd: int) -> None:
    document = json.loads(ran(capsys, *ROUTE, "--cost", typed, "--json"))
    assert document["application"]["activities"][0]["cost_vnd"] == cost_vnd


# --- compare ----------------------------------------------------------------------------------------------------------


def without_priority(folder: Path) -> str:
    """The machine of Halo, as a scheme of which it is stated that it has no priority."""
    file = folder / "halo.json"
    stated = json.loads(Path(HALO).read_text(encoding="utf-8")) | {"priority": False}
    file.write_text(json.dumps(stated), encoding="utf-8")
    return str(file)


def test_two_regulations_are_compared_with_the_effect_on_a_dossier(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    halo = without_priority(tmp_path)
    said = unwrapped(ran(capsys, "compare", "national-26-2014", "hung-yen-553-2025", "--applications", halo))
    for sentence in (
        "What changes from national-26-2014 to hung-yen-553-2025",
        "Advanced machinery and technology, cap VND 200,000,000 → VND 300,000,000",
        "figures of hung-yen-553-2025 ven-57468 (B)",
        "For comparison For comparison only: 26/2014/TTLT-BTC-BCT",
        "only in hung-yen-553-2025 Cleaner production model; that the other has no such norm here does not mean",
        "cost of VND 1,666,666,670 the least cost at which hung-yen-553-2025 gives more than national-26-2014: "
        "VND 500,000,001 against VND 500,000,000",
        "Sum of the maxima VND 200,000,000 → VND 300,000,000 (+VND 100,000,000)",
        "1 gain, 0 lose, 0 keep their maximum, 0 cannot be compared",
        "because of Advanced machinery and technology, cap: VND 200,000,000 → VND 300,000,000",
    ):
        assert sentence in said, sentence
    assert "factor for technology lines: none" not in said, "the machine is no line: the factor is no reason"


def test_a_comparison_is_a_document_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    halo = without_priority(tmp_path)
    document = json.loads(ran(capsys, "compare", "national-26-2014", "hung-yen-553-2025", "--json", "--applications", halo))
    assert document["impact"]["effects"][0]["change_vnd"] == 100_000_000
    alone = json.loads(ran(capsys, "compare", "national-26-2014", "hung-yen-553-2025", "--json"))
    assert alone == {key: value for key, value in document.items() if key != "impact"}


def test_a_norm_that_neither_regulation_has_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    slip = machine(1_000_000).model_copy(update={"norm": "advanced-machinary"})
    file.write_text(application(slip).to_json(), encoding="utf-8")
    lines = refused(capsys, "compare", "national-28-2018", "hung-yen-553-2025", "--applications", str(file), str(file))
    assert lines == 2 * [
        f'kcgrant: {file}: activities[0].norm: given "advanced-machinary"; neither regulation has it; known are '
        "advanced-machinery, cleaner-production-model, demonstration-model, interest-support, replication-model. Did you mean "
        "advanced-machinery?"
    ]


def test_an_application_that_is_not_eligible_is_said_to_be_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(application(machine(800_000_000), other_state_support=True).to_json(), encoding="utf-8")
    said = unwrapped(ran(capsys, "compare", "national-26-2014", "hung-yen-553-2025", "--applications", str(file)))
    assert f"{file} VND 0 → VND 0 (+VND 0); not eligible" in said


def test_the_same_in_both_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    said = unwrapped(ran(capsys, "compare", "hung-yen-553-2025", "hung-yen-553-2025", "--lang", "vi"))
    assert "Con số và điều kiện như nhau ở cả hai" in said
    assert "mọi mức chi phí như nhau ở cả hai" in said


def test_a_faulty_application_is_named_with_its_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("{}", encoding="utf-8")
    lines = refused(capsys, "compare", "national-26-2014", "hung-yen-553-2025", "--applications", HALO, str(file))
    assert lines[0] == f"kcgrant: {file}: approved_on: missing; it must be stated"


# --- words ------------------------------------------------------------------------------------------------------------


@given(st.data())
def test_both_languages_say_the_same_figures(data: st.DataObject) -> None:
    """The digits of both are the same, once days and decimal signs are set aside; no case breaks the words."""
    law, other = data.draw(regulations()), data.draw(regulations())
    stated = data.draw(applications(law, most=1))
    advice, answer = advise(stated, law), assess(stated, law)
    pairs = [
        [words.advice_in_words(advice, lang) + words.repairs_in_words(answer, lang) for lang in ("en", "vi")],
        [words.comparison_in_words(compare(law, other), lang) for lang in ("en", "vi")],
        [words.impact_in_words(impact([stated], law, other), lang) for lang in ("en", "vi")],
    ]
    for english, vietnamese in pairs:
        assert [len(part.rows) for part in english] == [len(part.rows) for part in vietnamese]
        for one, two in zip(english, vietnamese, strict=True):
            for row, same in zip(one.rows, two.rows, strict=True):
                amounts = [
                    sorted(re.findall(r"\d{1,3}(?:[.,]\d{3})+", text.replace("VND", ""))) for text in (row.value, same.value)
                ]
                assert [figure.replace(",", ".") for figure in amounts[0]] == amounts[1]


def test_a_regulation_without_titles_is_called_by_its_ids() -> None:
    law = catalogue.get("hung-yen-553-2025")
    bare = {name: norm.model_copy(update={"title": None}) for name, norm in law.norms.items()}
    advice = advise(application(machine(1_200_000_000)), law.model_copy(update={"norms": bare}))
    rows = words.advice_in_words(advice, "en")[0].rows
    assert any(row.value.startswith("cleaner-production-model; demonstration-model: at most") for row in rows)
