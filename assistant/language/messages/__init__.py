"""What the program tells people in English, and how it is said in other languages."""
