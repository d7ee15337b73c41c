import os

os.system(f"make {os.name}")
