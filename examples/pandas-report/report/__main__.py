"""Print the report of a file with orders."""

import sys

from report.monthly import monthly, read

print(monthly(read(sys.argv[1])).to_markdown())
