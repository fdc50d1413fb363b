"""What is kept in files of the data folder, beside the database."""
