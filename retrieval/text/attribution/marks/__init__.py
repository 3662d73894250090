"""Quotation marks of any language, and the segments that they enclose."""
