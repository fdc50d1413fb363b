"""Versions: every update makes one, and none is lost."""

from stageline.testing.behaviour.check import check, refused, same
from stageline.testing.behaviour.declare import gate
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial


@check
def an_update_makes_one(trial: Trial) -> None:
    """Every update makes the next version, even one that changes nothing; a version in the request does not count."""
    pipeline = Pipeline(trial, gate())
    same("after the creation", pipeline.created["version"], 1)
    same("after an update without a change", pipeline.update()["version"], 2)
    same("after one that claims another version", pipeline.update(version=17)["version"], 3)
    same("GetPipeline", trial.client.get_pipeline(name=pipeline.name)["pipeline"]["version"], 3)


@check
def old_ones_can_be_read(trial: Trial) -> None:
    """Every version stays readable as it was."""
    pipeline = Pipeline(trial, gate())
    pipeline.update(stages=[pipeline.document["stages"][0], gate("Other")])
    for version, name in ((1, "Gate"), (2, "Other")):
        found = trial.client.get_pipeline(name=pipeline.name, version=version)["pipeline"]
        same(f"version {version}", (found["version"], found["stages"][1]["name"]), (version, name))


@check
def there_are_no_others(trial: Trial) -> None:
    """A version that was never made is not found, and there is none below 1."""
    pipeline = Pipeline(trial, gate())
    refused(trial.client.get_pipeline, "PipelineVersionNotFound", name=pipeline.name, version=2)
    refused(trial.client.get_pipeline, "Validation", name=pipeline.name, version=0)
