"""The environment that drives a real browser."""

import pathlib
import shutil
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
sys.path.insert(0, str(ROOT / "Tests" / "Process"))

import environments  # noqa: E402


def enter(what):
    """Goes on inside the environment; skips the whole check where it, or a program that it needs, is not there."""
    missing = [name for name in ("chromium", "esbuild", "openssl", "node") if not shutil.which(name)]
    if missing:
        print(f"SKIPPED: no {', '.join(missing)}, run: scripts/setup browser; {what} was not checked", flush=True)
        sys.exit(0)
    environments.enter(what, "browser", FOLDER / "requirements.txt")
