{{/* Pod template; takes dict "root", "role", "resources", "volume". */}}
{{- define "dsim.pod" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
metadata:
  labels:
    {{- include "dsim.selectorLabels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
    {{- with $values.podLabels }}{{ toYaml . | nindent 4 }}{{ end }}
  annotations:
    # Pods read the connections at their start, so a change of them starts new ones.
    checksum/connections: {{ include (print $root.Template.BasePath "/secret-connections.yaml") $root | sha256sum }}
    {{- with $values.podAnnotations }}{{ toYaml . | nindent 4 }}{{ end }}
spec:
  serviceAccountName: {{ include "dsim.serviceAccountName" $root }}
  automountServiceAccountToken: false
  # A Service named http would otherwise set HTTP_PORT.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
  {{- with $values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $values.imagePullSecrets }}
  imagePullSecrets: {{ toYaml . | nindent 4 }}
  {{- end }}
  securityContext: {{ toYaml $values.podSecurityContext | nindent 4 }}
  containers:
    - name: {{ .role }}
      image: {{ include "dsim.image" $root }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      securityContext: {{ toYaml $values.securityContext | nindent 8 }}
      env: {{ include "dsim.env" . | nindent 8 }}
      {{- with $values.extraEnvFrom }}
      envFrom: {{ toYaml . | nindent 8 }}
      {{- end }}
      ports:
        - { name: http, containerPort: {{ include "dsim.port" $root }} }
        - { name: metrics, containerPort: 9001 }
        {{- if and (eq $values.profile "experimental") (ne .role "worker") }}
        - { name: ai, containerPort: 9002 }
        {{- end }}
      startupProbe:
        httpGet: { path: /health/startup, port: http }
        {{- toYaml $values.probes.startup | nindent 8 }}
      livenessProbe:
        httpGet: { path: /health/live, port: http }
        {{- toYaml $values.probes.liveness | nindent 8 }}
      readinessProbe:
        httpGet: { path: /health/ready, port: http }
        {{- toYaml $values.probes.readiness | nindent 8 }}
      resources: {{ toYaml .resources | nindent 8 }}
      volumeMounts:
        - { name: data, mountPath: /data }
        - { name: tmp, mountPath: /tmp }
        {{- if and (include "dsim.split" $root) $values.database.caExistingSecret }}
        - { name: database-ca, mountPath: /etc/devops-simulator/database-ca, readOnly: true }
        {{- end }}
        {{- with $values.extraVolumeMounts }}{{ toYaml . | nindent 8 }}{{ end }}
  volumes:
    - name: data
      {{- .volume | nindent 6 }}
    - name: tmp
      emptyDir: {}
    {{- if and (include "dsim.split" $root) $values.database.caExistingSecret }}
    - name: database-ca
      secret:
        secretName: {{ $values.database.caExistingSecret }}
        items: [{ key: {{ $values.database.caExistingSecretKey }}, path: ca.crt }]
    {{- end }}
    {{- with $values.extraVolumes }}{{ toYaml . | nindent 4 }}{{ end }}
  {{- with $values.nodeSelector }}
  nodeSelector: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.affinity }}
  affinity: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.topologySpreadConstraints }}
  topologySpreadConstraints: {{ toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
