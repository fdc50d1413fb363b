"""What ties roles to services: service-linked roles, and instance profiles for machines."""
