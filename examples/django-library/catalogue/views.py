"""Pages of the catalogue."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from catalogue.models import Book


def books(request: HttpRequest) -> HttpResponse:
    """Show all books."""
    return render(request, "catalogue/books.html", {"books": Book.objects.order_by("title")})


def health(_request: HttpRequest) -> JsonResponse:
    """Say which database is used, without asking it anything."""
    return JsonResponse({"database": connection.vendor})
