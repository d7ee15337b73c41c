"""Print the commands that set the defaults of sessions."""

DEFAULTS = {"language": "en", "theme": "light", "rows": "50"}

for name, value in DEFAULTS.items():
    print(f"HSET session:defaults {name} {value}")
