"""Uploaded pictures: what is sent is decoded and judged, and only what is made of it is stored.

``reading`` looks at an upload, ``making`` makes of it what is stored, ``keeping`` stores it and
``tidying`` finds what nothing names any more. ``uploads`` bounds what Django receives at all.
"""
