"""Whole texts with the expected kind before each line: see `cases/*.txt`.

A line of a case is `kind | text`, or `kind:field | text` for a header field; `+` goes on with the block above; empty
lines are part of the text; the first line, after `#`, tells what the case is about.
"""

from pathlib import Path

import pytest

from offtext.layout import BLOCK_KINDS, parse

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))


def read(path):
    text, expected = [], []
    for line in path.read_text(encoding="utf-8").split("\n")[1:]:
        kind, bar, content = line.partition("| ")
        if not bar:
            text.append("")
        else:
            text.append(content)
            if kind.strip() == "+":
                expected[-1] = (expected[-1][0], expected[-1][1] + "\n" + content)
            else:
                expected.append((kind.strip(), content.strip()))
    return "\n".join(text), expected


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_blocks_have_the_kinds_of_the_case(path):
    text, expected = read(path)
    found = [
        (f"{block.kind}:{block.field}" if block.field else block.kind, text[block.start : block.end])
        for block in parse(text).blocks
    ]
    assert found == expected
    assert {kind.partition(":")[0] for kind, _ in expected} <= set(BLOCK_KINDS)


def contents(text, kind):
    layout = parse(text)
    return [layout.content(block) for block in layout.of_kind(kind)]


def fields(text):
    layout = parse(text)
    return [(block.field, layout.content(block)) for block in layout.of_kind("header_field")]


def test_several_fields_on_one_line_are_blocks_of_their_own_with_the_value_as_content():
    line = "**Datum** 2024-03-05 **Diarienummer** KS 2024/12 **Handläggare** Karin Ek"
    expected = [("date", "2024-03-05"), ("diary_number", "KS 2024/12"), ("sender", "Karin Ek")]
    assert fields(line + "\n\nKommunen bygger en skola.") == expected


def test_a_table_of_labels_gives_its_values_the_fields():
    table = "| **Datum** | **Diarienummer** |\n|---|---|\n| 2024-03-05 | KS 2024/12 |\n"
    assert fields(table)[2:] == [("date", "2024-03-05"), ("diary_number", "KS 2024/12")]
    assert fields("| Handläggare | Karin Ek |\n") == [("sender", "Karin Ek")]


def test_a_label_on_its_own_line_gives_the_next_line_its_field():
    assert fields("TJÄNSTESKRIVELSE\n\nDatum\n2025-04-25\nDiarienummer\nKS-2025-00076\n") == [
        ("date", "Datum"),
        ("date", "2025-04-25"),
        ("diary_number", "Diarienummer"),
        ("diary_number", "KS-2025-00076"),
    ]


def test_columns_set_with_spaces():
    text = "YTTRANDE\n\nTill                 Datum\nNordmarkstrafiken    2025-04-25\n"
    assert fields(text)[2:] == [("recipient", "Nordmarkstrafiken"), ("date", "2025-04-25")]


def test_a_sentence_with_a_label_in_it_is_no_field():
    assert fields("Ärendet avser datum: det återkommer vi till när nämnden har sagt sitt om saken i höst.") == []


def test_an_item_that_explains_a_word_is_no_field():
    assert fields("Roller\n\n- Kontaktperson: En medarbetare har ansvaret för kontakten med den boende.\n") == []


def test_front_matter_gives_title_and_date():
    text = '---\ntitle: "Nytt råd"\ndate: 2024-03-05\ntags:\n- vård\n---\n\nRådet inrättas i höst.\n'
    assert contents(text, "title") == ["Nytt råd"]
    assert fields(text) == [("date", "2024-03-05")]
    assert contents(text, "paragraph") == ["Rådet inrättas i höst."]


def test_an_empty_image_link_before_speech_is_outside_the_block():
    text = "Inledning.\n\n[](https://ulvsjo.example/eva.jpg)– Det är roligt, tycker Eva Ro.\n"
    assert contents(text, "quotation_line") == ["Det är roligt, tycker Eva Ro."]
    assert parse(text).blocks[1].start == text.index("–")


def test_speech_after_an_image_in_the_middle_of_a_line_is_a_block_of_its_own():
    text = "Så var det. [](https://ulvsjo.example/eva.jpg)– Det är roligt, tycker Eva Ro.\n"
    assert contents(text, "quotation_line") == ["Det är roligt, tycker Eva Ro."]


def test_a_bold_name_before_speech_is_a_block_of_its_own():
    text = "Vi frågade två politiker.\n\n**Bo Lind** – Jag håller med om allt.\n"
    assert [block.kind for block in parse(text).blocks][1:] == ["paragraph", "quotation_line"]
    assert contents(text, "paragraph")[-1] == "Bo Lind"


