# syntax=docker/dockerfile:1
# The product in one image: API, worker and embedded PostgreSQL. The same steps run without a container engine in
# test/image/prove-image.sh.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json nest-cli.json ./
COPY src src
COPY migrations migrations
COPY web web
COPY config config
COPY models models
COPY scenarios scenarios
RUN npm run build && npm prune --omit=dev && node src/app/launch/prune.mjs .

FROM ${NODE_IMAGE} AS runtime
ENV NODE_ENV=production \
    DSIM_PROFILE=production \
    DSIM_DATA_DIR=/data
WORKDIR /app
RUN groupadd --gid 10001 dsim && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin dsim \
 && mkdir /data && chown dsim:dsim /data
COPY --from=build --chown=root:root /app/package.json ./
COPY --from=build --chown=root:root /app/node_modules node_modules
COPY --from=build --chown=root:root /app/dist dist
COPY --from=build --chown=root:root /app/config config
COPY --from=build --chown=root:root /app/models models
COPY --from=build --chown=root:root /app/scenarios scenarios
USER 10001:10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=40s --retries=4 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HTTP_PORT ?? 8080}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/main.js"]
