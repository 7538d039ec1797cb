{{- define "dsim.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "dsim.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains (include "dsim.name" .) .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "dsim.name" .) | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "dsim.selectorLabels" -}}
app.kubernetes.io/name: {{ include "dsim.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "dsim.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "dsim.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "dsim.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "dsim.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "dsim.image" -}}
{{- with .Values.image }}
{{- $tag := default $.Chart.AppVersion .tag }}
{{- if .registry }}{{ .registry }}/{{ end }}{{ .repository }}:{{ $tag }}
{{- end }}
{{- end }}

{{/* "true" where an external database is given: then api and worker run apart. */}}
{{- define "dsim.split" -}}
{{- if or .Values.database.url .Values.database.existingSecret }}true{{ end }}
{{- end }}

{{- define "dsim.redisGiven" -}}
{{- if or .Values.redis.url .Values.redis.existingSecret .Values.config.REDIS_SENTINELS .Values.config.REDIS_CLUSTER_NODES }}true{{ end }}
{{- end }}

{{/* The component that serves the page and the API. */}}
{{- define "dsim.frontComponent" -}}
{{- if include "dsim.split" . }}api{{ else }}all{{ end }}
{{- end }}

{{- define "dsim.authSecretName" -}}
{{- default (printf "%s-auth" (include "dsim.fullname" .)) .Values.auth.existingSecret }}
{{- end }}

{{- define "dsim.connectionSecretName" -}}
{{ include "dsim.fullname" . }}-connections
{{- end }}

{{- define "dsim.port" -}}
{{- if eq .Values.profile "experimental" }}9000{{ else }}8080{{ end }}
{{- end }}

{{/* Address for people, where a route names one. */}}
{{- define "dsim.publicUrl" -}}
{{- if .Values.ingress.enabled }}
{{- with first .Values.ingress.hosts }}{{ ternary "https" "http" (gt (len $.Values.ingress.tls) 0) }}://{{ .host }}{{ end }}
{{- end }}
{{- end }}
