"""Only this machine plays here, and no page of another site reaches in."""

from pathlib import Path

import httpx
import pytest

from bot.playground.server import Playground
from tests.play import Play


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 200, id="this machine"),
        pytest.param({"Host": "localhost:1"}, 200, id="by its name"),
        pytest.param({"Host": "[::1]:1"}, 200, id="by its other address"),
        pytest.param({"Host": "kith.example"}, 403, id="a name that was pointed here"),
        pytest.param({"Host": ""}, 403, id="no name"),
        pytest.param({"Origin": "https://kith.example"}, 403, id="another site"),
        pytest.param({"Origin": "http://127.0.0.1:1"}, 403, id="another port"),
        pytest.param({"Origin": "null"}, 403, id="a page of nowhere"),
    ],
)
async def test_who_may_play(play: Play, headers: dict[str, str], status: int) -> None:
    answer = await play.http.get("/play/people", headers=headers)

    assert answer.status_code == status


async def test_the_page_itself_may_play(play: Play) -> None:
    answer = await play.http.get("/play/people", headers={"Origin": play.address})

    assert answer.status_code == 200


async def test_another_machine_may_not(tmp_path: Path) -> None:
    playground = Playground(tmp_path)
    far = httpx.ASGITransport(playground.app, client=("192.0.2.1", 5))

    async with httpx.AsyncClient(transport=far, base_url="http://127.0.0.1") as http:
        answers = [await http.get(path) for path in ("/play/people", "/", "/page/index.html")]

    await playground.close()
    assert [answer.status_code for answer in answers] == [403, 403, 403]


async def test_the_page_is_told_to_load_nothing_from_elsewhere(play: Play) -> None:
    answer = await play.http.get("/")

    assert answer.headers["content-security-policy"].startswith("default-src 'self';")
    assert answer.headers["x-content-type-options"] == "nosniff"
