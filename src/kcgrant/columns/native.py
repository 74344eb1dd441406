"""Native: a frame as it comes and as it goes back, where the common interface alone would not do.

The decision taken here: a table of PyArrow is computed by Polars where that is installed; and of any frame, columns that are
not read may be named by anything. The answers are then put beside the frame as it came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from importlib.util import find_spec
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from kcgrant.columns.names import own
from kcgrant.errors import InputError, InputTypeError, fault

Kinds = Mapping[str, nw.dtypes.DType]
"""The kind of each column of a frame."""


class Given(NamedTuple):
    """A frame at the door, lazy, with the kinds of its columns and the library that it came from.

    `beside` is the frame as it came, where answers have to be put beside that; else None.
    """

    lazy: nw.LazyFrame[Any]
    kinds: Kinds
    library: str
    eager: bool
    beside: Any = None


def given(frame: Any, known: Collection[str], where: str = "") -> Given:
    """A frame as the common interface has it.

    Raises:
        InputError: a column that is read stands twice, or one has a name of ours.
        InputTypeError: it is no frame.
    """
    of_arrow = nw.dependencies.is_pyarrow_table(frame)
    names = frame.column_names if of_arrow else list(frame.columns) if nw.dependencies.is_pandas_dataframe(frame) else []
    times = Counter(names)
    if twice := [name for name in known if times[name] > 1]:
        raise InputError([fault(f"{where}{name}", "two columns of this name; keep one") for name in twice])
    kept = [place for place, name in enumerate(names) if isinstance(name, str) and times[name] == 1]
    narrow = frame
    if len(kept) < len(names):
        narrow = frame.select(kept) if of_arrow else frame.iloc[:, kept]
    try:
        found = nw.from_native(narrow)
    except TypeError:
        told = "given {kind}; expected a dataframe, such as one of Polars or pandas"
        raise InputTypeError([fault("frame", told, kind=type(frame).__name__)]) from None
    kinds: Kinds = dict(found.collect_schema())
    if ours := [name for name in kinds if name.startswith(own(""))]:
        told = "names that begin with {prefix} are kept for kcgrant; rename the column"
        raise InputError([fault(name, told, prefix=own("")) for name in ours])
    library = found.implementation.value
    if of_arrow:
        return Given(_of_arrow(narrow, known, kinds).lazy(), kinds, library, eager=True, beside=frame)
    return Given(found.lazy(), kinds, library, isinstance(found, nw.DataFrame), None if narrow is frame else frame)


def _of_arrow(table: Any, known: Collection[str], kinds: Kinds) -> Any:
    """The columns that are read of a PyArrow table, on Polars where that is installed.

    What is of no known kind is left out, to be refused, unless it holds nothing.
    """
    import pyarrow as pa

    columns = {name: table[name] for name in kinds if name in known}
    if find_spec("polars") is not None:
        import polars as pl

        columns = {name: pa.nulls(len(table)) if one.null_count == len(table) else one for name, one in columns.items()}
        read = [name for name, one in columns.items() if kinds[name] != nw.Unknown or pa.types.is_null(one.type)]
        return nw.from_native(pl.DataFrame({name: pl.from_arrow(columns[name]) for name in read}))
    views = {name: one.cast(pa.string()) for name, one in columns.items() if one.type == pa.string_view()}
    return nw.from_native(pa.table(columns | views))  # PyArrow itself cannot group by views of texts


def given_back(answers: nw.DataFrame[Any], given: Any, *, alone: bool) -> Any:
    """Answers in the kind of a frame as it came, alone or beside its columns."""
    if nw.dependencies.is_pandas_dataframe(given):
        columns = {one.name: one.to_native() for one in answers.iter_columns()}
        return answers.to_native() if alone else given.assign(**columns)
    import pyarrow as pa

    found = answers.to_arrow()
    kinds = [(one.name, pa.string() if pa.types.is_large_string(one.type) else one.type) for one in found.schema]
    found = found.cast(pa.schema(kinds))
    for name in [] if alone else found.column_names:
        given = given.append_column(name, found[name])
    return found if alone else given
