"""What the operations on S3 buckets and objects share: versions, bytes, checksums, conditions, descriptions."""
