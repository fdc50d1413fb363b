"""Stage conditions: what each may result in, and its rules, each against its type (S24 to S28 of the pipeline structure)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stageline.core import cron
from stageline.core.pipeline.declaration import TypeId
from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.ruletype import Kind, RuleType
from stageline.core.pipeline.validate.actions import check_commands, properties_problem
from stageline.core.pipeline.validate.references import reference_problem
from stageline.core.pipeline.validate.structure import invalid as invalid_structure
from stageline.core.pipeline.validate.structure import repeated

RuleLookup = Callable[[TypeId], RuleType | None]
Document = Mapping[str, Any]
MAX_RULES = 5
LEAST_TIMEOUT, MOST_TIMEOUT = 5, 86_400
RESULTS: dict[str, tuple[str, ...]] = {
    "beforeEntry": ("FAIL", "SKIP"),
    "onSuccess": ("FAIL", "ROLLBACK"),
    "onFailure": ("RETRY", "ROLLBACK"),
}
"""By condition, what may follow when one of its rules fails (S25)."""
_KINDS: dict[str, Kind] = {"beforeEntry": "BEFORE_ENTRY", "onSuccess": "ON_SUCCESS", "onFailure": "ON_FAILURE"}


def check_rules(document: Document, rule_lookup: RuleLookup, *, region: str = "") -> Refusal | None:
    """The first thing that is wrong with the conditions of a ``PipelineDeclaration``, or None. With ``region``, rules must be in
    it."""
    known = _Known(document)
    for stage in document["stages"]:
        for name in RESULTS:
            if name in stage and stage[name] is not None:
                refusal = (
                    _version(document, name)
                    or _results(document, stage, name)
                    or _conditions(stage, name, rule_lookup, region)
                    or known.check(stage, name)
                )
                if refusal:
                    return refusal
        known.pass_over(stage)
    return None


def _invalid(message: str) -> Refusal:
    return Refusal("InvalidStageDeclaration", message)


def _where(stage: Document, name: str) -> str:
    return f"The condition {name} of stage '{stage['name']}'"


def _version(document: Document, name: str) -> Refusal | None:
    if document.get("pipelineType", "V1") == "V2":
        return None
    return invalid_structure(f"Stage conditions ({name}) can only be used with V2 pipelines")


def _results(document: Document, stage: Document, name: str) -> Refusal | None:
    """What follows: allowed for the kind of condition, the mode of the pipeline and the place of the stage."""
    declared, where, allowed = stage[name], _where(stage, name), RESULTS[name]
    results = [each.get("result") for each in declared.get("conditions", [])]
    if name == "onFailure" and declared.get("result"):
        results.append(declared["result"])
    for result in results:
        if result not in allowed:
            said = f"the result {result}" if result else "no result"
            return _invalid(f"{where} has {said}; it must be one of {', '.join(allowed)}")
        if result == "ROLLBACK" and document.get("executionMode") == "PARALLEL":
            return invalid_structure(f"{where} has the result ROLLBACK, which a pipeline in the mode PARALLEL cannot have")
        if result == "ROLLBACK" and stage is document["stages"][0]:
            return _invalid(f"{where} has the result ROLLBACK; the source stage cannot be rolled back")
    if declared.get("retryConfiguration") and "RETRY" not in results:
        return _invalid(f"{where} has a retryConfiguration, which can only be used with the result RETRY")
    if not results:
        return _invalid(f"{where} has neither a condition nor a result")
    return None


def _conditions(stage: Document, name: str, lookup: RuleLookup, region: str) -> Refusal | None:
    where = _where(stage, name)
    conditions = stage[name].get("conditions", [])
    if len(conditions) > 1:
        return _invalid(f"{where} has {len(conditions)} entries; exactly one is allowed")
    for condition in conditions:
        rules = condition.get("rules", [])
        if not 1 <= len(rules) <= MAX_RULES:
            return _invalid(f"{where} has {len(rules)} rules; there must be 1 to {MAX_RULES}")
        twice = repeated(rule["name"] for rule in rules)
        if twice is not None:
            return _invalid(f"Rule names must be unique within a condition. {where} uses the rule name {twice} more than once")
        for rule in rules:
            refusal = _rule(stage, name, condition, rule, lookup, region)
            if refusal:
                return refusal
    return None


def _rule(stage: Document, name: str, condition: Document, rule: Document, lookup: RuleLookup, region: str) -> Refusal | None:
    given = rule["ruleTypeId"]
    category, owner, provider, version = type_id(given)
    kind = lookup((category, owner, provider, version))
    if kind is None:
        named = f"Category: '{category}', Provider: '{provider}', Owner: '{owner}', Version: '{version}'"
        return _invalid(f"RuleType ({named}) in rule '{rule['name']}' of stage '{stage['name']}' is not available")
    return (
        _fit(stage, name, condition, rule, kind)
        or _staged(
            properties_problem(f"Rule configuration for rule '{rule['name']}'", rule.get("configuration", {}), kind.properties)
        )
        or _window(rule, kind)
        or _inputs(rule, kind)
        or _commands(rule, kind)
        or _fields(rule, region)
    )


def type_id(given: Mapping[str, str]) -> TypeId:
    """The four parts of a ``RuleTypeId``, of which two may be left out."""
    return (given["category"], given.get("owner", "AWS"), given["provider"], given.get("version", "1"))


def _staged(refusal: Refusal | None) -> Refusal | None:
    """The same refusal, of a stage: there is no error for a rule's declaration."""
    return _invalid(refusal.message) if refusal else None


