"""Tumen: watches the world's press for coverage of relations between the DPRK and Russia."""
