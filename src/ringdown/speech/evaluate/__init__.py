"""How good recognition is on recordings whose words are known."""
