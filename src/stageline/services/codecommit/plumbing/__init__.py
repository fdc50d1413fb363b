"""Git repositories on disk: the git process, references, objects, trees and the names that are let through to them."""
