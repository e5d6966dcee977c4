"""A telephone network and a mailbox on your own machine, with invented people: the desk to try out."""
