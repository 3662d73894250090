"""The light runtime: the embedding model read from its own weights, and run by ONNX Runtime without torch."""
