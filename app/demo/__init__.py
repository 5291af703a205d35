"""The demonstration: simulated residents of a real county answer both surveys, in past waves that say so."""
