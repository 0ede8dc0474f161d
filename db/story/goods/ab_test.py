"""Did variant B convert better than A? Two proportions, with what to say about it. Standard library only.

    >>> print(compare(a_users=5000, a_converted=400, b_users=5000, b_converted=470).sentence())
    B converts 1.4 points more (8.0 % to 9.4 %; 95 % interval +0.3 to +2.5 points; p = 0.013).

Decide how many users you need *before* (`users_needed`), look once at the end. Looking every day and stopping when
p < 0.05 finds a "winner" between two equal variants in one test out of four.
"""

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()


@dataclass(frozen=True)
class Comparison:
    rate_a: float
    rate_b: float
    low: float
    """Of the 95 % interval of the difference."""
    high: float
    p_value: float

    @property
    def difference(self) -> float:
        return self.rate_b - self.rate_a

    def sentence(self) -> str:
        points = lambda x: f"{100 * x:+.1f}"
        measured = (
            f"{100 * self.rate_a:.1f} % to {100 * self.rate_b:.1f} %; 95 % interval {points(self.low)} to "
            f"{points(self.high)} points; p = {self.p_value:.2g}"
        )
        if self.p_value >= 0.05:
            return f"No difference was shown ({measured}). That is not proof of none."
        more = "more" if self.difference > 0 else "less"
        return f"B converts {abs(100 * self.difference):.1f} points {more} ({measured})."


def compare(*, a_users: int, a_converted: int, b_users: int, b_converted: int) -> Comparison:
    """Pooled z test for the p value, Newcombe's interval (hybrid of Wilson's) for the difference.

    Both hold for small rates, where the textbook interval reaches below zero. Needs at least five conversions and five
    users who did not convert in each variant; raises ValueError otherwise: wait for more data.
    """
    for users, converted in ((a_users, a_converted), (b_users, b_converted)):
        if converted < 5 or users - converted < 5:
            raise ValueError("fewer than five on one side: too little to say anything")
    a, b = a_converted / a_users, b_converted / b_users
    pooled = (a_converted + b_converted) / (a_users + b_users)
    z = (b - a) / sqrt(pooled * (1 - pooled) * (1 / a_users + 1 / b_users))
    a_low, a_high = _wilson(a_converted, a_users)
    b_low, b_high = _wilson(b_converted, b_users)
    return Comparison(
        rate_a=a,
        rate_b=b,
        low=(b - a) - sqrt((b - b_low) ** 2 + (a_high - a) ** 2),
        high=(b - a) + sqrt((b_high - b) ** 2 + (a - a_low) ** 2),
        p_value=2 * (1 - _NORMAL.cdf(abs(z))),
    )


def users_needed(rate: float, least_worth_finding: float, *, power: float = 0.8, alpha: float = 0.05) -> int:
    """Users for *each* variant, so that a change of `least_worth_finding` (0.01 = a point) is found with `power`."""
    other = rate + least_worth_finding
    if not (0 < rate < 1 and 0 < other < 1 and least_worth_finding != 0):
        raise ValueError("rates must lie between 0 and 1 and differ")
    z = _NORMAL.inv_cdf(1 - alpha / 2) + _NORMAL.inv_cdf(power)
    return ceil(z**2 * (rate * (1 - rate) + other * (1 - other)) / least_worth_finding**2)


def _wilson(converted: int, users: int, z: float = 1.959964):
    p = converted / users
    middle = (p + z**2 / (2 * users)) / (1 + z**2 / users)
    half = z / (1 + z**2 / users) * sqrt(p * (1 - p) / users + z**2 / (4 * users**2))
    return middle - half, middle + half
