import reader_files as files

from offtext.readers import read

HEAD = "From: Ylva =?iso-8859-1?q?=C5s?= <ylva@example.org>\nTo: bo@example.org\nSubject: Remiss\nDate: Mon, 04 Mar 2024 10:11:00 +0100\n"


def test_header_fields_stand_as_swedish_lines_and_as_properties(put):
    document = read(put("a.eml", HEAD + "\nHej!\n"))
    assert (
        document.text
        == "Från: Ylva Ås <ylva@example.org>\nTill: bo@example.org\nDatum: 2024-03-04 10:11\nÄmne: Remiss\n\nHej!"
    )
    assert document.properties["from"] == "Ylva Ås <ylva@example.org>"
    assert document.properties["date"] == "2024-03-04 10:11"
    assert document.properties["title"] == document.properties["subject"] == "Remiss"


def test_quoted_replies_and_signatures_are_kept(put):
    body = "Ja tack.\n\n> Vill ni vara med?\n\n-- \nYlva Ås\nregistrator"
    assert read(put("a.eml", f"{HEAD}\n{body}")).text.endswith(body)


def test_the_plain_part_comes_before_html_and_attachments_are_named(put):
    import email.message

    message = email.message.EmailMessage()
    message["Subject"] = "Möte"
    message.set_content("Vanlig text på ö")
    message.add_alternative("<p>Fin text</p>", subtype="html")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="avtal.pdf")
    document = read(put("a.eml", message.as_bytes()))
    assert document.text == "Ämne: Möte\n\nVanlig text på ö"
    assert document.warnings == ("attachments not read: avtal.pdf",)


def test_an_html_mail_is_read_whole(put):
    document = read(
        put("a.eml", HEAD + "Content-Type: text/html; charset=utf-8\n\n<p>Hej <b>alla</b>!</p><footer>Ylva</footer>")
    )
    assert document.text.endswith("\n\nHej alla!\n\nYlva")


def test_a_wrong_or_unknown_charset_is_mended(put):
    head = HEAD.encode() + b"Content-Type: text/plain; charset="
    assert "på ö" in read(put("a.eml", head + b"us-ascii\n\n" + "Vi bor på ö".encode("cp1252"))).text
    assert "på ö" in read(put("a.eml", head + b"x-unknown\n\n" + "Vi bor på ö".encode())).text


def test_flowed_lines_are_joined(put):
    document = read(put("a.eml", HEAD + "Content-Type: text/plain; format=flowed\n\nEn lång \nrad.\n-- \nYlva\n"))
    assert document.text.endswith("En lång rad.\n-- \nYlva")


def test_outlook_mail(put):
    document = read(put("a.msg", files.msg()))
    assert document.text.startswith("Från: Ylva Ås <ylva@example.org>\nTill: Nämnden\nDatum: 2024-03-04 10:11\nÄmne: ")
    assert document.properties["to"] == "Nämnden"
