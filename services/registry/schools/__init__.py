"""Schools (学校): what each is called, where it is and which stages it has on any day, and what became of it."""
