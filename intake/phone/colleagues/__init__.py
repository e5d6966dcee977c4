"""The desk's side of the line: who takes the telephone, what everybody sees of it, and talking to a caller."""
