"""Releases: runs made public, frozen and citable, by two people; nothing in them can be traced to anybody."""
