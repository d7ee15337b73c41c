"""Addresses."""

from catalogue import views
from django.urls import path

urlpatterns = [path("", views.books), path("health", views.health)]
