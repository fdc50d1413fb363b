"""Protocols between the layers, and the values that cross them. Every instant is an int: epoch milliseconds, UTC."""
