"""AWS wire protocols, one file each."""
