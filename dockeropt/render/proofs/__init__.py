"""How a proof by real builds is shown: as text, as JSON, as Markdown for a pull request."""
