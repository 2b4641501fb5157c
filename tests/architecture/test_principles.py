"""The six principles of docs/architecture.md, as far as reading the code can prove them."""

import ast
import statistics

import pytest

from tests.architecture.source import APPS, ROOMS, ROOT, functions, length, modules

VOCABULARY = {
    "urls", "views", "api", "admin", "receivers", "management", "tasks", "forms", "filters", "exporters", "services",
    "workflow", "permissions", "selectors", "models", "rules", "figures", "enums", "signals", "apps", "badges",
    "middleware", "adapters", "passwords", "pdf", "charts", "fonts", "seals", "signing", "locale", "migrations",
    "__init__",
}  # fmt: skip
DOMAIN = ("services", "workflow", "permissions", "selectors", "models", "rules", "figures", "enums", "signals")
FOREIGN_TO_DOMAIN = (
    "celery",
    "rest_framework",
    "weasyprint",
    "django.http",
    "django.contrib.messages",
    "django.shortcuts",
)


def domain_modules() -> list[str]:
    return [
        path for path in modules() if path.split("/")[0] in APPS and path.split("/")[1].removesuffix(".py") in DOMAIN
    ]


def imports(tree: ast.AST) -> list[str]:
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names


@pytest.mark.parametrize("app", APPS)
def test_an_app_is_made_of_the_fixed_vocabulary(app: str) -> None:
    stray = {path.stem for path in (ROOT / app).iterdir() if path.suffix == ".py" or path.is_dir()} - VOCABULARY

    assert stray - {"__pycache__"} == set()


def test_only_the_workflow_assigns_a_status() -> None:
    offenders = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for name in ast.walk(target)
        if isinstance(name, ast.Attribute) and name.attr == "status" and isinstance(name.ctx, ast.Store)
        if path != "portal/kernel/workflow.py"
    ]

    assert offenders == []


def test_nobody_updates_a_status_past_the_workflow() -> None:
    offenders = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update"
        if any(keyword.arg == "status" for keyword in node.keywords)
    ]

    assert offenders == []


def test_no_first_party_import_hides_in_a_function() -> None:
    offenders = [
        f"{path}:{node.lineno} {name}"
        for path, node in functions()
        for name in imports(node)
        if name.split(".")[0] in ROOMS
    ]

    assert offenders == []


def test_the_domain_knows_no_request_no_broker_no_renderer() -> None:
    offenders = [
        f"{path} imports {name}"
        for path in domain_modules()
        for name in imports(modules()[path])
        if name.startswith(FOREIGN_TO_DOMAIN)
    ]

    assert offenders == []


def test_services_know_no_clock() -> None:
    offenders = [
        f"{path}:{node.lineno}"
        for path in domain_modules()
        if "/services" in path or "/workflow" in path
        for node in ast.walk(modules()[path])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"now", "today"}
    ]

    assert offenders == []


def test_only_one_module_imports_weasyprint() -> None:
    importers = {
        path for path, tree in modules().items() for name in imports(tree) if name.split(".")[0] == "weasyprint"
    }

    assert importers <= {"reports/pdf.py"}


def test_services_are_called_by_keyword() -> None:
    offenders = [
        f"{path}:{node.lineno} {node.name}"
        for path in domain_modules()
        if "/services" in path
        for node in modules()[path].body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.args.args
    ]

    assert offenders == []


def test_functions_stay_small() -> None:
    lengths = sorted(length(node) for _path, node in functions())

    assert statistics.median(lengths) <= 7
    assert lengths[int(len(lengths) * 0.95)] <= 35
    assert [f"{path} {node.name}" for path, node in functions() if length(node) > 60] == []


def test_modules_stay_small() -> None:
    assert [path for path in modules() if (ROOT / path).read_text().count("\n") > 600] == []


def test_templates_stay_small() -> None:
    long = [str(path) for path in (ROOT / "templates").rglob("*.html") if path.read_text().count("\n") > 220]

    assert long == []
