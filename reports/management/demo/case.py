"""A consortium of the script on its way."""

from dataclasses import dataclass

from consortia.models import Consortium
from funding.models import Application
from reports.management.demo.script import Row


@dataclass
class Case:
    """A consortium of the script with its application."""

    row: Row
    consortium: Consortium
    application: Application
