"""How a pipeline behaves, as pure functions: ``decide(state, event)`` is the whole of it."""
