"""How many of everything an account may have, with CodePipeline's quotas (user guide, "Quotas in AWS CodePipeline")."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quotas:
    """Counts, except ``trigger_bytes``. ``parallel_actions`` share a run order within a stage, ``sequential_actions`` are the
    different run orders of a stage. The API's own shapes limit variables and triggers to 50 whatever is set here."""

    pipelines: int = 1000
    polling_pipelines: int = 300
    webhooks: int = 300
    custom_action_types: int = 50
    stages: int = 50
    stage_actions: int = 50
    parallel_actions: int = 100
    sequential_actions: int = 100
    pipeline_actions: int = 1000
    variables: int = 50
    triggers: int = 50
    trigger_bytes: int = 200 * 1024
    tags: int = 50
