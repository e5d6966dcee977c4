"""What the line does while the database is away, and how it is brought in afterwards."""
