"""Results as text: no decision is made here, nothing is read, nothing is printed."""
