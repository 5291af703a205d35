"""Exports for analysts: a run's weighted responses, labelled, in the format of the tool that they use."""
