"""How fast the desk is, as ratios against floors measured in the same run."""
