r"""Register: many applications in a table file, and the same rows out again with the answers beside them.

The decision taken here: a register is read as officers keep it; whatever cannot be read is named by its cell, the dossiers
that are sound are assessed, and no row is lost. The dossiers of one establishment share its cap.

Example:
    >>> import tempfile
    >>> from pathlib import Path
    >>> text = "Số hồ sơ;Ngày phê duyệt;Tên cơ sở;Tỉnh;Mức chi;Chi phí\n"
    >>> text += "KC-1;02/03/2026;Halo;Hưng Yên;advanced-machinery;420 triệu"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "register.csv"
    ...     _ = file.write_text(text, encoding="utf-8")
    ...     result = assess_register(read(file))
    >>> result.dossiers["KC-1"].maximum_vnd, result.dossiers["KC-1"].verdict.value
    (210000000, 'undetermined')
"""

from kcgrant.register.pooling import Dossier, Use
from kcgrant.register.reading import read
from kcgrant.register.result import RegisterResult, assess_register, assess_together
from kcgrant.register.rows import Place, Register, Remark, Row, Sheet
from kcgrant.register.template import template
from kcgrant.register.understanding import understood
from kcgrant.register.writing import write

__all__ = [
    "Dossier",
    "Place",
    "Register",
    "RegisterResult",
    "Remark",
    "Row",
    "Sheet",
    "Use",
    "assess_register",
    "assess_together",
    "read",
    "template",
    "understood",
    "write",
]
