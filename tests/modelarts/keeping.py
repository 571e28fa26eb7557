"""What a keeper of tokens needs: a cipher, and a token to keep."""

import time

from cryptography.fernet import Fernet, InvalidToken

from deployer.modelarts.tokens import Kept

KEY = Fernet.generate_key()


def encrypt(text):
    return Fernet(KEY).encrypt(text.encode()).decode()


def decrypt(text):
    try:
        return Fernet(KEY).decrypt(text.encode()).decode()
    except InvalidToken:
        return None


def kept(token="one", lasts=3600.0, since=None):
    now = time.time()
    return Kept(token, good_until=now + lasts, since=now if since is None else since, project_id="p1")
