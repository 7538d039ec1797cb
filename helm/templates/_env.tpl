{{/*
Variables that the chart itself gives; takes dict "root", "role". A list in YAML.
*/}}
{{- define "dsim.ownEnv" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
- { name: DSIM_ROLE, value: {{ .role }} }
- { name: DSIM_PROFILE, value: {{ $values.profile }} }
- { name: DSIM_DATA_DIR, value: /data }
- { name: HTTP_HOST, value: 0.0.0.0 }
- { name: HTTP_METRICS_PORT, value: "9001" }
- { name: METRICS_PUBLIC, value: {{ $values.metrics.public | quote }} }
{{- if eq .role "api" }}
# Endpoints are told of a pod's end at the same moment as the pod is: it serves on until they have heard.
- { name: HTTP_SHUTDOWN_DELAY_SECONDS, value: "5" }
{{- end }}
{{- if or $values.ingress.enabled $values.httpRoute.enabled }}
- { name: HTTP_TRUST_PROXY, value: "1" }
{{- end }}
{{- with include "dsim.publicUrl" $root }}
- { name: HTTP_PUBLIC_URL, value: {{ . | quote }} }
{{- end }}
- name: AUTH_JWT_SECRET
  valueFrom:
    secretKeyRef: { name: {{ include "dsim.authSecretName" $root }}, key: {{ $values.auth.jwtSecretKey }} }
- name: AUTH_ADMIN_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ include "dsim.authSecretName" $root }}, key: {{ $values.auth.adminPasswordKey }} }
- name: TELEMETRY_INGEST_TOKEN
  valueFrom:
    secretKeyRef: { name: {{ include "dsim.authSecretName" $root }}, key: {{ $values.auth.ingestTokenKey }}, optional: true }
{{- if include "dsim.split" $root }}
{{- $secret := default (include "dsim.connectionSecretName" $root) $values.database.existingSecret }}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef: { name: {{ $secret }}, key: {{ ternary $values.database.existingSecretKey "database-url" (ne $values.database.existingSecret "") }} }
- { name: DATABASE_TLS_MODE, value: {{ $values.database.tlsMode }} }
{{- if $values.database.caExistingSecret }}
- { name: DATABASE_TLS_CA_FILE, value: /etc/devops-simulator/database-ca/ca.crt }
{{- end }}
{{- if $values.database.replicasSecretKey }}
- name: DATABASE_REPLICA_URLS
  valueFrom:
    secretKeyRef: { name: {{ required "database.replicasSecretKey needs database.existingSecret" $values.database.existingSecret }}, key: {{ $values.database.replicasSecretKey }} }
{{- end }}
{{- end }}
{{- if or $values.redis.url $values.redis.existingSecret }}
- name: REDIS_URL
  valueFrom:
    secretKeyRef:
      name: {{ default (include "dsim.connectionSecretName" $root) $values.redis.existingSecret }}
      key: {{ ternary $values.redis.existingSecretKey "redis-url" (ne $values.redis.existingSecret "") }}
{{- end }}
{{- end }}

{{/*
All variables: the chart's, then config and configFromSecrets, then extraEnv. A later one replaces an earlier one of
the same name, because an API server that applies on its own side refuses a name that stands twice.
*/}}
{{- define "dsim.env" -}}
{{- $values := .root.Values -}}
{{- $extra := dict -}}
{{- range $values.extraEnv }}{{- $_ := set $extra .name true }}{{- end -}}
{{- $entries := list -}}
{{- range include "dsim.ownEnv" . | fromYamlArray }}
{{- if not (or (hasKey $extra .name) (hasKey $values.config .name) (hasKey $values.configFromSecrets .name)) }}
{{- $entries = append $entries . }}
{{- end }}
{{- end }}
{{- range $name, $value := $values.config }}
{{- if not (hasKey $extra $name) }}
{{- /* Helm reads numbers as floating point, and would write 1048576 as 1.048576e+06. */}}
{{- $whole := and (kindIs "float64" $value) (eq (float64 (int64 $value)) $value) }}
{{- $entries = append $entries (dict "name" $name "value" (ternary (toString (int64 $value)) (toString $value) $whole)) }}
{{- end }}
{{- end }}
{{- range $name, $ref := $values.configFromSecrets }}
{{- if not (hasKey $extra $name) }}
{{- $entries = append $entries (dict "name" $name "valueFrom" (dict "secretKeyRef" (dict "name" $ref.name "key" $ref.key))) }}
{{- end }}
{{- end }}
{{- toYaml (concat $entries $values.extraEnv) }}
{{- end }}
