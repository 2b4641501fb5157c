"""The rows of the reports room."""

from reports.models.agreement import AgreementDocument
from reports.models.appeal import Appeal, AppealFile
from reports.models.application import ApplicationDocument
from reports.models.batch import BatchItem, ReportBatch
from reports.models.case import TypicalCase
from reports.models.consequence import Consequence
from reports.models.contract import ContractDocument
from reports.models.draw import DrawDocument
from reports.models.evaluation import Evaluation, EvaluationCycle, Evidence
from reports.models.export import ExportJob
from reports.models.gradelist import GradeList
from reports.models.minutes import MinutesDocument
from reports.models.publication import Publication, PublicationDocument
from reports.models.publicity import NoticeDocument, ReplyDocument
from reports.models.recovery import RecoveryDocument
from reports.models.reminder import EvaluationReminder
from reports.models.report import Report
from reports.models.schedule import ExportSchedule
from reports.models.session import SessionDocument
from reports.models.summary import CityReport
from reports.models.target import CityTarget

__all__ = [
    "AgreementDocument",
    "Appeal",
    "AppealFile",
    "ApplicationDocument",
    "BatchItem",
    "CityReport",
    "CityTarget",
    "Consequence",
    "ContractDocument",
    "DrawDocument",
    "Evaluation",
    "EvaluationCycle",
    "EvaluationReminder",
    "Evidence",
    "ExportJob",
    "ExportSchedule",
    "GradeList",
    "MinutesDocument",
    "NoticeDocument",
    "Publication",
    "PublicationDocument",
    "RecoveryDocument",
    "ReplyDocument",
    "Report",
    "ReportBatch",
    "SessionDocument",
    "TypicalCase",
]
