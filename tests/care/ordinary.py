"""What people write to somebody who supports them, on an ordinary day: whole messages, long and
short, with haste in them. None of it comes from the table by which words are refused."""

import re
from collections.abc import Mapping
from random import Random

FILLERS: Mapping[str, str] = {
    "who": "Mum|Dad|my sister|my brother|Auntie Pat|Grandad|my neighbour|Mrs Okafor|the lady at the"
    " till|Tomasz|Aisha|Gwen|the bus driver|my friend Lee|the new man|the nurse|Dr Shah|the dog",
    "where": "the shops|town|the pool|college|the market|church|the garden centre|the doctor's|the"
    " cinema|work|the park|the day centre|Gran's|the station|the barber|the chip shop|the beach",
    "food": "beans on toast|a cheese sandwich|soup|fish fingers|porridge|a banana|two bananas|chips"
    "|marmalade on toast|curry|pasta|an apple|ice cream|cake|a jacket potato|cereal|eggs|a sausage",
    "drink": "tea|coffee|squash|a hot chocolate|water|milk|cola|orange juice|a smoothie",
    "thing": "keys|coat|purse|phone|charger|bag|glasses|bus pass|umbrella|hat|gloves|tablets|teapot"
    "|headphones|trainers|clock|scarf|jigsaw|remote|library book|purple jumper|wallet",
    "time": "half nine|ten|about two|quarter past four|6pm|teatime|lunchtime|five minutes|an hour"
    "|20 mins|tonight|tomorrow|Tuesday|the weekend|later on|soon|next week|8.15",
    "feel": "tired|happy|a bit wobbly|hungry|cold|too hot|nervous|bored|excited|fed up|sleepy"
    "|poorly|much better|proud|cross|lonely|calm|worried|grumpy|all over the place",
    "show": "the quiz|Strictly|the football|the snooker|EastEnders|the one about elephants|the news"
    "|a film about the moon|the cartoon|the cooking one|Doctor Who|the rugby",
    "do": "tidy my room|do the washing|ring you|feed the cat|go for a walk|have a shower|pay the"
    " bill|water the plants|catch the bus|do my shopping|hoover|practise my guitar|paint",
    "how": "lovely|boring|really loud|okay I suppose|brilliant|busy|a bit scary|fun|too long|nice",
}

TEMPLATES = """
I had {food} for lunch
having {food} and {drink}
Can we have {food} on {time}?
there's no {drink} left
{who} made me {food}
I don't like {food} any more
{food} please
got {food} from {where}
I burnt the {food} again haha
what's for tea
Do we need {drink}?
I spilt {drink} on my {thing}
can you get {drink} when you go to {where}
put the kettle on
I've put the kettle on for {who}
is it my turn to cook
{who} says {food} is bad for you
I can't find my {thing}
found my {thing}!!
where is my {thing}
I left my {thing} at {where}
have you seen my {thing}
{who} has got my {thing}
my {thing} is broken
I need a new {thing}
bought a {thing} for {who}
left the {thing} on the bus sorry
the {thing} was £4.50 is that ok
{thing} and {thing} on the list please
My {thing} came in the post
just leaving {where}
on the way to {where} with {who}
going to {where} at {time}
Off to {where}
back from {where}
at {where} now
I'm in {where}, it's {how}
walked to {where} and back
the bus to {where} is late again
missed the bus
the 27 didn't come
sat upstairs on the bus
it's raining at {where}
pouring down here
sun's out!
nearly at {where}
stuck in traffic by {where}
train is delayed till {time}
see you at {time}
see u {time}
ok see you at {where}
be there in {time}
can I come at {time} instead
is it still on for {time}
Are you coming {time}?
who is on {time}
who's on shift {time}
is {who} in today
when is {who} coming
what time is it
what day is it today
is it bin day
have I got anything on {time}
{who} is coming at {time}
my appointment is at {time}
{who} changed it to {time}
I forgot it was {time}
I feel {feel}
feeling {feel} today
bit {feel}
I am {feel} and {feel}
I was {feel} but I'm {feel} now
{who} made me {feel}
why am I so {feel}
not sleeping very well
slept like a log
woke up at {time}
had a bad dream about {who}
my tooth hurts
my knee is playing up
I've got a headache
took my tablets
have I had my tablets
I had my tablets with {drink}
need more tablets by {time}
{who} says I need a blood test
the nurse was {how}
watching {show}
did you see {show}
{show} is on at {time}
{show} was {how}
turn over {show} is starting
we lost 3-1
we won!!
come on you reds
I'm drawing {who}
painted a picture of an elephant for {who}
played bingo, won a clock
bowling was {how}
the disco was {how}
choir was {how} today
swimming at {time}
I did 20 lengths
art class is {how}
I'm learning a song for {who}
{who} taught me to {do}
I want to {do}
I have to {do} first
I'll {do} {time}
can you help me {do}
shall we {do} {time}
I did it! I managed to {do} by myself
don't forget to {do}
{who} told me to {do}
how do I {do}
I'm about to {do}
it's {who}'s birthday {time}
happy birthday {who}
what shall I get {who}
I sent {who} a card
{who} rang me
ring {who} please
can {who} ring me {time}
tell {who} I said hi
say hello to {who} from me
{who} was horrible to me
{who} and me had a row
made up with {who}
I miss {who}
I saw {who} at {where}
{who} waved at me
{who} is {feel}
is {who} alright
who is that man with {who}
how much is it
have I got enough money
got £12.40 left
the machine ate my card
the cash machine is out of order
I paid {who} back
can I have my money {time}
I saved up for a {thing}
wifi is down
my phone is being slow
battery 20%
how do you turn the sound off
I pressed the wrong thing
sorry wrong person
sorry that was for {who}
what does that mean
say that again please
lol
haha {who} is so funny
no way
really?
I don't know
maybe
dunno, ask {who}
yes please {time}
no thank you
not today
if you like
I'd rather go to {where}
I changed my mind
can we talk {time}
thank you for {time}
you're the best
night night
good morning {who}
morning all
have a nice weekend
long time no see
the {thing} is in the cupboard by the {drink}
it was {how}, {who} liked it too
next time I'll take my {thing}
remember the elephant at {where}?
grandma's old clock stopped at {time}
""".strip().splitlines()
"""One message each; what stands in braces is filled."""


def message(dice: Random) -> str:
    """One of them, as somebody might have typed it."""
    said = re.sub(
        r"\{(\w+)\}",
        lambda gap: dice.choice(FILLERS[gap[1]].split("|")),
        dice.choice(TEMPLATES),
    )
    match dice.randrange(5):
        case 0:
            return said.lower()
        case 1:
            return said + dice.choice(("!", " x", "...", " 😀", " thanks", " pls"))
        case 2:
            at = dice.randrange(len(said))
            return said[:at] + dice.choice(("", said[at] * 2, "e")) + said[at + 1 :]
    return said
