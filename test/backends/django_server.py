"""Django REST framework with one of its ways to authenticate.

Arguments: `authtoken`, `simplejwt` or `simplejwt-rotation`, and a file with the `urls.py` of the recipe.
"""

import datetime
import pathlib
import secrets
import sys
import tempfile
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

kind, recipe = sys.argv[1:]
authentication = {
    "authtoken": "rest_framework.authentication.TokenAuthentication",
    "simplejwt": "rest_framework_simplejwt.authentication.JWTAuthentication",
}[kind.removesuffix("-rotation")]
rotation = kind.endswith("-rotation")
folder = tempfile.TemporaryDirectory()

settings.configure(
    SECRET_KEY=secrets.token_hex(),
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder.name}/db.sqlite3"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    USE_TZ=True,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "rest_framework.authtoken",
        "rest_framework_simplejwt.token_blacklist",
    ],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [authentication],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    },
    SIMPLE_JWT={"ROTATE_REFRESH_TOKENS": rotation, "BLACKLIST_AFTER_ROTATION": rotation},
)
django.setup()
call_command("migrate", verbosity=0)

from django.contrib.auth.models import User
from django.http import HttpResponse, JsonResponse
from django.urls import path
from rest_framework.authtoken.models import Token
from rest_framework.decorators import api_view
from rest_framework.response import Response
from rest_framework_simplejwt import state
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

for name in ["ada", "bob"]:
    User.objects.create_user(name, f"{name}@example.com", "Secret123")

exec(pathlib.Path(recipe).read_text())


@api_view()
def read_notes(request):
    return Response([f"private note of {request.user.email}"])


def end_all(request):
    """Ends every token that was handed out."""
    Token.objects.all().delete()
    state.token_backend.signing_key = state.token_backend.verifying_key = secrets.token_hex()
    return HttpResponse(status=204)


generation = 0
make = AccessToken.__init__


def make_of_generation(self, token=None, verify=True):
    make(self, token, verify)
    if token is None:
        self["generation"] = generation
    elif self["generation"] != generation:
        raise TokenError("Token is invalid or expired")


AccessToken.__init__ = make_of_generation


def expire_all(request):
    """Lets the time of every access token pass that was handed out, and that of no refresh token."""
    global generation
    generation += 1
    return HttpResponse(status=204)


def make_expired(request):
    """Makes an access token of ada whose time has passed."""
    token = AccessToken.for_user(User.objects.get(username="ada"))
    token["username"] = "ada"
    token.set_exp(lifetime=datetime.timedelta(seconds=-1))
    return JsonResponse(str(token), safe=False)


urlpatterns += [
    path("notes/", read_notes),
    path("testing/end", end_all),
    path("testing/expire", expire_all),
    path("testing/expired", make_expired),
]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Handler(WSGIRequestHandler):
    def log_message(self, *_):
        pass


server = Server(("127.0.0.1", 0), Handler)
server.set_app(get_wsgi_application())
print(server.server_port, flush=True)
server.serve_forever()
