"""How updates reach the bot: long polling, or a webhook that is called in order."""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

import httpx

from bot.network import trusted
from bot.playground.call import Call, Method
from bot.playground.limits import Refusal, bad
from bot.playground.request import Params
from bot.playground.state import Json, unix
from bot.playground.world import World

LONGEST_POLL = 50
SECRET = "X-Telegram-Bot-Api-Secret-Token"


class Polling:
    """One bot asks at a time; whoever asks anew ends an older question."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._newest = 0

    async def get_updates(self, params: Params, gone: "asyncio.Future[None]") -> list[Json]:
        """What is not confirmed yet; waits up to `timeout` real seconds for something to come."""
        updates, bell = self._world.updates, self._world.state.bell
        if self._world.state.noted("webhook"):
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._newest += 1
        mine = self._newest
        bell.ring(seen=False)
        updates.allow(params.data("allowed_updates"))
        updates.confirm(params.whole("offset") or 0)
        seconds = min(params.whole("timeout") or 0, LONGEST_POLL)
        await bell.until(lambda: mine != self._newest or updates.count() > 0, seconds, gone)
        if mine != self._newest:
            raise Refusal(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        return updates.waiting(min(max(params.whole("limit") or 100, 1), 100))


class Webhook:
    """Calls the bot's own address, one update after the other, until each is taken."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def run(self) -> None:
        """Deliver for as long as the playground is open."""
        world, bell = self._world, self._world.state.bell
        failures = 0
        async with httpx.AsyncClient(timeout=20, trust_env=False, verify=trusted()) as client:
            while not bell.closing:
                await bell.until(self._has_work, 3600)
                hook, waiting = world.state.noted("webhook"), world.updates.waiting(1)
                if not hook or not waiting:
                    continue
                failed = await self._deliver(client, hook, waiting[0])
                if failed is None:
                    failures = 0
                    world.updates.confirm(waiting[0]["update_id"] + 1)
                    continue
                failures += 1
                with world.state.change(seen=False):
                    error = {"date": unix(world.clock.now()), "message": failed}
                    world.state.note("webhook error", error)
                await bell.until(lambda: not self._has_work(), min(0.1 * 2**failures, 5))

    def _has_work(self) -> bool:
        return bool(self._world.state.noted("webhook")) and self._world.updates.count() > 0

    @staticmethod
    async def _deliver(client: httpx.AsyncClient, hook: Json, update: Json) -> str | None:
        """None when it was taken, else what went wrong."""
        headers = {SECRET: hook["secret_token"]} if hook["secret_token"] else {}
        with suppress(httpx.HTTPError):
            answer = await client.post(hook["url"], json=update, headers=headers)
            if answer.is_success:
                return None
            return f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
        return "Connection failed"


def set_webhook(call: Call) -> bool:
    state, updates = call.world.state, call.world.updates
    url = call.params.text("url") or ""
    if not url:
        return delete_webhook(call)
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if call.params.flag("drop_pending_updates"):
        updates.drop()
    updates.allow(call.params.data("allowed_updates"))
    with state.change():
        secret = call.params.text("secret_token")
        connections = call.params.whole("max_connections") or 40
        hook = {"url": url, "secret_token": secret, "max_connections": connections}
        state.note("webhook", hook)
        state.note("webhook error", None)
    return True


def delete_webhook(call: Call) -> bool:
    if call.params.flag("drop_pending_updates"):
        call.world.updates.drop()
    with call.world.state.change():
        call.world.state.note("webhook", None)
    return True


def get_webhook_info(call: Call) -> Json:
    state, updates = call.world.state, call.world.updates
    hook, error = state.noted("webhook") or {}, state.noted("webhook error")
    info: Json = {
        "url": hook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": updates.count(),
    }
    if hook:
        info["max_connections"] = hook["max_connections"]
    if hook and error:
        info |= {"last_error_date": error["date"], "last_error_message": error["message"]}
    return info | ({"allowed_updates": updates.allowed()} if updates.allowed() else {})


METHODS: dict[str, Method] = {
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
