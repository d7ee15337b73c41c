"""Facts about images, packages and tools: data with sources and dates, no decisions.

Invariant: nothing is read before it is asked for, and no function looks at the clock.
"""
