"""AWS Secrets Manager: secrets with versions, staging labels, tags and policies, sealed where they are stored."""
