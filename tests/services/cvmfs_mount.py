#!/usr/bin/python3
"""A file system of FUSE that says what a CVMFS client says: its extended attributes, and two files.

usage: cvmfs_mount.py ATTRIBUTES MOUNTPOINT      in the foreground; ATTRIBUTES has lines of user.NAME=VALUE
"""
import errno
import os
import stat
import sys

import fusepy as fuse

FILES = {"/good": b"content\n", "/bad": None}  # reading the second one fails


class Mount(fuse.Operations):
    def __init__(self, attributes):
        self.attributes = attributes

    def getattr(self, path, fh=None):
        if path == "/":
            return {"st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2}
        if path not in FILES:
            raise fuse.FuseOSError(errno.ENOENT)
        return {"st_mode": stat.S_IFREG | 0o444, "st_nlink": 1, "st_size": 8}

    def readdir(self, path, fh):
        return [".", ".."] + [name[1:] for name in FILES]

    def read(self, path, size, offset, fh):
        if FILES[path] is None:
            raise fuse.FuseOSError(errno.EIO)
        return FILES[path][offset:offset + size]

    def getxattr(self, path, name, position=0):
        if path != "/" or name not in self.attributes:
            raise fuse.FuseOSError(errno.ENODATA)
        return self.attributes[name]

    def statfs(self, path):
        return {"f_bsize": 512, "f_frsize": 512, "f_blocks": 8192000, "f_bfree": 8191000, "f_bavail": 8191000}


def main():
    attributes = {}
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            name, _, value = line.rstrip("\n").partition("=")
            if name.startswith("user."):
                attributes[name] = value.replace("\\n", "\n").encode()
    attributes["user.pid"] = str(os.getpid()).encode()
    fuse.FUSE(Mount(attributes), sys.argv[2], foreground=True, fsname="cvmfs2", ro=True)


if __name__ == "__main__":
    main()
