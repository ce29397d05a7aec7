"""Where weights come from: the package index, a model hub, this machine."""
