"""Erasure: what a deletion request does with everything that is kept of a person (P12a, P12c).

**Which rows, and what happens to them**, follows from the inventory (`derived`): the `subject` of a declaration finds
them, the `erasure` of each column says the deed, and what goes `With` the rows of another model is handled with those,
in one transaction. An app overrides that where a table isn't enough::

    @erasers.of(OrderParty)
    class Orders(Eraser): ...

**Planning** (`plans`) shows it as row sets, each of them exactly one of erased, restricted until a date, or refused.
**Carrying out** (`execution`) goes in named steps that are idempotent: the same erasers judge anew under locks, so that
rows, disputes and holds that came since are covered by the same rules. What must be kept whole for a while is taken up
again when nothing keeps it any more (`remainders`). What service providers have is asked of them (`providers`).
"""

from privacy.erasure import checks as checks
