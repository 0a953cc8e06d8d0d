"""Puts a theme in force: Fusion, a full palette of our own, and one small style sheet."""

from __future__ import annotations

from importlib import resources
from string import Template

from PySide6.QtCore import QByteArray, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from app.theme.tokens import CONTRAST, DARK, LIGHT, RADIUS, Tokens

FONTS = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "JetBrainsMono-Regular.ttf")

_SHEET = Template(
    """
    QMainWindow, QDialog, QWidget#page { background: ${bg}; }
    QWidget#rail { background: ${side}; border: 0; }
    QFrame#card, QWidget#panel { background: ${surface}; border: 1px solid ${border}; border-radius: 8px; }
    QFrame#banner { background: ${warn_bg}; border: 1px solid ${border}; border-radius: 8px; }
    QFrame#alarm { background: ${error_bg}; border: 2px solid ${error}; border-radius: 8px; }
    QFrame#alarm QLabel, QFrame#banner QLabel { color: ${text}; background: transparent; }
    QLabel { background: transparent; }
    QLabel[role="title"] { font-size: 17px; font-weight: 600; }
    QLabel[role="dim"] { color: ${dim}; }
    QLabel[role="strong"] { font-weight: 600; }
    QLabel[role="ok"] { color: ${ok}; font-weight: 600; }
    QLabel[role="warn"] { color: ${warn}; font-weight: 600; }
    QLabel[role="error"] { color: ${error}; font-weight: 600; }
    QPushButton { background: ${surface}; color: ${text}; border: 1px solid ${outline}; border-radius: ${radius}px;
        padding: 6px 14px; min-height: 18px; }
    QPushButton:hover { background: ${hover}; }
    QPushButton:focus { border: 2px solid ${accent}; padding: 5px 13px; outline: 0; }
    QPushButton:disabled { color: ${dim}; border-color: ${border}; background: ${bg}; }
    QPushButton[role="primary"] { background: ${accent}; color: ${on_accent}; border-color: ${accent};
        font-weight: 600; }
    QPushButton[role="primary"]:hover { background: ${accent_hover}; }
    QPushButton[role="primary"]:focus { border: 2px solid ${text}; }
    QPushButton[role="primary"]:disabled { background: ${border}; color: ${dim}; border-color: ${border}; }
    QPushButton[role="group"] { border-color: ${border}; border-radius: 12px; padding: 3px 12px; }
    QPushButton[role="group"]:checked { background: ${selection}; border-color: ${accent}; font-weight: 600; }
    QPushButton[role="group"]:focus { border: 2px solid ${accent}; padding: 2px 11px; }
    QPushButton::menu-indicator { width: 0; }
    QToolButton { background: transparent; color: ${text}; border: 1px solid transparent;
        border-radius: ${radius}px; padding: 4px; }
    QToolButton:hover { background: ${hover}; }
    QToolButton:focus { border: 1px solid ${accent}; }
    QFrame#line { background: ${border}; border: 0; max-height: 1px; min-height: 1px; }
    QLineEdit, QPlainTextEdit { background: ${surface}; color: ${text}; border: 1px solid ${outline};
        border-radius: ${radius}px; padding: 5px 8px; selection-background-color: ${accent}; selection-color: ${on_accent}; }
    QLineEdit:focus, QPlainTextEdit:focus { border: 2px solid ${accent}; padding: 4px 7px; }
    QTableView { background: ${surface}; border: 1px solid ${border}; border-radius: 8px; gridline-color: transparent;
        outline: 0; selection-background-color: ${selection}; selection-color: ${text}; }
    QHeaderView::section { background: ${surface}; color: ${dim}; border: 0; border-bottom: 1px solid ${border};
        padding: 0 8px; font-size: 12px; }
    QTableCornerButton::section { background: ${surface}; border: 0; }
    QSplitter::handle { background: transparent; }
    QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
    QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
    QScrollBar::handle { background: ${outline}; border: 3px solid ${bg}; border-radius: 6px; }
    QTableView QScrollBar::handle { border-color: ${surface}; }
    QScrollBar::handle:vertical { min-height: 32px; }
    QScrollBar::handle:horizontal { min-width: 32px; }
    QScrollBar::handle:hover { background: ${dim}; }
    QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
    QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
    QAbstractScrollArea::corner { background: transparent; border: 0; }
    QProgressBar { background: ${border}; border: 0; border-radius: 4px; max-height: 8px; min-height: 8px; }
    QProgressBar::chunk { background: ${accent}; border-radius: 4px; }
    QProgressBar[back="true"]::chunk { background: ${warn}; }
    QScrollArea { border: 0; background: transparent; }
    QMenu { background: ${surface}; border: 1px solid ${border}; padding: 4px; }
    QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; color: ${text}; }
    QMenu::item:selected { background: ${selection}; }
    QMenu::item:disabled { background: transparent; color: ${outline}; }
    QToolTip { background: ${surface}; color: ${text}; border: 1px solid ${border}; padding: 4px; }
    """
)


