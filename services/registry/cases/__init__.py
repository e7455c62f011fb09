"""Cases: one engine runs every procedure of the register over dated procedure documents."""
