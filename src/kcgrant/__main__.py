"""`python -m kcgrant`: the same as the command `kcgrant`."""

from kcgrant.cli import run

if __name__ == "__main__":
    run()
