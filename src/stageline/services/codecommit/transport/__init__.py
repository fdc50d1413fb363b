"""Git over HTTP below the front door: credentials, the CGI process, the commands of a push."""
