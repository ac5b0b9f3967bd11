"""Logistic regression of one label, for texts of any number: also where the label is on nothing, or on everything."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression


def fit_label(
    model: LogisticRegression, rows: Any, right: npt.NDArray[np.bool_], weight: Any = None
) -> tuple[npt.NDArray[np.float64], float]:
    """Return the weights of the features and the intercept.

    Where all rows are alike, only how often the label occurs can be learned: no weights, and half an example more of
    each kind, so that nothing becomes certain.

    Args:
        model: How to fit.
        rows: Features, ``(rows, features)``, dense or sparse.
        right: Which rows have the label.
        weight: How much each counts; equally when None.

    >>> weights, intercept = fit_label(LogisticRegression(), np.ones((3, 2)), np.zeros(3, dtype=bool))
    >>> weights, round(intercept, 3)
    (array([0., 0.]), -1.946)
    """
    if right.any() and not right.all():
        model.fit(rows, right, weight)
        return model.coef_[0], float(model.intercept_[0])
    share = (right.sum() + 0.5) / (len(right) + 1)
    return np.zeros(rows.shape[1]), float(np.log(share / (1 - share)))
