"""From a document's bytes to its text: one module for each kind of document.

    bytes ──▶ kinds.py ──▶ text.py                                     within this process
              (which kind) └▶ apart.py ──▶ child.py ──▶ html.py, pdf.py, docx.py, transcript.py
                              (a process of its own, with limits of time and memory)

Rules kept here:
- the text follows from the bytes, the kind, a charset that was told, and the extractor's version;
- words stay as they are: nothing is folded, corrected or left out in silence;
- bytes are never believed: what takes too long or too much is refused, like what cannot be read.
"""
