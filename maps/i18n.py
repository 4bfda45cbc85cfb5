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
    packages
        Packages whose catalogues are read, later ones over earlier ones.

    Raises
    ------
    InputError
        The language has no catalogue.
    """

    def __init__(self, language: str, packages: tuple[str, ...] = ("maps",)) -> None:
        if language not in LANGUAGES:
            raise InputError(f"language is {language!r}, expected one of {', '.join(LANGUAGES)}")
        super().__init__(language)
        self._catalogue: dict[str, tuple[str, ...]] = {}
        for package in packages:
            self._catalogue |= _catalogue(language, package)

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
def words(language: str, *packages: str) -> Words:
    """
    Give the words of a language.

    Parameters
    ----------
    language
        ``sv`` or ``en``.
    *packages
        Packages with catalogues of their own, ``locale/sv/LC_MESSAGES/*.po``, beside that of
        maps.

    Returns
    -------
    Words
        The same object each time.
    """
    return Words(language, ("maps", *packages))


def _catalogue(language: str, package: str) -> dict[str, tuple[str, ...]]:
    folder = files(package) / "locale" / language / "LC_MESSAGES"
    if not folder.is_dir():
        return {}  # English is the language of the keys
    found: dict[str, tuple[str, ...]] = {}
    for path in folder.iterdir():
        if path.name.endswith(".po"):
            with path.open("rb") as file:
                messages = read_po(file, locale=language)
            found |= {_forms(m.id)[0]: _forms(m.string) for m in messages if m.id and m.string}
    return found


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