def test_a_question_in_bold_italics_before_its_answer_on_one_line():
    text = "# Två frågor\n\n_**Hur går det?**_– Bra, tack. Vi är nöjda.\n\n_**Vad händer nu?**_– Vi bygger om.\n"
    assert contents(text, "question") == ["Hur går det?", "Vad händer nu?"]
    assert contents(text, "quotation_line") == ["Bra, tack. Vi är nöjda.", "Vi bygger om."]


def test_html_remnants_are_read_as_what_they_mean():
    text = "<div class='x'><h2>Om rådet</h2><p>Rådet inrättas.<br>Det börjar i höst.</p><ul><li>Vård</li></ul></div>"
    assert [block.kind for block in parse(text).blocks] == ["title", "paragraph", "paragraph", "list_item"]


def test_latex_remnants_are_read_as_what_they_mean():
    text = "\\documentclass{brev}\n\\begin{document}\n\\section{Mötets öppnande}\n\nMötet öppnas.\n\n\\item Val av justerare\n"
    kinds = [block.kind for block in parse(text).blocks]
    assert kinds == ["boilerplate", "boilerplate", "title", "paragraph", "list_item"]


def test_a_picture_with_a_text_is_a_caption():
    assert contents("Text.\n\n![Karin Ek vid skolan](ek.jpg)\n\nMer text.", "caption") == ["Karin Ek vid skolan"]


def test_levels_of_headings():
    layout = parse("# Ett\n\nText här.\n\n## Två\n\nText här.\n\n### Tre\n\nText här.\n\n1.2 Fyra\n\nText här.\n")
    assert [block.level for block in layout.blocks if block.kind in ("title", "heading")] == [1, 2, 3, 2]


def test_a_letters_matter_and_its_diary_number_are_two_fields():
    text = "Ulvsjö kommun\n\n2024-04-01\n\nAngående vägen till skolan, dnr KS 2024/12\n\nKommunen vill lämna svar på frågan om vägen."
    assert fields(text)[1:] == [
        ("date", "2024-04-01"),
        ("subject", "vägen till skolan"),
        ("diary_number", "KS 2024/12"),
    ]


def test_the_ministry_that_is_answered_is_no_sender():
    text = (
        "Ulvsjö kommun\n\nKulturdepartementet\n\nDatum: 2024-04-01\n\nKommunen har läst förslaget och lämnar ett svar."
    )
    assert fields(text)[:2] == [("sender", "Ulvsjö kommun"), ("recipient", "Kulturdepartementet")]


def test_those_present_may_stand_in_columns():
    text = "Protokoll\n\nNärvarande:\nKarin Ek (S)          Bo Alm (M)\nSiv Lund (C)          Per Dahl (V)\n\n§ 1 Öppnande\n"
    names = ["Karin Ek (S)", "Bo Alm (M)", "Siv Lund (C)", "Per Dahl (V)"]
    assert [content for field, content in fields(text) if field == "attendance"][1:] == names


def test_a_distribution_list_is_a_field_and_no_title():
    assert fields("Beslutet skickas till: Region Nordmark, Ulvsjö kommun\n\nKommunen bygger.")[0][0] == "other"


def test_a_mails_lines_are_fields():
    text = "Från: Karin Ek <karin@exempel.invalid>\nTill: Bo Alm <bo@exempel.invalid>\nÄmne: Avtalet\n\nHej Bo!\n\nHär kommer det."
    assert [field for field, _ in fields(text)] == ["sender", "recipient", "subject"]


def test_numbered_questions_with_answers_are_turns():
    text = "Tre frågor till Karin Ek\n\n1. Vad gör du?\nJag leder arbetet med skolan.\n\n2. Varför det?\nFör att det behövs en till."
    assert contents(text, "question") == ["Vad gör du?", "Varför det?"]
    assert contents(text, "answer") == ["Jag leder arbetet med skolan.", "För att det behövs en till."]


def test_a_line_to_the_one_who_answers_is_a_turn_without_question_mark():
    text = "Karin Ek är rektor.\n\n## Hur går det?\n\nDet går bra.\n\n## Ni har fler planer.\n\nJa, en ny sal.\n\n## Och sedan?\n\nFest."
    assert contents(text, "question") == ["Hur går det?", "Ni har fler planer.", "Och sedan?"]


def test_a_dash_glued_to_the_sentence_before_opens_speech():
    text = "Forskaren har studerat villkoren.– Det går bra, säger han. Mer finns att göra."
    assert [(block.kind, text[block.start : block.end]) for block in parse(text).blocks] == [
        ("paragraph", "Forskaren har studerat villkoren."),
        ("quotation_line", "– Det går bra, säger han. Mer finns att göra."),
    ]
