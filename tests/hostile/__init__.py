"""Clients that mean no good: what they send is answered, and shows nothing that it should not."""
