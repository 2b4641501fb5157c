"""The demo: one city with years of life in it, told through the services, so that it obeys every rule.

Everybody and everything in it is invented. The story is the same on every run; its dates move with today.
"""
