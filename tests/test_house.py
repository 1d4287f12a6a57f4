"""Documents and packaging say what is so: commands, files, findings and pins, and nothing of a machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import typer
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dashboard.cli import app
from pipelines.findings import SEVERITY

ROOT = Path(__file__).resolve().parent.parent
READMES = [ROOT / "README.md", ROOT / "README.zh.md"]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md"), *(ROOT / "examples").glob("**/*.md")])
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
FOLDERS = "pipelines|dashboard|tests|docs|examples|benchmarks|data|\\.ci"

# Written apart, so that this file does not hold what it looks for.
HOSTS = ["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(com|org)", "simple" + "/"]
PLACES = ["/" + "work/", "/" + r"root/", "/" + r"home/\w", "/" + "opt/", "/" + r"Users/\w", r"[A-Z]:\\+" + "Users"]
WORKPLACE = [r"cla" + "ude", "anth" + "ropic", "open" + "ai", "chat" + "gpt", "copi" + "lot", "co-authored" + "-by"]
WORKPLACE += [r"language " + "model", r"\bsub" + r"agents?\b", r"\bLL" + r"Ms?\b", r"\bAI " + "assistant"]


def tracked_texts() -> dict[str, str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git repository")
    texts = {}
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file():
            content = path.read_bytes()
            if b"\0" not in content:
                texts[name] = content.decode("utf-8", errors="replace")
    return texts


def locked() -> dict[str, list[tuple[str, str]]]:
    """Name of each package → its pinned versions with the text of their hashes."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    pins: dict[str, list[tuple[str, str]]] = {}
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            name, _, rest = line.partition("==")
            version, _, hashes = rest.partition(" ")
            pins.setdefault(canonicalize_name(name), []).append((version, hashes))
    return pins


def test_every_pinned_package_carries_a_hash_and_no_line_names_where_it_came_from() -> None:
    pins = locked()
    assert len(pins) > 50
    for name, versions in pins.items():
        for version, hashes in versions:
            assert re.fullmatch(r"\d[\w.+]*", version), f"{name}=={version}"
            assert re.search(r"--hash=sha256:[0-9a-f]{64}", hashes), f"{name} has no hash"
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.findall(r"--(?:extra-)?index-url.*|--find-links.*|.*://.*", text)


def test_the_pins_cover_what_the_project_and_its_build_ask_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["dev"],
    ]
    pins = locked()
    for line in wanted:
        requirement = Requirement(line)
        versions = pins.get(canonicalize_name(requirement.name))
        assert versions, f"{line} is not in requirements.lock: run make lock"
        for version, _ in versions:
            assert version in requirement.specifier, f"{line} is pinned to {version}: run make lock"


def imported(folders: list[str], without: str = "") -> set[str]:
    """The packages that the modules below these folders import, but for Python's own and ours."""
    names = set()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        if without and path.is_relative_to(ROOT / without):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    ours = {"pipelines", "dashboard", *(path.stem for folder in folders for path in (ROOT / folder).rglob("*.py"))}
    return {name for name in names if name not in sys.stdlib_module_names and name not in ours}


def test_what_is_imported_is_asked_for_by_name() -> None:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    extras = (line for lines in project["optional-dependencies"].values() for line in lines)
    development = {canonicalize_name(Requirement(line).name) for line in extras}
    distributions = packages_distributions()

    def unasked(names: set[str], asked: set[str]) -> set[str]:
        return {
            name for name in names if not asked & {canonicalize_name(one) for one in distributions.get(name, [name])}
        }

    # The demo street is committed; what wrote it is needed by those who change it, not by those who load it.
    assert unasked(imported(["pipelines", "dashboard"], without="pipelines/handouts/demo"), runtime) == set()
    assert unasked(imported(["pipelines", "tests", "benchmarks"]), runtime | development) == set()


def test_no_file_names_a_package_host_a_place_on_a_machine_or_a_workplace() -> None:
    texts = tracked_texts()
    assert "uv.lock" not in texts
    found = [
        f"{name}: {match.group()}"
        for name, text in texts.items()
        for word in [*HOSTS, *PLACES, *WORKPLACE]
        for match in re.finditer(rf"(?<![\w.]){word}" if word in PLACES else word, text, re.IGNORECASE)
    ]
    assert found == []


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_explains_itself_and_stands_in_both_readmes(command: str) -> None:
    assert (COMMANDS[command].help or "").strip()
    for readme in READMES:
        assert f"lianping {command}" in readme.read_text(encoding="utf-8"), f"{readme.name} lacks {command}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_document_names_only_commands_targets_and_files_that_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
    commands = set(re.findall(r"\blianping ([a-z]+)\b", code))
    assert commands <= set(COMMANDS)
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake (?:\w+=\S+ )?([a-z]+)\b", code)) <= targets
    paths = set(re.findall(rf"`((?:{FOLDERS})/[^`\s{{}}…<>]*)`", text))
    assert [path for path in sorted(paths) if not list(ROOT.glob(path.rstrip("/")))] == []
    links = set(re.findall(r"\]\(([^)#:]+)\)", text))
    assert [link for link in sorted(links) if not (document.parent / link).exists()] == []


def test_the_two_readmes_have_the_same_headings_and_the_same_commands() -> None:
    def skeleton(path: Path) -> list[str]:
        kept, inside = [], False
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("```"):
                inside = not inside
            elif inside:
                kept.append(re.sub(r"\s+#.*", "", line).replace("message_zh", "message_en"))
            elif line.startswith("#"):
                kept.append(line.partition(" ")[0])
        return kept

    english, chinese = (skeleton(path) for path in READMES)
    assert len(english) > 5
    assert english == chinese


def test_every_finding_code_is_explained_in_both_languages_with_its_severity() -> None:
    text = (ROOT / "docs" / "FINDINGS.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## `(\w+)` — `(\w+)`\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert {code: severity for code, severity, _ in sections} == dict(SEVERITY)
    parts = ["含义", "例子", "怎么办", "Meaning", "Example", "What to do"]
    for code, _, body in sections:
        assert re.findall(r"^- \*\*(.+?)\*\*[：:] ?\S.{8,}", body, re.MULTILINE) == parts, code
