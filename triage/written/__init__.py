"""What somebody wrote in a mail, apart from what the mail carries along: earlier mails, a signature."""

from triage.written.passages import Kind, Passage, newly_written, passages_of, whole

__all__ = ["Kind", "Passage", "newly_written", "passages_of", "whole"]
