"""Education aid: dated standards, eligibility with reasons, application to grant, and what follows from the register."""
