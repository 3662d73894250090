"""Attribution in other languages than English."""
