#!/usr/bin/env bash
# Proves the image without a container engine: performs the Dockerfile's steps in plain folders, makes the application
# folder read-only, runs it as another user with the production profile and the embedded PostgreSQL, and looks at what
# a container engine would look at: ready, health check, end on SIGTERM, nothing left behind. Needs npm's registry.
#   test/image/prove-image.sh [--keep]       keeps the folders, to look around
#   NODE=/path/to/node test/image/prove-image.sh    runs the product on another Node
set -euo pipefail
cd "$(dirname "$0")/../.."
exec node test/image/prove-image.mjs "$@"
