"""Work on everything that is stored, while no server uses it."""
