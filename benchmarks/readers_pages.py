"""Web pages and prints of known texts: each maker returns the file and the lines on it that are not the text."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable

from markdown_it import MarkdownIt

MENU = (
    "Bostad och miljö",
    "Förskola och skola",
    "Kommun och politik",
    "Omsorg och hjälp",
    "Uppleva och göra",
    "Företagande",
)
COOKIE = "Vi använder kakor (cookies) för att webbplatsen ska fungera så bra som möjligt för dig."
COOKIE_OPAQUE = "Genom att surfa vidare godkänner du att vi använder kakor på den här webbplatsen."
NEWS = ("Sopbilen kommer en dag senare i helgen", "Så söker du bygglov för altan", "Badhuset har öppet hela lovet")
FOOTER = ("Tuna kommun, Torggatan 1, 123 45 Tuna", "Växel: 0123-45 67 00", "Tillgänglighetsredogörelse för webbplatsen")
SHARE = ("Dela på Facebook", "Skriv ut sidan", "Hittade du det du sökte?")
JUNK = [*MENU, *NEWS, *FOOTER, *SHARE]


def _links(entries: tuple[str, ...]) -> str:
    return "".join(f'<li><a href="/{number}">{entry}</a></li>' for number, entry in enumerate(entries))


def _body(text: str) -> str:
    return MarkdownIt().render(text)


def municipal(text: str, number: int) -> tuple[str, list[str]]:
    """A page as the publishing systems of municipalities make them: main, header, footer, class names."""
    return (
        f"""<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Sida {number} - Tuna kommun</title></head><body>
<a class="skip-link" href="#main">Hoppa till innehållet</a><div class="cookie-consent" role="dialog"><p>{COOKIE}</p><button>Godkänn</button></div>
<header role="banner"><nav><ul>{_links(MENU)}</ul></nav></header><div class="breadcrumbs"><a>Start</a> / <a>Kommun</a></div>
<main id="main">{_body(text)}<div class="share"><a>{SHARE[0]}</a> <a>{SHARE[1]}</a></div></main>
<aside class="related"><h2>Fler nyheter</h2><ul>{_links(NEWS)}</ul></aside><section class="feedback"><h2>{SHARE[2]}</h2></section>
<footer>{"".join(f"<p>{line}</p>" for line in FOOTER)}</footer></body></html>""",
        [COOKIE, *JUNK],
    )


def weblog(text: str, number: int) -> tuple[str, list[str]]:
    """A page of a blog system: article, entry-content, widgets."""
    return (
        f"""<!doctype html><html><head><meta charset="utf-8"><title>{number}</title></head><body class="single no-sidebar-left">
<div id="page"><div id="masthead" class="site-header"><ul class="main-menu">{_links(MENU)}</ul></div><div id="content"><div class="primary">
<article class="post"><div class="entry-content">{_body(text)}</div><ul class="social-share"><li>{SHARE[0]}</li><li>{SHARE[1]}</li></ul></article>
</div><div class="secondary widget-area"><h3>Senaste</h3><ul>{_links(NEWS)}</ul><p>{SHARE[2]}</p></div></div>
<div class="site-footer">{"<br>".join(FOOTER)}</div><div id="cookie-law-info-bar"><span>{COOKIE}</span></div></div></body></html>""",
        [COOKIE, *JUNK],
    )


def tables(text: str, number: int) -> tuple[str, list[str]]:
    """A page of the early 2000s, laid out by nested tables, without class names."""
    return (
        f"""<html><head><title>{number}</title></head><body><table width="100%"><tr><td colspan="3"><b>Tuna kommun</b></td></tr>
