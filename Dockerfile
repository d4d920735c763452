# The portable command `leanvm` in a small image, for x86-64.
#
#   docker build -t leanvm .
#   docker run --rm leanvm --version
#   docker run --rm -v "$PWD:/work" leanvm verify-aggregate block.agg
#
# The first image builds three times, for three levels of the processor; the second has the one file
# that they become, which starts the best that the processor has.
FROM rust:1.95-bookworm AS build
WORKDIR /leanvm
COPY . .
RUN scripts/build-portable

# The same release of Debian: the file needs the C library that it was built with, or a newer one.
FROM debian:bookworm-slim
COPY --from=build /leanvm/target/portable/leanvm /usr/local/bin/leanvm
COPY --from=build /leanvm/LICENSE-MIT /leanvm/LICENSE-APACHE /usr/share/doc/leanvm/
RUN useradd --create-home --home-dir /work leanvm
USER leanvm
WORKDIR /work
ENTRYPOINT ["leanvm"]
