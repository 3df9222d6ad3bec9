"""The papers of an application, one type each, and their union `Paper`."""

from models.papers.application import ApplicationForm, CommitmentLetter, LegalEntity, UnknownPaper
from models.papers.business_licence import BusinessLicence
from models.papers.capability import (
    AnnexSection,
    CapabilityRow,
    IndexEntry,
    PageStamp,
    Section,
    Signatory,
    Site,
)
from models.papers.cma import CmaAnnex, CmaCertificate
from models.papers.cnas import CnasAnnex, CnasCertificate
from models.papers.source import PaperSource

Paper = (
    BusinessLicence
    | CnasCertificate
    | CnasAnnex
    | CmaCertificate
    | CmaAnnex
    | ApplicationForm
    | CommitmentLetter
    | UnknownPaper
)

__all__ = [
    "AnnexSection",
    "ApplicationForm",
    "BusinessLicence",
    "CapabilityRow",
    "CmaAnnex",
    "CmaCertificate",
    "CnasAnnex",
    "CnasCertificate",
    "CommitmentLetter",
    "IndexEntry",
    "LegalEntity",
    "PageStamp",
    "Paper",
    "PaperSource",
    "Section",
    "Signatory",
    "Site",
    "UnknownPaper",
]
