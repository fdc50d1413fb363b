"""CodeBuild's pure part: buildspec and phases."""
