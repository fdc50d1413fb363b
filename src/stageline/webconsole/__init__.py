"""The web console's server side: signing in, the built single-page application, live news, downloads and badges.

The application itself (``console/`` in the source tree) uses AWS operations only, as the person who signed in; there is no way
through here that signed requests do not have.
"""
