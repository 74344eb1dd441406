"""Command line: `kcgrant`, one room for each group of commands."""

from kcgrant.cli.main import main, run

__all__ = ["main", "run"]
