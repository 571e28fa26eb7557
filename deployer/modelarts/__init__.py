"""How we speak to the cloud: ModelArts, IAM and VPC over HTTP, dicts and tuples in and out.

May import requests, urllib3 and the standard library; nothing of ours, so that it could leave home.
A call goes client (what to ask) -> calls (login, tries) -> transport (one exchange, one deadline), and comes back
through refusals (as an error) or answers (as rows). diagnosis walks the same road to say where it is blocked.
What surprised us: requests reads the whole body of a redirect even when told not to follow it, and a TLS error may
come after the request has left. So the transport speaks to the adapter itself, and notes when a connection stood.
"""
