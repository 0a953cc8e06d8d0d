"""How Holdfast looks: colours and sizes as tokens, a palette and a small style sheet made of them, and icons."""
