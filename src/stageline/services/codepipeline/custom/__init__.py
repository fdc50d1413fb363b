"""Action types that do not come with the server, custom and third-party ones, and the jobs by which workers do their actions."""
