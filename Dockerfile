# Builds the one binary and puts it, alone, on a small Debian. SQLite by default; SHERLOK_DATABASE_URL names another.
FROM node:20-bookworm-slim AS web
WORKDIR /src
COPY web/package.json web/package-lock.json ./web/
RUN cd web && npm ci --no-audit --no-fund
COPY data/regions ./data/regions
COPY docs/guides ./docs/guides
COPY web ./web
RUN cd web && npm run build

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY .cargo ./.cargo
# The dependencies are built once and kept for as long as the lock file stands.
RUN mkdir -p src tests/it && echo 'fn main() {}' > src/main.rs && touch src/lib.rs \
    && cargo build --release --locked && rm -r src
COPY api-spec ./api-spec
COPY data ./data
COPY migrations ./migrations
COPY src ./src
COPY build.rs ./
COPY --from=web /src/web/dist ./web/dist
RUN touch src/main.rs src/lib.rs && cargo build --release --locked

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home sherlok
COPY --from=build /src/target/release/sherlok /usr/local/bin/sherlok
COPY LICENSE /usr/share/doc/sherlok/LICENSE
COPY data/licenses /usr/share/doc/sherlok/licenses
ENV SHERLOK_LISTEN=0.0.0.0:8080 SHERLOK_DATA_DIR=/data
USER sherlok
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["sherlok"]
CMD ["serve"]
