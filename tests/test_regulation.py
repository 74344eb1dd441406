"""Regulation files: what proofreading catches, and that each fault is named with file, table and key."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from kcgrant import InputError, RegulationError, assess, catalogue
from kcgrant.fields import wanted
from kcgrant.language import Text
from kcgrant.law import LAW, Period, Regulation, proofread, read
from kcgrant.law.norms import Sentence

SOUND = """\
id        = "ha-nam-1-2024"
province  = "kim-bang"
document  = "1/2024/NQ-HĐND"
issued    = 2024-01-02
in_force  = { from = 2024-02-01, until = 2026-12-31 }
framework = "decree-45-2012"
[title]
en = "Ha Nam: invented for a test"
vi = "Hà Nam: văn bản giả định để kiểm thử"

[norms.advanced-machinery]
rate   = "35%"
cap    = 250_000_000
per    = "establishment"
technology_line_factor = "1.2"
source = "test"
states.en = "At most 35% of the cost, not over VND 250 million; 1.2 times that cap for technology lines."
states.vi = "Tối đa 35% chi phí, không quá 250 triệu đồng/cơ sở; 1,2 lần mức trần đó đối với dây chuyền công nghệ."

[norms.training]
cap    = 1_500_000
per    = "model"
source = "test"
states.en = "Not over VND 1,500,000 a course."
states.vi = "Không quá 1.500.000 đồng một khóa."

[[conditions]]
id          = "own"
fact        = "establishment.kind"
is          = "one of"
values      = ["cooperative", "household-business"]
norms       = ["training"]
changeable  = false
question.en = "Is it a cooperative or a household business?"
question.vi = "Cơ sở có phải là hợp tác xã hoặc hộ kinh doanh không?"
source      = "test"

[[readings]]
id      = "own-reading"
norms   = ["training"]
text.en = "A course is a model."
text.vi = "Mỗi khóa là một mô hình."

[[notes]]
id      = "invented"
text.en = "Invented."
text.vi = "Giả định."

