"""The columns of the comparison as numpy arrays."""

import numpy as np

CHANGED = 19_723
TYPES = {
    "total": np.float64, "outOfScope": np.float64, "paid": np.float64, "day": np.int32,
    "scheme": np.uint8, "level": np.uint8, "referred": np.uint8, "away": np.uint8,
}


def read(folder):
    return {name: np.fromfile(f"{folder}/{name}.bin", dtype=kind) for name, kind in TYPES.items()}
