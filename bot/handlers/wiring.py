"""Which handler sees an update first. Order matters."""

from typing import Any

from telegram.ext import Application

from bot.flows import after as afters
from bot.flows import agreement as agreements
from bot.flows import authority as papers
from bot.flows import by_phone as calls
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
from bot.flows import leave, needs, past, profile, rungs, session_change, terms
from bot.flows import meeting as meetings
from bot.flows import news as items
from bot.flows import noticing as notices
from bot.flows import pause as pauses
from bot.flows import plan as plans
from bot.flows import preparing as preparings
from bot.flows import regular as regulars
from bot.flows import response as responses
from bot.flows import review as reviews
from bot.flows import review_voice as review_voices
from bot.flows import rhythm as rhythms
from bot.flows import rota as rotas
from bot.flows import sign as signs
from bot.flows import sign_alert as sign_alerts
from bot.flows import switching as switches
from bot.flows import threshold as thresholds
from bot.flows import view as views
from bot.flows import wish as wishes
from bot.flows import words as chosen
from bot.flows.flow import Conversation
from bot.handlers import (
    after,
    agreement,
    authority,
    by_phone,
    candour,
    circle,
    commands,
    concern,
    contact,
    conversation,
    cover,
    decision,
    digest,
    door,
    drill,
    education,
    escalation,
    feedback,
    first_weeks,
    general,
    howami,
    info,
    invitation,
    journey,
    location,
    mdt,
    news,
    noticing,
    outings,
    plan,
    preparing,
    regular,
    review,
    rhythm,
    rota,
    safeguarding,
    sign,
    sign_alert,
    stepping,
    switching,
    told,
    wish,
    words,
)
from bot.handlers.context import Context

CONVERSATIONS: tuple[Conversation[Any], ...] = (
    journeys.CONVERSATION,
    afters.WORRY,
    pauses.CONVERSATION,
    plans.CONVERSATION,
    *terms.TALKS.values(),
    rungs.LADDER,
    views.VIEW,
    profile.PROFILE,
    leave.LEAVE,
    invitations.INVITE,
    invitations.NOMINATE,
    rotas.ADD_SHIFT,
    regulars.OWN,
    regulars.FOR,
    calls.SET_OFF,
    calls.ADD,
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
    review_voices.VOICE,
    meetings.PLAN,
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
    chosen.CODE,
    chosen.SECOND,
    chosen.PRACTISE,
)

FIRST = (words.heard, location.heard, journey.typed)
"""Who hears what is written before any talk does."""


def wire(application: "Application[Any, Context, Any, Any, Any, Any]") -> commands.Menus:
    """The door first, then each subject, then flows, then what is left; the menu last.

    Answers with the menus, which are to be set at the start.
    """
    application.add_handler(door.handler(), group=-1)
    application.add_handlers(
        [
            *door.HANDLERS,
            *journey.HANDLERS,
            *after.HANDLERS,
            *stepping.HANDLERS,
            *outings.HANDLERS,
            *words.HANDLERS,
            *location.HANDLERS,
            *escalation.HANDLERS,
            *drill.HANDLERS,
            *sign.HANDLERS,
            *mdt.HANDLERS,
            *sign_alert.HANDLERS,
            *digest.HANDLERS,
            *contact.HANDLERS,
            *plan.HANDLERS,
            *invitation.HANDLERS,
            *rota.HANDLERS,
            *cover.HANDLERS,
            *regular.HANDLERS,
            *by_phone.HANDLERS,
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
            *conversation.handlers(CONVERSATIONS, otherwise=news.words, first=FIRST),
            *general.handlers(),
        ]
    )
    menus = commands.Menus()
    application.add_handler(menus.handler(), group=1)
    return menus
