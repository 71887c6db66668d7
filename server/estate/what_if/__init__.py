"""What would change for whom if sites closed, opened, moved or changed their public access."""
