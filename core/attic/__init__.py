"""Where pre-images rest after a batch: attics, one for every place that a rename can reach.

An attic is a private folder: `attic` in the state directory for whatever a rename carries there, and elsewhere
`.holdfast-attic-<user>`, as high above the files as this user may write, on their mount. The pre-images of a batch lie
in a folder of its own there, each under the side name it had beside its file: a rename brings it in, another one out.

What a rename can reach only a rename tells: bind mounts and subvolumes refuse it although the device is the same. So
before anything is staged, that folder is made, empty, beside the files, and renamed into the attic (I8).

`finder` says where the pre-images of a batch may go, `store` brings them there.
"""
