"""The Python environment with the other products' real clients: made by `scripts/setup conformance`."""

import os
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
VENV = ROOT / ".build" / "conformance-venv"
REQUIREMENTS = FOLDER / "requirements.txt"


def enter(what):
    """Goes on inside the environment; where it is not there or not up to date, says so and skips the whole check."""
    python, stamp = VENV / "bin" / "python", VENV / "requirements.txt"
    if not python.exists() or not stamp.exists() or stamp.read_text() != REQUIREMENTS.read_text():
        print(f"SKIPPED: {VENV.relative_to(ROOT)} is not there or not up to date, run: scripts/setup conformance; "
              f"{what} was not checked", flush=True)
        sys.exit(0)
    if pathlib.Path(sys.prefix).resolve() != VENV.resolve():
        sys.stdout.flush()
        os.execv(python, [str(python), "-B", *sys.argv])
