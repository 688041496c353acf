"""
The shapes of what a blogger writes: `pack.yaml` and the front matter of answers and FAQ entries.
"""

from enum import StrEnum
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from bot.model import Form

BUTTON_LABEL_LENGTH = 40
"""
Characters a button label may have: two buttons side by side stay readable on a phone 360 points wide.
"""

_http_url = TypeAdapter(HttpUrl)


def _check_url(text: str) -> str:
    try:
        _http_url.validate_python(text)
    except ValidationError:
        raise ValueError("a web address is needed here, such as https://example.org/page") from None
    return text


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a time zone is needed here, such as Europe/Paris or America/Montreal") from None
    return name


def _check_template_url(text: str) -> str:
    if "{stem}" not in text:
        raise ValueError(
            "the address must hold {stem}, which stands for the file's name, as in https://blog.org/{stem}/"
        )
    return _check_url(text.replace("{stem}", "stem")) and text


Url = Annotated[str, AfterValidator(_check_url)]
ZoneName = Annotated[str, AfterValidator(_check_zone)]
StemUrl = Annotated[str, AfterValidator(_check_template_url)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
Label = Annotated[str, Field(min_length=1, max_length=BUTTON_LABEL_LENGTH)]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
PerLanguage = dict[LanguageCode, Label]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Blog(_Strict):
    """
    The blog: its name and its address.
    """

    name: str = Field(min_length=1, max_length=60)
    url: Url


class Coach(_Strict):
    """
    The human behind the blog: a name, and where to write (an address or a sentence) when the bot is not enough.
    """

    name: str = Field(min_length=1, max_length=60)
    contact: str = Field(min_length=1, max_length=200)


class SourceKind(StrEnum):
    """
    What articles are read from.
    """

    FOLDER = "folder"
    BLOG = "blog"
    FEED = "feed"
    SITEMAP = "sitemap"
    WORDPRESS = "wordpress"
    EXPORT = "export"


class Source(_Strict):
    """
    A source of articles: exactly one of a folder of Markdown posts, the address of a blog, of a feed, of a sitemap or
    of a WordPress site, or an export file of WordPress or Blogger. `url` is the address that a folder's file names
    lead to if they are online; `language` is the language of all its posts.
    """

    folder: str | None = None
    blog: Url | None = None
    feed: Url | None = None
    sitemap: Url | None = None
    wordpress: Url | None = None
    export: str | None = None
    url: StemUrl | None = None
    language: LanguageCode | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        named = [kind.value for kind in SourceKind if getattr(self, kind) is not None]
        if len(named) != 1:
            raise ValueError(f"a source is exactly one of {', '.join(SourceKind)}; here: {', '.join(named) or 'none'}")
        if self.url is not None and self.folder is None:
            raise ValueError("url goes with folder only")
        return self

    @property
    def kind(self) -> SourceKind:
        """
        What it is read from.
        """
        return next(kind for kind in SourceKind if getattr(self, kind) is not None)

    @property
    def place(self) -> str:
        """
        The address, the folder or the file.
        """
        return str(getattr(self, self.kind))

    @property
    def name(self) -> str:
        """
        What tells it from other sources.
        """
        return f"{self.kind}:{self.place}"


class EmergencyNumber(_Strict):
    """
    A number to call in distress, and who answers there.
    """

    number: str = Field(min_length=1)
    about: str = Field(min_length=1)


class Theme(_Strict):
    """
    One entry of the menu: a title per language and the intents below it.
    """

    id: Id
    title: PerLanguage
    intents: list[Id] = Field(min_length=1, max_length=12)


class Manifest(_Strict):
    """
    `pack.yaml`: everything about a pack that is not a text of its own. `renamed` holds old names of things, with their
    new ones, by which articles that have aged are found; `urgent` the words that, together in one message, make the
    coach look at a conversation first; `zones` the time zones that readers can choose, so that nothing wakes them.
    """

    blog: Blog
    coach: Coach
    languages: list[LanguageCode] = Field(min_length=1)
    address: Form = Form.VOUS
    articles: list[Source] = Field(default_factory=list)
    renamed: dict[str, str] = Field(default_factory=dict)
    links: dict[Id, Url] = Field(default_factory=dict)
    emergency: dict[LanguageCode, list[EmergencyNumber]]
    zones: list[ZoneName] = Field(default_factory=list, max_length=12)
    urgent: dict[LanguageCode, list[str]] = Field(default_factory=dict)
    themes: list[Theme] = Field(min_length=1, max_length=12)
    faq_categories: dict[Id, PerLanguage] = Field(default_factory=dict)


class AnswerHeader(_Strict):
    """
    The front matter of `advice/<intent>.md`.
    """

    title: Label
    tags: list[str] = Field(default_factory=list)
    related: list[Id] = Field(default_factory=list, max_length=3)


class FaqHeader(_Strict):
    """
    The front matter of `faq/<entry>.md`.
    """

    question: str = Field(min_length=5, max_length=120)
    also: list[str] = Field(default_factory=list)
    category: Id
    intents: list[Id] = Field(default_factory=list)
