"""The gateway: AWS wire protocols, signatures and permissions in front of the services. ``asgi.build_app`` assembles it."""
