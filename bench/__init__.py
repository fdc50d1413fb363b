"""The budgets of the design, measured: ``make bench``. Figures are printed beside their budgets, never asserted."""
