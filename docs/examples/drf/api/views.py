"""One URL: a form for people, JSON for programs; and the page after the form."""

import io
import json
from urllib.parse import urlencode

from django.core.exceptions import RequestDataTooBig
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.renderers import JSONRenderer, TemplateHTMLRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from api.client import send
from api.serializers import MailboxSerializer
from mailbox_schema import failure_response, load_schema
from mailbox_schema.forms import error_summary


class CheckedForms(SessionAuthentication):
    """Requires a CSRF token with every form; the framework requires it from logged-in users only.

    JSON needs no token: a browser sends JSON to another site only if that site allows it.
    """

    def authenticate(self, request):
        if request.method == "POST" and not request.content_type.startswith("application/json"):
            self.enforce_csrf(request)
        return super().authenticate(request)


class TooLarge(APIException):
    """The answer to a JSON text that is larger than ``DATA_UPLOAD_MAX_MEMORY_SIZE``."""

    status_code = 413
    default_detail = "the request is too large"


class StrictJSONParser(JSONParser):
    """Accepts only what can be sent on as JSON: no number too large for a float, no nesting too deep."""

    def parse(self, _stream, media_type=None, parser_context=None):
        limited = io.BytesIO(parser_context["request"].body)  # Django limits the size of what it reads itself
        try:
            data = super().parse(limited, media_type, parser_context)
            json.dumps(data, allow_nan=False)
        except (ParseError, RecursionError, ValueError):
            raise ParseError({"code": "UNKNOWN", "details": ["body must be JSON"]}) from None
        return data


@method_decorator([never_cache, sensitive_variables(), sensitive_post_parameters()], name="dispatch")
class Mailboxes(APIView):
    """A page with a form; for clients that request JSON, the schema and the vendor's answers."""

    authentication_classes = [CheckedForms]
    renderer_classes = [JSONRenderer, TemplateHTMLRenderer]  # the first is the default
    parser_classes = [StrictJSONParser, FormParser, MultiPartParser]
    template_name = "api/form.html"

    def perform_content_negotiation(self, request, *args, **kwargs):
        if request.content_type.startswith("application/json"):
            return JSONRenderer(), JSONRenderer.media_type
        return super().perform_content_negotiation(request, *args, **kwargs)

    def handle_exception(self, exc):
        is_json = self.request.accepted_renderer.format == "json"
        return super().handle_exception(TooLarge() if is_json and isinstance(exc, RequestDataTooBig) else exc)

    def get(self, request):
        if request.accepted_renderer.format == "json":
            return Response(load_schema())
        return show(MailboxSerializer(), 200)

    def post(self, request):
        serializer = MailboxSerializer(data=request.data)
        is_json = request.accepted_renderer.format == "json"
        if serializer.is_valid():
            answer = send(serializer.result.body())
            if is_json:
                return Response(answer.body(), answer.status)
            if not answer.violations:
                return redirect(f"{reverse('sent')}?{urlencode({'batch': answer.batch_id})}")
            serializer.refuse(answer.violations)
            return show(serializer, answer.status)
        if is_json:
            return Response(failure_response(serializer.result.violations), 400)
        return show(serializer, 400)


def show(serializer, status):
    return Response({"serializer": serializer, "summary": error_summary(serializer.result)}, status)


@never_cache
def sent(request):
    return render(request, "api/sent.html", {"batch_id": request.GET.get("batch")})
