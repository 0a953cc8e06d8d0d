"""What single operations do to the tree of a plan; those about many files are taken apart by `many`."""

from __future__ import annotations

from dataclasses import replace

from core.content import edit as content
from core.errors import Problem, ProblemCode
from core.fs.api import FileSystem, Kind
from core.plan import piecewise
from core.plan.bounds import Bounds
from core.plan.disk import Finding, fixes
from core.plan.many import DoneWith, Many, Single
from core.plan.node import ALIKE, HELD, KEEP_LINKS, KEEP_TIMES, SPLIT_LINKS, UNGUARDED, Node
from core.plan.operations import (
    DEFAULTS,
    Convert,
    Create,
    Delete,
    EditFile,
    FindReplace,
    Link,
    Links,
    Material,
    Mode,
    Move,
    Operation,
    Options,
    Patch,
    Rename,
    Replace,
    Restore,
    Times,
    Write,
)
from core.plan.plan import Plan
from core.plan.removal import demand_removable, demand_whole
from core.progress import CancelToken, Meter


class Actor:
    """Takes one operation after the other into the tree."""

    def __init__(
        self,
        fs: FileSystem,
        plan: Plan,
        bounds: Bounds,
        links: Links | None,
        meter: Meter,
        token: CancelToken,
        processes: int,
    ) -> None:
        self._fs = fs
        self._plan = plan
        self._tree = plan.tree
        self._bounds = bounds
        self._links = links
        self._many = Many(fs, plan, meter, token, Single(self._act, self._existing, self._rewrite), processes)
        self._checked: dict[content.Edit, tuple[content.Edit, ...]] = {}
        self._number = 0

    def take(self, number: int, operation: Operation, done_with: DoneWith | None) -> None:
        """Let one operation act on the tree; a problem leaves the tree as it was.

        `done_with` is called with each file that a search has come to and that no later operation will change.
        """
        self._number = number
        try:
            match operation:
                case FindReplace() | Convert() | Rename() | Patch():
                    self._many.take(number, operation, done_with)
                case _:
                    self._act(operation)
        except Finding as finding:
            problem = finding.problem
        except OSError as error:
            problem = Finding(ProblemCode.UNREADABLE, operation.path, error=error.strerror or "").problem
        else:
            return
        self._plan.problems.append(replace(problem, operation=number, fixes=fixes(problem.code)))

    def _act(self, operation: Operation) -> None:
        match operation:
            case EditFile():
                self._edit(operation)
            case Write() | Replace():
                self._write(operation)
            case Create() | Link():
                self._create(operation)
            case Mode():
                self._set_mode(operation)
            case Delete():
                self._delete(operation)
            case Move():
                self._move(operation)
            case Restore():
                self._restore(operation)

    def _edit(self, operation: EditFile) -> None:
        edits = self._check(operation)
        path, node = self._existing(operation.path, operation.options)
        self._note_symlink(operation.path, path)
        self._rewrite(path, node, edits, operation.options)

    def _check(self, operation: EditFile) -> tuple[content.Edit, ...]:
        known = self._checked.get(operation.edit)
        if known is None:
            try:
                content.check(operation.edit)
            except content.BadPattern as error:
                raise Finding(ProblemCode.BAD_PATTERN, operation.path, reason=str(error)) from error
            known = self._checked[operation.edit] = (operation.edit,)
        return known

    def _rewrite(self, path: str, node: Node, rewrites: tuple[content.Rewrite, ...], options: Options) -> None:
        """Give a file new content; one tuple serves all files that are changed in the same way."""
        self._bounds.demand(path)
        node = self._own(node, options)
        node.edits = (*node.edits, *rewrites) if node.edits else rewrites
        self._expect(path, node, options)
        self._tree.names[path] = node

    def _write(self, operation: Write | Replace) -> None:
        path, node = self._tree.follow(operation.path)
        if node is None and isinstance(operation, Write):
            self._make(path, self._file(operation.material))
            return
        node = self._own(self._changeable(path, node, operation.options), operation.options)
        self._note_symlink(operation.path, path)
        node.slice, node.source = self._material(operation.material)
        node.edits = ()
        self._tree.names[path] = node

    def _note_symlink(self, given: str, path: str) -> None:
        """Note that what was named is a symlink, and that what it leads to is changed."""
        link = self._tree.canonical(given)
        if link != path:
            values: dict[str, object] = {"target": path}
            self._plan.notes.append(Problem(ProblemCode.FOLLOWED, link, self._number, values, fixes=()))

    def _create(self, operation: Create | Link) -> None:
        path = self._tree.canonical(operation.path)
        if self._tree.at(path) is not None:
            raise Finding(ProblemCode.EXISTS, path)
        if isinstance(operation, Link):
            self._make(path, Node(Kind.SYMLINK, source=operation.target))
        else:
            self._make(path, self._file(operation.material))

    def _make(self, path: str, node: Node) -> None:
        self._bounds.demand(path)
        self._tree.make_parents(path, self._number)
        self._tree.names[path] = replace(node, displaced=self._tree.displaced_at(path), number=self._number)

    def _file(self, material: Material) -> Node:
        part, source = self._material(material)
        node = Node(Kind.FILE, slice=part, source=source)
        return node.with_mode(runnable=True) if material.executable else node

    def _set_mode(self, operation: Mode) -> None:
        path, node = self._existing(operation.path, operation.options)
        self._tree.names[path] = self._own(node, operation.options).with_mode(runnable=operation.runnable)

    def _delete(self, operation: Delete) -> None:
        self._remove(*self._entry(operation.path, operation.options))

    def _remove(self, path: str, node: Node) -> None:
        if node.kind is Kind.FOLDER:
            demand_removable(self._tree.disk, path, node)
            brought = self._tree.brought_in(path)
            self._tree.move_folder(path, "")
            node = replace(node, displaced=(*node.displaced, *brought))
        self._tree.free(path, node, self._number, deleted=True)

    def _move(self, operation: Move) -> None:
        path, node = self._entry(operation.path, operation.options)
        target = self._tree.canonical(operation.to)
        self._bounds.demand(target)
        if target == path:
            return
        if target.startswith(path + "/"):
            raise Finding(ProblemCode.INTO_ITSELF, path, to=target)
        if self._tree.at(target) is not None and not self._tree.is_respelt(path, target):
            raise Finding(ProblemCode.EXISTS, target)
        self._tree.make_parents(target, self._number)
        if node.kind is Kind.FOLDER and piecewise.is_on_other_disk(self._tree, node, target):
            self._move_pieces(path, node, target)
        else:
            demand_whole(self._tree.disk, path, node)
            self._take(path, node, target)

    def _move_pieces(self, folder: str, node: Node, target: str) -> None:
        """Make a folder anew on another disk, move what is in it, and delete it where it was."""
        for path, to, piece in piecewise.pieces(self._tree, folder, target):
            if piece.kind is Kind.FOLDER:
                like, displaced = piece.origin or piece.source, self._tree.displaced_at(to)
                self._tree.names[to] = Node(Kind.FOLDER, source=like, displaced=displaced, number=self._number)
            else:
                self._take(path, piece, to)
        self._remove(folder, node)

    def _take(self, path: str, node: Node, target: str) -> None:
        displaced = self._tree.displaced_at(target)
        moved = replace(node, displaced=displaced, number=self._number)
        self._tree.free(path, node, self._number, deleted=False)
        if node.kind is Kind.FOLDER:
            self._tree.move_folder(path, target)
        self._tree.names[target] = moved

    def _restore(self, operation: Restore) -> None:
        path, held = self._tree.canonical(operation.path), self._tree.at(operation.held)
        if path != operation.path:  # a folder above it is a symlink by now
            raise Finding(ProblemCode.REPLACED_SINCE, operation.path)
        if held is None:
            raise Finding(ProblemCode.NOT_HELD, path)
        if operation.in_place:
            node = self._own(self._existing(path, DEFAULTS)[1], Options(Links.KEEP, guard=False))
            node.source, node.edits, node.flags = operation.held, (), node.flags | ALIKE
            self._tree.names[path] = node
            return
        if self._tree.at(path) is not None:
            self._remove(*self._entry(path, DEFAULTS))
        self._expect(operation.held, held, operation.options)
        self._tree.make_parents(path, self._number)
        self._take(operation.held, replace(held, flags=HELD), path)

    def _entry(self, given: str, options: Options) -> tuple[str, Node]:
        """Return the canonical path and node of something that an operation acts on as an entry."""
        path = self._tree.canonical(given)
        self._bounds.demand(path)
        node = self._tree.at(path)
        if node is None:
            raise Finding(ProblemCode.MISSING, path)
        if node.kind is Kind.SPECIAL:
            raise Finding(ProblemCode.SPECIAL_FILE, path)
        if node.origin and self._tree.disk.is_mount_point(node.origin):
            raise Finding(ProblemCode.MOUNT_POINT, path)
        self._expect(path, node, options)
        return path, node

    def _existing(self, given: str, options: Options) -> tuple[str, Node]:
        """Return the real path and node of a regular file whose content an operation changes."""
        path, found = self._tree.follow(given)
        return path, self._changeable(path, found, options)

    def _changeable(self, path: str, found: Node | None, options: Options) -> Node:
        """Return what is at a real path, if it is a regular file whose content an operation may change."""
        self._bounds.demand(path)
        node = _demand_file(path, found)
        self._expect(path, node, options)
        return node

    def _own(self, node: Node, options: Options) -> Node:
        """Return a node that may be changed, with the options of this operation."""
        links = self._links or options.links
        flags = node.flags
        flags |= {Links.REFUSE: 0, Links.KEEP: KEEP_LINKS, Links.SPLIT: SPLIT_LINKS}[links]
        flags |= 0 if options.guard else UNGUARDED
        flags |= KEEP_TIMES if options.times is Times.KEEP else 0
        # Written out: `replace` takes three times as long, and a search comes here with every file it has found.
        return Node(node.kind, node.origin, node.slice, node.source, node.edits, node.displaced, self._number, flags)

    def _expect(self, path: str, node: Node, options: Options) -> None:
        if options.expect and node.origin and node.kind is Kind.FILE:
            self._plan.expectations[node.origin] = options.expect

    def _material(self, material: Material) -> tuple[tuple[int, int] | None, str]:
        if material.data is not None:
            return self._plan.store(material.data), ""
        node = _demand_file(*self._tree.follow(material.source))
        if node.slice is not None and not node.edits:
            return node.slice, ""
        if node.has_new_content:  # a source that the batch itself changes: its content as it is by then
            return self._plan.store_stream(self._fs, node), ""
        return None, node.origin


def _demand_file(path: str, node: Node | None) -> Node:
    if node is None:
        raise Finding(ProblemCode.MISSING, path)
    if node.kind is not Kind.FILE:
        raise Finding(ProblemCode.IS_FOLDER if node.kind is Kind.FOLDER else ProblemCode.SPECIAL_FILE, path)
    return node
