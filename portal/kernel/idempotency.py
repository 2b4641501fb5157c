"""A form is done once, however often it is sent.

Every form carries a key ({% csrf_token %} writes it). The middleware does the request in one transaction that begins
with the row of the key: whoever sends the same form meanwhile waits for that row. When the action is done, its answer
is written to the row in the same transaction, and whoever sends the form again gets this answer and nothing else; the
same key with other contents is refused (422). A form that was not accepted frees its key.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.forms import ChoiceField, Field, ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.crypto import salted_hmac
from psycopg.errors import DeadlockDetected, SerializationFailure

from portal.kernel.audit import sha256
from portal.kernel.models.idempotency import SentForm

Answer = Callable[[HttpRequest], HttpResponse]

FIELD = "idempotency_key"
CSRF = "csrfmiddlewaretoken"
WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{16,64}")
KEPT = timedelta(days=1)
TRIES = 3  # of a request that lost a deadlock
REPLAYED = "Idempotent-Replayed"
HEADERS = ("Location", "HX-Redirect")  # what an answer consists of besides its status
FOREIGN = ("allauth.", "django.")  # views whose forms may be sent as often as one likes: sign-in, language
SIGN_IN = (
    "account_login", "account_reauthenticate", "mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
)  # fmt: skip
SECRET = re.compile(r"password", re.IGNORECASE)  # fields that are never shown again
UNTYPED = re.compile(r".?|on|[0-9a-f]{8}-[0-9a-f-]{27}", re.IGNORECASE)  # values that nobody typed: ticks, choices
CODED = re.compile(rf"(?i:{UNTYPED.pattern})|[a-z][a-z0-9_]*|[A-Z][A-Z0-9_]*")  # and choices of forms not known here
CONFLICTS = (DeadlockDetected, SerializationFailure)

CLAIM = """
    INSERT INTO kernel_sentform (owner, key, fingerprint) VALUES (%s, %s, %s)
    ON CONFLICT (owner, key) DO NOTHING
"""


def new_key() -> str:
    """A key that nobody guesses: 128 random bits."""
    return token_urlsafe(16)


@dataclass(frozen=True)
class Form:
    """A sent form as its row knows it."""

    owner: str
    key: str
    fingerprint: str

    def claim(self) -> bool:
        """Insert the row; waits for a transaction that holds the same key. False when the form was sent before."""
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, [self.owner, self.key, self.fingerprint])
            return bool(cursor.rowcount)

    def row(self) -> Any:
        """The row, as a queryset."""
        return SentForm.objects.filter(owner=self.owner, key=self.key)


class Idempotency:
    """The innermost middleware. A request that lost a deadlock is undone and done again."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = sent_key(request)
        if not key or not applies(request):
            return self.get_response(request)
        form = Form(owner(request), key, fingerprint(request))
        return self._once(request, form, TRIES) or again(request, form)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Remember that the database chose this request to lose."""
        request.lost_deadlock = isinstance(exception.__cause__, CONFLICTS)  # type: ignore[attr-defined]

    def _once(self, request: HttpRequest, form: Form, tries: int) -> HttpResponse | None:
        """The answer of the action, done in one transaction; None when it was done before."""
        request.lost_deadlock = False  # type: ignore[attr-defined]
        with transaction.atomic():
            if not form.claim():
                return None
            response = self.get_response(request)
            if not request.lost_deadlock or tries == 1:  # type: ignore[attr-defined]
                settle(request, form, response)
                return response
            transaction.set_rollback(True)
        rewind(request)
        return self._once(request, form, tries - 1)


def settle(request: HttpRequest, form: Form, response: HttpResponse) -> None:
    """Keep the answer of what was done, free the key of what was not, undo what broke.

    An answer that is given only once says in `replay` what whoever sends the same form again gets instead.
    """
    kept = getattr(response, "replay", response)
    if response.status_code >= 500:
        transaction.set_rollback(True)
    elif is_done(kept):
        form.row().update(answer=answer_of(request, kept))
    else:
        form.row().delete()


def is_done(response: HttpResponse) -> bool:
    """Whether the answer says that the action was taken: it leads on, but not to the sign-in pages."""
    target = next((response.headers[name] for name in HEADERS if name in response.headers), None)
    return target is not None and urlsplit(target).path not in sign_in_pages()


def sign_in_pages() -> set[str]:
    """Every address at which one signs in or proves once more who one is."""
    return {reverse(name) for name in SIGN_IN}


def answer_of(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    """What is given again: status, where to go, and the sentences said."""
    said = getattr(messages.get_messages(request), "_queued_messages", [])
    return {
        "status": response.status_code,
        "headers": {name: response.headers[name] for name in HEADERS if name in response.headers},
        "messages": [[one.level, str(one.message), one.extra_tags] for one in said],
    }


def again(request: HttpRequest, form: Form) -> HttpResponse:
    """The answer given before, or 422 when something else was sent under the same key."""
    first = form.row().values_list("fingerprint", "answer").first()
    if first is None or first[0] != form.fingerprint or first[1] is None:
        return show_typed(request, status=422)
    answer = first[1]
    for level, text, tags in answer["messages"]:
        messages.add_message(request, level, text, extra_tags=tags)
    return HttpResponse(status=answer["status"], headers={**answer["headers"], REPLAYED: "true"})


def show_typed(request: HttpRequest, *, status: int) -> HttpResponse:
    """A page that did nothing and loses nothing: what was typed, and a button that sends it under a new key.

    422: the key was used for other contents; 428: the form came without a key. Files have to be chosen anew.
    """
    sent = [(name, text) for name, texts in request.POST.lists() for text in texts if name not in {FIELD, CSRF}]
    fields = [(name, text) for name, text in sent if not SECRET.search(name)]
    facts = {
        "used": status == 422,
        "typed": readable(request, fields),
        "fields": fields,
        "whole": fields == sent and not request.FILES,
        "here": request.get_full_path(),
    }
    return render(request, "form_again.html", facts, status=status)


def readable(request: HttpRequest, sent: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What somebody typed, and what was chosen in its own words, each after its label, if that is known.

    Codes that nobody could read are left out.
    """
    view = getattr(resolve(request.path_info).func, "view_class", None)
    known = getattr(getattr(view, "form_class", None), "base_fields", {})
    words = [(known.get(name), in_words(known.get(name), text.strip())) for name, text in sent]
    return [(str(getattr(field, "label", None) or ""), word) for field, word in words if word]


