"""A figure beside what it is measured against."""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`value` in `unit`, `baseline` in the same unit, and what the ratio of the two must be: at least, or at most."""

    name: str
    value: float
    unit: str
    baseline: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def ratio(self) -> float:
        return self.value / self.baseline

    @property
    def is_met(self) -> bool:
        """Whether the ratio is what it must be; a figure that is only reported always is."""
        return (self.at_least is None or self.ratio >= self.at_least) and (
            self.at_most is None or self.ratio <= self.at_most
        )

    def line(self) -> str:
        """The figure as the line of JSON that `make bench` prints."""
        numbers = {"value": round(self.value, 3), "unit": self.unit, "baseline": round(self.baseline, 3)}
        return json.dumps({"name": self.name, **numbers, "ratio": round(self.ratio, 3)})
