"""The people, offices, organisations and outlets of one article, and the speakers made of them."""
