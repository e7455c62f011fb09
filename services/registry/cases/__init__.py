"""Cases: one engine executes every procedure of the register from dated procedure documents."""
