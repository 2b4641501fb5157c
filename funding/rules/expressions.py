"""The small language in which an official writes conditions, computed values and validations.

A text is read by Python's own parser and worked out by simpleeval with a list of what is allowed: names, numbers,
texts, + - * /, comparisons, and, or, not, `a if b else c`, and the functions below. Nothing else exists in it: no
attributes, no indexing, no power, no lists. What is not known yet is UNKNOWN, and stays so through every step that
depends on it. Whatever the text, the answer is a value or a sentence, within a bounded number of steps.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException, localcontext
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simpleeval import InvalidExpression, SimpleEval

from funding.rules.values import (
    FUNCTIONS,
    OPERATORS,
    ORDERED,
    SAME,
    UNKNOWN,
    ExpressionFault,
    Name,
    Outcome,
    Sort,
    callable_of,
    expect,
    not_of,
    signature,
    sort_of,
)

LONGEST = 500  # signs of an expression
MOST_STEPS = 150  # nodes of its tree
DEEPEST = 25
PRECISION = Context(prec=34, rounding=ROUND_HALF_UP, Emin=-200, Emax=200)


# --- working out -------------------------------------------------------------------------------
class _Evaluator(SimpleEval):  # type: ignore[misc]
    """simpleeval, with three answers to every question: yes, no and not known."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        functions = {name: callable_of(name, function) for name, function in FUNCTIONS.items()}
        super().__init__(operators=OPERATORS, functions=functions, names=dict(values))
        self.nodes = {
            ast.Name: self._eval_name, ast.Constant: self._constant, ast.UnaryOp: self._eval_unaryop,
            ast.BinOp: self._eval_binop, ast.Call: self._eval_call, ast.BoolOp: self._bool, ast.Compare: self._compare,
            ast.IfExp: self._if,
        }  # fmt: skip

    @staticmethod
    def _constant(node: ast.Constant) -> Any:
        return _constant(node)

    def _bool(self, node: ast.BoolOp) -> Any:
        decides = isinstance(node.op, ast.Or)  # a yes ends an `or`, a no an `and`; what follows is not looked at
        found: Any = not decides
        for part in node.values:
            if (value := self._eval(part)) is UNKNOWN:
                found = UNKNOWN
            elif expect(value, Sort.TRUTH) is decides:
                return decides
        return found

    def _compare(self, node: ast.Compare) -> Any:
        values = [self._eval(one) for one in (node.left, *node.comparators)]
        pairs = zip(node.ops, values, values[1:], strict=False)
        found = [OPERATORS[type(act)](left, right) for act, left, right in pairs]
        if False in found:
            return False
        return UNKNOWN if UNKNOWN in found else True

    def _if(self, node: ast.IfExp) -> Any:
        test = self._eval(node.test)
        if test is UNKNOWN:
            return UNKNOWN
        return self._eval(node.body if expect(test, Sort.TRUTH) else node.orelse)


def work_out(expression: str, values: Mapping[str, Any]) -> Outcome:
    """What an expression comes to; a name that is not among the `values` is UNKNOWN. Never raises."""
    try:
        tree = parsed(expression)
        present = {name: values.get(name, UNKNOWN) for name in _names(tree)}
        with localcontext(PRECISION):
            return Outcome(_finite(_Evaluator(present).eval(expression, previously_parsed=tree)))
    except ExpressionFault as fault:
        return Outcome(UNKNOWN, fault.sentence)
    except DecimalException:
        return Outcome(UNKNOWN, _("A number in this is too large."))
    except InvalidExpression:
        return Outcome(UNKNOWN, _("This cannot be worked out."))


def _finite(value: Any) -> Any:
    if isinstance(value, Decimal) and not value.is_finite():
        raise ExpressionFault(_("A number in this is too large."))
    return value


def _constant(node: ast.Constant) -> Any:
    value = node.value
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float) and (number := Decimal(repr(value))).is_finite():
        return number
    raise ExpressionFault(_("Only numbers, texts in quotation marks, True and False can be written here."))


# --- reading -----------------------------------------------------------------------------------
@lru_cache(maxsize=2048)
def parsed(expression: str) -> ast.expr:
    """The tree of an expression that uses nothing but what is allowed. Raises ExpressionFault."""
    if len(expression) > LONGEST:
        raise ExpressionFault(_("An expression has at most %(most)s signs.") % {"most": LONGEST})
    if "\\" in expression or "\0" in expression:
        raise ExpressionFault(_("A backslash has no meaning here."))
    tree = _read(expression.strip())
    _bounded(tree)
    for node in ast.walk(tree):
        _allowed(node)
    return tree


def _read(expression: str) -> ast.expr:
    try:
        return ast.parse(expression, mode="eval").body
    except SyntaxError as error:
        place = error.offset or 1
        said = _("This cannot be read, from sign %(place)s on; brackets and commas are those of a plain keyboard.")
        raise ExpressionFault(said % {"place": place}) from error
    except (ValueError, MemoryError, RecursionError) as error:
        raise ExpressionFault(_("This cannot be read.")) from error


