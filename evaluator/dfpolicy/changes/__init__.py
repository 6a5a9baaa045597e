"""What changes make of objects, texts and the values of charts."""
