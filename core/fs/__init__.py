"""The only room with direct access to the disk. `api` says what the rest of the house may ask for."""