def _bounded(tree: ast.expr) -> None:
    level: list[ast.AST] = [tree]
    steps, depth = 0, 0
    while level:
        steps, depth = steps + len(level), depth + 1
        if steps > MOST_STEPS or depth > DEEPEST:
            raise ExpressionFault(_("This expression is too long; split it up by computed values."))
        level = [child for node in level for child in ast.iter_child_nodes(node)]


SHAPES: tuple[type[ast.AST], ...] = (
    ast.Name, ast.Constant, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call,
)  # fmt: skip
SIGNS: tuple[type[ast.AST], ...] = (ast.Load, ast.And, ast.Or, *OPERATORS)


def _allowed(node: ast.AST) -> None:
    if isinstance(node, ast.Call) and (not isinstance(node.func, ast.Name) or node.keywords):
        raise ExpressionFault(_("Functions are called by their name: sum(costs, 'amount')."))
    if isinstance(node, ast.Call) and node.func.id not in FUNCTIONS:  # type: ignore[attr-defined]
        raise ExpressionFault(
            _("There is no function “%(name)s”.") % {"name": node.func.id}  # type: ignore[attr-defined]
        )
    if isinstance(node, ast.Constant):
        _constant(node)
    if not isinstance(node, (*SHAPES, *SIGNS)):
        raise ExpressionFault(_("This language knows names, numbers, texts, comparisons and functions, and no more."))


def _names(tree: ast.expr) -> set[str]:
    return {node.id for node in _uses(tree)}


def _uses(tree: ast.expr) -> Iterator[ast.Name]:
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return (node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in functions)


def names_in(expression: str) -> set[str]:
    """The names that an expression uses; none when it cannot be read."""
    try:
        return _names(parsed(expression)) if expression.strip() else set()
    except ExpressionFault:
        return set()


# --- checking ----------------------------------------------------------------------------------
def faults(expression: str, names: Mapping[str, Name], gives: Sort | None = None) -> list[str]:
    """Sentences about what is wrong with an expression before any answer is known; `gives` is what it must come to."""
    try:
        found = _Checker(names).sort(parsed(expression))
    except ExpressionFault as fault:
        return [str(fault.sentence)]
    return [str(not_of(gives, found))] if gives and found is not gives else []


class _Checker:
    """Works out sorts instead of values, on every branch."""

    def __init__(self, names: Mapping[str, Name]) -> None:
        self.names = names

    def sort(self, node: ast.expr) -> Sort:
        """The sort that a node comes to. Raises ExpressionFault."""
        check: Callable[[Any], Sort] = getattr(self, f"_{type(node).__name__.lower()}")
        return check(node)

    def _need(self, node: ast.expr, *sorts: Sort) -> Sort:
        if (found := self.sort(node)) not in sorts:
            raise ExpressionFault(not_of(sorts[0], found))
        return found

    def _name(self, node: ast.Name) -> Sort:
        if node.id not in self.names:
            raise ExpressionFault(_("There is no answer or fact called “%(name)s”.") % {"name": node.id})
        return self.names[node.id].sort

    def _constant(self, node: ast.Constant) -> Sort:
        return sort_of(_constant(node))

    def _unaryop(self, node: ast.UnaryOp) -> Sort:
        return self._need(node.operand, Sort.TRUTH if isinstance(node.op, ast.Not) else Sort.NUMBER)

    def _binop(self, node: ast.BinOp) -> Sort:
        self._need(node.left, Sort.NUMBER)
        return self._need(node.right, Sort.NUMBER)

    def _boolop(self, node: ast.BoolOp) -> Sort:
        for value in node.values:
            self._need(value, Sort.TRUTH)
        return Sort.TRUTH

    def _compare(self, node: ast.Compare) -> Sort:
        sides = (node.left, *node.comparators)
        for act, left, right in zip(node.ops, sides, sides[1:], strict=False):
            found = self._need(left, *(SAME if isinstance(act, ast.Eq | ast.NotEq) else ORDERED))
            self._need(right, found)
            self._code(left, right)
            self._code(right, left)
        return Sort.TRUTH

    def _ifexp(self, node: ast.IfExp) -> Sort:
        self._need(node.test, Sort.TRUTH)
        return self._need(node.orelse, self.sort(node.body))

    def _call(self, node: ast.Call) -> Sort:
        name = node.func.id  # type: ignore[attr-defined]
        function = FUNCTIONS[name]
        for argument, sorts in zip(node.args, signature(function, len(node.args)), strict=True):
            self._need(argument, *sorts)
        if name in {"sum", "includes", "one_of"}:
            for argument in node.args[1:]:
                self._code(node.args[0], argument)
        return function.gives

    def _code(self, named: ast.expr, said: ast.expr) -> None:
        """A code that is written out is one that the name can have."""
        if not isinstance(named, ast.Name) or not isinstance(said, ast.Constant):
            return
        codes = self.names[named.id].codes
        if (codes or self.names[named.id].sort is Sort.ROWS) and said.value not in codes:
            known = gettext(", ").join(sorted(codes)) or "—"
            raise ExpressionFault(
                _("“%(name)s” has no “%(code)s”; there are: %(known)s.")
                % {"name": named.id, "code": said.value, "known": known}
            )
