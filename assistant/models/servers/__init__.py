"""Models served over HTTP by any endpoint that speaks the OpenAI interface."""
