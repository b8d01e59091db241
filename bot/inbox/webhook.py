"""Takes updates that Telegram brings and keeps each before it says so. Beside it, where the
service wants that, is the calendar of sessions.

The way in for several replicas: whichever is called keeps the update, the one that leads
handles it. Telegram brings what was not answered with 200 again.
"""

import asyncio
import hmac
import json
from datetime import datetime
from urllib.parse import unquote, urlsplit

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from telegram import Bot, WebhookInfo
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.figures import Figures
from bot.inbox import refusal
from bot.inbox.arrival import ALLOWED, Arrival, arrival, arrive
from bot.inbox.refusal import Refusal
from bot.outbox.verdict import Refused as TooMany
from bot.outbox.verdict import verdict
from bot.reports.feed import HEADERS, PATH, Feed
from bot.serving import listen, serve
from bot.store.engine import Refused
from bot.store.memory import Memory
from bot.waking import PEEK, Pulse

SECRET = "X-Telegram-Bot-Api-Secret-Token"

LARGEST = 2**20
"""Bytes of a body. An update has a few thousand."""

SLOWEST = 10.0
"""Real seconds that a body may take to come."""

AT_ONCE = 40
"""So many calls at once, each of another chat: Telegram keeps the order within one."""

LOOK, AGAIN = 60.0, 5.0
"""Real seconds between two looks at whom Telegram calls; after one that failed."""

log = structlog.get_logger(__name__)


class Webhook:
    """`run` it until it is cancelled; Refused, with a sentence, when its port cannot be had.

    While this replica leads, `stay_registered` runs too. `url` is the address Telegram calls, a
    proxy's; here its path counts. `last_heard` is when an update last came, on Kith's clock;
    `pulse` beats when Telegram brings one, or says that it calls here and has none left; in that
    case it has `caught_up`. `refusal` stands while Telegram refuses the bot.
    """

    def __init__(
        self,
        memory: Memory,
        *,
        url: str,
        secret: str,
        host: str,
        port: int,
        figures: Figures | None = None,
        feed: Feed | None = None,
        slowest: float = SLOWEST,
    ) -> None:
        self.port: int | None = None
        self.last_heard: datetime | None = None
        self.pulse = Pulse()
        self.refusal = Refusal()
        self.caught_up = False
        self._memory = memory
        self._url = url
        self._path = unquote(urlsplit(url).path) or "/"
        self._secret = secret
        self._place = host, port
        self._slowest = slowest
        self._figures = figures or Figures()
        self._feed = feed
        self._warned = Pulse()
        self._trouble: datetime | None = None  # the newest that Telegram had with this address

    async def run(self) -> None:
        host, port = self._place
        try:
            here = listen(host, port)
        except OSError as error:
            raise Refused(
                "Nobody can listen at KITH_WEBHOOK_HOST and KITH_WEBHOOK_PORT "
                f"({error.strerror}). Is another Kith there already?"
            ) from None
        self.port = here.getsockname()[1]
        await serve(self._call, here)

    async def stay_registered(self, bot: Bot, every: float = LOOK) -> None:
        """Have Telegram call here, and look that it still does, until cancelled.

        Whatever stands in the way, what is due is still due: Kith goes on, says so, and tries
        again.
        """
        ours, again = False, min(AGAIN, every)
        while True:
            wait = every
            try:
                if not ours:
                    await self.register(bot)
                info = await bot.get_webhook_info()
                self.refusal.over()
                if info.url == self._url:
                    ours = True
                    self._note(info)
                    wait = every if self.caught_up else min(PEEK, every)
                else:
                    log.error("another program has taken the webhook: Kith takes it back")
                    wait, ours = (again if ours else every), False
            except BadRequest:
                log.error(
                    "Telegram will not call KITH_WEBHOOK_URL: is it https, and to be reached?"
                )
                wait = again
            except InvalidToken:
                self.refusal.stands(refusal.UNKNOWN)
                wait = min(refusal.LONGEST, every)
            except TelegramError as error:
                asked = verdict(error)
                wait = max(again, asked.wait.total_seconds() if isinstance(asked, TooMany) else 0)
                log.warning("it cannot be asked whom Telegram calls", reason=type(error).__name__)
            except Exception:
                log.exception("it cannot be asked whom Telegram calls")
                wait = again
            await asyncio.sleep(wait)

    async def register(self, bot: Bot) -> None:
        """Have Telegram bring updates to this address, with this secret, from now on."""
        await bot.set_webhook(
            self._url,
            secret_token=self._secret,
            allowed_updates=list(ALLOWED),
            max_connections=AT_ONCE,
        )

    def _note(self, info: WebhookInfo) -> None:
        self.caught_up = info.pending_update_count == 0
        if self.caught_up:
            self.pulse.beat()
        trouble = info.last_error_date
        if trouble is not None and trouble != self._trouble:
            waiting = info.pending_update_count
            log.warning("Telegram could not hand over an update", since=trouble, count=waiting)
        self._trouble = trouble

    async def _call(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        asked = scope["path"] == PATH and scope["method"] in ("GET", "HEAD")
        if self._feed is not None and asked:
            page = await self._feed.page()
            return await Response(page, headers=HEADERS)(scope, receive, send)
        code = await self._answer(request)
        self._figures.called(code)
        # Without a body: Telegram would read it as a method to call.
        return await Response(status_code=code)(scope, receive, send)

    async def _answer(self, request: Request) -> int:
        if request.scope["path"] != self._path:
            return 404
        if request.method != "POST":
            return 405
        given = request.headers.get(SECRET, "").encode("latin-1")
        if not hmac.compare_digest(given, self._secret.encode()):
            self._warn()
            return 403
        try:
            async with asyncio.timeout(self._slowest):
                body = await _body(request)
        except TimeoutError:
            return 408
        except ClientDisconnect:
            return 400
        if body is None:
            log.error("an update too large to be one was refused")
            return 413
        kept = _arrival(body)
        if kept is None:
            log.error("an update without an id was refused")
            return 400
        return await self._keep(kept)

    async def _keep(self, kept: Arrival) -> int:
        try:
            now = await self._memory.now()
            await self._memory.write(arrive, [kept], now)
        except Exception:  # the store's: Telegram brings it again
            log.exception("what arrived could not be kept", update=kept.update)
            return 503
        self.last_heard = now
        self.pulse.beat()
        return 200

    def _warn(self) -> None:
        """Once a minute: whoever guesses does not fill the disk."""
        if self._warned.age is None or self._warned.age > LOOK:
            log.warning("the webhook was called without its secret")
            self._warned.beat()


async def unregister(bot: Bot) -> None:
    """Telegram keeps what comes, for whoever fetches it."""
    await bot.delete_webhook(drop_pending_updates=False)


async def _body(request: Request) -> bytes | None:
    """None when it is too large; no more than that is read."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _arrival(body: bytes) -> Arrival | None:
    try:
        return arrival(json.loads(body))
    except (ValueError, RecursionError):
        return None
