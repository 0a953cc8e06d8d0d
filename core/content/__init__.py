"""Reading and changing content: streams of bytes in, streams of bytes out; memory does not grow with the file."""
