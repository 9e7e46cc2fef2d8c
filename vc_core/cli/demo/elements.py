"""The eleven mandatory elements of a European micro-credential, read from the claims of a demo credential.

Names and order are those of Annex I of the Council Recommendation on a European approach to micro-credentials
(OJ C 243, 27.6.2022, p. 10), without what stands in brackets or after a comma there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from vc_core.cli.demo.courses import EQF, LABELS, Text

Claims = Mapping[str, Any]

LANGUAGES: Final = {"lv": "Latviski", "lt": "Lietuviškai", "en": "In English"}


class Element(NamedTuple):
    """One element: its name, and how to read its values, for people, in one language."""

    name: Text
    values: Callable[[Claims, str], list[str]]


def elements(claims: Claims, language: str) -> Iterator[tuple[str, list[str]]]:
    """Each element's name in `language` (lv, lt or en) with its values in that language, at least one."""
    for element in ELEMENTS:
        yield getattr(element.name, language), element.values(claims, language)


def _achievement(claims: Claims) -> Claims:
    achievement: Claims = claims["credentialSubject"]["hasClaim"]
    return achievement


def _learner(claims: Claims, _language: str) -> list[str]:
    person = claims["credentialSubject"]
    names = [name for part in ("givenName", "familyName") for name in person[part].values()]
    return [f"{' '.join(names)}, {person['identifier']['notation']}"]


def _title(claims: Claims, language: str) -> list[str]:
    return [_achievement(claims)["title"][language]]


def _country(claims: Claims, language: str) -> list[str]:
    return [_label(claims["issuer"]["location"]["address"]["countryCode"], language)]


def _awarding_body(claims: Claims, language: str) -> list[str]:
    return [_achievement(claims)["awardedBy"]["awardingBody"]["legalName"][language]]


def _issued(claims: Claims, _language: str) -> list[str]:
    return [claims["issued"].partition("T")[0]]


def _outcomes(claims: Claims, language: str) -> list[str]:
    return [outcome["title"][language] for outcome in _achievement(claims)["specifiedBy"]["learningOutcome"]]


def _workload(claims: Claims, language: str) -> list[str]:
    qualification = _achievement(claims)["specifiedBy"]
    hours = qualification["volumeOfLearning"].removeprefix("PT").removesuffix("H")
    points = qualification["creditPoint"]["point"]
    return [f"{points if language == 'en' else points.replace('.', ',')} ECTS ({hours} h)"]


def _level(claims: Claims, language: str) -> list[str]:
    level = _achievement(claims)["specifiedBy"]["eqfLevel"]["id"].removeprefix(EQF)
    return [{"lv": f"EKI {level}. līmenis", "lt": f"EKS {level} lygis", "en": f"EQF level {level}"}[language]]


def _assessment(claims: Claims, language: str) -> list[str]:
    return [_label(_achievement(claims)["provenBy"]["dcType"], language)]


def _participation(claims: Claims, language: str) -> list[str]:
    return [_label(_achievement(claims)["specifiedBy"]["mode"], language)]


def _quality_assurance(claims: Claims, language: str) -> list[str]:
    return [_label(_achievement(claims)["awardedBy"]["awardingBody"]["accreditation"]["dcType"], language)]


def _label(reference: Claims, language: str) -> str:
    label: str = getattr(LABELS[reference["id"]], language)
    return label


ELEMENTS: Final = (
    Element(
        Text(
            "Izglītojamā identifikācija",
            "Besimokančio asmens tapatybės nustatymas",
            "Identification of the learner",
        ),
        _learner,
    ),
    Element(
        Text("Mikroapliecinājuma nosaukums", "Mikrokredencialo pavadinimas", "Title of the micro-credential"),
        _title,
    ),
    Element(
        Text("Izdevēja valsts", "Mikrokredencialą išdavusio subjekto šalis", "Country of the issuer"),
        _country,
    ),
    Element(Text("Piešķīrējiestāde", "Mikrokredencialą išdavusi įstaiga", "Awarding body"), _awarding_body),
    Element(Text("Izdošanas datums", "Išdavimo data", "Date of issuing"), _issued),
    Element(Text("Mācīšanās rezultāti", "Mokymosi rezultatai", "Learning outcomes"), _outcomes),
    Element(Text("Nosacītā darba slodze", "Teorinis darbo krūvis", "Notional workload"), _workload),
    Element(
        Text("Mācīšanās pieredzes līmenis", "Mokymosi patirties lygis", "Level of the learning experience"),
        _level,
    ),
    Element(Text("Novērtējuma veids", "Įvertinimo tipas", "Type of assessment"), _assessment),
    Element(
        Text(
            "Līdzdalības veids mācību pasākumā",
            "Dalyvavimo mokymosi veikloje forma",
            "Form of participation in the learning activity",
        ),
        _participation,
    ),
    Element(
        Text("Kvalitātes nodrošināšanas veids", "Kokybės užtikrinimo metodas", "Type of quality assurance"),
        _quality_assurance,
    ),
)
