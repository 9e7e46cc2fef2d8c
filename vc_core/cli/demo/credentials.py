"""Micro-credentials as the European Learning Model writes them: the same number gives the same claims.

The form is that of the European Digital Credentials for Learning (ELM 3.2) on data model 1.1, with all eleven
mandatory elements of Annex I of the Council Recommendation on micro-credentials (OJ C 243, 27.6.2022, p. 10).
No `credentialSchema` is claimed: its shape demands a rendered page image, and these credentials carry none.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, TypeAlias

from vc_core import datetimestamp
from vc_core.cli.demo import courses
from vc_core.cli.demo.courses import (
    COURSES,
    INSTITUTIONAL_QUALITY,
    INSTITUTIONS,
    LEARNERS,
    Course,
    Institution,
    Learner,
    Text,
)
from vc_core.document import Json

Claims: TypeAlias = dict[str, Json]

CONTEXT: Final = ("https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap")
STATUS_CONTEXT: Final = "https://www.w3.org/ns/credentials/status/v1"


def micro_credential(
    number: int,
    issuer: str,
    *,
    institution: Institution = INSTITUTIONS[0],
    issued: datetime = datetime(2026, 1, 15, 9, tzinfo=UTC),
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    status: Sequence[Json] = (),
) -> Claims:
    """The unsecured claims of the micro-credential `number`, about 3 kB, sharing nothing with any other.

    `number` chooses the course, the learner and the grade. `issuer` is the DID of the institution, which issues
    and awards; `status` are the entries of `credentialStatus`. The credential is valid from `valid_from`, else from
    the moment it was `issued`, and without an end unless `valid_until` gives one.
    """
    course = COURSES[number % len(COURSES)]
    learner = LEARNERS[number // len(COURSES) % len(LEARNERS)]
    context: list[Json] = [*CONTEXT, *([STATUS_CONTEXT] if status else [])]
    begin = datetimestamp.text(valid_from or issued)
    credential: Claims = {
        "@context": context,
        "id": name_of(number, issuer),
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "credentialProfiles": _concept(courses.GENERIC_PROFILE),
        "issuer": _issuing_organisation(institution, issuer),
        "issued": datetimestamp.text(issued),
        "issuanceDate": begin,
        "validFrom": begin,
        "credentialSubject": _person(
            number, learner, institution, _achievement(number, course, institution, issuer, issued)
        ),
    }
    if valid_until is not None:
        end = datetimestamp.text(valid_until)
        credential |= {"expirationDate": end, "validUntil": end}
    if status:
        credential["credentialStatus"] = status[0] if len(status) == 1 else list(status)
    return credential


def name_of(number: int, issuer: str) -> str:
    """The `id` of the micro-credential `number`."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{issuer}#{number}").urn


def _person(number: int, learner: Learner, institution: Institution, claim: Json) -> Claims:
    return {
        "type": "Person",
        "givenName": {learner.language: learner.given},
        "familyName": {learner.language: learner.family},
        "identifier": {
            "type": "Identifier",
            "schemeName": "Student number",
            "notation": f"{institution.code}-{number:06d}",
        },
        "hasClaim": claim,
    }


def _achievement(number: int, course: Course, institution: Institution, issuer: str, issued: datetime) -> Claims:
    return {
        "type": "LearningAchievement",
        "title": _text(course.title),
        "awardedBy": {
            "type": "AwardingProcess",
            "awardingDate": datetimestamp.text(issued),
            "awardingBody": {
                "id": issuer,
                "type": "Organisation",
                "legalName": _text(institution.name),
                "accreditation": {
                    "type": "Accreditation",
                    "title": _text(INSTITUTIONAL_QUALITY.label),
                    "dcType": _concept(INSTITUTIONAL_QUALITY.id),
                },
            },
        },
        "provenBy": _assessment(number, course),
        "specifiedBy": _qualification(course),
    }


def _qualification(course: Course) -> Claims:
    return {
        "type": "Qualification",
        "title": _text(course.title),
        "dcType": _concept(courses.SHORT_LEARNING_PROGRAMME),
        "learningOutcome": [{"type": "LearningOutcome", "title": _text(outcome)} for outcome in course.outcomes],
        "creditPoint": {"type": "CreditPoint", "framework": _concept(courses.ECTS), "point": course.ects},
        "volumeOfLearning": course.volume,
        "eqfLevel": _concept(f"{courses.EQF}{course.eqf}"),
        "mode": _concept(course.mode.id),
        "isPartialQualification": False,
    }


def _assessment(number: int, course: Course) -> Claims:
    grade = 5 + number % 5
    return {
        "type": "LearningAssessment",
        "title": _text(course.assessment.label),
        "dcType": _concept(course.assessment.id),
        "idVerification": _concept(course.supervision),
        "grade": {
            "type": "Note",
            "noteLiteral": _text(Text(f"{grade} no 10", f"{grade} iš 10", f"{grade} out of 10")),
        },
    }


def _issuing_organisation(institution: Institution, did: str) -> Claims:
    return {
        "id": did,
        "type": "Organisation",
        "legalName": _text(institution.name),
        "location": {
            "type": "Location",
            "address": {"type": "Address", "countryCode": _concept(institution.country.id)},
        },
    }


def _concept(identifier: str) -> Claims:
    return {"id": identifier, "type": "Concept"}


def _text(text: Text) -> Claims:
    return dict(text._asdict())
