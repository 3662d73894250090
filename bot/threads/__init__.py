"""Running work off the event loop: lanes of threads that are fair to every server, and requests that use them."""
