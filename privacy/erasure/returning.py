"""Who came back: somebody who has an order or an account again after being told that all is deleted.

They keep what is new. What is carried out once more after the notice ends there, and a person looks at what is left.
"""

from privacy.erasure import persons
from privacy.erasure.cases import Case
from privacy.erasure.erasers import all_erasers
from privacy.models import DeletionRequest


def came_back(request: DeletionRequest) -> bool:
    """Whether the person has something of their own that was made since they were told.

    Asked after a deed and before its commit it is certain: what the deed could see, this sees as well.
    """
    if request.told_at is None:
        return False
    told_at, case = request.told_at, Case(persons.of_request(request.pk), request.pk)
    return any(eraser.came_since(case, told_at) for eraser in all_erasers())
