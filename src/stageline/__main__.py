"""``python -m stageline``."""

from stageline.cli import main

main()
