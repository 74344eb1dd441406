"""Programme: a year's budget shared out over assessed dossiers, to the đồng, with a reason for each.

The decision taken here: the policy, the points and the envelopes are the centre's own choice and are never invented; only
assured amounts are paid, and a list is served in its order, so that nobody on it is overtaken.
"""

from kcgrant.programme.claims import Share
from kcgrant.programme.plan import Award, Envelope, LeftOut, Part, Programme, Request, plan
from kcgrant.programme.policies import largest_remainder
from kcgrant.programme.requests import faulty, requests_from
from kcgrant.programme.writing import write

__all__ = [
    "Award",
    "Envelope",
    "LeftOut",
    "Part",
    "Programme",
    "Request",
    "Share",
    "faulty",
    "largest_remainder",
    "plan",
    "requests_from",
    "write",
]
