"""What a draft means for the register: who is who, what is new, what differs. Pure."""
