"""Presentations: what a verifier accepts, and the verdict on what a holder shows."""

from vc_core.presentation.policy import PresentationPolicy
from vc_core.presentation.verification import is_presentation, verify_presentation

__all__ = ["PresentationPolicy", "is_presentation", "verify_presentation"]
