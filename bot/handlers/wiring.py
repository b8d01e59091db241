"""Which handler sees an update first. Order matters."""

from typing import Any

from telegram.ext import Application

from bot.flows import agreement as agreements
from bot.flows import authority as papers
from bot.flows import circle as circles
from bot.flows import concern as concerns
from bot.flows import decision as decisions
from bot.flows import education as sessions
from bot.flows import feedback as feedbacks
from bot.flows import first_weeks as weeks
from bot.flows import glass as glasses
from bot.flows import ground as grounds
from bot.flows import guarding as guards
from bot.flows import heard as hearing
from bot.flows import howami as howamis
from bot.flows import invitation as invitations
from bot.flows import journey as journeys
from bot.flows import leave, needs, past, profile, session_change
from bot.flows import news as items
from bot.flows import noticing as notices
from bot.flows import plan as plans
from bot.flows import preparing as preparings
from bot.flows import response as responses
from bot.flows import review as reviews
from bot.flows import rhythm as rhythms
from bot.flows import rota as rotas
from bot.flows import sign as signs
from bot.flows import sign_alert as sign_alerts
from bot.flows import switching as switches
from bot.flows import threshold as thresholds
from bot.flows import wish as wishes
from bot.handlers import (
    agreement,
    authority,
    candour,
    circle,
    commands,
    concern,
    contact,
    conversation,
    decision,
    digest,
    door,
    education,
    escalation,
    feedback,
    first_weeks,
    general,
    howami,
    info,
    invitation,
    journey,
    mdt,
    news,
    noticing,
    plan,
    preparing,
    review,
    rhythm,
    rota,
    safeguarding,
    sign,
    sign_alert,
    switching,
    told,
    wish,
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
    preparings.ASK,
    past.PAST,
    decisions.DECIDE,
    grounds.ALLOW,
    grounds.OWN,
    papers.PAPERS,
    switches.SWITCH,
    guards.FORBID,
    glasses.ONCE,
    glasses.REVIEW,
    rhythms.PLAN,
    reviews.DONE,
    reviews.SNOOZE,
    reviews.RESTRICT,
    rhythms.GOOD_NEWS,
    items.TELL,
    hearing.REPLY,
    hearing.PASS_ON,
    notices.NOTICE,
    signs.CARD,
    signs.CHANGE,
    thresholds.THRESHOLD,
    responses.RESPONSE,
    signs.DECLINE,
    sign_alerts.DID,
    weeks.WEEK,
    sessions.ARRANGE,
    session_change.CHANGE,
    needs.OWN_NEEDS,
    concerns.RAISE,
    concerns.DISAGREE,
    concerns.COMPLAIN,
    concerns.FINISH,
    feedbacks.AFTER,
    feedbacks.FOLLOW,
    wishes.DATE,
    wishes.TOPIC,
    howamis.SAY,
    howamis.ASSESS,
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
            *sign.HANDLERS,
            *mdt.HANDLERS,
            *sign_alert.HANDLERS,
            *digest.HANDLERS,
            *contact.HANDLERS,
            *plan.HANDLERS,
            *invitation.HANDLERS,
            *rota.HANDLERS,
            *circle.HANDLERS,
            *agreement.HANDLERS,
            *preparing.HANDLERS,
            *news.HANDLERS,
            *noticing.HANDLERS,
            *candour.HANDLERS,
            *rhythm.HANDLERS,
            *review.HANDLERS,
            *first_weeks.HANDLERS,
            *told.HANDLERS,
            *decision.HANDLERS,
            *switching.HANDLERS,
            *authority.HANDLERS,
            *safeguarding.HANDLERS,
            *concern.HANDLERS,
            *feedback.HANDLERS,
            *wish.HANDLERS,
            *education.HANDLERS,
            *info.HANDLERS,
            *howami.HANDLERS,
            *conversation.handlers(CONVERSATIONS, otherwise=news.words),
            *general.handlers(),
        ]
    )
    menus = commands.Menus()
    application.add_handler(menus.handler(), group=1)
    return menus
