"""FastAPI with the OAuth2 password flow, as its tutorial and its full-stack template have it.

Arguments: a file with code of the recipe that goes in the place of `OAuth2PasswordBearer`, or nothing.
"""

import pathlib
import secrets
import socket
import sys
from datetime import datetime, timedelta

import jwt
import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm

app = FastAPI()
secret = secrets.token_hex()
users = {
    f"{name}@example.com": {"id": number, "email": f"{name}@example.com", "is_superuser": False}
    for number, name in enumerate(["ada", "bob"], 1)
}

if sys.argv[1:]:
    exec(pathlib.Path(sys.argv[1]).read_text())
else:
    oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")


def get_current_user(token: str = Depends(oauth2_scheme)):
    try:
        return users[jwt.decode(token, secret, algorithms=["HS256"])["sub"]]
    except jwt.InvalidTokenError:
        # As the template does.
        raise HTTPException(403, "Could not validate credentials") from None


@app.post("/token")
@app.post("/api/v1/login/access-token")
def log_in(form: OAuth2PasswordRequestForm = Depends()):
    if form.username not in users or form.password != "Secret123":
        raise HTTPException(400, "Incorrect email or password")
    claims = {"sub": form.username, "exp": datetime.utcnow() + timedelta(days=8), "jti": secrets.token_hex()}
    return {"access_token": jwt.encode(claims, secret, "HS256"), "token_type": "bearer"}


@app.get("/users/me")
@app.get("/api/v1/users/me")
def read_me(user=Depends(get_current_user)):
    return user


# Without the slash, FastAPI answers with a redirect.
@app.get("/notes/")
@app.get("/api/v1/notes/")
def read_notes(user=Depends(get_current_user)):
    return [f"private note of {user['email']}"]


@app.get("/users/")
@app.get("/api/v1/users/")
def read_users(user=Depends(get_current_user)):
    if not user["is_superuser"]:
        raise HTTPException(403, "The user doesn't have enough privileges")
    return list(users.values())


@app.post("/testing/end", status_code=204)
def end_all():
    """Ends every token that was handed out: the server has another secret."""
    global secret
    secret = secrets.token_hex()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])
