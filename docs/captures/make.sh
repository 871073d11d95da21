#!/bin/sh
# Makes the pictures of terminals that docs/cli.md shows: builds the program, and runs sessions with
# it. Needs bash, and script of util-linux. The sessions are in CapturesIT of distribution.
set -eu

cd "$(dirname "$0")/../.."
exec ./mvnw -q -B verify -pl distribution -am -Pci -Dmillrace.archive.skip=true \
  -Dspotless.check.skip=true -Dtest=NoUnit -Dsurefire.failIfNoSpecifiedTests=false \
  -Dit.test=CapturesIT -Dfailsafe.failIfNoSpecifiedTests=false -Dmillrace.captures=write
