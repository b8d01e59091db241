"""Which handler sees an update first. Order matters."""

from typing import Any

from telegram.ext import Application

from bot.flows import agreement as agreements
from bot.flows import circle as circles
from bot.flows import invitation as invitations
from bot.flows import journey as journeys
from bot.flows import leave, profile
from bot.flows import news as items
from bot.flows import plan as plans
from bot.flows import rota as rotas
from bot.handlers import (
    agreement,
    circle,
    commands,
    contact,
    conversation,
    door,
    escalation,
    general,
    invitation,
    journey,
    news,
    plan,
    rota,
    told,
)
from bot.handlers.context import Context

CONVERSATIONS = (
    journeys.CONVERSATION,
    plans.CONVERSATION,
    profile.PROFILE,
    leave.LEAVE,
    invitations.INVITE,
    invitations.NOMINATE,
    rotas.ADD_SHIFT,
    circles.SUPPORT,
    circles.HELPS,
    agreements.SHARE,
    agreements.MORE,
    items.TELL,
    items.REPLY,
    items.PASS_ON,
)


def wire(application: "Application[Any, Context, Any, Any, Any, Any]") -> commands.Menus:
    """The door first, then each subject, then flows, then what is left; the menu last.

    Answers with the menus, which are to be set at the start.
    """
    application.add_handler(door.handler(), group=-1)
    application.add_handlers(
        [
            *door.HANDLERS,
            *journey.HANDLERS,
            *escalation.HANDLERS,
            *contact.HANDLERS,
            *plan.HANDLERS,
            *invitation.HANDLERS,
            *rota.HANDLERS,
            *circle.HANDLERS,
            *agreement.HANDLERS,
            *news.HANDLERS,
            *told.HANDLERS,
            *conversation.handlers(CONVERSATIONS, otherwise=news.words),
            *general.handlers(),
        ]
    )
    menus = commands.Menus()
    application.add_handler(menus.handler(), group=1)
    return menus
