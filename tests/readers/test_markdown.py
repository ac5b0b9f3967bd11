from offtext.readers import read


def test_yaml_front_matter_becomes_properties(put):
    document = read(
        put(
            "a.md",
            '---\ntitle: "Avtal: del 1"\nauthor: Ylva Ås # ansvarig\ntags: [vård, "skola"]\nparter:\n  - Tuna\n  - Åmål\n---\n\n# Avtal\n',
        )
    )
    assert document.text == "# Avtal\n"
    assert document.properties["title"] == "Avtal: del 1"
    assert document.properties["author"] == "Ylva Ås"
    assert document.properties["tags"] == "vård, skola"
    assert document.properties["parter"] == "Tuna, Åmål"


def test_toml_front_matter_becomes_properties(put):
    document = read(put("a.md", '+++\nTitle = "Plan"\ndate = 2024-05-02\n+++\nText.\n'))
    assert document.text == "Text.\n"
    assert (document.properties["title"], document.properties["date"]) == ("Plan", "2024-05-02")


def test_a_rule_is_no_front_matter(put):
    text = "Ingress\n\n---\n\nResten: här\n\n---\n"
    assert read(put("a.md", text)).text == text


def test_broken_toml_stays_in_the_text_with_a_warning(put):
    document = read(put("a.md", "+++\nhej hopp\n+++\nText.\n"))
    assert document.text.startswith("+++")
    assert "TOML" in document.warnings[0]
