"""What lies beside a Dockerfile: the build context and what keeps files out of it.

Invariant: everything here is optional and read-only; without it nothing is proven.
"""
