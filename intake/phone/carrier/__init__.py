"""The carrier's side over REST: its client, recordings, comparing what it knows with what we know, setting it up."""
