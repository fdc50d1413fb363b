"""Work that actions and rules have in common: what starts, follows and stops it. Not a provider, not a rule."""
