"""`manage.py test [pytest arguments] [--ci]`: the tests, as pytest runs them."""
