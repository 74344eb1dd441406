"""The format of a regulation, as real texts need it: what each key means, what is refused, and what it comes to."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from dossiers import DAY, application, demonstration, line, machine, prior
from kcgrant import (
    Activity,
    Application,
    InputError,
    NoRegulation,
    RegulationError,
    Verdict,
    assess,
    catalogue,
    cli,
    explain,
)
from kcgrant.advice import Drawn, as_chart, curves
from kcgrant.assessment import norms_of
from kcgrant.columns import assess_frame, assess_lines
from kcgrant.law import Regulation, read
from kcgrant.law import regulation as room
from kcgrant.register import assess_register
from kcgrant.register import read as read_register
from kcgrant.register import write as write_register

WORDS = {"en": "invented", "vi": "giả định"}

FULL = """
id = "full"
document = "1/2026"
province = "nowhere"
in_force = { from = 2026-01-01 }
title = { en = "Invented", vi = "Giả định" }
[sources.s]
title = "t"
publisher = "p"
certainty = "C"
[norms.fair]
rate = "80%"
per = "round"
clause = "Điều 6 khoản 2 điểm d"
source = "s"
states = { en = "At most 80%, under Decree 45/2012/NĐ-CP, Art. 6(1), of 2014", vi = "Tối đa 80%, theo Điều 6 Nghị định 45/2012/NĐ-CP năm 2014" }
[norms.training]
cap = 2_000_000
per = "person"
counted = true
at_most = 30
source = "s"
states = { en = "At most VND 2 million per person, for at most 30 persons", vi = "Không quá 2 triệu đồng/người, tối đa 30 người" }
[norms.advanced-machinery]
rate = "50%"
cap = 300_000_000
per = "establishment"
technology_line_cap = 450_000_000
source = "s"
states.en = "At most 50%, not over VND 300 million per establishment; VND 450 million for technology lines"
states.vi = "Tối đa 50%, không quá 300 triệu đồng/cơ sở; 450 triệu đồng đối với dây chuyền công nghệ"
[facts.in-town]
of = "activity"
label = { en = "In town", vi = "Trong thị trấn" }
question = { en = "Is it in a town?", vi = "Có ở thị trấn không?" }
[facts.tier]
of = "establishment"
values = ["low", "middle", "high"]
names.low = { en = "low income", vi = "thu nhập thấp" }
label = { en = "Tier", vi = "Nhóm" }
question = { en = "Which tier?", vi = "Thuộc nhóm nào?" }
[[conditions]]
id = "not-high"
fact = "establishment.facts.tier"
is = "one of"
values = ["low", "middle"]
norms = ["training"]
question = { en = "Is the tier low or middle?", vi = "Có thuộc nhóm thấp hoặc trung bình không?" }
source = "s"
[[variations]]
id = "priority"
fact = "application.priority"
is = "yes"
norms = ["advanced-machinery"]
cap_factor = "1.5"
states = { en = "1.5 times the cap", vi = "1,5 lần mức trần" }
source = "s"
[[variations]]
id = "in-town"
fact = "activity.facts.in-town"
is = "yes"
norms = ["fair"]
rate = "100%"
cap = 9_000_000
states = { en = "100% in a town, not over VND 9 million", vi = "100% ở thị trấn, không quá 9 triệu đồng" }
source = "s"
[[unexpressed]]
norms = ["fair"]
text = { en = "At most two fairs a year", vi = "Mỗi năm không quá hai hội chợ" }
"""


def written(tmp_path: Path, text: str = FULL) -> Path:
    file = tmp_path / "full.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def full(tmp_path: Path) -> Regulation:
    return read(written(tmp_path))


def refusal(tmp_path: Path, old: str, new: str) -> list[str]:
    """What a file with one change is refused with, without the name of the file."""
    assert FULL.count(old) >= 1, old
    with pytest.raises(RegulationError) as refused:
        read(written(tmp_path, FULL.replace(old, new, 1)))
    assert len(refused.value.message("vi").splitlines()) == len(str(refused.value).splitlines())
    return [line.partition("full.toml: ")[2] for line in str(refused.value).splitlines()]


def fair(cost_vnd: int, **facts: bool) -> Activity:
    return Activity(norm="fair", cost_vnd=cost_vnd, facts=facts)


def training(cost_vnd: int, quantity: int | None) -> Activity:
    return Activity(norm="training", cost_vnd=cost_vnd, quantity=quantity)


def of(*activities: Activity, tier: str | None = "low", **facts: Any) -> Application:
    stated = application(*activities, **facts)
    owner = stated.establishment.model_copy(update={"facts": {"tier": tier} if tier else {}})
    return stated.model_copy(update={"establishment": owner})


# --- what is read -----------------------------------------------------------------------------------------------------


def test_a_file_with_every_feature_is_read(full: Regulation) -> None:
    fairs, training, machinery = full.norms.values()
    assert (fairs.cap, fairs.per, fairs.clause) == (None, "round", "Điều 6 khoản 2 điểm d")
    assert (training.rate, training.counted, training.at_most) == (None, True, 30)
    assert machinery.technology_line_cap_vnd == 450_000_000
    assert full.fact_columns["establishment.facts.tier"].answers == ("low", "middle", "high")
    assert full.fact_columns["activity.facts.in-town"].answers == (True, False)
    assert full.norm_under("fair", ["in-town"]).cap == 9_000_000
    raised = full.norm_under("advanced-machinery", ["priority"])
    assert (raised.rate, raised.cap, raised.technology_line_cap) == (machinery.rate, 450_000_000, 675_000_000)


def test_a_file_without_the_new_keys_has_the_digest_that_it_had(full: Regulation) -> None:
    """The canonical content has a key of the wider format only where it is used."""
    plain = full.model_copy(update={"facts": {}, "variations": (), "unexpressed": (), "conditions": ()})
    assert plain.digest != full.digest
    assert "variations" not in plain.model_dump(mode="json", exclude_defaults=True)


def test_the_mappings_of_a_regulation_do_not_change(full: Regulation) -> None:
    tables: tuple[Any, ...] = (full.norms, full.sources, full.facts, full.facts["tier"].names)
    for table in tables:
        first = next(iter(table))
        for name, values in {
            "__setitem__": ("x", 1),
            "__delitem__": (first,),
            "update": ({"x": 1},),
            "pop": (first,),
            "popitem": (),
            "clear": (),
            "setdefault": ("x", 1),
            "__ior__": ({"x": 1},),
        }.items():
            with pytest.raises(TypeError, match="this mapping does not change"):
                getattr(table, name)(*values)
    for again in (copy.deepcopy(full), pickle.loads(pickle.dumps(full))):  # noqa: S301 - of our own
        assert (again, again.digest) == (full, full.digest)


def test_numbers_of_documents_and_years_are_no_numbers_of_law(full: Regulation) -> None:
    """The sentences of `fair` name a decree, an article and a year; a percentage or an amount there is still looked at."""
    assert room.proofread(full) == []


FAULTS = [
    ('per = "round"\n', "", "norms.fair.per: missing; it must be stated"),
    ('rate = "80%"\n', "", "norms.fair.cap: missing; a norm states a rate, a cap or both"),
    (
        "at_most = 30",
        "at_most = 31",
        "norms.training.states.en: states 30, which the norm lacks (cap VND 2,000,000, at_most 31)",
    ),
    ("counted = true\n", "", "norms.training.at_most: counts units, and the norm does not; write counted = true"),
    ("cap = 2_000_000\n", "", "norms.training.cap: missing; a norm states a rate, a cap or both"),
    (
        'per = "person"',
        'per = "establishment"',
        "norms.training.counted: an establishment is one; write per = the unit that is counted",
    ),
    ('per = "person"', 'per = "course"', "norms.training.states.en: states the cap per person, but per is course"),
    (
        "technology_line_cap = 450_000_000",
        "technology_line_cap = 200_000_000",
        "norms.advanced-machinery.technology_line_cap: given 200000000, less than the cap, 300,000,000",
    ),
    (
        "technology_line_cap = 450_000_000",
        'technology_line_cap = 450_000_000\ntechnology_line_factor = "1.5"',
        "norms.advanced-machinery.technology_line_cap: stated beside technology_line_factor; keep one",
    ),
    ("VND 450 million", "VND 45 million", "norms.advanced-machinery.states.en: does not state the technology_line_cap VND"),
    ("under Decree", "30% under Decree", "norms.fair.states.en: states 30%, which the norm lacks (rate 80%)"),
    ("of 2014", "of 2014 million", "norms.fair.states.en: states 2014 million, which the norm lacks (rate 80%)"),
    (
        'fact = "establishment.facts.tier"',
        'fact = "establishment.facts.teir"',
        'conditions[0].fact: given "establishment.facts.teir"',
    ),
    (
        'values = ["low", "middle"]',
        'values = ["low", "hihg"]',
        'conditions[0].values: given "hihg"; known: low, middle, high',
    ),
    ("[facts.tier]", "[facts.sector]", 'facts.sector: "sector" is the name of a column'),
    ('values = ["low", "middle", "high"]', 'values = ["low"]', "facts.tier.values: one answer alone asks nothing; list all"),
    ("names.low", "names.lowest", 'facts.tier.names: given "lowest"; known: low, middle, high'),
    ('cap_factor = "1.5"\n', "", "variations[0]: changes no number; state a rate, a cap or a cap_factor"),
    ('cap_factor = "1.5"', 'cap_factor = "1.5"\ncap = 3', "variations[0]: has both cap and cap_factor; keep one"),
    ('"1.5"', '"1.6"', "variations[0].states.en: states 1.5, which the norm lacks (cap_factor 1.6)"),
    ("1,5 lần mức trần", "1.5 lần mức trần", "variations[0].states.vi: the number 1.5 is not written as in Vietnamese"),
    ('"1.5"', '"1.0000001"', 'variations[0].cap_factor: given "1.0000001"; expected a factor of at least 1'),
    (
        'fact = "application.priority"',
        'fact = "activity.new_to_area"',
        "variations[0].fact: the cap of advanced-machinery is shared by all activities of an establishment; ask a fact of the",
    ),
    (
        'norms = ["advanced-machinery"]\ncap_factor',
        'norms = ["fair"]\ncap_factor',
        "variations[0].cap_factor: fair has no cap; name norms that have",
    ),
    ('norms = ["fair"]\nrate', 'norms = ["fiar"]\nrate', 'variations[1].norms: given "fiar"; known: fair, training'),
    ('id = "in-town"', 'id = "priority"', 'variations[1].id: "priority" stands twice'),
    (
        '[[unexpressed]]\nnorms = ["fair"]',
        '[[unexpressed]]\nnorms = ["fairs"]',
        'unexpressed[0].norms: given "fairs"; known: fair',
    ),
    (
        "in_force = { from = 2026-01-01 }\n",
        "",
        "in_force: missing; a regulation with norms has a first day, or comparison_only",
    ),
]


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS, ids=[one[-1][:60] for one in FAULTS])
def test_each_fault_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    found = refusal(tmp_path, old, new)
    assert any(one.startswith(fault) for one in found), found


def another(**changes: Any) -> str:
    """A variation of the cap of machinery, as text."""
    stated = {"id": "other", "fact": "establishment.difficult_area", "is": "yes", "norms": ["advanced-machinery"]} | changes
    lines = "".join(
        f"{key} = {value}\n" if key in ("from", "until") else f"{key} = {value!r}\n" for key, value in stated.items()
    )
    return f'{FULL}[[variations]]\n{lines}cap = 400_000_000\nsource = "s"\nstates = {{ en = "VND 400 million", vi = "400 triệu đồng" }}\n'


def test_two_variations_that_can_hold_at_once_set_no_number_twice(tmp_path: Path) -> None:
    told = (
        "variations[2]: can hold together with priority, and both set the cap of advanced-machinery; keep them apart by fact, "
        "norms or days"
    )
    with pytest.raises(RegulationError) as refused:
        read(written(tmp_path, another()))
    assert str(refused.value).partition("full.toml: ")[2] == told
    for apart in ({"fact": "application.priority", "is": "no"}, {"norms": ["training"]}):
        read(written(tmp_path, another(**apart)))
    days = FULL.replace('id = "priority"', 'id = "priority"\nuntil = 2026-12-31')
    read(written(tmp_path, another(**{"from": "2027-01-01"}).replace(FULL, days)))


def test_variations_turn_on_eight_facts_at_most(tmp_path: Path) -> None:
    facts = [f"establishment.facts.f{n}" for n in range(9)]
    text = FULL.partition("[[variations]]")[0]
    for number, fact in enumerate(facts):
        words = '{ en = "x", vi = "y" }'
        text += f'[facts.f{number}]\nof = "establishment"\nlabel = {words}\nquestion = {words}\n'
        text += f'[norms.n{number}]\ncap = 5\nper = "model"\nsource = "s"\nstates = {{ en = "5", vi = "5" }}\n'
        text += f'[[variations]]\nid = "v{number}"\nfact = "{fact}"\nis = "yes"\nnorms = ["n{number}"]\ncap = 6\n'
        text += 'source = "s"\nstates = { en = "6", vi = "6" }\n'
    with pytest.raises(
        RegulationError, match=r"variations: turn on 9 facts, establishment.facts.f0, .*; at most 8 are tried"
    ):
        read(written(tmp_path, text))


# --- what it comes to -------------------------------------------------------------------------------------------------


def amounts(law: Regulation, stated: Application) -> tuple[int, int]:
    answer = assess(stated, law)
    return answer.maximum_vnd, answer.assured_vnd


def test_a_rate_without_a_cap_is_the_only_limit(full: Regulation) -> None:
    """80% of 10^12 is 8 × 10^11; what the file cannot express leaves nothing assured."""
    answer = assess(of(fair(10**12, **{"in-town": False})), full)
    (option,) = answer.lines[0].options
    assert (answer.maximum_vnd, answer.assured_vnd, answer.verdict) == (8 * 10**11, 0, Verdict.UNDETERMINED)
    assert (option.cap_vnd, option.cap_left_vnd) == (None, None)
    assert option.binding == {"rate"}
    assert answer.questions == (), "no answer can settle it"
    assert "  not expressed in the file                   At most two fairs a year" in explain(answer)
    assert "unexpressed-1" not in explain(answer, "vi")


def test_what_is_unexpressed_of_no_norm_of_the_file_bounds_nothing(tmp_path: Path) -> None:
    """Such as what a text says of managing the fund: it is told with the norms, and leaves every norm assured."""
    law = read(written(tmp_path, FULL.replace('[[unexpressed]]\nnorms = ["fair"]', "[[unexpressed]]\nnorms = []")))
    answer = assess(of(fair(100, **{"in-town": False})), law)
    assert (answer.verdict, answer.assured_vnd) == ("eligible", 80)
    assert "unexpressed-1" not in [note.id for note in answer.notes]
    assert any(row.value == "At most two fairs a year" for part in norms_of(law, "en") for row in part.rows)


def test_units_are_counted_up_to_the_most(full: Regulation) -> None:
    """2 million for each of 20 persons; of 31 persons 30 count; never more than the cost."""
    assert amounts(full, of(training(10**9, 20))) == (40_000_000, 40_000_000)
    assert amounts(full, of(training(10**9, 31))) == (60_000_000, 60_000_000)
    assert amounts(full, of(training(39_999_999, 20))) == (39_999_999, 39_999_999)
    two = of(training(10**9, 20), training(10**9, 10))
    assert amounts(full, two) == (60_000_000, 60_000_000)


def test_a_stated_cap_for_lines_holds_for_lines_alone(full: Regulation) -> None:
    """50% of 1,000 million is 500: at most 300, for lines 450."""
    assert amounts(full, of(machine(10**9), priority=False)) == (300_000_000, 300_000_000)
    assert amounts(full, of(line(10**9), priority=False)) == (450_000_000, 450_000_000)


def test_a_variation_holds_where_its_fact_does(full: Regulation) -> None:
    """1.5 times 300 million is 450, 1.5 times 450 for lines 675; the rate of 50% stays: 50% of 1,400 million is 700."""
    cost = 1_400_000_000
    assert amounts(full, of(machine(cost), priority=True)) == (450_000_000, 450_000_000)
    assert amounts(full, of(machine(cost), priority=False)) == (300_000_000, 300_000_000)
    assert amounts(full, of(machine(cost), priority=None)) == (450_000_000, 300_000_000)
    assert amounts(full, of(line(cost), priority=None)) == (675_000_000, 450_000_000)
    with_support = of(machine(cost), priority=None, prior_support=(prior(350_000_000),))
    assert amounts(full, with_support) == (100_000_000, 0)


def test_a_variation_is_asked_for_only_where_it_matters(full: Regulation) -> None:
    """50% of 600 million is the ordinary cap; one million more is where the other numbers begin to count."""
    (question,) = assess(of(machine(602_000_000), priority=None), full).questions
    assert (question.fact, question.condition, question.activity) == ("application.priority", None, None)
    assert question.text.en == (
        "Which of the answers holds for: approved as a priority scheme? The numbers of the norm turn on it. 1.5 times the cap"
    )
    assert assess(of(machine(600_000_000), priority=None), full).questions == ()


def test_a_fact_of_an_activity_varies_the_numbers_of_its_unit(full: Regulation) -> None:
    """In town 100% but at most 9 million; elsewhere 80%: of 10 million 9 and 8, of 12 million 9 and 9.6."""
    law = full.model_copy(update={"unexpressed": ()})
    assert amounts(law, of(fair(10_000_000))) == (9_000_000, 8_000_000)
    assert amounts(law, of(fair(12_000_000))) == (9_600_000, 9_000_000)
    assert amounts(law, of(fair(12_000_000, **{"in-town": True}), fair(12_000_000))) == (18_600_000, 18_000_000)
    (question,) = assess(of(fair(12_000_000, **{"in-town": True}), fair(12_000_000)), law).questions
    assert (question.fact, question.activity, question.text.vi) == ("activity.facts.in-town", 1, "Có ở thị trấn không?")


def test_a_condition_may_ask_for_a_fact_of_the_regulation(full: Regulation) -> None:
    for tier, verdict in (("low", "eligible"), ("high", "ineligible"), (None, "undetermined")):
        assert assess(of(training(10**9, 1), tier=tier), full).verdict == verdict
    answer = assess(of(training(10**9, 1), tier="low"), full)
    assert answer.findings[0].value == "low"
    assert "tier: low income [s]" in explain(answer)
    assert "nhóm: thu nhập thấp [t]" in explain(answer, "vi")


def test_one_answer_that_shuts_a_norm_and_varies_another_is_counted_once(tmp_path: Path) -> None:
    """In the low tier training is open, of 10 persons 20 million; in the high one it is shut, and machinery has 400, not 300.

    So it is 320 or 400 million; with 2 × 30 persons 420 or 400.
    """
    priority = FULL[FULL.index("[[variations]]") : FULL.index('[[variations]]\nid = "in-town"')]
    by_tier = another(fact="establishment.facts.tier", **{"is": "one of", "values": ["high"]})
    law = read(written(tmp_path, by_tier.replace(priority, "")))
    stated = of(training(10**9, 10), machine(10**9), tier=None)
    assert amounts(law, stated) == (400_000_000, 320_000_000)
    bigger = of(training(10**9, 30), training(10**9, 30), machine(10**9), tier=None)
    assert amounts(law, bigger) == (420_000_000, 400_000_000)


@pytest.mark.parametrize(
    ("activity", "changes", "told"),
    [
        (training(5, None), {}, "activities[0].quantity: missing; training counts units: state how many"),
        (machine(5, quantity=2), {}, "activities[0].quantity: given 2; advanced-machinery counts no units, leave it out"),
        (
            fair(5, **{"in-twon": True}),
            {},
            "activities[0].facts.in-twon: full declares no such fact; known here: in-town. Did you mean in-town?",
        ),
        (
            machine(5),
            {"tier": "lowest"},
            'establishment.facts.tier: given "lowest"; known: low, middle, high. Did you mean low?',
        ),
        (machine(5), {"facts": {"x": True}}, "facts.x: full declares no such fact; known here: –"),
    ],
)
def test_what_does_not_fit_the_law_is_refused(
    full: Regulation, activity: Activity, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(InputError) as refused:
        assess(of(activity, **({"tier": None} | changes)), full)
    assert str(refused.value) == told


def test_facts_and_quantities_of_no_law_are_refused_under_one_without_them() -> None:
    hung_yen = catalogue.get("hung-yen-553-2025")
    with pytest.raises(InputError, match=r"activities\[0\].quantity: given 3; demonstration-model counts no units"):
        assess(application(demonstration(10, quantity=3)), hung_yen)
    with pytest.raises(
        InputError, match=r"establishment\.facts\.tier: hung-yen-553-2025 declares no such fact; known here: –"
    ):
        assess(of(machine(10)), hung_yen)


@pytest.mark.parametrize("quantity", [0, -1, 10**6 + 1, 1.0, True, "3"])
def test_a_quantity_is_a_whole_number(quantity: object) -> None:
    with pytest.raises(
        InputError, match=r"activities\[0\].quantity: given .*; expected a whole number of units from 1 to 1000000"
    ):
        Application.from_dict(
            application(machine(1)).model_dump() | {"activities": [{"norm": "x", "cost_vnd": 1, "quantity": quantity}]}
        )


def test_own_facts_come_back_from_json() -> None:
    stated = of(fair(5, **{"in-town": True}), tier="low", facts={"x": "word", "y": False})
    assert Application.from_json(stated.to_json()) == stated
    assert hash(Application.from_json(stated.to_json())) == hash(stated)
    again = stated.to_json().replace('"tier":"low"', '"tier":"low","tier":"low"')
    with pytest.raises(InputError, match="tier"):
        Application.from_json(again)


# --- a catalogue of one's own -----------------------------------------------------------------------------------------


def test_a_catalogue_of_many_answers_without_reading_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (room.LAW / "national-28-2018.toml").read_text(encoding="utf-8").replace('framework = "decree-45-2012"\n', "")
    for number in range(500):
        province = f'id        = "law-{number}"\nprovince  = "place-{number}"'
        (tmp_path / f"law-{number}.toml").write_text(
            text.replace('id        = "national-28-2018"', province), encoding="utf-8"
        )
    among, seen = catalogue.read_directory(tmp_path), list[str]()

    def reading(path: Path) -> Regulation:
        seen.append(path.name)
        return read(path)

    monkeypatch.setattr(catalogue, "read", reading)
    assert catalogue.find("place-333", DAY, among=among).id == "law-333"
    assert seen == ["law-333.toml"]
    assert len(among.ids()) == 500


def test_what_is_for_comparison_only_is_never_found(tmp_path: Path) -> None:
    written(tmp_path, FULL.replace("in_force = { from = 2026-01-01 }", "comparison_only = true"))
    among = catalogue.read_directory(tmp_path)
    assert among.get("full").comparison_only
    with pytest.raises(NoRegulation, match="nowhere on 2026-03-02: no regulation of this place is known"):
        catalogue.find("nowhere", DAY, among=among)
    assert amounts(among.get("full"), of(machine(10**9), priority=False)) == (300_000_000, 300_000_000)


def test_a_directory_with_a_fault_is_refused(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "again.toml").write_text(FULL, encoding="utf-8")
    (tmp_path / "none.toml").write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(RegulationError) as refused:
        catalogue.read_directory(tmp_path)
    assert [line.rpartition("/")[2] for line in str(refused.value).splitlines()] == [
        'full.toml: "full" stands twice, here and in again.toml; give it another id',
        "none.toml: id: missing; it must be stated",
    ]
    with pytest.raises(RegulationError, match="no such directory"):
        catalogue.read_directory(tmp_path / "nowhere")


def test_the_days_of_a_head_are_found_wherever_they_stand(tmp_path: Path) -> None:
    later = FULL.replace("in_force = { from = 2026-01-01 }\n", "") + "[in_force]\nfrom = 2026-01-01\n"
    written(tmp_path, later)
    assert catalogue.find("nowhere", date(2026, 1, 1), among=catalogue.read_directory(tmp_path)).id == "full"


# --- on the command line ----------------------------------------------------------------------------------------------


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(list(arguments))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_check_says_that_it_holds_of_the_file_not_of_the_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ran(capsys, "check", str(written(tmp_path)))
    assert code == 0
    assert "full.toml: note: it holds of the file, not of the text; 1 clauses are not expressed, and nothing is" in out


def test_a_route_takes_quantities_and_own_facts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """2 million for each of 7 persons is 14 million; of a fair in a town 9 million at most."""
    file, cost = str(written(tmp_path)), ("route", "--cost", "100 triệu", "--on", "02/03/2026", "--json")
    stated = ("--quantity", "7", "--fact", "tier=low", "--fact", "in-town=có")
    code, out, _ = ran(capsys, *cost, "--regulation", file, *stated)
    routes = {route["norm"]: route["assessment"]["maximum_vnd"] for route in json.loads(out)["rankings"][0]["routes"]}
    assert (code, routes) == (0, {"advanced-machinery": 50_000_000, "training": 14_000_000, "fair": 9_000_000})
    assert json.loads(ran(capsys, *cost, "--regulation", file)[1])["uncounted"] == ["training"]
    assert ran(capsys, *cost, "--regulation", file, "--fact", "teir=low")[2] == (
        'kcgrant: --fact: given "teir"; known: in-town, tier. Did you mean tier?\n'
    )
    assert ran(capsys, *cost, "--regulation", file, "--fact", "tier=lowest")[2] == (
        'kcgrant: --fact tier: given "lowest"; known: low, middle, high. Did you mean low?\n'
    )


def test_what_columns_cannot_carry_they_refuse_by_name(full: Regulation) -> None:
    frame = pl.DataFrame({"norm": ["fair"], "cost_vnd": [100]})
    with pytest.raises(InputError) as one:
        assess_frame(frame, full, approved_on=DAY)
    assert (
        str(one.value) == 'row 1, norm: given "fair"; columns cannot carry its variations; assess each application by itself'
    )
    none_left = full.model_copy(update={"unexpressed": [full.unexpressed[0].model_copy(update={"norms": None})]})
    with pytest.raises(RegulationError) as refused:
        assess_frame(frame, none_left, approved_on=DAY)
    assert str(refused.value).splitlines() == [
        "full: columns cannot carry its variations; assess each application by itself",
        "full: columns cannot carry what the file cannot express; assess each application by itself",
        "full: columns cannot carry the facts that it declares itself; assess each application by itself",
        "full: columns cannot carry its norms that count units; assess each application by itself",
    ]
    none: dict[str, Any] = {"variations": (), "unexpressed": (), "facts": {}, "conditions": ()}
    plain = full.model_copy(update={"norms": {"fair": full.norms["fair"]}, **none})
    (row,) = assess_lines(frame, plain, approved_on=DAY).rows(named=True)
    assert (row["amount_vnd"], row["cap_vnd"], row["binding"]) == (80, None, "rate")


def test_the_norms_of_a_wider_regulation_are_told_and_drawn(full: Regulation) -> None:
    told = [row for part in norms_of(full, "vi") for row in part.rows]
    assert any(row.value.startswith("Điều 6 khoản 2 điểm d: Tối đa 80%") for row in told)
    assert ("–", "100% ở thị trấn, không quá 9 triệu đồng [t, độ tin cậy C]") in [(r.label, r.value) for r in told]
    assert any(row.label == "chưa thể hiện được trong tệp" for row in told)
    drawn = as_chart([Drawn(full, curve) for curve in curves(full)], "en", mark_vnd=100_000_000, width=100)
    assert "where approved as a priority scheme: yes" in " ".join(drawn.split())


def test_a_register_has_a_column_for_each_fact_of_its_regulation(full: Regulation, tmp_path: Path) -> None:
    """In a town all of 10 million but at most 9, elsewhere 80%, so 8; 2 million for each of 7 persons, but not of a high tier."""
    file = tmp_path / "register.csv"
    head = "reference,approved_on,establishment,province,norm,cost_vnd,quantity,Trong thị trấn,TIER\n"
    rows = ["A,fair,10000000,,x,", "B,fair,10000000,,không,", "C,training,100000000,7,,thu nhập thấp"]
    rows += ("D,training,100000000,7,,high", "E,training,100000000,7,,rich", "F,training,100000000,7,,chưa rõ")
    written = (one.replace(",", ",02/03/2026,Name " + one[0] + ",nowhere,", 1) for one in rows)
    file.write_text(head + "\n".join(written), encoding="utf-8")
    result = assess_register(read_register(file, regulation=full), full)
    m = 10**6
    assert [(one.reference, one.maximum_vnd, one.assured_vnd) for one in result.dossiers.values()] == [
        *(("A", 9 * m, 0), ("B", 8 * m, 0)),  # the clause that the file cannot express leaves nothing assured
        *(("C", 14 * m, 14 * m), ("D", 0, 0), ("E", None, None), ("F", 14 * m, 0)),
    ]
    assert [one.line() for one in result.faults] == ['line 6, column 9: given "rich"; known: low, middle, high']
    write_register(result, tmp_path / "result.xlsx")
    book = openpyxl.load_workbook(tmp_path / "result.xlsx")
    asked = book["Questions"]
    (found,) = [cells for cells in asked.iter_rows(values_only=True) if cells[0] == "F"]
    assert found[2:4] == ("line 7, column 9", "Is the tier low or middle?")


def test_facts_of_a_regulation_are_answered_on_the_sheet_of_questions(full: Regulation, tmp_path: Path) -> None:
    """A list without such columns is asked, and its answers are taken: 2 million for each of 7 persons."""
    file, asked = tmp_path / "register.xlsx", tmp_path / "asked.xlsx"
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Register", 0)
    sheet.append(["reference", "approved_on", "establishment", "province", "norm", "cost_vnd", "quantity"])
    sheet.append(["F", "02/03/2026", "Name", "nowhere", "training", 100_000_000, 7])
    book.save(file)
    write_register(assess_register(read_register(file, regulation=full), full), asked)
    book = openpyxl.load_workbook(asked)
    (found,) = [cells for cells in book["Questions"].iter_rows() if cells[0].value == "F"]
    found[4].value = "low income"
    book.save(asked)
    result = assess_register(read_register(asked, regulation=full), full)
    assert (result.dossiers["F"].assured_vnd, result.faults) == (14_000_000, [])
