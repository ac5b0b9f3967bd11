"""The tasks of the fine-tuned model: one head each on the shared encoder."""

from __future__ import annotations

from dataclasses import dataclass

from offtext.labels import ACTOR_KINDS, DOC_TYPES, ENTITY_LABELS, GOAL_KINDS, ORG_TYPES, QUOTE_KINDS, THEMES


@dataclass(frozen=True)
class Task:
    """One thing to learn.

    Attributes:
        name: Also the name of the output in the exported model.
        form: 'spans' tags tokens as outside, beginning or inside of a labelled span (BIO; Ramshaw & Marcus 1995);
            'tokens' chooses one label for the tokens of spans that another task finds; 'sentences' gives any number
            of labels to a sentence; 'document' chooses one for the text.
        labels: What can be chosen.
        weight: Share of the loss.
    """

    name: str
    form: str
    labels: tuple[str, ...]
    weight: float = 1.0

    @property
    def tags(self) -> tuple[str, ...]:
        """The classes of the head, in order; for spans 'O', then 'B-' and 'I-' of each label."""
        if self.form != "spans":
            return self.labels
        return ("O", *(f"{part}-{label}" for label in self.labels for part in "BI"))


TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Task("entities", "spans", ENTITY_LABELS),
        Task("actors", "spans", ACTOR_KINDS),
        Task("org_type", "tokens", ORG_TYPES, 0.5),
        Task("roles", "spans", ("role",), 0.5),
        Task("quotes", "spans", QUOTE_KINDS),
        Task("goals", "spans", ("goal",)),
        Task("goal_kind", "tokens", GOAL_KINDS, 0.5),
        Task("goal_parts", "spans", ("beneficiary", "deadline"), 0.5),
        Task("themes", "sentences", THEMES, 5.0),
        Task("doc_type", "document", DOC_TYPES, 0.5),
    )
}
TOKEN_TASKS: tuple[str, ...] = tuple(name for name, task in TASKS.items() if task.form in ("spans", "tokens"))
