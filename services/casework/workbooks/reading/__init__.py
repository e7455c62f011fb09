"""From the bytes of a file to rows, in a process of its own."""