<tr><td width="150">{"<br>".join(f'<a href="{i}.htm">{entry}</a>' for i, entry in enumerate(MENU))}</td><td>{_body(text)}
<p><a href="#">{SHARE[1]}</a></p></td><td>{"<br>".join(f'<a href="n{i}.htm">{entry}</a>' for i, entry in enumerate(NEWS))}</td></tr>
<tr><td colspan="3"><font size="1">{" | ".join(FOOTER)}</font></td></tr></table></body></html>""",
        [*MENU, *NEWS, *FOOTER, SHARE[1]],
    )


def opaque(text: str, number: int) -> tuple[str, list[str]]:
    """A page of divisions whose names are made by a build tool and say nothing."""
    dice = random.Random(number)

    def name() -> str:
        return "".join(dice.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(6)) + str(dice.randint(10, 99))

    def div(content: str) -> str:
        return f'<div class="{name()}">{content}</div>'

    menu = div("".join(div(f'<a href="#">{entry}</a>') for entry in MENU))
    news = div("".join(div(f'<a href="#"><h3>{entry}</h3></a>') for entry in NEWS))
    foot = div("".join(div(line) for line in FOOTER))
    body = div(div(div(_body(text)) + div(f"<span>{SHARE[2]}</span>")) + news)
    return f"<!doctype html><html><body>{div(div(COOKIE_OPAQUE) + menu + body + foot)}</body></html>", [
        COOKIE_OPAQUE, *MENU, *NEWS, *FOOTER, SHARE[2],
    ]  # fmt: skip


def breaks(text: str, number: int) -> tuple[str, list[str]]:
    """A page whose paragraphs are divisions and line breaks, inside a form, as old publishing systems make them."""
    parts = []
    for block in text.split("\n\n"):
        if block.startswith("#"):
            parts.append(f"<h2>{block.lstrip('# ')}</h2>")
        else:
            parts.append(block.replace("\n", "<br>") + "<br><br>")
    return (
        f"""<html><body><form action="/"><div id="sidhuvud"><ul>{_links(MENU)}</ul></div><div id="mitten"><div id="vanster"><ul>{_links(NEWS)}</ul></div>
<div id="innehall">{"".join(parts)}</div></div><div id="sidfot">{" · ".join(FOOTER)}</div></form></body></html>""",
        [*MENU, *NEWS, *FOOTER],
    )


PAGES: dict[str, Callable[[str, int], tuple[str, list[str]]]] = {
    "municipal": municipal, "weblog": weblog, "tables": tables, "opaque": opaque, "breaks": breaks,
}  # fmt: skip

RUNNING = "Tuna kommun · Kommunstyrelsens förvaltning"
ADDRESS = "Postadress: 123 45 Tuna, tuna@example.org"


def printed(
    text: str, number: int, *, columns: int = 1, hyphens: bool = False, leading: float = 14, gap: float = 8
) -> tuple[bytes, list[str]]:
    """Print a text as PDF: own line breaking, running header, address and page number on every page."""
    from reportlab.pdfbase.pdfmetrics import stringWidth
    from reportlab.pdfgen import canvas

    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, pagesize=(595, 842), invariant=1)
    width = (595 - 2 * 65 - 25 * (columns - 1)) / columns
    page, column, y = 1, 0, 760.0

    def frame() -> None:
        sheet.setFont("Helvetica", 8)
        sheet.drawString(65, 805, RUNNING)
        sheet.drawString(480, 805, f"Sida {page} (9)")
        sheet.drawString(65, 30, ADDRESS)

    def broken(block: str, font: str, size: float) -> list[str]:
        lines, line = [], ""
        for word in block.split():
            longer = f"{line} {word}".strip()
            if stringWidth(longer, font, size) <= width:
                line = longer
                continue
            head = None
            if hyphens:
                # before a consonant followed by a vowel, and at the word's own hyphens
                cuts = [
                    m.start() for m in re.finditer(r"(?<=[a-zåäö]{2})[bdfghjklmnprstv][aeiouyåäö](?=[a-zåäö]{2})", word)
                ]
                cuts = [(cut, "-") for cut in cuts] + [(m.end(), "") for m in re.finditer("-(?=[a-zåäö])", word)]
                for cut, sign in sorted(cuts, reverse=True):
                    if stringWidth(f"{line} {word[:cut]}{sign}".strip(), font, size) <= width:
                        head, word = f"{line} {word[:cut]}{sign}".strip(), word[cut:]
                        break
            lines.append(head or line)
            line = word
        return [entry for entry in [*lines, line] if entry]

    frame()
    for block in re.split(r"\n\s*\n|\n(?=[-–] )", text):
        level = len(block) - len(block.lstrip("#"))
        font, size = ("Helvetica-Bold", 20.0 - 3 * level) if level else ("Helvetica", 10.5)
        lines = broken(re.sub(r"^#+\s*", "", block), font, size)
        for line in lines:
            if y < 75:
                column, y = column + 1, 760.0
                if column == columns:
                    sheet.showPage()
                    page, column = page + 1, 0
                    frame()
            sheet.setFont(font, size)
            sheet.drawString(65 + column * (width + 25), y, line)
            y -= leading if not level else 1.25 * size
        y -= gap
    sheet.save()
    return stream.getvalue(), [RUNNING, "Sida 1 (9)", ADDRESS] if page > 1 else []


PRINTS: dict[str, Callable[[str, int], tuple[bytes, list[str]]]] = {
    "report": lambda text, number: printed(text, number),
    "broken words": lambda text, number: printed(text, number, hyphens=True),
    "two columns": lambda text, number: printed(text, number, columns=2, hyphens=True),
    "tight": lambda text, number: printed(text, number, leading=12, gap=3, hyphens=True),
}
