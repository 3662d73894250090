"""Attribution with a parse: candidate mentions, their features, and the fitted model that ranks them."""
