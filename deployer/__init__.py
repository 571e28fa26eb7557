"""Deployer: compose, review and submit ModelArts deployments.

The rooms and their arrows are drawn in README.md. This file stays empty of imports:
`bootstrap` is imported from here before Django is installed.
"""
