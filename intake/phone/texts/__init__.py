"""The texts of the line: their wording, their recordings, and the pages about them."""
