"""The mutants of a module: its code with one small change, by the operators of cosmic-ray and four of ours."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any, Final, NamedTuple, cast

import parso
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.plugins import get_operator
from mutation.survivors import path_of

Node = Any  # of parso, whose types are incomplete


class Identity(NamedTuple):
    """What the list of survivors names a mutant by: line numbers change too often for that."""

    function: str
    """The function of the change, ``""`` outside of all."""
    before: str
    """The changed line."""
    after: str


class Mutant(NamedTuple):
    """A module with one change."""

    identity: Identity
    line: int
    is_in_body: bool
    """Whether the change is in the body of a function, so that it can be made after the import."""
    source: str


class _ReplaceNode(Operator):  # type: ignore[misc]  # cosmic-ray has no types
    """Replace a node by what :meth:`replacement` makes of it, where it makes anything of it."""

    def replacement(self, node: Node) -> str | None:
        raise NotImplementedError

    def mutation_positions(self, node: Node) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        if self.replacement(node) is not None:
            yield node.start_pos, node.end_pos

    def mutate(self, node: Node, _index: int) -> Node:
        new = parso.python.tree.Name(
            self.replacement(node) or "", node.start_pos, node.get_first_leaf().prefix
        )
        new.parent = node.parent
        return new

    @classmethod
    def examples(cls) -> Iterable[Example]:
        return ()


def _line_ends(node: Node) -> str:
    """As many as the node has, so that no line of the module gets another number."""
    return "\n" * cast("str", node.get_code(include_prefix=False)).count("\n")


class AddToText(_ReplaceNode):
    """``"text"`` -> ``"text,"``, in patterns and parts of f-strings too. (Docstrings are not code.)"""

    def replacement(self, node: Node) -> str | None:
        if node.type == "fstring_string":
            return f"{node.value},"
        if node.type != "string":
            return None
        text = re.fullmatch(r"""(?s)(\w*)("{3}|'{3}|"|')(.*)\2""", node.value)
        return text and f"{text[1]}{text[2]}{text[3]},{text[2]}"


class SwapMembership(_ReplaceNode):
    """``in`` <-> ``not in``."""

    def replacement(self, node: Node) -> str | None:
        if node.parent is None or node.parent.type != "comparison":
            return None
        swapped = {"in": "not in", "not in": "in"}
        return swapped.get(" ".join(node.get_code().split()))


class ReturnNone(_ReplaceNode):
    """``return value`` -> ``return None``, unless the value is as false as that."""

    def replacement(self, node: Node) -> str | None:
        if node.type != "return_stmt" or node.children[1].get_code().strip() in {"False", "()", "[]"}:
            return None
        return f"return (None{_line_ends(node)})"


class RemoveStatement(_ReplaceNode):
    """A call for its effect, or ``raise`` -> ``pass``."""

    def replacement(self, node: Node) -> str | None:
        is_statement = node.parent is not None and node.parent.type == "simple_stmt"
        if is_statement and node.type in {"atom_expr", "raise_stmt", "keyword"}:
            return f"pass;({_line_ends(node)})"
        return None


# A comparison becomes its opposite or its neighbor at the edge, and arithmetic its inverse: the rest of cosmic-ray's
# exchanges are mostly type errors.
_COMPARISONS: Final = (
    "Eq_NotEq NotEq_Eq Is_IsNot IsNot_Is Lt_LtE Lt_GtE LtE_Lt LtE_Gt Gt_GtE Gt_LtE GtE_Gt GtE_Lt"
)
_ARITHMETIC: Final = "Add_Sub Sub_Add Mul_Add FloorDiv_Mul Mod_Mul BitOr_BitAnd BitAnd_BitOr BitXor_BitOr"
_CORE: Final = (
    *(f"ReplaceComparisonOperator_{exchange}" for exchange in _COMPARISONS.split()),
    *(f"ReplaceBinaryOperator_{exchange}" for exchange in _ARITHMETIC.split()),
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_USub_UAdd",
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ExceptionReplacer",
    "NumberReplacer",
    "RemoveDecorator",
    "ZeroIterationForLoop",
)  # fmt: skip
OPERATORS: Final[tuple[Callable[[], Operator], ...]] = (
    *(get_operator(f"core/{name}") for name in _CORE),
    AddToText,
    SwapMembership,
    ReturnNone,
    RemoveStatement,
)


def mutants(module: str) -> Iterator[Mutant]:
    """Yield the mutants of a module of the package, such as ``lint.fixes``, that mean something else."""
    source = path_of(module).read_text(encoding="utf-8")
    functions = _functions(ast.parse(source))
    seen = {_meaning(source)}
    for operator in OPERATORS:
        for occurrence in count():
            mutated = mutate_code(source, operator(), occurrence)
            if mutated is None:
                break
            meaning = _meaning(mutated)
            if meaning is None or meaning in seen:
                continue
            seen.add(meaning)
            yield _mutant(source, mutated, functions)


def unchanged(module: str) -> Mutant:
    """Return a module as it is."""
    return Mutant(
        Identity("", "", ""), 0, is_in_body=False, source=path_of(module).read_text(encoding="utf-8")
    )


def _mutant(source: str, mutated: str, functions: list[tuple[range, range, str]]) -> Mutant:
    pairs = enumerate(zip(source.splitlines(), mutated.splitlines(), strict=True), start=1)
    line, (before, after) = next((line, pair) for line, pair in pairs if pair[0] != pair[1])
    around = [name for lines, _, name in functions if line in lines]
    is_in_body = any(line in body for _, body, _ in functions)
    identity = Identity(around[-1] if around else "", before.strip(), after.strip())
    return Mutant(identity, line, is_in_body, mutated)


def _functions(tree: ast.AST, prefix: str = "") -> list[tuple[range, range, str]]:
    """Return the lines, the lines of the body, and the name of each function, the outer ones first."""
    found = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            name, end = f"{prefix}{node.name}", (node.end_lineno or 0) + 1
            if isinstance(node, ast.FunctionDef):
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                found.append((range(first, end), range(node.body[0].lineno, end), name))
            found += _functions(node, f"{name}.")
        else:
            found += _functions(node, prefix)
    return found


def _meaning(source: str) -> str | None:
    """Return what the code does at run time: no annotations, docstrings, or anything for type checkers only."""
    try:
        return ast.dump(_AtRunTime().visit(ast.parse(source)))
    except SyntaxError:
        return None


class _AtRunTime(ast.NodeTransformer):
    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return ast.Pass() if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        return ast.Constant(None) if ast.unparse(node.value) == "Literal" else self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if ast.unparse(node.func) in {"cast", "TypeVar"}:
            node.args[0] = ast.Constant(None)
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST:
        return ast.Pass() if "TYPE_CHECKING" in ast.dump(node.test) else self.generic_visit(node)
