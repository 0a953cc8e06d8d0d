"""The question that is asked when the window is to be closed while a batch runs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from app import texts, window_texts


def ask_before_closing(parent: QWidget, leave: Callable[[], object]) -> None:
    """Ask whether the batch goes on; `leave` is called only if it is to be put back. Does not wait for the answer."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(texts.TITLE)
    box.setText(window_texts.STILL_RUNNING)
    box.setInformativeText(window_texts.STILL_RUNNING_CHOICES)
    keep = box.addButton(window_texts.KEEP_RUNNING, QMessageBox.ButtonRole.RejectRole)
    put_back = box.addButton(window_texts.PUT_BACK_AND_CLOSE, QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    put_back.clicked.connect(leave)
    box.finished.connect(box.deleteLater)
    box.open()
