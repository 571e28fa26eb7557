"""Tests of the domain: tables of cases and properties, no database."""
