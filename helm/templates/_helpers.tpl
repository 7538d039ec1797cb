{{- define "dsim.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "dsim.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 55 | trimSuffix "-" }}
{{- else if contains (include "dsim.name" .) .Release.Name }}
{{- .Release.Name | trunc 55 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "dsim.name" .) | trunc 55 | trimSuffix "-" }}
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
{{- if or .Values.redis.url .Values.redis.existingSecret }}true{{ end }}
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

{{- define "dsim.env" -}}
- name: DSIM_PROFILE
  value: {{ .Values.profile | quote }}
- name: DSIM_DATA_DIR
  value: /data
- name: HTTP_HOST
  value: 0.0.0.0
- name: METRICS_PUBLIC
  value: {{ .Values.metrics.public | quote }}
- name: AUTH_JWT_SECRET
  valueFrom:
    secretKeyRef: { name: {{ include "dsim.authSecretName" . }}, key: jwt-secret }
- name: AUTH_ADMIN_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ include "dsim.authSecretName" . }}, key: admin-password }
{{- if include "dsim.split" . }}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ default (include "dsim.connectionSecretName" .) .Values.database.existingSecret }}
      key: {{ ternary .Values.database.existingSecretKey "database-url" (ne .Values.database.existingSecret "") }}
- name: DATABASE_TLS_MODE
  value: {{ .Values.database.tlsMode | quote }}
{{- if .Values.database.replicasSecretKey }}
- name: DATABASE_REPLICA_URLS
  valueFrom:
    secretKeyRef:
      name: {{ default (include "dsim.connectionSecretName" .) .Values.database.existingSecret }}
      key: {{ .Values.database.replicasSecretKey }}
{{- end }}
{{- end }}
{{- if include "dsim.redisGiven" . }}
- name: REDIS_URL
  valueFrom:
    secretKeyRef:
      name: {{ default (include "dsim.connectionSecretName" .) .Values.redis.existingSecret }}
      key: {{ ternary .Values.redis.existingSecretKey "redis-url" (ne .Values.redis.existingSecret "") }}
{{- end }}
{{- range $name, $value := .Values.config }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Pod template; takes dict "root", "role", "resources", "volume". */}}
{{- define "dsim.pod" -}}
{{- $root := .root -}}
metadata:
  labels:
    {{- include "dsim.selectorLabels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
    {{- with $root.Values.podLabels }}{{ toYaml . | nindent 4 }}{{ end }}
  annotations:
    checksum/connections: {{ include (print $root.Template.BasePath "/secret-connections.yaml") $root | sha256sum }}
    {{- with $root.Values.podAnnotations }}{{ toYaml . | nindent 4 }}{{ end }}
spec:
  serviceAccountName: {{ include "dsim.serviceAccountName" $root }}
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: {{ $root.Values.terminationGracePeriodSeconds }}
  {{- with $root.Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $root.Values.imagePullSecrets }}
  imagePullSecrets: {{ toYaml . | nindent 4 }}
  {{- end }}
  securityContext: {{ toYaml $root.Values.podSecurityContext | nindent 4 }}
  containers:
    - name: {{ .role }}
      image: {{ include "dsim.image" $root }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      securityContext: {{ toYaml $root.Values.securityContext | nindent 8 }}
      env:
        - name: DSIM_ROLE
          value: {{ .role }}
        {{- include "dsim.env" $root | nindent 8 }}
      {{- with $root.Values.extraEnvFrom }}
      envFrom: {{ toYaml . | nindent 8 }}
      {{- end }}
      ports:
        - { name: http, containerPort: {{ include "dsim.port" $root }} }
        {{- if and (eq $root.Values.profile "experimental") (ne .role "worker") }}
        - { name: metrics, containerPort: 9001 }
        - { name: ai, containerPort: 9002 }
        {{- end }}
      startupProbe:
        httpGet: { path: /health/startup, port: http }
        periodSeconds: 3
        failureThreshold: 60
      livenessProbe:
        httpGet: { path: /health/live, port: http }
        periodSeconds: 10
        timeoutSeconds: 3
        failureThreshold: 3
      readinessProbe:
        httpGet: { path: /health/ready, port: http }
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 2
      resources: {{ toYaml .resources | nindent 8 }}
      volumeMounts:
        - { name: data, mountPath: /data }
        - { name: tmp, mountPath: /tmp }
  volumes:
    - name: data
      {{- .volume | nindent 6 }}
    - name: tmp
      emptyDir: {}
  {{- with $root.Values.nodeSelector }}
  nodeSelector: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.tolerations }}
  tolerations: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.affinity }}
  affinity: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.topologySpreadConstraints }}
  topologySpreadConstraints: {{ toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
