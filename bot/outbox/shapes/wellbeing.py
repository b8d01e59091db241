"""Buttons of messages about how a carer is."""

from collections.abc import Mapping

from bot.care.text import Text
from bot.outbox.shapes.concerns import TO_READ
from bot.outbox.shapes.shape import Press, Shape

SHAPES: Mapping[Text, Shape] = {
    Text("howami", "kept"): Shape(
        (
            (Press(Text("howami", "past"), "howami:past:-:0"),),
            (Press(Text("howami", "support"), "howami:support:-:0"),),
        )
    ),
    Text("howami", "please_read"): TO_READ,
}
