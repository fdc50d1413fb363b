"""How requests prove who sent them: Signature Version 4 in headers and queries, S3's older query form, and streamed bodies."""
