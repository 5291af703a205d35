"""Disclosure control: which counts to hide so that nobody can be recognised, and the proof that they stay hidden."""
