"""What commands do on a data folder, with or without a running server."""
