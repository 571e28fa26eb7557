"""The client against small servers that behave badly, and against the sandbox. No mock of our own code."""
