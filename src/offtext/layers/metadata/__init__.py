"""What a document says of itself: title, date, diary number, sender, recipient and signatories."""

from offtext.layers.metadata.find import find_metadata

__all__ = ["find_metadata"]