_BY_CHOICE = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}


class Theme(QObject):
    """The theme in force. `changed` comes when the system switches between light and dark."""

    changed = Signal()

    def __init__(self, application: QApplication, choice: str = "system") -> None:
        super().__init__(application)
        self._application = application
        self.choice = choice
        self.tokens: Tokens = LIGHT
        self._flash_time = application.cursorFlashTime()
        application.setStyle("Fusion")
        for name in FONTS:
            QFontDatabase.addApplicationFontFromData(QByteArray(_font(name)))
        application.styleHints().colorSchemeChanged.connect(self._follow)
        self.put_in_force()

    def choose(self, choice: str) -> None:
        """Choose "system", "light", "dark" or "contrast"."""
        self.choice = choice
        self.put_in_force()

    def put_in_force(self) -> None:
        """Set palette and style sheet."""
        self.tokens = _BY_CHOICE.get(self.choice) or self._system()
        self._application.setPalette(_palette(self.tokens))
        names = {name: getattr(self.tokens, name) for name in Tokens.__dataclass_fields__}
        self._application.setStyleSheet(_SHEET.substitute(names, radius=RADIUS))
        font = QFont("Inter")
        font.setPixelSize(13)
        self._application.setFont(font)
        self.changed.emit()

    def reduce_motion(self, *, reduced: bool) -> None:
        """Let nothing move by itself, or everything as the system has it."""
        for effect in (Qt.UIEffect.UI_AnimateMenu, Qt.UIEffect.UI_FadeMenu, Qt.UIEffect.UI_AnimateCombo):
            self._application.setEffectEnabled(effect, not reduced)
        self._application.setCursorFlashTime(0 if reduced else self._flash_time)

    def _follow(self) -> None:
        if self.choice == "system":
            self.put_in_force()

    @staticmethod
    def _system() -> Tokens:
        # Only from 6.10 on does Qt know what the system says about contrast.
        style = QGuiApplication.styleHints()  # a name for it: what it returns dies with it
        hints = getattr(style, "accessibility", lambda: None)()
        if hints is not None and hints.contrastPreference() == Qt.ContrastPreference.HighContrast:
            return CONTRAST
        return DARK if style.colorScheme() == Qt.ColorScheme.Dark else LIGHT


def mono() -> QFont:
    """Return the font of contents: fixed pitch, without ligatures that would make other characters of them."""
    font = QFont("JetBrains Mono")
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPixelSize(13)
    for feature in ("calt", "liga"):
        font.setFeature(QFont.Tag(feature), 0)
    return font


def _font(name: str) -> bytes:
    return resources.files("resources").joinpath("fonts", name).read_bytes()


def _palette(tokens: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.bg,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.bg,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.dim,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.on_accent,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.ToolTipBase: tokens.surface,
        role.ToolTipText: tokens.text,
        role.Light: tokens.surface,
        role.Midlight: tokens.hover,
        role.Mid: tokens.border,
        role.Dark: tokens.outline,
        role.Shadow: tokens.border,
    }
    palette = QPalette()
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.dim))
    return palette
