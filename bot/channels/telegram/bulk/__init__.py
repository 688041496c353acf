"""
Broadcasts on Telegram: `letters` keeps what a coach wants to send, `carrier` sends it to one person, `compose` is the
dialogue in which it is prepared (`panel` has its choices), `progress` shows how far it has come, `control` what can be
done then.
"""
