"""What `cargo xtask build` made."""

import sys
from pathlib import Path

from cases import PACK

ROOT = Path(__file__).resolve().parents[2]
WASM = ROOT / "www/dist/batch/yibao_batch.wasm"
PLAN = ROOT / f"www/dist/plans/{PACK}.plan.json"
#: Another module, which does import something.
PORTAL = ROOT / "www/dist/portal/yibao_bg.wasm"
NODE = ROOT / "www/dist/node.js"

for _file in (WASM, PLAN, PORTAL, NODE):
    if not _file.exists():
        sys.exit(f"{_file.relative_to(ROOT)} is not there; `cargo xtask build` makes it")
