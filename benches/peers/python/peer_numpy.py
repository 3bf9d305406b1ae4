"""numpy, whole fen in 64-bit integers."""

import numpy as np
from columns import CHANGED

FULL = np.array([20_000, 40_000, 80_000, 15_000, 45_000, 100_000], dtype=np.int64)


def make(columns):
    total, out_of_scope, paid = (columns[name].astype(np.int64) for name in ("total", "outOfScope", "paid"))
    day, referred, away = columns["day"], columns["referred"] == 1, columns["away"] == 1
    scheme, level = columns["scheme"].astype(np.int64), columns["level"].astype(np.int64)

    def rule():
        eligible = total - out_of_scope
        cell = scheme * 3 + level
        full = np.where((cell == 4) & (day < CHANGED), 50_000, FULL[cell])
        share = eligible - np.minimum(np.where(referred, full // 2, full), eligible)
        first = np.minimum(share, 1_000_000) * 70
        second = np.maximum(0, np.minimum(share, 5_000_000) - 1_000_000) * 80
        in_bands = (first + second + np.maximum(0, share - 5_000_000) * 90 + 50) // 100
        asked = (in_bands * np.where(away, 85, 100) + 50) // 100
        basic = np.minimum(np.minimum(asked, np.maximum(0, 20_000_000 - paid)), share)
        above = np.maximum(0, eligible - basic - 1_400_000)
        in_illness = np.minimum(above, 3_000_000) * 60 + np.maximum(0, above - 3_000_000) * 70
        critical = np.minimum(np.minimum((in_illness + 50) // 100, 30_000_000), share - basic)
        return basic, critical, total - basic - critical

    return rule


def answers(found):
    return found[0], found[1]
