"""CodeCommit."""
