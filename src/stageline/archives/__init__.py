"""Zip archives on disk: the only code of the product that unpacks or packs them."""

from stageline.archives.pack import zip_folder, zip_members
from stageline.archives.unpack import BadArchive, each_file, read_member, unpack_zip

__all__ = ["BadArchive", "each_file", "read_member", "unpack_zip", "zip_folder", "zip_members"]
