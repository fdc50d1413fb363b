"""Passwords of users: what they must look like, how they are kept, changed and checked."""
