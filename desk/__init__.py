"""What every part stands on: settings, clock, database, sealing, blobs, audit, jobs, accounts, base layout."""