def in_words(field: Field | None, text: str) -> str:
    """A value as the form shows it; empty for one that only the form knows, and for rows, which not all may see."""
    if text and isinstance(field, ChoiceField):
        fixed: Any = () if isinstance(field, ModelChoiceField) else field.choices
        return next((str(label) for value, label in fixed if str(value) == text), "")
    coded = UNTYPED if field is not None else CODED
    return "" if coded.fullmatch(text) else text


# --- what was sent -----------------------------------------------------------------------------
def sent_key(request: HttpRequest) -> str:
    """The key of a form; empty when there is none that is well-formed."""
    if request.method != "POST":
        return ""
    key = request.POST.get(FIELD, "")
    return key if WELL_FORMED.fullmatch(key) else ""


def applies(request: HttpRequest) -> bool:
    """Whether the address does something of ours; a view opts out with `idempotent = False`."""
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return not view.__module__.startswith(FOREIGN) and getattr(getattr(view, "view_class", view), "idempotent", True)


def owner(request: HttpRequest) -> str:
    """Whose keys these are: the user's, or the visitor's who holds this CSRF secret."""
    user = request.user
    whose = f"user:{user.pk}" if user.is_authenticated else f"visitor:{request.META.get('CSRF_COOKIE', '')}"
    return hashed(whose)


def fingerprint(request: HttpRequest) -> str:
    """Method, address and body, without what changes from one rendering to the next."""
    fields = sorted((name, texts) for name, texts in request.POST.lists() if name not in {FIELD, CSRF})
    files = sorted((name, [digest(one) for one in some]) for name, some in request.FILES.lists())
    return hashed(sha256([request.method, request.get_full_path(), fields, files]))


def hashed(text: str) -> str:
    """A keyed SHA-256 (hex): what was typed, a password among it, cannot be guessed from the row."""
    return salted_hmac("portal.kernel.idempotency", text, algorithm="sha256").hexdigest()


def digest(file: UploadedFile[bytes]) -> list[str]:
    """Name and SHA-256 of an uploaded file, which stands at its beginning afterwards."""
    content = hashlib.sha256()
    for chunk in file.chunks():
        content.update(chunk)
    file.seek(0)
    return [file.name or "", content.hexdigest()]


def rewind(request: HttpRequest) -> None:
    """Make the request as good as new: files at their beginning, nothing said yet."""
    for _, some in request.FILES.lists():
        for file in some:
            file.seek(0)
    said = messages.get_messages(request)
    if hasattr(said, "_queued_messages"):
        said._queued_messages.clear()  # noqa: SLF001


def expire(at: datetime) -> int:
    """Forget the forms sent more than a day before `at`; how many they were."""
    return SentForm.objects.filter(created_at__lt=at - KEPT).delete()[0]
