"""Law: what the law says, as data that is proofread, found by place and day."""

from kcgrant.law import catalogue
from kcgrant.law.norms import Condition, Norm, Note, Period, Reading, Source
from kcgrant.law.regulation import LAW, Regulation, proofread, read

__all__ = ["LAW", "Condition", "Norm", "Note", "Period", "Reading", "Regulation", "Source", "catalogue", "proofread", "read"]
