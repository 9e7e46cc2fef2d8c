"""Invented courses, institutions and learners, in Latvian, Lithuanian and English.

Nobody and nothing here exists: the institutions call themselves examples, and the learners bear the Latvian
and Lithuanian words for "example", "sample" and "invented" as surnames. The URIs are those of the European
controlled vocabularies; where these have no Latvian or Lithuanian label, the words are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Text(NamedTuple):
    """One text in three languages; `_asdict()` is its JSON-LD language map."""

    lv: str
    lt: str
    en: str


class Concept(NamedTuple):
    """An entry of a controlled vocabulary."""

    id: str
    label: Text


class Course(NamedTuple):
    """What a short learning programme teaches, how much, at which level, and how it is assessed."""

    title: Text
    outcomes: tuple[Text, ...]
    ects: str
    volume: str
    """Workload as an XSD duration."""
    eqf: int
    mode: Concept
    assessment: Concept
    supervision: str
    """The URI that says whether the assessment is supervised and identity is checked."""


class Institution(NamedTuple):
    """An awarding body."""

    name: Text
    country: Concept
    code: str
    """How the numbers of its students begin."""


class Learner(NamedTuple):
    """A person, named in one language: names are not translated."""

    given: str
    family: str
    language: str


_SNB: Final = "http://data.europa.eu/snb/"
_COUNTRY: Final = "http://publications.europa.eu/resource/authority/country/"

ONLINE: Final = Concept(
    _SNB + "learning-assessment/920fbb3cbe", Text("tiešsaistes mācības", "mokymasis internetu", "Online")
)
BLENDED: Final = Concept(
    _SNB + "learning-assessment/e92d221e4d", Text("jauktas mācības", "mišrusis mokymas", "Blended")
)
PRESENTIAL: Final = Concept(
    _SNB + "learning-assessment/9191af2ed9", Text("klātienes mācības", "kontaktinis mokymas", "Presential")
)
PROJECT_WORK: Final = Concept(
    _SNB + "assessment/795dac4096", Text("projekta darbs", "projektinis darbas", "project work")
)
QUIZ: Final = Concept(_SNB + "assessment/b1b68f6735", Text("tests", "testas", "quiz"))
PORTFOLIO: Final = Concept(_SNB + "assessment/4f03b91c0e", Text("darbu mape", "darbų aplankas", "portfolio"))
PRACTICAL: Final = Concept(
    _SNB + "assessment/6a4db9f11d",
    Text("praktisks pārbaudījums", "praktinis vertinimas", "practical assessment"),
)
ASSIGNMENT: Final = Concept(
    _SNB + "assessment/2939dae15f",
    Text("vērtēts patstāvīgais darbs", "vertinama užduotis", "marked assignment"),
)
INSTITUTIONAL_QUALITY: Final = Concept(
    _SNB + "accreditation/bb4618238e",
    Text(
        "iestādes kvalitātes nodrošināšana",
        "institucijos kokybės užtikrinimas",
        "Institutional Quality Assurance",
    ),
)
SUPERVISED: Final = _SNB + "supervision-verification/70be69aaf9"
UNSUPERVISED: Final = _SNB + "supervision-verification/df2880c5cb"
EQF: Final = _SNB + "eqf/"
ECTS: Final = _SNB + "education-credit/6fcec5c5af"
SHORT_LEARNING_PROGRAMME: Final = _SNB + "learning-opportunity/74a4a268e8"
GENERIC_PROFILE: Final = _SNB + "credential/e34929035b"

COURSES: Final = (
    Course(
        title=Text("Datu analīze ar Python", "Duomenų analizė su Python", "Data analysis with Python"),
        outcomes=(
            Text(
                "Sagatavo un attīra datu kopas analīzei",
                "Parengia ir išvalo duomenų rinkinius analizei",
                "Prepares and cleans data sets for analysis",
            ),
            Text(
                "Izvēlas piemērotu statistisko metodi un pamato izvēli",
                "Parenka tinkamą statistinį metodą ir pagrindžia pasirinkimą",
                "Selects a suitable statistical method and justifies the choice",
            ),
        ),
        ects="3",
        volume="PT78H",
        eqf=6,
        mode=ONLINE,
        assessment=PROJECT_WORK,
        supervision=UNSUPERVISED,
    ),
    Course(
        title=Text("Kiberdrošības pamati", "Kibernetinio saugumo pagrindai", "Cybersecurity basics"),
        outcomes=(
            Text(
                "Atpazīst pikšķerēšanu un citus izplatītus uzbrukumus",
                "Atpažįsta duomenų viliojimą ir kitas dažnas atakas",
                "Recognises phishing and other common attacks",
            ),
            Text(
                "Pareizi rīkojas kiberincidenta gadījumā",
                "Tinkamai veikia įvykus kibernetiniam incidentui",
                "Responds correctly to a cyber incident",
            ),
        ),
        ects="2",
        volume="PT50H",
        eqf=5,
        mode=ONLINE,
        assessment=QUIZ,
        supervision=SUPERVISED,
    ),
    Course(
        title=Text("Ilgtspējīga būvniecība", "Tvarioji statyba", "Sustainable construction"),
        outcomes=(
            Text(
                "Salīdzina būvmateriālus pēc to dzīves cikla ietekmes uz vidi",
                "Palygina statybines medžiagas pagal jų gyvavimo ciklo poveikį aplinkai",
                "Compares building materials by their life-cycle impact on the environment",
            ),
            Text(
                "Plāno būvgružu šķirošanu un atkārtotu izmantošanu",
                "Planuoja statybinių atliekų rūšiavimą ir pakartotinį naudojimą",
                "Plans the sorting and reuse of construction waste",
            ),
        ),
        ects="4",
        volume="PT104H",
        eqf=6,
        mode=BLENDED,
        assessment=PORTFOLIO,
        supervision=UNSUPERVISED,
    ),
    Course(
        title=Text(
            "Infekciju profilakse māszinībās",
            "Infekcijų prevencija slaugoje",
            "Infection prevention in nursing",
        ),
        outcomes=(
            Text(
                "Ievēro roku higiēnas prasības visos aprūpes posmos",
                "Laikosi rankų higienos reikalavimų visais priežiūros etapais",
                "Follows hand hygiene requirements at every stage of care",
            ),
            Text(
                "Pareizi lieto individuālos aizsardzības līdzekļus",
                "Tinkamai naudoja asmenines apsaugos priemones",
                "Uses personal protective equipment correctly",
            ),
        ),
        ects="1",
        volume="PT26H",
        eqf=5,
        mode=PRESENTIAL,
        assessment=PRACTICAL,
        supervision=SUPERVISED,
    ),
    Course(
        title=Text("Digitālā piekļūstamība", "Skaitmeninis prieinamumas", "Digital accessibility"),
        outcomes=(
            Text(
                "Pārbauda tīmekļvietnes atbilstību piekļūstamības prasībām",
                "Patikrina, ar interneto svetainė atitinka prieinamumo reikalavimus",
                "Checks a website against accessibility requirements",
            ),
            Text(
                "Veido ekrāna lasītājiem piemērotus dokumentus",
                "Rengia ekrano skaitytuvams tinkamus dokumentus",
                "Creates documents that work with screen readers",
            ),
        ),
        ects="2.5",
        volume="PT65H",
        eqf=6,
        mode=ONLINE,
        assessment=ASSIGNMENT,
        supervision=UNSUPERVISED,
    ),
)

INSTITUTIONS: Final = (
    Institution(
        name=Text(
            "Daugavkrasta universitāte (piemērs)",
            "Dauguvos kranto universitetas (pavyzdys)",
            "Daugava Bank University (example)",
        ),
        country=Concept(_COUNTRY + "LVA", Text("Latvija", "Latvija", "Latvia")),
        code="LV",
    ),
    Institution(
        name=Text(
            "Nemunas līkuma universitāte (piemērs)",
            "Nemuno vingio universitetas (pavyzdys)",
            "Nemunas Bend University (example)",
        ),
        country=Concept(_COUNTRY + "LTU", Text("Lietuva", "Lietuva", "Lithuania")),
        code="LT",
    ),
)

LEARNERS: Final = (
    Learner("Ilze", "Piemērniece", "lv"),
    Learner("Rūta", "Pavyzdytė", "lt"),
    Learner("Jānis", "Paraudziņš", "lv"),
    Learner("Mindaugas", "Išgalvaitis", "lt"),
    Learner("Līga", "Izdomiņa", "lv"),
    Learner("Eglė", "Bandomaitė", "lt"),
    Learner("Mārtiņš", "Piemērnieks", "lv"),
    Learner("Tomas", "Pavyzdys", "lt"),
    Learner("Baiba", "Paraudziņa", "lv"),
    Learner("Aušra", "Išgalvaitė", "lt"),
    Learner("Kārlis", "Izdomiņš", "lv"),
    Learner("Jonas", "Bandomaitis", "lt"),
)

LABELS: Final[Mapping[str, Text]] = {
    concept.id: concept.label
    for concept in (
        *(course.mode for course in COURSES),
        *(course.assessment for course in COURSES),
        *(institution.country for institution in INSTITUTIONS),
        INSTITUTIONAL_QUALITY,
    )
}
"""The words for each concept that a demo credential names."""
