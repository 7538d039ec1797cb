/** Twelve minutes of a small shop whose database is down for two of them. */
export const SMALL_SHOP = `dsim: 1
name: small-shop
title: A small shop
teaches: What a database outage does to users.
start: 2026-01-05T08:00
timeZone: Europe/Berlin
duration: 12m
platform:
  regions: { eu: { cloud: aws } }
  clusters: { eu-1: { nodePools: { general: { nodes: 2, price: 0.3 } } } }
services:
  web:
    replicas: 2
    operations:
      home:
        route: GET /
        work: { mean: 8ms, p99: 40ms }
        calls: [{ call: db.read, timeout: 200ms }]
stores:
  db: { kind: database, read: 2ms, write: 5ms }
load:
  shoppers:
    to: web.home
    rate: 30
    shape: [{ noise: { cv: 10%, correlation: 1m } }]
faults:
  - { name: outage, kind: dependency-down, target: { store: db }, at: 4m, for: 2m }
changes:
  - { at: 8m, deploy: { service: web, version: '1.1.0' } }
slos:
  - { name: home-fast, entry: shoppers, objective: 99%, latency: 500ms }
`;
