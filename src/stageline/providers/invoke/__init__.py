"""Actions that invoke something else."""
