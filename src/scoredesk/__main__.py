"""`python -m scoredesk` is the same as the command `scoredesk`."""

from scoredesk.cli import main

if __name__ == "__main__":
    main()
