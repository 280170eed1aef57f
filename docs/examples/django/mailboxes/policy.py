"""A policy for all pages: nothing of other sites is loaded, and a form is sent nowhere else."""

POLICY = "default-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


def content_security_policy(get_response):
    """Middleware that adds the header to every response; Django 6.0 has its own, ``SECURE_CSP``."""

    def respond(request):
        response = get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return respond
