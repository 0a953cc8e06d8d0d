"""What the program shows and is not code: icons, fonts, and the licences of both."""
