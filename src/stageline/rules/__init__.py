"""The rules of stage conditions: one module a rule type, with ``RULE_TYPE``, ``start``, ``poll`` and ``cancel``."""