[sources.test]
title     = "An invented source"
publisher = "Nobody"
certainty = "C"
"""


def refusals(folder: Path, text: str) -> tuple[list[str], list[str]]:
    """Why a file is refused, in English and in Vietnamese, a line each."""
    file = folder / "law.toml"
    file.write_bytes(text.encode())
    with pytest.raises(RegulationError) as refused:
        read(file)
    english, vietnamese = refused.value.message(), refused.value.message("vi")
    return english.replace(f"{file}: ", "").splitlines(), vietnamese.replace(f"{file}: ", "").splitlines()


def refusal(folder: Path, text: str, lang: Any = "en") -> list[str]:
    return refusals(folder, text)[lang == "vi"]


def test_a_sound_file_is_read_with_exact_numbers(tmp_path: Path) -> None:
    file = tmp_path / "law.toml"
    file.write_text(SOUND, encoding="utf-8")
    law = read(str(file))
    machinery = law.norms["advanced-machinery"]
    assert (machinery.rate, machinery.cap, machinery.technology_line_factor) == (
        Fraction(7, 20),
        250_000_000,
        Fraction(6, 5),
    )
    assert machinery.technology_line_cap_vnd == 300_000_000
    assert law.norms["training"].rate is None
    assert law.framework is not None
    assert law.framework.id == "decree-45-2012"
    assert [reading.id for reading in law.readings_for(frozenset(["training"]))] == [
        "own-reading",
        "rate-less",
        "per-model",
        "prior-model",
        "rounding",
        "date",
        "tax",
    ]
    assert proofread(law) == []


PROOFREAD = [
    (
        "cap    = 250_000_000",
        "cap    = 25_000_000",
        "states 250 million, which the norm lacks (cap VND 25,000,000, rate 35%, technology_line_factor 1.2)",
    ),
    ('rate   = "35%"', 'rate   = "30%"', "does not state the rate 30%"),
    ('states.en = "At most 35%', 'states.en = "At most 53%', "norms.advanced-machinery.states.en: states 53%"),
    ("không quá 250 triệu", "không quá 250 tỷ", "norms.advanced-machinery.states.vi: states 250 tỷ"),
    ("không quá 250 triệu", "không quá", "norms.advanced-machinery.states.vi: does not state the cap VND 250,000,000"),
    ("1,2 lần", "1.2 lần", "norms.advanced-machinery.states.vi: the number 1.2 is not written as in Vietnamese"),
    ("1.2 times", "1,2 times", "norms.advanced-machinery.states.en: the number 1,2 is not written as in English"),
    ("1.500.000 đồng", "1,500,000 đồng", "norms.training.states.vi: the number 1,500,000 is not written as in Vietnamese"),
    ("a course.", "per establishment.", "norms.training.states.en: states the cap per establishment, but per is model"),
    ("đồng/cơ sở", "đồng/mô hình", "norms.advanced-machinery.states.vi: states the cap per model, but per is establishment"),
    ("a course.", "a course of 5 days.", "norms.training.states.en: states 5, which the norm lacks (cap VND 1,500,000)"),
    (" 250 triệu", " 250 triệu tỷ", "norms.advanced-machinery.states.vi: states 250 triệu tỷ, which the norm lacks"),
    ("250 million;", "250 millionth;", "norms.advanced-machinery.states.en: states 250, which the norm lacks"),
    (
        "250 million;",
        "-250 million;",
        "norms.advanced-machinery.states.en: the number -250 million is not written as in English",
    ),
    ("the cost,", "½ of the cost,", "norms.advanced-machinery.states.en: the number ½ is not written as in English"),
    ("the cost,", "３５ the cost,", "norms.advanced-machinery.states.en: the number ３ is not written as in English"),
    ("1.2 times", "35% and 1.2% times", "norms.advanced-machinery.states.en: states 1.2%, which the norm lacks"),
    ("At most 35% of", "At most 0.35 of", "norms.advanced-machinery.states.en: does not state the rate 35%"),
    ("a course.", "a course of " + "9" * 5000, "norms.training.states.en: given "),
    ("a course.", "a course of " + "9" * 1500, "norms.training.states.en: the number 99999"),
]

STRUCTURE = [
    (
        'rate   = "35%"',
        'rate   = "135%"',
        'norms.advanced-machinery.rate: given "135%"; expected a percentage above 0% and '
        'up to 100%, as text: "50%" or "12.5%"',
    ),
    ('rate   = "35%"', "rate   = 0.35", "norms.advanced-machinery.rate: given 0.35; expected a percentage"),
    (
        "cap    = 250_000_000",
        "cap    = 250e6",
        "norms.advanced-machinery.cap: given 250000000.0; expected a whole number of",
    ),
    ("cap    = 250_000_000", 'cap    = "250 triệu"', 'norms.advanced-machinery.cap: given "250 triệu"; expected a whole'),
    ("cap    = 250_000_000", "cap    = true", "norms.advanced-machinery.cap: given true; expected a whole number of đồng"),
    ("cap    = 250_000_000", "cap    = 0", "norms.advanced-machinery.cap: given 0; expected a whole number of đồng"),
    ("cap    = 250_000_000\n", "", "technology_line_factor: needs a cap, and the norm states none"),
    ('"1.2"\n', '"0.9"\n', 'norms.advanced-machinery.technology_line_factor: given "0.9"; expected a factor of at least 1'),
    (
        "cap    = 250_000_000",
        "cap    = 250_000_001",
        "norms.advanced-machinery.technology_line_factor: factor × cap is not a whole number of đồng",
    ),
    (
        'per    = "model"',
        'per    = "modl"',
        'norms.training.per: given "modl"; expected one of "establishment", "model", "enterprise", "brand", "product", "round", '
        '"course", "trip", "association", "linkage-cluster", "industrial-cluster", "craft-village", "person". Did you mean model?',
    ),
    ("changeable  = false", "changable   = false", "conditions[0].changable: unknown key. Did you mean changeable?"),
    ('states.en = "Not over', 'states.em = "Not over', "norms.training.states.em: unknown key; known here: en, vi"),
    ("[[notes]]", "[[note]]", "note: unknown key. Did you mean notes?"),
    ('certainty = "C"', 'certainty = "D"', 'sources.test.certainty: given "D"; expected one of "A", "B", "C"'),
    (
        'source = "test"\nstates.en = "At',
        'source = "tset"\nstates.en = "At',
        'norms.advanced-machinery.source: given "tset"; there is no table [sources.tset]; known: ',
    ),
    ('source      = "test"', 'source      = "nowhere"', 'conditions[0].source: given "nowhere"; there is no table'),
    (
        'norms       = ["training"]',
        'norms       = ["trainning"]',
        'conditions[0].norms: given "trainning"; known: advanced-machinery, training. Did you mean training?',
    ),
    ('norms   = ["training"]', 'norms   = ["x"]', 'readings[0].norms: given "x"; known: advanced-machinery, training'),
    (
        'norms       = ["training"]',
        'norms = ["training"]\nexcept = ["training"]',
        "conditions[0]: has both norms and except",
    ),
    ('"establishment.kind"', '"establishment.kin"', 'conditions[0].fact: given "establishment.kin"; expected one of'),
    ('is          = "one of"', 'is          = "yes"', 'conditions[0].is: the fact establishment.kind takes "one of"'),
    (
        '"establishment.kind"',
        '"application.other_state_support"',
        'conditions[0].is: the fact application.other_state_support takes "yes" or "no"',
    ),
    (
        'values      = ["cooperative", "household-business"]\n',
        "",
        'conditions[0].values: needed with is = "one of", and only there',
    ),
    (
        '"household-business"]',
        '"household"]',
        'conditions[0].values: given "household"; known: small-or-medium-enterprise, large-enterprise, cooperative, '
        "cooperative-group, union-of-cooperatives, household-business. Did you mean household-business?",
    ),
    ('"household-business"]', '"cooperative"]', "conditions[0].values: given "),
    (
        '["cooperative", "household-business"]',
        '["small-or-medium-enterprise", "large-enterprise", "cooperative", '
        '"cooperative-group", "union-of-cooperatives", "household-business"]',
        "conditions[0].values: lists every answer, so it asks nothing; leave it out",
    ),
    (
        '["cooperative", "household-business"]',
        '["large-enterprise"]',
        "norms.training: no answer to establishment.kind meets all of the conditions beneficiary-kind, own",
    ),
    (
        "in_force  = { from = 2024-02-01, until = 2026-12-31 }\n",
        "",
        "in_force: missing; a regulation with norms has a first day",
    ),
    (
        "issued    = 2024-01-02",
        "issued    = 2024-02-02",
        "in_force.from: given 2024-02-01, before the day of issue, 2024-02-02",
    ),
    (
        'norms   = ["training"]',
        'about   = "model"',
        'readings[0].about: given "model"; expected one of "rate-less", "per-model"',
    ),
    ("until = 2026-12-31", "until = 2023-12-31", "in_force.until: given 2023-12-31, before its from, 2024-02-01"),
    ("from = 2024-02-01", "from = 2024-02-01T00:00:00", "in_force.from: given "),
    (
        "changeable  = false",
        "from = 2025-02-01\nuntil = 2025-01-31",
        "conditions[0].until: given 2025-01-31, before its from, 2025-02-01",
    ),
    (
        'id          = "own"',
        'id          = "sector"',
        'conditions[0].id: "sector" stands twice on the same days; give it another id, or the versions days apart',
    ),
    ('id      = "own-reading"', 'id      = "tax"', 'readings[0].id: "tax" stands twice; give it another id'),
    ('id      = "invented"', 'id      = "not-asked"', 'notes[0].id: "not-asked" stands twice; give it another id'),
    (
        "[sources.test]",
        '[sources.decree-45-2012]\ntitle="x"\npublisher="y"\ncertainty="C"\n[sources.test]',
        'sources.decree-45-2012: "decree-45-2012" stands twice',
    ),
    ("[norms.training]", "[norms.Training]", "norms.Training: given "),
    (
        'framework = "decree-45-2012"',
        'framework = "decree-45"',
        'framework: given "decree-45"; expected the id of a framework: ',
    ),
    ('framework = "decree-45-2012"', "framework = { id = 'x' }", "framework: given "),
    ('framework = "decree-45-2012"', 'framework = "../decree-45-2012"', "framework: given "),
    (
        '"Ha Nam: invented',
        '"Ha\\u0300 Nam: invented',
        'title.en: given "Ha\u0300 Nam: invented for a test"; expected text in Unicode form NFC',
    ),
    ("[norms.advanced-machinery]", "[norms.training]", "not TOML: "),
    ('id        = "ha-nam-1-2024"', "id        = ", "not TOML: Invalid value (at line 1, column 13)"),
    ('id        = "ha-nam-1-2024"', "id        = " + "[" * 100_000, "not TOML: nested too deeply"),
    ("cap    = 250_000_000", "cap    = 1" + "0" * 5000, "not TOML: a number of thousands of digits"),
    ('id        = "ha-nam-1-2024"', "a" + ".a" * 20 + " = 1", "a key with more than sixteen dots; write tables"),
    ('en = "Ha Nam: invented for a test"', 'en = ""', 'title.en: given ""; expected a sentence in quotes, of 1 to 2000'),
    (
        'en = "Ha Nam: invented for a test"',
        'en = " "',
        'title.en: given " "; expected text with at least one letter or digit',
    ),
    ('en = "Ha Nam: invented for a test"', "en = 5", "title.en: given 5; expected a sentence in quotes, of 1 to 2000"),
    (
        "from = 2024-02-01,",
        'from = "2024-02-01",',
        'in_force.from: given "2024-02-01"; expected a day without quotes, such as ',
    ),
    ("{ from = 2024-02-01, until = 2026-12-31 }", "2024-02-01", "in_force: given 2024-02-01; expected an object with named"),
    ('framework = "decree-45-2012"', 'framework = "' + "a" * 300 + '"', "framework: given "),
    (
        'framework = "decree-45-2012"',
        'framework = "national-28-2018"',
        'framework: given "national-28-2018"; expected the id of '
        "a framework: a file of that name beside this one, or one that is shipped, decree-45-2012",
    ),
    (
        'is          = "one of"',
        'is          = "maybe"',
        'conditions[0].is: given "maybe"; expected one of "one of", "yes", "no"',
    ),
]


@pytest.mark.parametrize(("old", "new", "fault"), PROOFREAD + STRUCTURE)
def test_each_fault_in_a_file_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert SOUND.count(old) >= 1
    english, vietnamese = refusals(tmp_path, SOUND.replace(old, new, 1))
    assert any(fault in line for line in english), english
    assert all(len(line) < 400 for line in english)
    assert len(vietnamese) == len(english)


def test_all_faults_are_told_at_once_even_where_the_structure_is_faulty(tmp_path: Path) -> None:
    text = SOUND.replace("changeable", "changable").replace('"1.2"', '"0.2"').replace("1.500.000", "150.000")
    assert refusal(tmp_path, text) == [
        'norms.advanced-machinery.technology_line_factor: given "0.2"; expected a factor of at least 1, as text: "1.5"',
        "conditions[0].changable: unknown key. Did you mean changeable?",
        "norms.training.states.vi: states 150.000, which the norm lacks (cap VND 1,500,000)",
        "norms.training.states.vi: does not state the cap VND 1,500,000",
    ]


def test_a_fault_of_one_field_hides_none_between_other_fields(tmp_path: Path) -> None:
    text = SOUND.replace("cap    = 250_000_000", "cap    = -1").replace('"own-reading"', '"tax"')
    text = text.replace("until = 2026-12-31", "until = 2023-12-31").replace('source      = "test"', 'source      = "tst"')
    assert [line.split(";")[0] for line in refusal(tmp_path, text)] == [
        "norms.advanced-machinery.cap: given -1",
        "in_force.until: given 2023-12-31, before its from, 2024-02-01",
        'conditions[0].source: given "tst"',
        'readings[0].id: "tax" stands twice',
    ]


def test_a_file_has_at_most_a_hundred_entries_of_a_kind(tmp_path: Path) -> None:
    notes = "".join(f'[[notes]]\nid = "n{n}"\ntext = {{ en = "a", vi = "b" }}\n' for n in range(100))
    assert refusal(tmp_path, SOUND + notes) == ["notes: more than 100 entries; split the document"]
    sources = "".join(f'[sources.s{n}]\ntitle = "a"\npublisher = "b"\ncertainty = "C"\n' for n in range(100))
    assert refusal(tmp_path, SOUND + sources) == ["sources: more than 100 entries; split the document"]


@pytest.mark.parametrize(
    ("text", "en", "vi"),
    [
        ("a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a = 1", "a key with more than sixteen dots; write tables", "một khóa có hơn mười sáu dấu chấm"),
        ("a = " + "9" * 5000, "not TOML: a number of thousands of digits", "không đúng cú pháp TOML: số có hàng nghìn chữ số"),
        ("a = " + "[" * 100_000, "not TOML: nested too deeply", "không đúng cú pháp TOML: lồng quá sâu"),
        ("a", "not TOML: Expected '=' after a key in a key/value pair (at end of document)",
         "không đúng cú pháp TOML: Expected '=' after a key in a key/value pair (at end of document)"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_toml_is_refused_in_one_line(tmp_path: Path, text: str, en: str, vi: str) -> None:
    file = tmp_path / "law.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RegulationError) as refused:
        read(file)
    assert (str(refused.value), refused.value.message("vi")) == (f"{file}: {en}", f"{file}: {vi}")


def test_a_key_with_sixteen_parts_is_read(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a = 1")[-1].startswith("a: unknown key")


def test_notes_and_sources_that_are_faulty_hide_nothing_and_are_hidden_by_nothing(tmp_path: Path) -> None:
    text = SOUND.replace("cap    = 250_000_000", "cap    = -1").replace('id      = "invented"', 'id      = "not-asked"')
    text = text.replace(
        "[sources.test]", '[sources.decree-45-2012]\ntitle = "x"\npublisher = "y"\ncertainty = "C"\n[sources.test]'
    )
    assert [line.split(";")[0] for line in refusal(tmp_path, text)] == [
        "norms.advanced-machinery.cap: given -1",
        'notes[0].id: "not-asked" stands twice',
        'sources.decree-45-2012: "decree-45-2012" stands twice',
    ]
    many = SOUND.replace("cap    = 250_000_000", "cap    = -1").replace('source = "test"', 'source = "tst"')
    many += "".join(f'[[notes]]\nid = "n{n}"\ntext = {{ en = "a", vi = "b" }}\n' for n in range(100))
    assert [line.split(";")[0] for line in refusal(tmp_path, many)] == [
        "norms.advanced-machinery.cap: given -1",
        "notes: more than 100 entries",
    ]


def test_frameworks_are_refused_in_both_languages(tmp_path: Path) -> None:
    beside = tmp_path / "other.toml"
    text = SOUND.replace('framework = "decree-45-2012"', 'framework = "other"')
    beside.write_text('framework = "decree-45-2012"\n', encoding="utf-8")
    assert refusal(tmp_path, text) == ["framework: other stands on a framework itself; name another"]
    assert refusal(tmp_path, text, "vi") == ["framework: other lại dựa vào khung khác"]
    beside.write_text((LAW / "decree-45-2012.toml").read_text(encoding="utf-8"), encoding="utf-8")
    assert refusal(tmp_path, text, "vi") == ["framework: other.toml không phải văn bản khung other"]
    itself = tmp_path / "law.toml"
    itself.write_text(SOUND.replace('framework = "decree-45-2012"', 'framework = "law"'), encoding="utf-8")
    with pytest.raises(RegulationError, match="framework: law stands on a framework itself; name another"):
        read(itself)


def test_a_norm_that_nearly_has_a_name_of_the_framework_is_a_slip(tmp_path: Path) -> None:
    assert refusal(tmp_path, SOUND.replace("[norms.advanced-machinery]", "[norms.demonstration-modell]")) == [
        'norms.demonstration-modell: decree-45-2012 has conditions for "demonstration-model", not for '
        '"demonstration-modell"; make the two agree'
    ]


def test_a_slip_in_a_framework_does_not_drop_a_condition(tmp_path: Path) -> None:
    beside = (LAW / "decree-45-2012.toml").read_text(encoding="utf-8")
    wrong = beside.replace('norms       = ["demonstration-model"]', 'norms       = ["demonstration-modle"]')
    assert wrong != beside
    (tmp_path / "decree-45-2012.toml").write_text(wrong, encoding="utf-8")
    text = (LAW / "hung-yen-553-2025.toml").read_text(encoding="utf-8")
    assert refusal(tmp_path, text) == [
        'norms.demonstration-model: decree-45-2012 has conditions for "demonstration-modle", not for "demonstration-model"; make '
        "the two agree"
    ]


def test_a_file_beside_that_is_no_framework_of_that_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "decree-45-2012.toml").write_text(
        (LAW / "decree-45-2012.toml").read_text().replace('"decree-45-2012"', '"x"', 1)
    )
    assert refusal(tmp_path, SOUND) == ["framework: decree-45-2012.toml is no framework decree-45-2012"]


def test_faults_are_told_in_vietnamese_too(tmp_path: Path) -> None:
    assert refusal(tmp_path, SOUND.replace("1,2 lần", "1.2 lần"), "vi") == [
        "norms.advanced-machinery.states.vi: số 1.2 không viết đúng kiểu tiếng Việt",
        "norms.advanced-machinery.states.vi: không nêu hệ số (technology_line_factor) 1,2",
    ]


def test_a_condition_may_have_versions_that_share_no_day(tmp_path: Path) -> None:
    second = SOUND[SOUND.index("[[conditions]]") : SOUND.index("[[readings]]")].replace(
        "changeable  = false", "from = 2025-06-01"
    )
    first = SOUND.replace("changeable  = false", "until = 2025-05-31")
    file = tmp_path / "law.toml"
    file.write_text(first + second, encoding="utf-8")
    assert read(file).turning_days == (date(2025, 6, 1), date(2025, 10, 15))
    assert refusal(tmp_path, SOUND + second) == [
        'conditions[1].id: "own" stands twice on the same days; give it another id, or the versions days apart'
    ]


def test_a_framework_is_looked_for_beside_the_file_first(tmp_path: Path) -> None:
    beside = (LAW / "decree-45-2012.toml").read_text(encoding="utf-8").replace("changeable  = true", "changeable  = false")
    (tmp_path / "decree-45-2012.toml").write_text(beside, encoding="utf-8")
    (tmp_path / "law.toml").write_text(SOUND, encoding="utf-8")
    law = read(tmp_path / "law.toml")
    assert law.framework is not None
    assert law.framework != catalogue.get("decree-45-2012")
    assert law.framework.conditions[0].changeable is False


def test_a_framework_stands_on_no_other(tmp_path: Path) -> None:
    (tmp_path / "loop.toml").write_text('framework = "loop"\n' + SOUND.replace('framework = "decree-45-2012"\n', ""))
    with pytest.raises(RegulationError) as refused:
        read(tmp_path / "loop.toml")
    assert str(refused.value) == f"{tmp_path / 'loop.toml'}: framework: loop stands on a framework itself; name another"


def test_a_file_with_neither_norms_nor_conditions_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, 'id="a"\ndocument="b"\ntitle={en="c", vi="d"}\n') == [
        "norms: missing; there are neither norms nor conditions"
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "no such file; check the path"),
        (b"\xef\xbb\xbfid = 'a'", "begins with a byte-order mark; save it as UTF-8 without BOM"),
        ("id = 'á'".encode("utf-16"), "begins with a byte-order mark; save it as UTF-8 without BOM"),
        ("id = 'á'".encode("latin-1"), "not UTF-8: byte 7 is 0xe1; save it as UTF-8"),
        (b"[" * (2**18 + 1), "larger than 256 KiB; not read"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None, fault: str) -> None:
    file = tmp_path / "law.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(RegulationError) as refused:
        read(file)
    assert str(refused.value) == f"{file}: {fault}"


def test_a_directory_and_an_impossible_path_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RegulationError, match="this is a directory; name a file in it"):
        read(tmp_path)
    with pytest.raises(RegulationError, match="cannot be read: embedded null byte"):
        read("a\0b")
    with pytest.raises(RegulationError, match=r"cannot be read: .*File name too long"):
        read("a" * 5000)


def test_the_digest_changes_with_any_content_and_with_the_framework() -> None:
    law = catalogue.get("hung-yen-553-2025")
    machinery = law.norms["advanced-machinery"]
    dearer = law.model_copy(
        update={"norms": {**law.norms, "advanced-machinery": machinery.model_copy(update={"cap": 350_000_000})}}
    )
    assert law.framework is not None
    framework = law.framework.model_copy(update={"notes": ()})
    digests = {law.digest, dearer.digest, law.model_copy(update={"framework": framework}).digest}
    assert len(digests) == 3
    assert law.model_copy() == law
    assert law.model_copy().digest == law.digest
    assert hash(law.model_copy()) == hash(law)


def test_a_variant_of_a_regulation_counts_with_its_own_numbers() -> None:
    """An analyst raises the cap to 350 million: the raised cap follows, 1.5 × 350,000,000 = 525,000,000."""
    from dossiers import application, line

    law = catalogue.get("hung-yen-553-2025")
    machinery = law.norms["advanced-machinery"]
    assert machinery.technology_line_cap_vnd == 450_000_000
    variant = law.model_copy(
        update={"norms": {"advanced-machinery": machinery.model_copy(update={"cap": 350_000_000})}, "readings": ()}
    )
    assert assess(application(line(2_000_000_000)), variant).maximum_vnd == 525_000_000
    assert "states 300 million" in proofread(variant)[0].line()


def test_every_regulation_that_is_shipped_is_sound_and_fully_sourced() -> None:
    for name in catalogue.ids():
        law = catalogue.get(name)
        assert law.id == name
        assert proofread(law) == []
        used = {norm.source for norm in law.norms.values()} | {condition.source for condition in law.conditions}
        assert used == law.sources.keys(), f"{name}: a source that nothing cites, or one of the framework cited"
        known = {norm for other in map(catalogue.get, catalogue.ids()) for norm in other.norms}
        for condition in law.conditions:
            assert {*(condition.norms or ()), *(condition.except_ or ())} <= known
        for reading in law.readings:
            assert set(reading.norms or ()) <= known


def test_a_sentence_has_both_languages_each_a_readable_line() -> None:
    """The schema is built here anew, so that this tests the building of it as well."""
    sentence: TypeAdapter[Text] = TypeAdapter(Sentence)
    assert sentence.validate_python({"en": "a", "vi": "ă"}) == Text(en="a", vi="ă")
    assert sentence.validate_python(Text(en="a", vi="ă"), strict=True) == Text(en="a", vi="ă")
    assert sentence.validate_python({"en": "a" * 2000, "vi": "b"}).en == "a" * 2000
    assert sentence.validate_json('{"en": "a", "vi": "b"}').vi == "b"
    expected = "expected a sentence in quotes, of 1 to 2000 characters"
    for wrong, where, message in (
        ({"en": "", "vi": "b"}, "en", expected),
        ({"en": "a", "vi": ""}, "vi", expected),
        ({"en": "a" * 2001, "vi": "b"}, "en", expected),
        ({"en": 5, "vi": "b"}, "en", expected),
        ({"en": b"a", "vi": "b"}, "en", expected),
        ({"en": "a"}, "vi", "Field required"),
        ({"vi": "a"}, "en", "Field required"),
        ({"en": "a", "vi": "b", "fr": "c"}, "fr", "Unexpected keyword argument"),
        ({"en": "a\nb", "vi": "b"}, "en", "expected one line of text without control"),
    ):
        with pytest.raises(ValidationError) as refused:
            sentence.validate_python(wrong)
        (fault,) = refused.value.errors()
        assert fault["loc"] == (where,)
        assert fault["msg"].startswith(message)
    with pytest.raises(ValidationError) as refused:
        sentence.validate_python({"en": "a", "vi": ""})
    assert wanted(refused.value.errors()[0]["ctx"]).vi == "một câu trong ngoặc kép, từ 1 đến 2000 ký tự"
    assert sentence.dump_python(Text(en="a", vi="b")) == {"en": "a", "vi": "b"}


def test_python_values_may_not_slip_past_the_cross_checks() -> None:
    law = catalogue.get("hung-yen-553-2025")
    with pytest.raises(ValidationError, match=r"there is no table \[sources.ven-57468\]"):
        law.model_copy(update={"sources": {}, "framework": None})
    assert Regulation.model_validate(law.model_dump(), by_name=True).digest == law.digest


def test_a_period_holds_on_its_first_and_its_last_day() -> None:
    period = Period.model_validate({"from": date(2024, 2, 1), "until": date(2024, 2, 3)})
    days = [date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 3), date(2024, 2, 4)]
    assert [period.covers(day) for day in days] == [False, True, True, False]
    assert Period.model_validate({"from": date(2024, 2, 1)}).covers(date.max)


def test_the_other_refusals_of_a_file_have_their_vietnamese(tmp_path: Path) -> None:
    twice = SOUND.replace('"household-business"]', '"cooperative"]')
    assert refusal(tmp_path, twice)[0].endswith("expected each word once, not cooperative twice")
    assert refusal(tmp_path, twice, "vi")[0].endswith("cần mỗi mã một lần, cooperative bị lặp")
    nameless = SOUND.replace('framework = "decree-45-2012"', 'framework = "x"')
    assert refusal(tmp_path, nameless, "vi")[0] == (
        'framework: giá trị "x"; cần mã của văn bản khung: tệp cùng tên trong cùng thư mục, hoặc văn bản khung có sẵn, '
        "decree-45-2012"
    )


def test_the_limits_of_a_norm_are_without_earlier_support_and_without_lines_unless_said() -> None:
    """50% of 800,000,000 is 400,000,000; the cap is 300,000,000, or 450,000,000 for lines."""
    norm = catalogue.get("hung-yen-553-2025").norms["advanced-machinery"]
    assert norm.limits(800_000_000) == (400_000_000, 300_000_000, 300_000_000, 400_000_000, "rate")
    assert norm.limits(800_000_000, 300_000_000) == (400_000_000, 300_000_000, 0, 400_000_000, "rate")
    assert norm.limits(800_000_000, technology_lines=True) == (400_000_000, 450_000_000, 450_000_000, 400_000_000, "rate")


def test_a_norm_is_asked_of_its_regulation_or_refused_at_the_place_given() -> None:
    law, framework = catalogue.get("hung-yen-553-2025"), catalogue.get("decree-45-2012")
    assert law.norm("advanced-machinery") is law.norms["advanced-machinery"]
    with pytest.raises(InputError) as refused:
        law.norm("machinery", "norms[0]")
    known = "demonstration-model, replication-model, cleaner-production-model, advanced-machinery"
    assert refused.value.message("vi") == (
        f'norms[0]: giá trị "machinery"; hung-yen-553-2025 có các nội dung hỗ trợ {known}. Có phải ý bạn là advanced-machinery?'
    )
    with pytest.raises(InputError) as refused:
        framework.norm("machinery")
    assert str(refused.value) == "decree-45-2012 is a framework without norms; name a regulation"


def test_very_many_faults_in_a_file_are_counted(tmp_path: Path) -> None:
    lines = refusal(tmp_path, "".join(f"key-{n} = 1\n" for n in range(1200)) + SOUND)
    assert (len(lines), lines[-1]) == (21, "… and 1180 more")


@pytest.mark.parametrize("part", ["a", '"!"', "'!'", '"\\""', '""'])
@pytest.mark.parametrize("line", ["{key} = 1", "[{key}]", "[[{key}]]", "a = {{ {key} = 1 }}", "a = [ {{ {key} = 1 }} ]"])
def test_a_key_of_many_parts_never_reaches_the_parser(tmp_path: Path, part: str, line: str) -> None:
    """The parser's memory grows with the square of a key's parts: 20,000 of them, in 80 KB, took 1.6 GB."""
    file = tmp_path / "law.toml"
    file.write_text(line.format(key=" . ".join([part] * 17)), encoding="utf-8")
    with pytest.raises(RegulationError, match=r"law\.toml: a key with more than sixteen dots; write tables"):
        read(file)
    with pytest.raises(RegulationError, match="sixteen dots" if line[0] != "[" else "id: missing"):  # the head has no table
        catalogue.read_directory(tmp_path)
    file.write_text(line.format(key=".".join([part] * 16)), encoding="utf-8")
    with pytest.raises(RegulationError) as refusal:
        read(file)
    assert "dots" not in str(refusal.value)
