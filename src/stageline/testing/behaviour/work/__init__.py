"""What actions do: themes of the behaviour suite."""
