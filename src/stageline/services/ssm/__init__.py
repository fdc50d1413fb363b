"""AWS Systems Manager, of it the Parameter Store: named values with versions and labels; secure ones are sealed."""
