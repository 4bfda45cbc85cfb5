"""Words in Swedish and English, from gettext catalogues that Babel reads as they are."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po

from logistics.errors import InputError
from maps.formats import Formats

LANGUAGES = ("sv", "en")


class Words(Formats):
    """
    Everything that depends on the reader's language.

    Parameters
    ----------
    language
        ``sv`` or ``en``.

    Raises
    ------
    InputError
        The language has no catalogue.
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise InputError(f"language is {language!r}, expected one of {', '.join(LANGUAGES)}")
        super().__init__(language)
        self._catalogue = _catalogue(language)

    def t(self, message: str, **values: object) -> str:
        """
        Translate a sentence and fill in its values.

        Parameters
        ----------
        message
            The English sentence, the key of the catalogue.
        **values
            What stands for its {names}; never read as a pattern itself.

        Returns
        -------
        str
            The sentence in the reader's language, not escaped.
        """
        text = self._catalogue.get(message, (message,))[0]
        return text.format(**values) if values else text

    def many(self, one: str, several: str, n: int, **values: object) -> str:
        """
        Translate a sentence that counts.

        Parameters
        ----------
        one, several
            The English sentences for one and for more, with {n}.
        n
            The count.
        **values
            What else stands for {names}.

        Returns
        -------
        str
            The sentence in the reader's language, not escaped.
        """
        forms = self._catalogue.get(one, (one, several))
        return forms[0 if n == 1 else 1].format(n=self.number(n), **values)


@cache
def words(language: str) -> Words:
    """
    Give the words of a language.

    Parameters
    ----------
    language
        ``sv`` or ``en``.

    Returns
    -------
    Words
        The same object each time.
    """
    return Words(language)


def _catalogue(language: str) -> dict[str, tuple[str, ...]]:
    path = files("maps") / "locale" / language / "LC_MESSAGES" / "maps.po"
    if not path.is_file():
        return {}  # English is the language of the keys
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    return {_forms(m.id)[0]: _forms(m.string) for m in messages if m.id and m.string}


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
