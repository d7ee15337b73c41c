"""The command line: it reads arguments, calls the library, prints, and decides the exit code."""
