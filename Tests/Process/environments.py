"""Python environments with other projects' packages: made by `scripts/setup`, one for each requirements file."""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def enter(what, kind, requirements):
    """Goes on inside the environment that `scripts/setup KIND` makes; where it is not there or not up to date, says so and
    skips the whole check."""
    folder = ROOT / ".build" / f"{kind}-venv"
    python, stamp = folder / "bin" / "python", folder / "requirements.txt"
    if not python.exists() or not stamp.exists() or stamp.read_text() != requirements.read_text():
        print(f"SKIPPED: {folder.relative_to(ROOT)} is not there or not up to date, run: scripts/setup {kind}; "
              f"{what} was not checked", flush=True)
        sys.exit(0)
    if pathlib.Path(sys.prefix).resolve() != folder.resolve():
        sys.stdout.flush()
        os.execv(python, [str(python), "-B", *sys.argv])
