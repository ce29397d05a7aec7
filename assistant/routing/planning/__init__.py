"""Plans chains: takes a message apart where each part asks for something of its own."""
