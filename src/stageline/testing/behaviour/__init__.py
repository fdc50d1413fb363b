"""How a CodePipeline behaves, as checks from outside: boto3 against any endpoint, this server's, an emulator's or AWS's own.

``python -m stageline.testing.behaviour --endpoint URL`` runs them. A theme is a module of the packages ``flow`` (how executions
move), ``work`` (what actions do) and ``api`` (how it is asked); a check is a function of a theme whose docstring is the rule that
it shows. Nothing here knows any server: a check uses only what every CodePipeline has (an S3 source, manual approval, S3 deploy,
custom actions whose job worker is the check itself) and imports nothing else of Stageline.
"""
