"""IAM's policy language: reading and validating documents, matching, conditions, and the order of evaluation.

``validate`` checks a document on its way in, ``compile`` makes it quick to ask, ``evaluate`` answers, ``denial`` says no.
"""
