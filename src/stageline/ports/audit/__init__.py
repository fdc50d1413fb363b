"""What is written down about each call, and who asks for it again."""
