"""Suggest fixes where people review: comments on a pull request that one click applies.

``suggestions.py`` cuts what a result changes into pieces that stand alone, ``hunks.py`` says which lines
of a diff can be commented on, ``github.py`` and ``gitlab.py`` bring the two together in the form that each
service takes. Invariant: every fix ends either in a suggestion or, by name and with the reason,
in the remainder.
"""
