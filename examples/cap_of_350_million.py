"""Mức trần 350 triệu đồng tốn thêm bao nhiêu: what a higher cap would cost a province, on invented dossiers."""

from datetime import date
from pathlib import Path
from random import Random
from tempfile import gettempdir

import matplotlib.pyplot as plt
import polars as pl

from kcgrant import catalogue
from kcgrant.columns import sweep, variant
from kcgrant.language import figures

LAW = catalogue.get("hung-yen-553-2025")
MILLION, ESTABLISHMENTS = 10**6, 17_000

random = Random(2026)  # noqa: S311 - the same dossiers at every run
frame = pl.DataFrame({
    "norm": ["advanced-machinery"] * ESTABLISHMENTS,
    "cost_vnd": [random.randrange(20, 2_000) * MILLION for _ in range(ESTABLISHMENTS)],
    "technology_line": random.choices([True, False], [1, 4], k=ESTABLISHMENTS),
})  # fmt: skip

caps = range(300, 510, 10)
laws = {f"{cap} triệu": variant(LAW, "advanced-machinery", cap=cap * MILLION) for cap in caps}
outcomes = sweep(frame, laws, approved_on=date(2026, 3, 2))

print(f"{ESTABLISHMENTS} cơ sở, mỗi cơ sở một máy. Mức trần, số cơ sở chạm trần, số được thêm, tổng tăng thêm:")
for outcome in outcomes[:6]:
    more = figures(outcome.gained_vnd, "vi")
    print(f"{outcome.variant:>10} {outcome.lines_at_cap:>7} {outcome.winners:>7} {more:>24}")

figure, axes = plt.subplots(layout="constrained")
axes.plot(caps, [outcome.gained_vnd // 10**9 for outcome in outcomes], color="black")
axes.set(xlabel="mức trần (triệu đồng)", ylabel="tổng tăng thêm (tỷ đồng)", ylim=(0, None))
figure.savefig(Path(gettempdir()) / "cap_of_350_million.svg")
print("Hình:", "cap_of_350_million.svg")
