"""The facts of a public edition made readable."""

from dataclasses import dataclass

from portal.kernel.palettes import Palette
from reports.enums import Grade
from reports.exporters.annual.material import Facts, Material, label


@dataclass(frozen=True)
class PublicMaterial(Material):
    """What everybody may read, with its number; on a page the pictures take their colours from the style sheet."""

    on_page: bool = False

    @property
    def is_final(self) -> bool:
        """Nothing is published before it is."""
        return True

    @property
    def year(self) -> int:
        """The year that was evaluated."""
        return int(self.snapshot["year"])

    @property
    def consortium(self) -> Facts:
        """Its profile."""
        found: Facts = self.snapshot["consortium"]
        return found

    @property
    def grade(self) -> str:
        """The grade in words."""
        return label(Grade, self.snapshot["grade"])

    @property
    def colours(self) -> Palette | None:
        """What the pictures carry with them."""
        return None if self.on_page else self.palette
