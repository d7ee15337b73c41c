import os

os.system("make all")
