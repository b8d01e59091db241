"""The way to the Bot API: python-telegram-bot's requests, carried by aiohttp.

PTB's own way (httpx) takes several times the processor time for each, and more with every
connection it holds.
"""

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData


class Way(BaseRequest):
    """At most so many requests at once; `patience` in seconds, for each part of one.

    `by_proxy`: the environment's proxy is asked. Opened by `initialize`, closed by `shutdown`.
    """

    def __init__(self, connections: int, patience: float, *, by_proxy: bool) -> None:
        self._connections = connections
        self._patience = patience
        self._by_proxy = by_proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._patience

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                headers={"User-Agent": self.USER_AGENT},
                trust_env=self._by_proxy,
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 -- as PTB calls it
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 -- part of connecting
    ) -> tuple[int, bytes]:
        """The status and the body; NetworkError, or TimedOut, says why there are none."""
        if self._session is None:
            raise RuntimeError("the way is not open")
        connect, read = self._seconds(connect_timeout), self._seconds(read_timeout)
        timeout = aiohttp.ClientTimeout(total=None, connect=connect, sock_read=read)
        data = None if request_data is None else _form(request_data)
        try:
            async with self._session.request(method, url, data=data, timeout=timeout) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from error

    def _seconds(self, given: object) -> float | None:
        """What a call asks for, or the patience of this way; None: for ever."""
        return given if given is None or isinstance(given, float | int) else self._patience


def _form(request: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData(request.json_parameters)
    for name, (filename, content, kind) in request.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form
