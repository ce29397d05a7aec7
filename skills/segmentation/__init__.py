"""What the segment skill is made of."""
