"""A receiver of webhooks that believes only what is signed: python -m samples.client.receiver whsec_… [port]."""

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 to what was signed with the secret in the last five minutes, 401 to anything else."""

    secret = ""
    seen: set[str] = set()  # noqa: RUF012 - one receiver a process

    def do_POST(self) -> None:
        """Verify, note the id, since an event can arrive twice, and answer at once; work is for later."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 20_000))
        try:
            event = Webhook(self.secret).verify(body, {name.lower(): value for name, value in self.headers.items()})
        except WebhookVerificationError as error:
            self.send_error(401, str(error))
            return
        if self.headers["webhook-id"] not in self.seen:
            self.seen.add(self.headers["webhook-id"])
            print(event, flush=True)
        self.send_response(204)
        self.end_headers()


def main() -> None:
    Receiver.secret = sys.argv[1]
    HTTPServer(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 8009), Receiver).serve_forever()


if __name__ == "__main__":
    main()
