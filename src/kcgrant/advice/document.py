"""Documents: advice as plain values, read off its records by pydantic.

The decision taken here: a regulation stands in a document by its reference, and an assessment that is not the subject itself
by its verdict and amounts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import GetPydanticSchema
from pydantic_core import core_schema

from kcgrant.assessment.record import Assessment, reference_to
from kcgrant.fields import document
from kcgrant.law.regulation import Regulation


def in_short(answer: Assessment) -> dict[str, str | int]:
    """The verdict of an assessment and its amounts, in whole đồng."""
    return {"verdict": answer.verdict.value, "maximum_vnd": answer.maximum_vnd, "assured_vnd": answer.assured_vnd}


def written(write: Callable[[Any], object]) -> GetPydanticSchema:
    """Marks a field with how it is written; pydantic looks no further, since it would spoil the schema of an assessment."""
    plainly = core_schema.plain_serializer_function_ser_schema(write)
    return GetPydanticSchema(lambda _source, _handler: core_schema.any_schema(serialization=plainly))


Law = Annotated[Regulation, written(lambda law: document(reference_to(law)))]
InFull = Annotated[Assessment, written(Assessment.to_dict)]
InShort = Annotated[Assessment, written(in_short)]
