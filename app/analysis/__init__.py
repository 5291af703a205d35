"""Understand responses: weights, estimates, rankings and change, as pure functions on columns.

Nothing is imported here, so that naming the package costs a resident's page neither pandas nor scipy.
"""
