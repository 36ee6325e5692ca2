"""The environment with the other products' real clients."""

import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
REQUIREMENTS = FOLDER / "requirements.txt"
sys.path.insert(0, str(ROOT / "Tests" / "Process"))

import environments  # noqa: E402


def enter(what):
    """Goes on inside the environment, or skips the whole check."""
    environments.enter(what, "conformance", REQUIREMENTS)
