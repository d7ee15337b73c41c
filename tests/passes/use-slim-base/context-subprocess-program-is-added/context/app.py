from subprocess import run as start

start(["git", "--version"], check=True)
