"""The passes of Acme Corp."""
