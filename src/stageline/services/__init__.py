"""AWS services, one package each; strangers to each other."""
