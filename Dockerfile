# syntax=docker/dockerfile:1
# The product in one image: API, worker and embedded PostgreSQL. The same steps run without a container engine in
# test/image/prove-image.sh.
#
# Node 26 is the long-term support line since October 2026; boot and tests pass on 20.19, 22, 24 and 26.
ARG NODE_IMAGE=node:26-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY tsconfig.json ./
COPY src src
COPY migrations migrations
COPY web web
RUN npm run build && rm -f dist/.build.json dist/.tsbuildinfo dist/migrations/.tsbuildinfo
COPY LICENSE ./
COPY config config
COPY models models
COPY scenarios scenarios
# Whatever the umask of the checkout was, the user of the image must be able to read.
RUN rm -rf config/compose config/monitoring models/build.mjs models/tools models/*/*.ts models/*/*.py models/*/*/expected.json scenarios/fleets/*.mjs \
 && chmod -R a+rX LICENSE package.json dist config models scenarios src/app/launch/healthcheck.mjs

# A stage of its own, so that a change of our sources leaves the largest layer of the image as it is.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev
COPY src/app/launch/prune.mjs ./
RUN node prune.mjs . && chmod -R a+rX node_modules

FROM ${NODE_IMAGE} AS runtime
LABEL org.opencontainers.image.title="DevOps Simulator" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    DSIM_PROFILE=production \
    DSIM_DATA_DIR=/data
WORKDIR /app
# Nothing in here installs packages, so what could is taken out. PostgreSQL wants its user to have a name.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn* \
           /usr/local/bin/yarn /usr/local/bin/yarnpkg \
 && groupadd --gid 10001 dsim \
 && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin dsim \
 && mkdir /data && chown dsim:dsim /data
COPY --from=dependencies --chown=root:root /app/node_modules node_modules
COPY --from=build --chown=root:root /app/package.json /app/LICENSE ./
COPY --from=build --chown=root:root /app/models models
COPY --from=build --chown=root:root /app/scenarios scenarios
COPY --from=build --chown=root:root /app/config config
COPY --from=build --chown=root:root /app/src/app/launch/healthcheck.mjs ./
COPY --from=build --chown=root:root /app/dist dist
USER 10001:10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --start-interval=2s --retries=4 CMD ["node", "healthcheck.mjs"]
CMD ["node", "--enable-source-maps", "dist/main.js"]
