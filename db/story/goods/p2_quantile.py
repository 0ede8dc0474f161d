"""Quantiles of a stream in constant memory: the P-square algorithm (Jain and Chlamtac, 1985).

Five markers instead of all values. Good to about one percent on smooth distributions; not for bimodal data with the
quantile between the humps, nor where a service level agreement pays money (keep a histogram there).

    p99 = P2Quantile(0.99)
    for ms in latencies:
        p99.add(ms)
    print(p99.value())
"""

from typing import List, Optional


class P2Quantile:
    def __init__(self, p: float):
        if not 0 < p < 1:
            raise ValueError("p must lie between 0 and 1")
        self.p = p
        self.count = 0
        self._heights: List[float] = []
        self._positions = [1.0, 2.0, 3.0, 4.0, 5.0]
        self._desired = [1, 1 + 2 * p, 1 + 4 * p, 3 + 2 * p, 5]
        self._steps = [0, p / 2, p, (1 + p) / 2, 1]

    def add(self, x: float) -> None:
        self.count += 1
        q, n = self._heights, self._positions
        if self.count <= 5:
            q.append(x)
            q.sort()
            return

        if x < q[0]:
            q[0] = x
            cell = 0
        elif x >= q[4]:
            q[4] = max(q[4], x)
            cell = 3
        else:
            cell = next(i for i in range(4) if q[i] <= x < q[i + 1])
        for i in range(cell + 1, 5):
            n[i] += 1
        for i in range(5):
            self._desired[i] += self._steps[i]

        for i in range(1, 4):
            gap = self._desired[i] - n[i]
            if (gap >= 1 and n[i + 1] - n[i] > 1) or (gap <= -1 and n[i - 1] - n[i] < -1):
                step = 1 if gap > 0 else -1
                height = self._parabolic(i, step)
                # The parabola may leave the order of the markers; the line cannot.
                q[i] = height if q[i - 1] < height < q[i + 1] else self._linear(i, step)
                n[i] += step

    def value(self) -> Optional[float]:
        """The estimate; exact up to five values (nearest rank); None when there are none."""
        if self.count == 0:
            return None
        if self.count <= 5:
            rank = max(1, -(-int(self.p * self.count * 1_000_000) // 1_000_000))
            return self._heights[min(rank, self.count) - 1]
        return self._heights[2]

    def _parabolic(self, i: int, d: int) -> float:
        q, n = self._heights, self._positions
        return q[i] + d / (n[i + 1] - n[i - 1]) * (
            (n[i] - n[i - 1] + d) * (q[i + 1] - q[i]) / (n[i + 1] - n[i])
            + (n[i + 1] - n[i] - d) * (q[i] - q[i - 1]) / (n[i] - n[i - 1])
        )

    def _linear(self, i: int, d: int) -> float:
        q, n = self._heights, self._positions
        return q[i] + d * (q[i + d] - q[i]) / (n[i + d] - n[i])
