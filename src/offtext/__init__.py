"""offtext reads Swedish public-sector texts.

What kind of document a text is, the actors with their roles and affiliations, who said what, which goals are stated by
whom and for when, and how the text speaks of collaboration between organisations. Everything runs on this machine.

>>> import offtext
>>> found = offtext.analyze("– Vi börjar i höst, säger Karin Ek, rektor i Tranås kommun.")
>>> found.quotes[0].speaker.role
'rektor i Tranås kommun'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "Analysis",
    "Document",
    "OfftextError",
    "Pipeline",
    "__version__",
    "analyze",
    "analyze_all",
    "annotate",
    "load",
    "open_results",
    "read",
    "read_rows",
]

# name -> module: looked up at first use, so that `import offtext` stays light
_HOMES = {
    "Analysis": "offtext.analysis",
    "Document": "offtext.document",
    "OfftextError": "offtext.errors",
    "Pipeline": "offtext.pipeline",
    "analyze": "offtext.face",
    "analyze_all": "offtext.face",
    "annotate": "offtext.face",
    "load": "offtext.face",
    "open_results": "offtext.jobs.results",
    "read": "offtext.readers",
    "read_rows": "offtext.readers",
}

if TYPE_CHECKING:
    from offtext.analysis import Analysis
    from offtext.document import Document
    from offtext.errors import OfftextError
    from offtext.face import analyze, analyze_all, annotate, load
    from offtext.jobs.results import open_results
    from offtext.pipeline import Pipeline
    from offtext.readers import read, read_rows


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'offtext' has no attribute '{name}'. It has: {', '.join(__all__)}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return __all__
