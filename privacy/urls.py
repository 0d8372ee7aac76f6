"""Addresses of the ground floor."""

from django.urls import path

from privacy import views

urlpatterns = [
    path("privacy/deletion/<str:token>/", views.confirm_deletion, name="deletion_proof"),
]
