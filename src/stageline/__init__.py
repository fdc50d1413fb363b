"""Stageline: CodePipeline that you own."""
