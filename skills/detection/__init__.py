"""What the detect and segment skills find things with, and how they tell it."""
