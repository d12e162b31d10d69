"""Decisions: the register of acts, drafts that wait for a signature, revocations, and the yearly report."""
