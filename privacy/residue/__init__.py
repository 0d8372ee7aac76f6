"""The residue scan: whether anything of a person is left, anywhere (P12d: nobody is told before).

Other scans trust the inventory. This one doesn't: it asks PostgreSQL which tables there are, Redis for all its keys and
the storage for all its files, and looks for the person's identifiers in every spelling that is known
(`privacy.residue.readings`). It finds what nobody declared.

    report = residue.scan(people.of_address("ann@example.com"))
    report.is_clean, report.findings, report.candidates, report.receipt

The shop keeps no log: lines go to standard output, and mails that were sent are the customers'. So neither is a place.
"""

from privacy.residue.exemptions import ONLY_RESTRICTED as ONLY_RESTRICTED
from privacy.residue.exemptions import Exempt as Exempt
from privacy.residue.identifiers import Identifier as Identifier
from privacy.residue.identifiers import Kind as Kind
from privacy.residue.report import Finding as Finding
from privacy.residue.report import Report as Report
from privacy.residue.scanning import Progress as Progress
from privacy.residue.scanning import inventory_version as inventory_version
from privacy.residue.scanning import scan as scan
