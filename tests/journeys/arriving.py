"""How officials come in: by password and one-time code, the first time setting up the app; the others by one click."""

from tests.journeys.cast import PASSWORD, Cast
from tests.journeys.person import Person


def set_up_the_app(officer: Person, cast: Cast) -> None:
    """The first sign-in of an official leads to the second factor, and nowhere else."""
    officer.sign_in(cast.officer.email, PASSWORD)
    officer.reads("Please set up a second factor.")
    officer.follow("Set up an app")
    officer.fill({"Password": PASSWORD})
    officer.press("Confirm")
    officer.page.get_by_text(officer.word("You cannot scan it?")).click()
    secret = officer.page.locator("main code").inner_text()
    officer.give_code(secret, "Set up the app")
    officer.visit("home")
    accept_the_notice(officer)


def show_the_code(leader: Person, cast: Cast) -> None:
    """Every later sign-in asks for the code."""
    leader.sign_in(cast.leader.email, PASSWORD)
    leader.give_code(cast.leader_secret, "Sign in")
    accept_the_notice(leader)
    leader.reads("Workbench")


def accept_the_notice(newcomer: Person) -> None:
    """Whoever comes for the first time reads how personal data are handled, before anything else."""
    newcomer.fill({"I have read the privacy notice.": True})
    newcomer.press("Accept and go on")
