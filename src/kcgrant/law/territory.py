"""Territory: the merger of provinces of 1 July 2025, and whose older texts hold where since then.

The decision taken here: what a province that took part signed before that day holds from then on only inside its own former
territory. That is a condition like any other, on the province in which a place lay before.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Final, NamedTuple

from pydantic import Field

from kcgrant.fields import Code, FrozenMap, Record
from kcgrant.language import Text, both, listed
from kcgrant.law.norms import Condition, Note, Sentence, Source, WrittenDay

TERRITORY: Final = "territory"
"""The id of the condition on the former province, and of the reading behind it."""

FORMER: Final = "establishment.former_province"
SOURCE: Final = "law-64-2025"


class _Merger(Record):
    """The merger: its day, the source of the rule, and the provinces that ceased, each with the one that it is part of."""

    day: WrittenDay
    source: Source
    merged: Mapping[Code, Code]
    names: Mapping[Code, Sentence]
    unmerged: Annotated[tuple[Code, ...], Field(strict=False)]
    centrally_run: Annotated[tuple[Code, ...], Field(strict=False, alias="centrally-run")]


@cache
def merger() -> _Merger:
    """The merger of provinces of 1 July 2025."""
    return _Merger.model_validate(tomllib.loads((Path(__file__).parent / "provinces.toml").read_text(encoding="utf-8")))


def former_provinces(province: str) -> tuple[str, ...]:
    """The provinces whose territory a province has had since the merger; none where it did not take part.

    Example:
        >>> former_provinces("hung-yen")
        ('hung-yen', 'thai-binh')
    """
    merged = [old for old, new in merger().merged.items() if new == province]
    return (province, *merged) if merged else ()


def names_of(provinces: Iterable[str]) -> Mapping[str, Text]:
    """What provinces that took part in the merger are called.

    Example:
        >>> names_of(["thai-binh"])["thai-binh"].vi
        'Thái Bình'
    """
    return FrozenMap({province: merger().names[province] for province in provinces})


def province_name(province: str) -> Text:
    """What a province is called; a code that is none, as of an invented law, is called by itself.

    Example:
        >>> province_name("hung-yen").vi, province_name("nowhere").vi
        ('Hưng Yên', 'nowhere')
    """
    return merger().names.get(province) or Text(en=province, vi=province)


class Place(NamedTuple):
    """Where an establishment stands: the province of a day, and the one whose older texts hold there, if that is known."""

    province: str | None
    former: str | None


def place_on(province: str | None, on: date, former_province: str | None) -> Place:
    """The place as it was on a day: before the merger the former province is the province.

    Example:
        >>> place_on("hung-yen", date(2025, 6, 30), "thai-binh"), place_on("thai-binh", date(2025, 7, 1), None)
        (Place(province='thai-binh', former=None), Place(province='hung-yen', former='thai-binh'))
    """
    if province and province in merger().merged:  # a province of old, named as if it were one of today
        former_province = former_province or province
        province = merger().merged[province]
    if on < merger().day:
        return Place(former_province or province, None)
    return Place(province, former_province if former_provinces(province or "") else None)


def is_of_old(province: str | None, signed_on: date) -> bool:
    """Whether a province that took part in the merger signed a text before it: then it holds in its own territory alone."""
    took_part = province in merger().merged or bool(former_provinces(province or ""))
    return took_part and signed_on < merger().day


@cache
def of_territory(province: str) -> Condition:
    """The condition under which an older text of a province that took part in the merger holds."""
    asked = "In which province did the place lie before 2025-07-01 ({parts})? This text holds only in the former {province}."
    names = names_of(former_provinces(merger().merged.get(province, province)))
    parts = Text(en=listed(one.en for one in names.values()), vi=listed(one.vi for one in names.values()))
    return Condition.model_validate(
        {
            "id": TERRITORY,
            "fact": FORMER,
            "is": "one of",
            "values": (province,),
            "from": merger().day,
            "changeable": False,
            "question": both(asked, province=merger().names[province], parts=parts),
            "source": SOURCE,
        }
    )


@cache
def reading_of(province: str) -> Note:
    """How the texts of provinces that were merged are read."""
    told = (
        "Since the merger of 2025-07-01 this text holds only in the former province {province}, until an organ of the new "
        "province decides otherwise; the other former provinces keep their own rules."
    )
    return Note(id=TERRITORY, text=both(told, province=merger().names[province]))
