"""The engines behind the ports: each wraps one library and its errors."""
