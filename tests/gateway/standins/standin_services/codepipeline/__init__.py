"""Stand-in for codepipeline."""
