#!/usr/bin/env python3
"""Makes a place of its own for PySpark (0.9 GB, once), and runs the example or its tests there.

python3 examples/spark/run.py [--rows N] [--workers N] …     the example; --help lists the options
python3 examples/spark/run.py --test                         its tests
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLACE = HERE / ".venv"
PYTHON = PLACE / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
REQUIREMENTS = HERE / "requirements.txt"


def main() -> int:
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or later is needed, this is {sys.version.split()[0]}")
    reasons = {"java": "Spark runs on Java 17 or later", "node": "a sample is decided one by one in Node"}
    for program, why in reasons.items():
        if shutil.which(program) is None:
            sys.exit(f"`{program}` is not on the PATH: {why}")
    check_java()
    install()
    # Another Spark on this machine is not the one that is pinned here.
    environment = {name: value for name, value in os.environ.items() if name not in ("SPARK_HOME", "PYTHONPATH")}
    arguments = ["-m", "unittest", "-v", "test_spark"] if sys.argv[1:] == ["--test"] else ["job.py", *sys.argv[1:]]
    return subprocess.call([PYTHON, *arguments], cwd=HERE, env=environment)


def check_java() -> None:
    said = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr
    found = re.search(r'version "(\d+)', said)
    if found is None or int(found[1]) < 17:
        sys.exit(f"Java 17 or later is needed, `java -version` says: {said.strip() or 'nothing'}")


def install() -> None:
    """Nothing to do where the same requirements were installed before."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    stamp = PLACE / "installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"installing PySpark, PyArrow and wasmtime in {PLACE} (0.9 GB, a minute)", flush=True)
    venv.create(PLACE, clear=True, with_pip=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS], check=True)
    stamp.write_text(wanted)


if __name__ == "__main__":
    sys.exit(main())
