"""The engine: it runs passes, checks what they did, and knows none of them by name."""

from dockeropt.rewrite.context import Context, View
from dockeropt.rewrite.fix import Applicability, Effect, Evidence, Finding, Fix
from dockeropt.rewrite.passes import Category, Pass, PassInfo, Phase, rewrite

__all__ = [
    "Applicability",
    "Category",
    "Context",
    "Effect",
    "Evidence",
    "Finding",
    "Fix",
    "Pass",
    "PassInfo",
    "Phase",
    "View",
    "rewrite",
]
