"""Named instants around durable steps, so that a test can end the process exactly there.

In normal service ``HOOK`` is None and reaching a point costs one comparison.
"""

from collections.abc import Callable

HOOK: Callable[[str], None] | None = None


def reach(name: str) -> None:
    """Tell the hook, if one is set, that ``name`` (``store.before-commit``) has been reached."""
    if HOOK is not None:
        HOOK(name)
