"""A local Bot API server with a web page: Kith without a Telegram account.

It imports nothing of the bot but the clock, so that it can judge the bot as an outsider.
"""
