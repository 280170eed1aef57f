"""Routes that answer an invalid body as the vendor does, for FastAPI."""

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

NOT_JSON = {"code": "UNKNOWN", "details": ["body must be JSON"]}


def failure(errors):
    """Return the vendor's 400 answer for the errors of a body."""
    if any(error["type"] == "json_invalid" for error in errors):
        return NOT_JSON
    lines = [error["ctx"]["line"] for error in errors if error["type"].startswith("mailbox_schema.")]
    return {"code": "VALIDATION_FAILURE", "details": lines or ["body must be an object"]}


class VendorRoute(APIRoute):
    """A route whose only parameter is a body, and that answers an invalid one with the vendor's 400."""

    def get_route_handler(self):
        handle = super().get_route_handler()

        async def answer(request):
            try:
                return await handle(request)
            except RequestValidationError as error:
                return JSONResponse(failure(error.errors()), 400)

        return answer
