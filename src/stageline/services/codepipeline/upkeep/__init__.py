"""What happens by the clock alone: old history goes, pipelines that nothing happens to are followed no longer."""
