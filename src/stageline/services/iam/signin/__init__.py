"""People who sign in with a password, as a console lets them: entering, who is there at each request, roles they switch to."""