def _fit(stage: Document, name: str, condition: Document, rule: Document, kind: RuleType) -> Refusal | None:
    if _KINDS[name] not in kind.kinds:
        return _invalid(
            f"Rule {rule['name']} is of the type {kind.provider}, which cannot be used in {name} (stage '{stage['name']}')"
        )
    if condition.get("result") == "SKIP" and not kind.skips:
        text = f"Rule {rule['name']} is of the type {kind.provider}, which cannot be used with the result SKIP"
        return _invalid(f"{text}; LambdaInvoke and VariableCheck can (stage '{stage['name']}')")
    return None


def _window(rule: Document, kind: RuleType) -> Refusal | None:
    """A window that no clock could come to is told now, not at the first release."""
    text = rule.get("configuration", {}).get("Cron", "#{")
    if kind.provider == "DeploymentWindow" and "#{" not in text:
        try:
            cron.parse(text)
        except cron.CronError as error:
            return _invalid(f"Rule configuration for rule '{rule['name']}' has a 'Cron' that cannot be used: {error}")
    return None


def _inputs(rule: Document, kind: RuleType) -> Refusal | None:
    names = [each["name"] for each in rule.get("inputArtifacts", [])]
    least, most = kind.inputs
    text = f"Rule {rule['name']} declares {len(names)} input artifacts which is"
    if len(names) < least:
        return _invalid(f"{text} less than the minimum count ({least})")
    if len(names) > most:
        return _invalid(f"{text} more than the maximum count ({most})")
    twice = repeated(names)
    if twice is not None:
        return _invalid(f"Input Artifact Bundle {twice} in rule {rule['name']} has been used more than once.")
    primary = rule.get("configuration", {}).get("PrimarySource")
    if kind.provider == "CodeBuild" and len(names) > 1 and not primary:
        return _invalid(f"Rule configuration for rule '{rule['name']}' is missing required configuration 'PrimarySource'")
    if primary and "#{" not in primary and primary not in names:
        return _invalid(f"The PrimarySource '{primary}' of rule '{rule['name']}' is not one of its input artifacts")
    return None


def _commands(rule: Document, kind: RuleType) -> Refusal | None:
    if kind.commands:
        return _staged(check_commands(f"Rule {rule['name']}", rule))
    if rule.get("commands"):
        return _invalid(f"Rule {rule['name']} declares commands, which can only be used with the Commands rule")
    return None


def _fields(rule: Document, region: str) -> Refusal | None:
    timeout = rule.get("timeoutInMinutes")
    if timeout is not None and not LEAST_TIMEOUT <= timeout <= MOST_TIMEOUT:
        limits = f"from {LEAST_TIMEOUT} to {MOST_TIMEOUT}"
        return _invalid(f"Rule {rule['name']} has a timeoutInMinutes of {timeout}; it must be {limits}")
    wanted = rule.get("region")
    if region and wanted and wanted != region:
        return _invalid(f"Rule {rule['name']} is in the Region {wanted}; this server has the Region {region} only")
    return None


class _Known:
    """The artifacts and namespaces that there are when a condition is evaluated."""

    def __init__(self, document: Document) -> None:
        self._variables = {each["name"] for each in document.get("variables", [])}
        self._namespaces = {"codepipeline"} | ({"variables"} if self._variables else set())
        self._artifacts: set[str] = set()

    def check(self, stage: Document, name: str) -> Refusal | None:
        """The references and inputs of a condition's rules. After a stage, its own actions have given theirs."""
        own = stage["actions"] if name != "beforeEntry" else []
        artifacts = self._artifacts | {each["name"] for action in own for each in action.get("outputArtifacts", [])}
        namespaces = self._namespaces | {action["namespace"] for action in own if action.get("namespace")}
        for rule in (each for condition in stage[name].get("conditions", []) for each in condition.get("rules", [])):
            for each in rule.get("inputArtifacts", []):
                if each["name"] not in artifacts:
                    text = (
                        f"Input Artifact Bundle {each['name']} in rule {rule['name']} is not declared as Output Artifact Bundle"
                    )
                    return _invalid(f"{text} in any of the preceding actions")
            for key, text in _texts(rule):
                place = f"StageName=[{stage['name']}], RuleName=[{rule['name']}], RuleConfigurationKey=[{key}]"
                problem = reference_problem(f"The rule '{rule['name']}'", place, text, namespaces, self._variables)
                if problem:
                    return _invalid(problem)
        return None

    def pass_over(self, stage: Document) -> None:
        """What a stage gives is there from now on."""
        self._artifacts |= {each["name"] for action in stage["actions"] for each in action.get("outputArtifacts", [])}
        self._namespaces |= {action["namespace"] for action in stage["actions"] if action.get("namespace")}


def _texts(rule: Document) -> Iterator[tuple[str, str]]:
    yield from rule.get("configuration", {}).items()
    yield from (("commands", each) for each in rule.get("commands", []))
