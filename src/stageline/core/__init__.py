"""The pure core: decisions as functions of values. No clock, no randomness, no input or output."""
