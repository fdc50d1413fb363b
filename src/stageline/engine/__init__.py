"""The engine: commits decisions and performs their effects."""
