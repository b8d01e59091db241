"""Whatever may come from Telegram, at random: handled or set aside, and nothing told to the wrong
ear. `python -m tests.fuzz --updates 1000000 --seed 1`."""
