"""One question to an LDAP directory in as JSON, its answer out as JSON, in a process of its own that can be ended at any moment.

The library waits for a directory without letting go of Python's lock, and in a TLS handshake without end: a directory that says nothing
would hold up everybody the server serves. `dougong.people.ldap` starts this file by its path, so it imports nothing of the platform.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bonsai import (
    AuthenticationError,
    LDAPClient,
    LDAPEntry,
    LDAPError,
    LDAPSearchScope,
    SizeLimitError,
    escape_filter_exp,
)

Question = Mapping[str, Any]
Answer = dict[str, Any]


def answer(question: Question) -> Answer:
    """Return `{"entry": …}`, null where nobody or several are found or the password is not theirs, or `{"trouble": why}`.

    question: the directory's options, `secret`, `login`, `limit` in seconds, and `password`, null where it is not asked for.
    """
    try:
        with _client(question) as client:
            found = _look_up(client, question)
            return {"entry": found if found is None or _is_theirs(client, question, found) else None}
    except AuthenticationError:
        return {"trouble": "the service account was refused"}
    except (LDAPError, OSError, ValueError, UnicodeError) as trouble:
        return {"trouble": " ".join(str(trouble).split())[:200] or type(trouble).__name__}


@contextmanager
def _client(question: Question) -> Iterator[LDAPClient]:
    """Give a client that checks the directory's certificate, for a block."""
    host = f"[{question['host'].strip('[]')}]" if ":" in question["host"] else question["host"]
    scheme = "ldaps" if question["security"] == "ldaps" else "ldap"
    client = LDAPClient(f"{scheme}://{host}:{question['port']}", question["security"] == "starttls")
    client.set_cert_policy("demand")
    client.set_ignore_referrals(True)
    client.set_server_chase_referrals(False)  # a referral could lead anywhere
    if not question["ca"]:
        yield client
        return
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(question["ca"])
        file.flush()
        client.set_ca_cert(file.name)
        yield client


def _look_up(client: LDAPClient, question: Question) -> Answer | None:
    if question["bind_dn"]:
        client.set_credentials("SIMPLE", user=question["bind_dn"], password=question["secret"])
    asked = question["filter"].replace("{login}", escape_filter_exp(question["login"]))
    wanted = [question[f"{name}_attribute"] for name in ("id", "email", "name", "group")]
    try:
        with client.connect(timeout=question["limit"]) as connection:
            found = connection.search(question["base"], LDAPSearchScope.SUBTREE, asked, wanted, timeout=question["limit"], sizelimit=2)
    except SizeLimitError:
        return None
    entries = [one for one in found if str(one.dn)]
    return _entry(question, entries[0]) if len(entries) == 1 else None


def _entry(question: Question, found: LDAPEntry) -> Answer:
    def values(name: str) -> list[str]:
        return [one.hex() if isinstance(one, bytes) else str(one) for one in found.get(question[f"{name}_attribute"], [])]

    return {"dn": str(found.dn), "groups": values("group"), **{name: next(iter(values(name)), "") for name in ("id", "email", "name")}}


def _is_theirs(client: LDAPClient, question: Question, entry: Answer) -> bool:
    if question["password"] is None:
        return True
    client.set_credentials("SIMPLE", user=entry["dn"], password=question["password"])
    try:
        client.connect(timeout=question["limit"]).close()
    except AuthenticationError:
        return False
    return True


if __name__ == "__main__":
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
