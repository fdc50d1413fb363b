"""Tags of pipelines."""

from stageline.testing.behaviour.check import check, refused, same
from stageline.testing.behaviour.declare import Doc, gate
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial


def tags(**values: str) -> list[Doc]:
    """Tags as the API exchanges them."""
    return [{"key": key, "value": value} for key, value in values.items()]


def listed(pipeline: Pipeline) -> Doc:
    """The tags of a pipeline."""
    found = pipeline.client.list_tags_for_resource(resourceArn=pipeline.arn)["tags"]
    return {each["key"]: each["value"] for each in found}


@check
def they_come_with_the_pipeline(trial: Trial) -> None:
    """Tags given when a pipeline is made are its tags, and an update of the pipeline leaves them."""
    pipeline = Pipeline(trial, gate(), tags=tags(team="web", cost="42"))
    same("the tags", listed(pipeline), {"team": "web", "cost": "42"})
    pipeline.update()
    same("the tags after an update", listed(pipeline), {"team": "web", "cost": "42"})


@check
def they_are_added_and_taken(trial: Trial) -> None:
    """A tag is added, or its value replaced; a key is taken away, also when it is not there."""
    pipeline = Pipeline(trial, gate(), tags=tags(team="web"))
    trial.client.tag_resource(resourceArn=pipeline.arn, tags=tags(team="api", level="gold"))
    same("after tagging", listed(pipeline), {"team": "api", "level": "gold"})
    trial.client.untag_resource(resourceArn=pipeline.arn, tagKeys=["team", "nothing"])
    same("after untagging", listed(pipeline), {"level": "gold"})


@check
def wrong_ones_are_refused(trial: Trial) -> None:
    """No key of AWS's own, no more than fifty, no resource that is not there."""
    pipeline = Pipeline(trial, gate())
    call, arn = trial.client.tag_resource, pipeline.arn
    refused(call, "InvalidTags", "Validation", resourceArn=arn, tags=[{"key": "aws:mine", "value": "x"}])
    many = tags(**{f"k{number}": "x" for number in range(51)})
    refused(call, "TooManyTags", "Validation", resourceArn=arn, tags=many)
    same("the tags afterwards", listed(pipeline), {})
    absent = arn.replace(pipeline.name, trial.name())
    refused(call, "ResourceNotFound", resourceArn=absent, tags=tags(a="b"))
    refused(trial.client.list_tags_for_resource, "ResourceNotFound", resourceArn=absent)
    for wrong in ("arn:aws:s3:::bucket", f"arn:aws:lambda:{trial.options.region}:123456789012:function:f"):
        refused(trial.client.list_tags_for_resource, "InvalidArn", "Validation", resourceArn=wrong)
