"""The language server: what ``fix`` and ``check`` know, while a Dockerfile is being written."""
