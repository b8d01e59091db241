"""Kith: a chat assistant for the circle of support around a person."""
