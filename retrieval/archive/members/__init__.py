"""What is kept for members: what they follow, what they are to be told, what buttons need, what they report."""
