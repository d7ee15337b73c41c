"""Books."""

from django.db import models


class Book(models.Model):
    """A book; the cover is optional."""

    title = models.CharField(max_length=200)
    author = models.CharField(max_length=200)
    cover = models.ImageField(upload_to="covers", blank=True)

    def __str__(self) -> str:
        """Return the title."""
        return self.title
