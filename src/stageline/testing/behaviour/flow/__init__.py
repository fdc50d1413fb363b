"""How executions move: themes of the behaviour suite."""
