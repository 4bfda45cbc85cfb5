"""What the domain refuses, in the reader's language; it says it in English, to programs and logs.

Each line of the table is a sentence of the domain with names in braces where it has values, and
the same in the reader's words. A sentence that is not here is shown as it is, marked as English.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from api.pages.refusal_sentences import sentences
from logistics.network.caveats import caveat_in
from maps.i18n import Words

#: Values that are words of the domain, not names of records.
_WORDS: Final = ("state", "before", "after", "kind")
#: Values that are identifiers, which people know by name.
_NAMED: Final = frozenset({"branch", "place", "places", "van", "goal"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """
    A refusal as it is shown.

    Attributes
    ----------
    text
        One or two sentences, not escaped.
    language
        Language it is in.
    reader
        Language of whoever reads it.
    """

    text: str
    language: str
    reader: str

    @property
    def marked(self) -> Markup:
        """The attribute that tells a screen reader of another language; empty where it is not."""
        foreign = self.language != self.reader
        return Markup(' lang="{}"').format(self.language) if foreign else Markup("")


def said(w: Words, sentence: str, names: Mapping[str, str] | None = None) -> Said:
    """
    Say a refusal of the domain in the reader's language.

    Parameters
    ----------
    w
        The reader's words.
    sentence
        What the domain says: the record, the value found, what was expected, the cure.
    names
        What people call the libraries and vans that it names by identifier.

    Returns
    -------
    Said
        The same; the sentence itself where it is not known here.
    """
    if w.language == "en":
        return Said(text=sentence, language="en", reader="en")
    for pattern, say in _TABLE:
        match = pattern.fullmatch(sentence)
        if match:
            found = match.groupdict().items()
            values = {name: _value(w, name, text, names or {}) for name, text in found}
            return Said(text=say(w, values), language=w.language, reader=w.language)
    # The domain begins with the record, in lower case; pages begin a sentence as people do.
    language = w.language if sentence[:1].isupper() else "en"
    return Said(text=sentence, language=language, reader=w.language)


def caveat(w: Words, sentence: str) -> Said:
    """
    Say what a plan admits to, in the reader's language.

    Parameters
    ----------
    w
        The reader's words.
    sentence
        As it is stored with the plan.

    Returns
    -------
    Said
        The same; the sentence itself where it is not known here.
    """
    text = caveat_in(sentence, "en" if w.language == "en" else "sv")
    if text == sentence:
        return said(w, sentence)
    return Said(text=text, language=w.language, reader=w.language)


def _value(w: Words, name: str, text: str, names: Mapping[str, str]) -> str:
    if name in _NAMED:
        return ", ".join(names.get(one, one) for one in text.replace("'", "").split(", "))
    plain = text.replace("'", "")
    return _state(w, plain) if name.rstrip("0123456789") in _WORDS else plain


def _state(w: Words, state: str) -> str:
    return {
        "draft": w.t("a draft"),
        "published": w.t("published"),
        "under way": w.t("under way"),
        "under_way": w.t("under way"),
        "closed": w.t("booked and closed"),
        "superseded": w.t("replaced"),
        "done": w.t("ended"),
        "cancelled": w.t("cancelled"),
        "requested": w.t("waiting"),
        "packed": w.t("packed"),
        "aboard": w.t("aboard"),
        "at_hub": w.t("at the hub"),
        "delivered": w.t("delivered"),
        "missing": w.t("missing"),
    }.get(state, state)


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"{(\w+)}", sentence)
    text = [
        re.escape(part) if place % 2 == 0 else f"(?P<{part}>.+?)"
        for place, part in enumerate(parts)
    ]
    return re.compile("".join(text), re.DOTALL)


_TABLE: Final = tuple((_pattern(sentence), say) for sentence, say in sentences())
