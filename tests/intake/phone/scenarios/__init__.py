"""The scenarios of the telephone, by number: what may happen to a caller, and what must then hold.

The numbers are kept for good; `test_all_there.py` holds that none is missing.

| | where | what |
| --- | --- | --- |
| 1-7 | `test_01_reaching.py` | answered, voicemail, declined, and hanging up anywhere |
| 8-12 | `test_08_keys.py` | silence, wrong keys, keys too early |
| 13-19 | `test_13_waiting.py` | the queue, being called back from it, being taken from it |
| 20-22, 47, 51 | `test_20_colleagues.py` | nobody there, who hangs up first, numbers that fail, partners |
| 23-27 | `test_23_closed.py` | closed, to the second, over closing time, holidays, summer time |
| 28-30, 52 | `test_28_callers.py` | withheld, SIP, malformed, and the same caller thirty times |
| 31-36 | `test_31_order.py` | doubled, late, reordered, repeated webhooks |
| 37-39 | `test_37_away.py` | the database or the desk away, or slow |
| 40-45 | `test_40_hostile.py` | signatures, accounts, giants, unicode |
| 46, 53 | `test_46_real.py` | real processes: fifty at once, and killed between any two webhooks |
| 48-49 | `test_48_afterwards.py` | recordings fetched and deleted |
| 50 | `test_50_calling_back.py` | calling back, and whatever can go wrong in it |
| 54 | `test_54_random.py` | anything at all |
"""
