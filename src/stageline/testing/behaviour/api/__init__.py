"""How it is asked: themes of the behaviour suite."""
