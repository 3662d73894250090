"""Embedding models: by sentence-transformers, or by ONNX Runtime."""
