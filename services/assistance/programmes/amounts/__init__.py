"""The kinds of amounts that programmes are made of. Pure: each says what is payable for one unit and period, or why it is not known."""
