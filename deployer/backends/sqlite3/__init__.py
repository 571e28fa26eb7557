"""Django's SQLite, whose writers queue (base.py)."""
