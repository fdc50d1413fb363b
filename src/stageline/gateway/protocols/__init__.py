"""Wire protocols, one file each: ``parse`` a request, ``render`` a result, ``refuse`` with an error."""
