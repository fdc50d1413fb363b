"""The store's adapters: SQL for documents, journal and tasks; a folder for blobs."""
