"""One URL: a form for people, JSON for programs. It answers with the request body; yours sends it."""

import json

from django.http import JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ParseError
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.renderers import JSONRenderer, TemplateHTMLRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from api.serializers import MailboxSerializer
from mailbox_schema import load_schema


class CheckedForms(SessionAuthentication):
    """Requires a CSRF token with every form; the framework requires it from logged-in users only.

    JSON needs no token: a browser sends JSON to another site only if that site allows it.
    """

    def authenticate(self, request):
        if request.method == "POST" and not request.content_type.startswith("application/json"):
            self.enforce_csrf(request)
        return super().authenticate(request)


class StrictJSONParser(JSONParser):
    """Accepts only what can be sent on as JSON: no number too large for a float, no nesting too deep."""

    def parse(self, *args, **kwargs):
        try:
            data = super().parse(*args, **kwargs)
            json.dumps(data, allow_nan=False)
        except (ParseError, RecursionError, ValueError):
            raise ParseError({"code": "UNKNOWN", "details": ["body must be JSON"]}) from None
        return data


@method_decorator([sensitive_variables(), sensitive_post_parameters()], name="dispatch")
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

    def get(self, request):
        if request.accepted_renderer.format == "json":
            return Response(load_schema())
        return Response({"serializer": MailboxSerializer()})

    def post(self, request):
        serializer = MailboxSerializer(data=request.data)
        if serializer.is_valid(raise_exception=request.accepted_renderer.format == "json"):
            return JsonResponse(serializer.result.body())
        return Response({"serializer": serializer, "errors": serializer.errors}, status=400)
