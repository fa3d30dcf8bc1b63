"""Talks HTTP with the service of Lakehouse Lab."""
